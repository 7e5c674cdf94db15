import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_ACCOUNT, type SimAccount } from '../../simulator';
import { buildPush } from '../../simulator/push/buildPush';
import { runCommand } from '../services/command';
import { createN8nVariables } from '../n8n/environmentVariables';
import { inviteMember, shareCredential } from '../n8n/member';
import { startN8n } from '../n8n/startN8n';
import { createCallableNode } from '../workflows/callableNode';
import { startExternalServer, type ExternalServer } from '../services/externalServer';
import { installPack } from '../n8n/pack';
import {
	createAccountNode,
	connectPlatform,
	FIRST,
	createPlatformCredential,
	activatePlatformTrigger,
	SECOND,
	startSimulatorWithPlatform,
	type PlatformTrigger,
} from '../actors/platform';
import { WECHAT_SECRETS, listSecrets, readStoredCredential } from '../n8n/storedCredential';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { PLATFORM_TYPE } from '../n8n/credentials';
import { openSession } from '../n8n/session';

/** What SECURITY.md says of a real n8n: one that writes all it can to its log. */
const scenario: Scenario = {
	name: 'security',
	run: async (outer) => {
		const simulator = await startSimulatorWithPlatform();
		const userFolder = join(outer.userFolder, 'security');
		await installPack(userFolder, outer.tarball);
		const n8n = await startN8n({
			n8n: outer.n8nFiles,
			userFolder,
			env: { N8N_LOG_LEVEL: 'debug' },
		});
		const elsewhere = await startExternalServer(() => ({ access_token: 'x', expires_in: 7200 }));
		try {
			const session = await openSession(n8n.url);
			const environment = outer.copyWith({ simulator, userFolder, n8n, session });
			const trigger = await activatePlatformTrigger(
				environment,
				await createPlatformCredential(environment),
			);
			connectPlatform(simulator, trigger);
			await simulator.platform.pushTicket();
			await simulator.platform.authorize(FIRST);
			await simulator.platform.authorize(SECOND);
			await refusesStrangers(environment, trigger);
			await tellsMembersNothing(environment, trigger, elsewhere);
			await keepsSecrets(environment, trigger);
		} finally {
			await n8n.stop();
			await elsewhere.close();
			await simulator.close();
		}
	},
};

export default scenario;

