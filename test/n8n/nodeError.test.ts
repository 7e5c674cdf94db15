import type { INode, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { ApiError } from '../../nodes/api/apiError';
import { FieldError } from '../../nodes/engine/parameters';
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

// The message stands above the description; of the tool of an agent, the model gets the message only.
describe('a return code is explained in English, then in Chinese', () => {
	const refused = new ApiError({ path: '/cgi-bin/x', errcode: 40013, errmsg: 'invalid rid: 1-2' });

	test('below the message', () => {
		const { message, description } = toNodeError(node, refused, 0) as NodeApiError;
		expect(message).toBe('WeChat refused the call: invalid (errcode 40013)');
		const [english, chinese, ...more] = `${description}`.split('\n');
		expect(english).toMatch(/^WeChat does not know this AppID\. .* rid 1-2\.$/);
		expect(chinese).toMatch(/^微信不认识此 AppID。.*基本配置.*。$/);
		expect(more).toEqual([]);
	});

	test('and an agent reads the English one', () => {
		const { message } = toNodeError({ ...node, type: 'wechatTool' }, refused, 0);
		expect(message).toMatch(/40013\)\. WeChat does not know this AppID/);
		expect(message).not.toContain('微信不认识');
	});

	test('a code that is not known has no Chinese', () => {
		const unknown = new ApiError({ path: '/cgi-bin/x', errcode: 1, errmsg: 'no' });
		expect(toNodeError(node, unknown, 0)).toHaveProperty('description', 'Call: /cgi-bin/x');
	});
});

test('what a node finds by itself is explained in both languages, too', () => {
	const field = { displayName: 'Title', description: 'At most 64 characters' };
	const error = new FieldError(field, 'is missing', '没有填写');
	const shown = toNodeError(node, error, 0) as NodeOperationError;
	expect(shown.message).toBe('"Title" is missing');
	expect(shown.description).toBe('At most 64 characters\n“Title”没有填写。');
	const { message } = toNodeError({ ...node, type: 'wechatTool' }, error, 0);
	expect(message).toBe('"Title" is missing. At most 64 characters');
});
