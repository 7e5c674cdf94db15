import assert from 'node:assert/strict';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { readOwner } from '../../../nodes/n8n/credentials';
import { findError } from '../n8n/execution';
import { createAnsweringFlow, checkConversation, countTokenCalls } from '../actors/platformVisitor';
import { listPackErrors } from '../services/log';
import { createCallableNode } from '../workflows/callableNode';
import {
	createAccountNode,
	connectPlatform,
	FIRST,
	MINI,
	createPlatformCredential,
	activatePlatformTrigger,
	createPlatformNode,
	SECOND,
	startSimulatorWithPlatform,
	type PlatformTrigger,
} from '../actors/platform';
import { WECHAT_SECRETS, listSecrets, readStoredCredential } from '../n8n/storedCredential';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { PLATFORM_TYPE, toPlatformCredential } from '../n8n/credentials';

const scenario: Scenario = {
	name: 'platform',
	run: async (outer) => {
		const simulator = await startSimulatorWithPlatform();
		const environment = outer.copyWith({ simulator });
		try {
			const credentials = await createPlatformCredential(environment);
			const trigger = await activatePlatformTrigger(
				environment,
				credentials,
				{ respond: 'responseNode' },
				createAnsweringFlow(credentials),
			);
			connectPlatform(simulator, trigger);
			await testsCredential(environment, trigger);
			await takesTickets(environment, trigger);
			await actsForAccounts(environment, trigger);
			await listsAccounts(environment, trigger);
			await survivesRestart(environment, trigger);
			await losesAccounts(environment, trigger);
			await passesReleaseTest(environment, trigger);
			await tellsNoSecret(environment, trigger);
			await staysQuick(outer);
		} finally {
			await simulator.close();
		}
	},
};

export default scenario;

async function testsCredential(
	{ check, session, simulator }: ScenarioEnvironment,
	{ credentials }: PlatformTrigger,
): Promise<void> {
	const data = toPlatformCredential(simulator);
	const verdicts: Array<[string, Record<string, unknown>, RegExp]> = [
		[
			'no ticket yet',
			{},
			/^Error AppID and AppSecret are right\. WeChat has not pushed a ticket .+ ten minutes.+Start Ticket Push/,
		],
		['a wrong AppID', { appId: FIRST }, /^Error WeChat does not know the AppID wx51/],
		['a wrong AppSecret', { appSecret: 'f'.repeat(32) }, /^Error The AppSecret is wrong/],
	];
	for (const [what, changes, expected] of verdicts)
		await check(`the credential test says so: ${what}`, async () => {
			const test = { ...credentials[PLATFORM_TYPE], type: PLATFORM_TYPE };
			const verdict = await session.testCredential({ ...test, data: { ...data, ...changes } });
			assert.match(`${verdict.status} ${verdict.message}`, expected);
		});
}

/** What the dialog holds of a saved credential: n8n has put dots in place of what is secret. */
const dialogOf = async ({ session }: ScenarioEnvironment, { credentials }: PlatformTrigger) => {
	const path = `/rest/credentials/${credentials[PLATFORM_TYPE].id}`;
	const shown = await session.rest<{ data: Record<string, unknown> }>(
		'GET',
		`${path}?includeData=true`,
	);
	return { path, data: shown.data.data };
};

/** What somebody enters in the dialog; n8n 2.8.4 writes whole credentials when a node saves something in them. */
const EXPRESSION = '={{ "" }}';

