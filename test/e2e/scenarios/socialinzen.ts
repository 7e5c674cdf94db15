import assert from 'node:assert/strict';
import { startSocialinzen, type Socialinzen } from '../../simulator/socialinzen';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { syncRules } from '../workflows/exampleWorkflows';
import { createCallableNode } from '../workflows/callableNode';
import { createRunnableWorkflow } from '../workflows/runnableWorkflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';

const TYPE = 'socialinzenApi';
const LOGIN = '/apis/user/login';

const scenario: Scenario = {
	name: 'socialinzen',
	run: async (environment) => {
		const server = await startSocialinzen();
		try {
			await logsIn(environment, server);
			await syncsRules(environment, server);
		} finally {
			await server.close();
		}
	},
};

export default scenario;

const loginFor = ({ url, username, password }: Socialinzen): Record<string, unknown> => ({
	baseUrl: url,
	username,
	password,
	proxyUrl: '',
});

async function logsIn(
	{ check, n8n, session, ...rest }: ScenarioEnvironment,
	server: Socialinzen,
): Promise<void> {
	const right = loginFor(server);
	const credential = await session.createCredential('Socialinzen', TYPE, right);
	const verdicts: Array<[string, Record<string, unknown>, RegExp]> = [
		['right values', {}, /^OK /],
		['a wrong password', { password: 'wrong' }, /^Error .*Password/],
		['a server that is not there', { baseUrl: 'http://127.0.0.1:9' }, /^Error .*Base URL/],
	];
	for (const [what, changes, expected] of verdicts)
		await check(`the test of the credential says so: ${what}`, async () => {
			const data = { ...right, ...changes };
			const { status, message } = await session.testCredential({ ...credential, type: TYPE, data });
			assert.match(`${status} ${message}`, expected);
		});

	const groups = await createCallableNode(
		{ ...rest, n8n, session },
		{
			type: 'n8n-nodes-wechat-platform.socialinzen',
			parameters: { resource: 'group', operation: 'getAll', returnAll: true },
			credentials: { [TYPE]: credential },
		},
	);

	await check('one login serves several runs, and a restart of n8n', async () => {
		const before = server.count(LOGIN);
		assert.equal((await groups()).length, 3);
		await n8n.restart();
		assert.equal((await groups()).length, 3);
		assert.equal(server.count(LOGIN), before + 1);
	});

	await check('a token that the server has ended costs one login', async () => {
		const before = server.count(LOGIN);
		server.endTokens();
		assert.equal((await groups()).length, 3);
		assert.equal(server.count(LOGIN), before + 1);
	});

	await check('neither password nor token leave the credential', async () => {
		const saved = await session.rest('GET', `/rest/credentials/${credential.id}?includeData=true`);
		const shown = JSON.stringify(saved) + n8n.log();
		for (const secret of [server.password, ...server.tokens()]) assert.ok(!shown.includes(secret));
	});
}

async function syncsRules(environment: ScenarioEnvironment, server: Socialinzen): Promise<void> {
	const { check, session, simulator } = environment;
	const wechat = await session.createCredential(
		'WeChat',
		ACCOUNT_TYPE,
		toAccountCredential(simulator),
	);
	const socialinzen = await session.createCredential('Server', TYPE, loginFor(server));
	const keep = async (parameters: object) =>
		await createCallableNode(environment, {
			type: 'n8n-nodes-wechat-platform.wechatReply',
			parameters: { resource: 'rule', ...parameters },
			credentials: { [ACCOUNT_TYPE]: wechat },
		});
	const add = await keep({
		operation: 'add',
		request: '={{ $json.body.request }}',
		type: 'Text',
		content: '={{ $json.body.content }}',
	});
	const match = await keep({ operation: 'match', text: '={{ $json.body.text }}' });

	await check(
		'the example takes the rules of the server over, and gives it those of here',
		async () => {
			server.addRule({ request: '时间', type: 'text', reply: { type: 'text', content: '9 点' } });
			server.addRule({
				request: 'site',
				type: 'multitext',
				reply: { title: 't', description: 'd', picurl: 'http://a.b/c', url: 'http://a.b' },
			});
			await add({ request: 'hello', content: 'Hi!' });
			await add({ request: '时间', content: 'old' });
			const run = await createRunnableWorkflow(environment, syncRules, {
				[TYPE]: socialinzen,
				[ACCOUNT_TYPE]: wechat,
			});
			await run();
			assert.deepEqual(server.rules.map(({ request }) => request).sort(), [
				'hello',
				'site',
				'时间',
			]);
			const [found] = await match({ text: '时间' });
			assert.deepEqual([found.matched, found.reply], [true, { type: 'text', content: '9 点' }]);
			assert.equal((await match({ text: 'site' }))[0].type, 'news');
			// Once more changes nothing.
			await run();
			assert.equal(server.rules.length, 3);
		},
	);
}