/** Somebody who knows the address, and has seen one push on its way. */
async function refusesStrangers(
	environment: ScenarioEnvironment,
	trigger: PlatformTrigger,
): Promise<void> {
	const { check, n8n, session, simulator } = environment;
	const settings: SimAccount = { ...DEFAULT_ACCOUNT, ...simulator.platform.settings, mode: 'safe' };
	const message = { ToUserName: 'gh_x', FromUserName: 'o1', MsgType: 'text', Content: 'pay 100' };
	const post = async (below: string, query: object, body: string) => {
		const address = `${trigger.url}/${below}?${new URLSearchParams({ ...query }).toString()}`;
		return (await fetch(address, { method: 'POST', body })).status;
	};
	const runs = async () => (await session.executions(trigger.id, 0)).length;

	await check('a push that somebody has seen starts nothing again, for no account', async () => {
		const { query, body } = buildPush(settings, { ...message, MsgId: '24990011223344001' });
		assert.equal(await post(FIRST, query, body), 200);
		// Two authorizations, and this message.
		const before = (await session.executions(trigger.id, 3)).length;
		for (const appId of [FIRST, SECOND, FIRST]) assert.equal(await post(appId, query, body), 200);
		assert.equal(await runs(), before);
	});

	await check('a push that is forged, old, changed or not encrypted starts nothing', async () => {
		const before = await runs();
		const old = String(Math.floor(Date.now() / 1000) - 301);
		const other = { ...settings, token: 'guessed' };
		const { query, body } = buildPush(settings, message);
		const { msg_signature: _, encrypt_type: __, ...plain } = query;
		const refused = [
			[buildPush(other, message), 401],
			[buildPush(settings, message, { timestamp: old }), 401],
			[{ query, body: body.replace(/<Encrypt><!\[CDATA\[.{16}/, '$&QUJD') }, 401],
			[{ query: plain, body: '<xml><MsgType>text</MsgType></xml>' }, 403],
			[{ query, body: '<!DOCTYPE a [<!ENTITY b "c">]><xml>&b;</xml>' }, 400],
		] as const;
		for (const [push, status] of refused)
			assert.equal(await post(FIRST, push.query, push.body), status);
		assert.equal(await runs(), before);
	});

	await check('what a stranger sends cannot add a line to the log', async () => {
		const line = '2026-01-01T00:00:00.000Z | error | made up';
		await post(encodeURIComponent(`x\n${line}`), {}, '');
		await post(FIRST, { encrypt_type: `\r\n${line}` }, '');
		assert.ok(
			!n8n
				.log()
				.split(/[\r\n]+/)
				.includes(line),
		);
		assert.match(n8n.log(), /refused a push: The address ends in "x 2026/);
	});
}

/** Another login of the same n8n: first with nothing, then with the right to use the credential. */
async function tellsMembersNothing(
	environment: ScenarioEnvironment,
	trigger: PlatformTrigger,
	elsewhere: ExternalServer,
): Promise<void> {
	const { check, simulator } = environment;
	const { id, name } = trigger.credentials[PLATFORM_TYPE];
	const path = `/rest/credentials/${id}`;
	const member = await inviteMember(environment);
	const stored = await readStoredCredential(environment, id);
	const redirected = { ...stored, ...BLANKED, baseUrl: elsewhere.url };
	const credential = { id, name, type: PLATFORM_TYPE, data: redirected };
	const test = async () =>
		await member.rest('POST', '/rest/credentials/test', { credentials: credential });
	const change = async () => await member.rest('PATCH', path, credential);
	const listUsers = async () => {
		const node = createAccountNode(
			FIRST,
			{ resource: 'user', operation: 'getAll' },
			trigger.credentials,
		);
		return await (
			await createCallableNode({ ...environment, session: member }, node)
		)();
	};

	await check('a member sees neither credential, workflow nor executions', async () => {
		for (const list of ['/rest/credentials', '/rest/workflows'])
			assert.deepEqual((await member.rest('GET', list)).data, []);
		for (const one of [`${path}?includeData=true`, `/rest/workflows/${trigger.id}`])
			assert.ok((await member.rest('GET', one)).status >= 400, one);
		const executions = await member.rest<{ results: unknown[] }>('GET', '/rest/executions');
		assert.deepEqual(executions.data.results, []);
	});

	await check('a member can neither use, test nor change the credential', async () => {
		assert.equal((await test()).status, 403);
		assert.ok((await change()).status >= 400);
		await assert.rejects(listUsers());
		assert.deepEqual(elsewhere.received, []);
	});

	await shareCredential(environment, id, member);

	await check('a member who may use the credential can act for the account', async () => {
		assert.equal((await listUsers()).length, simulator.openids(FIRST).length);
	});

	await check('a member who may use the credential does not see what is in it', async () => {
		const told = JSON.stringify([
			await member.rest('GET', `${path}?includeData=true`),
			await member.rest('GET', '/rest/credentials?includeData=true'),
		]);
		assert.match(told, new RegExp(id));
		for (const secret of listSecrets(stored)) assert.ok(!told.includes(secret));
		assert.deepEqual(told.match(WECHAT_SECRETS), null);
	});

	await check('a member who may use the credential cannot have it sent elsewhere', async () => {
		assert.ok((await change()).status >= 400);
		await test();
		assert.deepEqual(elsewhere.received, []);
		assert.equal((await readStoredCredential(environment, id)).baseUrl, simulator.url);
	});

	await check('only who may edit the credential can have it sent elsewhere', async () => {
		await environment.session.rest('POST', '/rest/credentials/test', { credentials: credential });
		assert.ok(JSON.stringify(elsewhere.received).includes(String(stored.appSecret)));
	});

	await check('the owner is shown none of its secrets either', async () => {
		const told = JSON.stringify(await environment.session.rest('GET', `${path}?includeData=true`));
		assert.match(told, new RegExp(simulator.url));
		for (const secret of listSecrets(stored)) assert.ok(!told.includes(secret));
	});
}

/** What n8n's editor sends back for values that it was not shown. */
const BLANK = '__n8n_BLANK_VALUE_e5362baf-c777-4d57-a609-6eaf1f9e87f6';
const BLANKED = Object.fromEntries(
	['appSecret', 'token', 'encodingAesKey', 'state', 'stateSavedAt'].map((name) => [name, BLANK]),
);

async function keepsSecrets(
	environment: ScenarioEnvironment,
	trigger: PlatformTrigger,
): Promise<void> {
	const { check, n8n, session, simulator } = environment;
	const call = async (parameters: object) =>
		await createCallableNode(
			environment,
			createAccountNode(FIRST, { ...parameters }, trigger.credentials),
		);

	await check(
		'no secret is in executions, exported workflows or a log of all details',
		async () => {
			await (
				await call({ resource: 'user', operation: 'getAll' })
			)();
			await assert.rejects((await call({ resource: 'user', operation: 'get', openid: 'o1' }))());
			simulator.revokeTokens();
			await (
				await call({ resource: 'user', operation: 'getAll' })
			)();
			const told = [
				JSON.stringify(await session.api('GET', '/executions?includeData=true&limit=250')),
				await exported(environment),
				n8n.log(),
			];
			assert.match(told[2], / debug /, 'the log has all details');
			const stored = await readStoredCredential(environment, trigger.credentials[PLATFORM_TYPE].id);
			const secrets = listSecrets(stored);
			assert.ok(secrets.length >= 8, `${secrets.length} secrets are stored`);
			for (const text of told) {
				for (const secret of secrets) assert.ok(!text.includes(secret), `told: ${secret}`);
				assert.deepEqual(text.match(WECHAT_SECRETS), null);
			}
		},
	);

	await check('the database of n8n holds no secret that is not encrypted', async () => {
		const database = join(environment.userFolder, '.n8n', 'database.sqlite');
		const bytes = ['', '-wal']
			.map((end) => `${database}${end}`)
			.filter(existsSync)
			.map((file) => readFileSync(file, 'latin1'))
			.join('');
		assert.ok(bytes.includes(PLATFORM_TYPE));
		const stored = await readStoredCredential(environment, trigger.credentials[PLATFORM_TYPE].id);
		for (const secret of listSecrets(stored)) assert.ok(!bytes.includes(secret));
	});
}

/** All workflows, as n8n's own command writes them into a file. */
async function exported({ n8nFiles, userFolder }: ScenarioEnvironment): Promise<string> {
	const file = join(userFolder, 'workflows.json');
	const args = [n8nFiles.bin, 'export:workflow', '--all', `--output=${file}`];
	await runCommand(n8nFiles.node, args, { env: createN8nVariables(n8nFiles, userFolder, 0, 0) });
	return readFileSync(file, 'utf8');
}
