import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_ACCOUNT, type SimAccount } from '../../simulator';
import { buildPush } from '../../simulator/push/push';
import { run } from '../services/command';
import { n8nEnvironment } from '../n8n/environment';
import { inviteMember, lend } from '../n8n/member';
import { setUpOwner, startN8n } from '../n8n/n8n';
import { onCall } from '../actors/onCall';
import { startOutside, type Outside } from '../services/outside';
import { installPack } from '../n8n/pack';
import {
	actingNode,
	connect,
	FIRST,
	openCredential,
	openDesk,
	PLATFORM_TYPE,
	SECOND,
	startPlatform,
	type Desk,
} from '../actors/platform';
import { MADE_BY_WECHAT, secretsIn, storedIn } from '../n8n/secrets';
import type { Scenario, World } from '../n8n/world';

/** What SECURITY.md says of a real n8n: one that writes all it can to its log. */
const scenario: Scenario = {
	name: 'security',
	run: async (world) => {
		const simulator = await startPlatform();
		const userFolder = join(world.userFolder, 'security');
		await installPack(userFolder, world.tarball);
		const n8n = await startN8n({
			n8n: world.n8nFiles,
			userFolder,
			env: { N8N_LOG_LEVEL: 'debug' },
		});
		const elsewhere = await startOutside(() => ({ access_token: 'x', expires_in: 7200 }));
		try {
			const session = await setUpOwner(n8n.url);
			const place = world.at({ simulator, userFolder, n8n, session });
			const desk = await openDesk(place, await openCredential(place));
			connect(simulator, desk);
			await simulator.platform.pushTicket();
			await simulator.platform.authorize(FIRST);
			await simulator.platform.authorize(SECOND);
			await refusesStrangers(place, desk);
			await tellsMembersNothing(place, desk, elsewhere);
			await keepsSecrets(place, desk);
		} finally {
			await n8n.stop();
			await elsewhere.close();
			await simulator.close();
		}
	},
};

export default scenario;