async function takesTickets(
	environment: ScenarioEnvironment,
	trigger: PlatformTrigger,
): Promise<void> {
	const { check, session, simulator } = environment;
	const { platform } = simulator;
	const { credentials } = trigger;

	await check('both addresses answer the check of the console', async () => {
		assert.equal(await platform.verify('events'), true);
		assert.equal(await platform.verify('messages', SECOND), true);
	});

	await check('a ticket is answered success, and starts nothing', async () => {
		assert.equal((await platform.pushTicket()).outcome, 'success');
		assert.deepEqual(await session.executions(trigger.id, 0), []);
	});

	await check('a node in another workflow uses the ticket', async () => {
		const list = { resource: 'account', operation: 'getAll', returnAll: true };
		const call = await createCallableNode(environment, createPlatformNode(list, credentials));
		assert.deepEqual(await call(), []);
		assert.deepEqual(countTokenCalls(simulator), [1, 0]);
	});

	await check('the credential test says so: a ticket', async () => {
		const { data } = await dialogOf(environment, trigger);
		const test = { ...credentials[PLATFORM_TYPE], type: PLATFORM_TYPE, data };
		const { status, message } = await session.testCredential(test);
		assert.match(`${status} ${message}`, /^OK The last ticket came 0 min ago/);
		assert.deepEqual(countTokenCalls(simulator), [1, 0], 'a new token would end the other');
	});

	await check('the credential test says so: an address that is not allowed', async () => {
		const strict = await startSimulatorWithPlatform({ allowedIps: ['10.0.0.1'] });
		const elsewhere = environment.copyWith({ simulator: strict });
		const other = await activatePlatformTrigger(
			elsewhere,
			await createPlatformCredential(elsewhere),
		);
		connectPlatform(strict, other);
		await strict.platform.pushTicket();
		const { data } = await dialogOf(elsewhere, other);
		const test = { ...other.credentials[PLATFORM_TYPE], type: PLATFORM_TYPE, data };
		const { status, message } = await session.testCredential(test);
		assert.match(`${status} ${message}`, /^Error The address 127\.0\.0\.1 is not allowed/);
		await session.deactivate(other.id);
		await strict.close();
	});

	await check('saving the dialog of the credential keeps the ticket', async () => {
		const { path, data } = await dialogOf(environment, trigger);
		const { name } = credentials[PLATFORM_TYPE];
		const entered = { ...data, previousEncodingAesKey: EXPRESSION };
		const saved = await session.rest('PATCH', path, { name, type: PLATFORM_TYPE, data: entered });
		assert.equal(saved.status, 200);
		const state = await createCallableNode(
			environment,
			createPlatformNode({ resource: 'platform', operation: 'get' }, credentials),
		);
		const [{ ticketAgeMinutes, tokenAgeMinutes }] = await state();
		assert.deepEqual([ticketAgeMinutes, tokenAgeMinutes], [0, 0]);
	});
}

async function actsForAccounts(
	environment: ScenarioEnvironment,
	trigger: PlatformTrigger,
): Promise<void> {
	const { check, session, simulator } = environment;
	const accounts: Array<[string, string, string]> = [
		[FIRST, '示例帐号', 'officialAccount'],
		[SECOND, '第二个公众号', 'officialAccount'],
		[MINI, '示例小程序', 'miniProgram'],
	];

	for (const [index, [appId, name, kind]] of accounts.entries())
		await check(`${name} authorizes: the workflow learns who it is`, async () => {
			const { result } = await simulator.platform.authorize(appId);
			assert.equal(result?.outcome, 'success');
			const [execution] = await session.executions(trigger.id, index + 1);
			assert.equal(findError(execution), undefined);
			const [item] = session.listItems(execution, 'Trigger');
			assert.equal(item.kind, 'authorization.authorized');
			assert.equal(item.accountAppId, appId);
			const account = item.account as { name: string; kind: string };
			assert.deepEqual([account.name, account.kind], [name, kind]);
			const permissions = item.permissions as Array<{ id: number; name: string }>;
			assert.ok(permissions.length > 5 && permissions.every((one) => one.name), 'permissions');
		});

	for (const [appId, name] of accounts)
		await check(`${name} answers in its own name`, async () => {
			await checkConversation(environment, appId, `你好 <${name}>`);
		});

	await check(
		'authorizing and answering took one token of the platform, and none of the accounts',
		() => {
			assert.deepEqual(countTokenCalls(simulator), [1, 0]);
		},
	);
}

