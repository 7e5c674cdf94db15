import { ACCOUNT_TYPE } from '../n8n/credentials';
import { createCallableNode } from './callableNode';
import type { TestEnvironment } from '../testEnvironment';
import type { UnnamedNode } from './workflow';

type Json = Record<string, unknown>;
type Credentials = UnnamedNode['credentials'];

/** A WeChat Reply node that keeps rules. */
export const createRuleNode = (
	operation: string,
	parameters: Json,
	credentials: Credentials,
): UnnamedNode => ({
	type: 'n8n-nodes-wechat-platform.wechatReply',
	parameters: { resource: 'rule', operation, ...parameters },
	credentials,
});

/** Adds a rule of a keyword and a text, both as the workflow is called with them. */
export const createAddRuleNode = (credentials: Credentials, parameters: Json = {}): UnnamedNode =>
	createRuleNode(
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
export async function createRuleWorkflows(
	environment: TestEnvironment,
	credential: { id: string; name: string },
) {
	const credentials = { [ACCOUNT_TYPE]: credential };
	const does = async (operation: string, parameters: Json = {}) =>
		await createCallableNode(environment, createRuleNode(operation, parameters, credentials));
	const request = { __rl: true, mode: 'id', value: '={{ $json.body.request }}' };
	const [add, remove, exported, imported, match] = await Promise.all([
		createCallableNode(environment, createAddRuleNode(credentials)),
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
export const createTextRule = (when: string, request: string, content: string) => ({
	when,
	request,
	...(when === 'keyword' && { match: 'exact' }),
	type: 'text',
	reply: { type: 'text', content },
	enabled: true,
	priority: 0,
});