/** Somebody who knows the address, and has seen one push on its way. */
async function refusesStrangers(world: World, desk: Desk): Promise<void> {
	const { check, n8n, session, simulator } = world;
	const settings: SimAccount = { ...DEFAULT_ACCOUNT, ...simulator.platform.settings, mode: 'safe' };
	const message = { ToUserName: 'gh_x', FromUserName: 'o1', MsgType: 'text', Content: 'pay 100' };
	const post = async (below: string, query: object, body: string) => {
		const address = `${desk.url}/${below}?${new URLSearchParams({ ...query }).toString()}`;
		return (await fetch(address, { method: 'POST', body })).status;
	};
	const runs = async () => (await session.executions(desk.id, 0)).length;

	await check('a push that somebody has seen starts nothing again, for no account', async () => {
		const { query, body } = buildPush(settings, { ...message, MsgId: '24990011223344001' });
		assert.equal(await post(FIRST, query, body), 200);
		// Two authorizations, and this message.
		const before = (await session.executions(desk.id, 3)).length;
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
async function tellsMembersNothing(world: World, desk: Desk, elsewhere: Outside): Promise<void> {
	const { check, simulator } = world;
	const { id, name } = desk.credentials[PLATFORM_TYPE];
	const path = `/rest/credentials/${id}`;
	const member = await inviteMember(world);
	const stored = await storedIn(world, id);
	const redirected = { ...stored, ...BLANKED, baseUrl: elsewhere.url };
	const credential = { id, name, type: PLATFORM_TYPE, data: redirected };
	const test = async () =>
		await member.rest('POST', '/rest/credentials/test', { credentials: credential });
	const change = async () => await member.rest('PATCH', path, credential);
	const listUsers = async () => {
		const node = actingNode(FIRST, { resource: 'user', operation: 'getAll' }, desk.credentials);
		return await (
			await onCall({ ...world, session: member }, node)
		)();
	};

	await check('a member sees neither credential, workflow nor executions', async () => {
		for (const list of ['/rest/credentials', '/rest/workflows'])
			assert.deepEqual((await member.rest('GET', list)).data, []);
		for (const one of [`${path}?includeData=true`, `/rest/workflows/${desk.id}`])
			assert.ok((await member.rest('GET', one)).status >= 400, one);
		const executions = await member.rest<{ results: unknown[] }>('GET', '/rest/executions');
		assert.deepEqual(executions.data.results, []);
	});

	await check('a member can neither use, test nor change the credential', async () => {
		assert.equal((await test()).status, 403);
		assert.ok((await change()).status >= 400);
		await assert.rejects(listUsers());
		assert.deepEqual(elsewhere.heard, []);
	});

	await lend(world, id, member);

	await check('a member who may use the credential can act for the account', async () => {
		assert.equal((await listUsers()).length, simulator.openids(FIRST).length);
	});

	await check('a member who may use the credential does not see what is in it', async () => {
		const told = JSON.stringify([
			await member.rest('GET', `${path}?includeData=true`),
			await member.rest('GET', '/rest/credentials?includeData=true'),
		]);
		assert.match(told, new RegExp(id));
		for (const secret of secretsIn(stored)) assert.ok(!told.includes(secret));
		assert.deepEqual(told.match(MADE_BY_WECHAT), null);
	});

	await check('a member who may use the credential cannot have it sent elsewhere', async () => {
		assert.ok((await change()).status >= 400);
		await test();
		assert.deepEqual(elsewhere.heard, []);
		assert.equal((await storedIn(world, id)).baseUrl, simulator.url);
	});

	await check('only who may edit the credential can have it sent elsewhere', async () => {
		await world.session.rest('POST', '/rest/credentials/test', { credentials: credential });
		assert.ok(JSON.stringify(elsewhere.heard).includes(String(stored.appSecret)));
	});

	await check('the owner is shown none of its secrets either', async () => {
		const told = JSON.stringify(await world.session.rest('GET', `${path}?includeData=true`));
		assert.match(told, new RegExp(simulator.url));
		for (const secret of secretsIn(stored)) assert.ok(!told.includes(secret));
	});
}

/** What n8n's editor sends back for values that it was not shown. */
const BLANK = '__n8n_BLANK_VALUE_e5362baf-c777-4d57-a609-6eaf1f9e87f6';
const BLANKED = Object.fromEntries(
	['appSecret', 'token', 'encodingAesKey', 'state', 'stateSavedAt'].map((name) => [name, BLANK]),
);

async function keepsSecrets(world: World, desk: Desk): Promise<void> {
	const { check, n8n, session, simulator } = world;
	const call = async (parameters: object) =>
		await onCall(world, actingNode(FIRST, { ...parameters }, desk.credentials));

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
				await exported(world),
				n8n.log(),
			];
			assert.match(told[2], / debug /, 'the log has all details');
			const stored = await storedIn(world, desk.credentials[PLATFORM_TYPE].id);
			const secrets = secretsIn(stored);
			assert.ok(secrets.length >= 8, `${secrets.length} secrets are stored`);
			for (const text of told) {
				for (const secret of secrets) assert.ok(!text.includes(secret), `told: ${secret}`);
				assert.deepEqual(text.match(MADE_BY_WECHAT), null);
			}
		},
	);

	await check('the database of n8n holds no secret that is not encrypted', async () => {
		const database = join(world.userFolder, '.n8n', 'database.sqlite');
		const bytes = ['', '-wal']
			.map((end) => `${database}${end}`)
			.filter(existsSync)
			.map((file) => readFileSync(file, 'latin1'))
			.join('');
		assert.ok(bytes.includes(PLATFORM_TYPE));
		const stored = await storedIn(world, desk.credentials[PLATFORM_TYPE].id);
		for (const secret of secretsIn(stored)) assert.ok(!bytes.includes(secret));
	});
}

/** All workflows, as n8n's own command writes them into a file. */
async function exported({ n8nFiles, userFolder }: World): Promise<string> {
	const file = join(userFolder, 'workflows.json');
	const args = [n8nFiles.bin, 'export:workflow', '--all', `--output=${file}`];
	await run(process.execPath, args, { env: n8nEnvironment(n8nFiles, userFolder, 0, 0) });
	return readFileSync(file, 'utf8');
}