async function listsAccounts(
	{ check, session }: ScenarioEnvironment,
	{ credentials }: PlatformTrigger,
): Promise<void> {
	const wanted = ['示例小程序 (mini program 小程序)', '示例帐号', '第二个公众号'].sort();
	const ask = async <T>(what: string, node: string, more: Record<string, unknown>) => {
		const answer = await session.rest<T>('POST', `/rest/dynamic-node-parameters/${what}`, {
			nodeTypeAndVersion: { name: `n8n-nodes-wechat-platform.${node}`, version: 1 },
			currentNodeParameters: { authentication: 'openPlatform' },
			credentials,
			...more,
		});
		assert.equal(answer.status, 200, JSON.stringify(answer.data));
		return answer.data;
	};
	type Entries = Array<{ name: string; value: string }>;
	const search = async (node: string, filter = '') => {
		const more = { path: 'parameters.account', methodName: 'searchAccounts', filter };
		return (await ask<{ results: Entries }>('resource-locator-results', node, more)).results;
	};

	for (const node of ['wechat', 'wechatOpenPlatform'])
		await check(`the list of accounts in ${node} shows their names`, async () => {
			assert.deepEqual((await search(node)).map(({ name }) => name).sort(), wanted);
			assert.deepEqual(await search(node, '第二'), [{ name: '第二个公众号', value: SECOND }]);
		});

	await check('the trigger offers the accounts as a menu', async () => {
		const path = 'parameters.pushOptions.accounts';
		const menu = await ask<Entries>('options', 'wechatTrigger', {
			path,
			methodName: 'getAccounts',
		});
		assert.deepEqual(menu.map(({ name }) => name).sort(), wanted);
	});
}

async function survivesRestart(
	environment: ScenarioEnvironment,
	trigger: PlatformTrigger,
): Promise<void> {
	const { check, n8n, session, simulator } = environment;
	await check('a restart of n8n keeps ticket, tokens and accounts', async () => {
		const before = countTokenCalls(simulator);
		await n8n.restart();
		await session.activate(trigger.id);
		for (const account of [FIRST, SECOND, MINI])
			await checkConversation(environment, account, 'again');
		assert.deepEqual(countTokenCalls(simulator), before);
	});

	await check('tokens that die cost one renewal each, and nobody notices', async () => {
		const [component, account] = countTokenCalls(simulator);
		simulator.platform.revokeTokens();
		await checkConversation(environment, SECOND, 'still there?');
		assert.deepEqual(countTokenCalls(simulator), [component + 1, account + 1]);
	});
}

async function losesAccounts(
	environment: ScenarioEnvironment,
	trigger: PlatformTrigger,
): Promise<void> {
	const { check, session, simulator } = environment;
	const { platform } = simulator;
	const count = { resource: 'user', operation: 'getAll', limit: 1 };
	const call = await createCallableNode(
		environment,
		createAccountNode('={{ $json.body.account }}', count, trigger.credentials),
	);

	await check('an account that takes its authorization back cannot be acted for', async () => {
		const before = (await session.executions(trigger.id, 0)).length;
		assert.equal((await platform.revoke(SECOND))?.outcome, 'success');
		const [execution] = await session.executions(trigger.id, before + 1);
		const [item] = session.listItems(execution, 'Trigger');
		assert.deepEqual([item.kind, item.accountAppId], ['authorization.unauthorized', SECOND]);
		await assert.rejects(call({ account: SECOND }), new RegExp(`${SECOND} has not authorized`));
	});

	await check('the error of an account that went unnoticed names it', async () => {
		await platform.revoke(FIRST, { push: false });
		await assert.rejects(call({ account: FIRST }), new RegExp(`"示例帐号" \\(${FIRST}\\)`));
	});

	await check('accounts that took nothing back still work', async () => {
		await checkConversation(environment, MINI, 'and you?');
	});

	await check('accounts that authorize again work again', async () => {
		for (const account of [FIRST, SECOND]) {
			await platform.authorize(account);
			assert.equal((await call({ account })).length, 1);
			await checkConversation(environment, account, 'here we are');
		}
	});
}

