import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IWorkflowBase } from 'n8n-workflow';
import { SEND_PATH } from '../../nodes/pay/redPacket';
import { prepareN8n, runWorkflow } from '../support/n8n';
import { payCredentialsFor, usePay } from '../support/pay';

prepareN8n();
const server = usePay();

test('the example workflow pays each answer once, however often the survey tool calls', async () => {
	const file = join(__dirname, '..', 'workflows', 'red-packet-for-survey.json');
	const workflow = JSON.parse(readFileSync(file, 'utf8')) as IWorkflowBase;
	const credentials = payCredentialsFor(server());
	for (const node of workflow.nodes) {
		node.credentials &&= credentials.references;
		// n8n's own nodes are not there: the start node hands over what the webhook would.
		if (node.name === 'Answer') node.type = 'n8n-nodes-base.start';
	}
	const answer = async (answerId: number, openid: string) => {
		const body = { answerId, openid };
		const { items, error } = await runWorkflow(
			workflow,
			credentials,
			[{ json: { body } }],
			'Answer',
		);
		expect(error).toBeUndefined();
		return items('Red packet').map(({ json }) => json.mch_billno);
	};
	server().fault({ path: SEND_PATH, work: 'done', cut: 'read' });
	expect(await answer(17, 'oFirstReader')).toEqual(['survey17']);
	expect(await answer(17, 'oFirstReader')).toEqual(['survey17']);
	expect(await answer(18, 'oSecondReader')).toEqual(['survey18']);
	expect(server().paymentsTo('oFirstReader')).toBe(1);
	expect(server().paymentsTo('oSecondReader')).toBe(1);
});
