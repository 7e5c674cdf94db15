import type { INode } from 'n8n-workflow';
import { ApiError } from '../../nodes/api/apiError';
import { toNodeError } from '../../nodes/n8n/nodeError';

const node: INode = {
	...{ id: '1', name: 'Node', type: 'wechat', typeVersion: 1, position: [0, 0] },
	parameters: {},
};

/** Of n8n-core 2.8.4 and 2.41.1, workflow-execute.js: what it takes for a run that somebody has stopped. */
const isStopped = ({ message, name }: Error) =>
	message.includes('canceled') || name.includes('Cancelled');

// WeChat's own words of errcode 45015.
test('a refusal of WeChat is no run that somebody has stopped', () => {
	const errmsg = 'response out of time limit or subscription is canceled rid: 1';
	const refused = new ApiError({ path: '/cgi-bin/message/custom/send', errcode: 45015, errmsg });
	expect(isStopped(refused)).toBe(true);
	const error = toNodeError(node, refused, 0);
	expect(isStopped(error)).toBe(false);
	expect(error.message).toContain('45015');
});