async function passesReleaseTest(
	{ check, session, simulator }: ScenarioEnvironment,
	{ id }: PlatformTrigger,
): Promise<void> {
	for (const pair of [1, 2, 3, 4, 5] as const)
		await check(`the release test is passed with pair ${pair}`, async () => {
			const steps = await simulator.platform.releaseTest(pair);
			assert.deepEqual(
				steps.filter(({ ok }) => !ok),
				[],
			);
		});

	await check('of the release test the workflow saw the authorizations only', async () => {
		const executions = (await session.executions(id, 0)).slice(0, 10);
		assert.deepEqual(executions.map(findError).filter(Boolean), []);
		const items = executions.map((execution) => session.listItems(execution, 'Trigger')[0]);
		assert.ok(items.every(({ kind }) => String(kind).startsWith('authorization.')));
	});
}

async function tellsNoSecret(
	environment: ScenarioEnvironment,
	trigger: PlatformTrigger,
): Promise<void> {
	const { check, n8n, session } = environment;
	const { id, credentials } = trigger;
	await check('nothing secret is in executions, workflows, the browser or the log', async () => {
		const told = [
			JSON.stringify(await session.api('GET', '/executions?includeData=true&limit=250')),
			JSON.stringify(await session.rest('GET', `/rest/workflows/${id}`)),
			JSON.stringify(await dialogOf(environment, trigger)),
			n8n.log(),
		].join('\n');
		const stored = await readStoredCredential(environment, credentials[PLATFORM_TYPE].id);
		assert.equal(stored.previousEncodingAesKey, EXPRESSION, 'an expression stays one');
		const secrets = listSecrets(stored);
		assert.ok(secrets.length > 10, `${secrets.length} secrets are stored`);
		for (const secret of secrets) assert.ok(!told.includes(secret), `told: ${secret}`);
		assert.deepEqual(told.match(WECHAT_SECRETS), null);
		assert.deepEqual(listPackErrors(n8n.log()), []);
	});
}

const MANY = 1000;

/** As a platform has stored it that has been in use for long. */
function stateOfMany(data: Record<string, unknown>): string {
	const at = Date.now();
	const token = (name: string) => ({
		value: `61_${name.padEnd(136, 'x')}`,
		askedAt: at,
		expiresAt: at + 7_200_000,
	});
	const accounts = Array.from({ length: MANY }, (_, index) => {
		const appId = `wx${String(index).padStart(16, '0')}`;
		const profile = { name: `帐号 ${index}`, userName: `gh_${index}`, kind: 'officialAccount' };
		const refreshToken = `refreshtoken@@@${appId.padEnd(43, 'y')}`;
		return [appId, { at, refreshToken, token: token(appId), profile }];
	});
	const of = readOwner(PLATFORM_TYPE, data as ICredentialDataDecryptedObject);
	return JSON.stringify({ of, accounts: Object.fromEntries(accounts) as unknown });
}

async function staysQuick({ copyWith, check, session, say }: ScenarioEnvironment): Promise<void> {
	const simulator = await startSimulatorWithPlatform();
	const data = toPlatformCredential(simulator);
	const credential = { ...data, state: stateOfMany(data) };
	const environment = copyWith({ simulator });
	const trigger = await activatePlatformTrigger(environment, {
		[PLATFORM_TYPE]: await session.createCredential('many', PLATFORM_TYPE, credential),
	});
	connectPlatform(simulator, trigger);

	await check(`${MANY} accounts: pushes are answered at their first delivery`, async () => {
		const { authorize, message, pushTicket } = simulator.platform;
		const hello = { MsgType: 'text', Content: 'hello' };
		const pushes = {
			ticket: await pushTicket(),
			'another ticket': await pushTicket(),
			authorization: (await authorize(FIRST)).result,
			message: await message(FIRST, hello),
			'another message': await message(FIRST, hello),
		};
		for (const [what, result] of Object.entries(pushes)) {
			const { deliveries = [], outcome } = result ?? {};
			say(`        ${what}: ${deliveries[0]?.ms} ms`);
			assert.deepEqual([what, outcome, deliveries.length], [what, 'success', 1]);
		}
	});

	await check(`${MANY} accounts: all of them are still stored`, async () => {
		const list = createPlatformNode(
			{ resource: 'platform', operation: 'get' },
			trigger.credentials,
		);
		const [{ officialAccounts }] = await (await createCallableNode(environment, list))();
		assert.equal(officialAccounts, MANY + 1);
	});
	await session.deactivate(trigger.id);
	await simulator.close();
}
