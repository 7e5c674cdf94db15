import assert from 'node:assert/strict';
import { ACCOUNT_TYPE, PLATFORM_TYPE } from '../n8n/credentials';
import { listPackErrors } from '../services/log';
import type { Scenario, ScenarioEnvironment } from '../scenario';

const PACK = 'n8n-nodes-wechat-platform';

const scenario: Scenario = {
	name: 'editor',
	run: async ({ check, n8n, session }) => {
		await check('the editor is offered the nodes', async () => {
			const types = await namesIn('/types/nodes.json', n8n, session);
			for (const node of [
				'wechat',
				'wechatOpenPlatform',
				'wechatReply',
				'wechatSoter',
				'wechatTrigger',
			]) {
				assert.ok(types.includes(`${PACK}.${node}`), `${PACK}.${node} is missing`);
			}
		});

		await check('AI agents are offered tools', async () => {
			const types = await namesIn('/types/nodes.json', n8n, session);
			for (const tool of ['wechatTool', 'wechatOpenPlatformTool', 'wechatSoterTool'])
				assert.ok(types.includes(`${PACK}.${tool}`), `${PACK}.${tool} is missing`);
		});

		await check('the editor is offered the credentials', async () => {
			const types = await namesIn('/types/credentials.json', n8n, session);
			for (const type of [ACCOUNT_TYPE, PLATFORM_TYPE])
				assert.ok(types.includes(type), `${type} is missing`);
		});

		await check('n8n loaded the pack without a complaint', () => {
			assert.deepEqual(listPackErrors(n8n.log()), []);
		});
	},
};

export default scenario;

async function namesIn(
	path: string,
	n8n: ScenarioEnvironment['n8n'],
	session: ScenarioEnvironment['session'],
): Promise<string[]> {
	const response = await fetch(n8n.url + path, { headers: { cookie: session.cookie } });
	assert.equal(response.status, 200, `${path} answered ${response.status}`);
	const types = (await response.json()) as Array<{ name: string }>;
	return types.map((type) => type.name);
}
