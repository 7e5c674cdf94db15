import { CREDENTIAL_TYPE } from '../n8n/credential';
import { onCall } from './onCall';
import type { Stage } from '../n8n/stage';
import type { UnnamedNode } from '../n8n/workflow';

export { fillIn } from './form';

type Json = Record<string, unknown>;
type Credentials = UnnamedNode['credentials'];

/** A WeChat Reply node that keeps rules. */
export const ruleNode = (
	operation: string,
	parameters: Json,
	credentials: Credentials,
): UnnamedNode => ({
	type: 'n8n-nodes-wechat-platform.wechatReply',
	parameters: { resource: 'rule', operation, ...parameters },
	credentials,
});

/** Adds a rule of a keyword and a text, both as the workflow is called with them. */
export const adding = (credentials: Credentials, parameters: Json = {}): UnnamedNode =>
	ruleNode(
		'add',
		{
			when: 'keyword',
			request: '={{ $json.body.keyword }}',
			match: 'contains',
			type: 'Text',
			content: '={{ $json.body.answer }}',
			...parameters,
		},
		credentials,
	);

/** Workflows that keep the rules of an account, one for each operation. */
export async function ruleKeeper(stage: Stage, credential: { id: string; name: string }) {
	const credentials = { [CREDENTIAL_TYPE]: credential };
	const does = async (operation: string, parameters: Json = {}) =>
		await onCall(stage, ruleNode(operation, parameters, credentials));
	const request = { __rl: true, mode: 'id', value: '={{ $json.body.request }}' };
	const [add, remove, exported, imported, match] = await Promise.all([
		onCall(stage, adding(credentials)),
		does('delete', { when: '={{ $json.body.when }}', request }),
		does('export'),
		does('import', {
			rules: '={{ $json.body.rules }}',
			deleteOthers: '={{ $json.body.deleteOthers }}',
		}),
		does('match', { when: 'keyword', text: '={{ $json.body.text }}' }),
	]);
	return { add, remove, export: exported, import: imported, match };
}

/** A rule that answers with a text, as Export writes it. */
export const textRule = (when: string, request: string, content: string) => ({
	when,
	request,
	...(when === 'keyword' && { match: 'exact' }),
	type: 'text',
	reply: { type: 'text', content },
	enabled: true,
	priority: 0,
});
