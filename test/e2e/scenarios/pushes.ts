import assert from 'node:assert/strict';
import { DEFAULT_ACCOUNT, buildPush, seal, sign, type PushMode } from '../../simulator';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { readVoice } from '../../support/voices';
import { createTriggerNode, toWebhookUrl, TRIGGER, type Workflow } from '../workflows/workflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';

const MODES: PushMode[] = ['safe', 'compatible', 'plaintext'];
const TEXTS = [
	'007',
	'1e3',
	'true',
	']]>',
	'a&b &lt;',
	'  blanks  ',
	'line\nbreak',
	'😀 你好',
	'<!DOCTYPE a>',
];

const scenario: Scenario = {
	name: 'pushes',
	run: async (environment) => {
		for (const mode of MODES) await acceptsAll(environment, mode);
		await downloadsMedia(environment);
		await convertsVoices(environment);
		await refusesBad(environment);
	},
};

export default scenario;

/** A workflow of nothing but a trigger, with a credential of its own. */
async function listen(
	{ session, simulator, n8n }: ScenarioEnvironment,
	mode: PushMode,
	pushOptions = {},
) {
	const credential = await session.createCredential(`pushes ${mode}`, ACCOUNT_TYPE, {
		...toAccountCredential(simulator),
		encryptionMode: mode,
	});
	const workflow: Workflow = {
		name: `pushes ${mode}`,
		nodes: [
			createTriggerNode(
				{ kinds: ['all'], respond: 'onReceived', pushOptions },
				{ [ACCOUNT_TYPE]: credential },
			),
		],
		connections: {},
	};
	const { id } = await session.createWorkflow(workflow);
	await session.activate(id);
	return { id, url: toWebhookUrl(n8n.url, workflow), credentials: { [ACCOUNT_TYPE]: credential } };
}

async function acceptsAll(environment: ScenarioEnvironment, mode: PushMode): Promise<void> {
	const { check, session, simulator } = environment;
	const { id, url } = await listen(environment, mode);

	await check(`${mode}: the address is verified`, async () => {
		assert.equal(await simulator.verify(url), true);
	});

	await check(`${mode}: text arrives unchanged, as XML and as JSON`, async () => {
		const sent: string[] = [];
		for (const format of ['xml', 'json'] as const)
			for (const Content of TEXTS) {
				const message = { MsgType: 'text', Content, MsgId: `24990011223344${100 + sent.length}` };
				const { outcome } = await simulator.push(url, message, { mode, format });
				assert.equal(outcome, 'success');
				sent.push(`${message.MsgId} ${Content}`);
			}
		const executions = await session.executions(id, sent.length);
		const items = executions.map((execution) => session.listItems(execution, 'Trigger')[0]);
		const arrived = items.map(({ MsgId, Content }) => `${String(MsgId)} ${String(Content)}`);
		assert.deepEqual(arrived.sort(), sent.sort());
		for (const item of items) assert.equal(item.appId, simulator.account.appId);
	});

	await check(`${mode}: a push delivered again starts no second run`, async () => {
		const before = (await session.executions(id)).length;
		const message = { MsgType: 'text', Content: 'again', MsgId: '24990011223344999' };
		for (let delivery = 0; delivery < 3; delivery++) await simulator.push(url, message, { mode });
		assert.equal((await session.executions(id, before + 1)).length, before + 1);
	});
}

async function downloadsMedia(environment: ScenarioEnvironment): Promise<void> {
	const { check, session, simulator } = environment;
	const { id, url } = await listen(environment, 'safe', { downloadMedia: true });
	await check('a picture arrives as a file', async () => {
		const MediaId = simulator.addMedia(Buffer.from('GIF89a picture'), 'picture.gif');
		const message = { MsgType: 'image', MediaId, PicUrl: 'http://mmbiz.qpic.cn/x' };
		assert.equal((await simulator.push(url, message)).outcome, 'success');
		const [execution] = await session.executions(id, 1);
		const [item] = execution.data.resultData.runData.Trigger[0].data?.main[0] ?? [];
		const { mimeType, fileName } = item.binary?.data as { mimeType: string; fileName: string };
		assert.deepEqual([mimeType, fileName], ['image/gif', `${MediaId}.gif`]);
	});
}

/** The packed pack has to find what reads AMR and writes MP3, in n8n's own folder. */
async function convertsVoices(environment: ScenarioEnvironment): Promise<void> {
	const { check, session, simulator } = environment;
	for (const [voiceFormat, mimeType, fileSize] of [
		['wav', 'audio/wav', '960 kB'],
		['mp3', 'audio/mpeg', '241 kB'],
	]) {
		const { id, url } = await listen(environment, 'safe', { downloadMedia: true, voiceFormat });
		await check(`a voice of a minute with pauses arrives as ${voiceFormat}`, async () => {
			const MediaId = simulator.addMedia(readVoice('narrow', 12), 'voice.amr');
			const message = { MsgType: 'voice', MediaId, Format: 'amr' };
			assert.equal((await simulator.push(url, message)).outcome, 'success');
			const [execution] = await session.executions(id, 1);
			const [item] = execution.data.resultData.runData.Trigger[0].data?.main[0] ?? [];
			assert.equal(item.json.voiceSeconds, 60);
			const file = item.binary?.data as { mimeType: string; fileSize: string };
			assert.deepEqual([file.mimeType, file.fileSize], [mimeType, fileSize]);
		});
	}
}

async function refusesBad(environment: ScenarioEnvironment): Promise<void> {
	const { check, n8n, session } = environment;
	const { id, url, credentials } = await listen(environment, 'safe');
	const account = DEFAULT_ACCOUNT;
	const good = () => buildPush(account, { FromUserName: 'oUser', MsgType: 'text', Content: 'no' });
	const timestamp = () => String(Math.floor(Date.now() / 1000));
	const around = (
		encrypted: string,
		wrap = (text: string) => `<xml><Encrypt><![CDATA[${text}]]></Encrypt></xml>`,
	) => {
		const time = timestamp();
		const msg_signature = sign(account.token, time, '7', encrypted);
		return {
			query: { timestamp: time, nonce: '7', encrypt_type: 'aes', msg_signature },
			body: wrap(encrypted),
		};
	};
	const plain = buildPush(account, { MsgType: 'text', Content: 'no' }, { mode: 'plaintext' });

	const bad: Array<[string, number, { query: Record<string, string>; body: string }]> = [
		[
			'a forged signature',
			401,
			{ ...good(), query: { ...good().query, msg_signature: 'f'.repeat(40) } },
		],
		['no signature', 401, { ...good(), query: { encrypt_type: 'aes' } }],
		['a plain push', 403, plain],
		['a good signature with a plain body', 403, { query: good().query, body: plain.body }],
		[
			'a foreign AppID inside',
			403,
			around(seal(account.encodingAESKey, 'wxffffffffffffffff', '<xml></xml>')),
		],
		['another key', 403, around(seal('B'.repeat(43), account.appId, '<xml></xml>'))],
		[
			'an unknown encryption',
			403,
			{ ...good(), query: { ...good().query, encrypt_type: 'rot13' } },
		],
		['a body that is cut off', 400, { query: good().query, body: good().body.slice(0, 120) }],
		['a body that is no XML', 400, { query: good().query, body: 'hello' }],
		['an empty body', 400, { query: good().query, body: '' }],
		['two megabytes', 400, { query: good().query, body: `<xml>${' '.repeat(2 ** 21)}</xml>` }],
		[
			'a document type in the envelope',
			400,
			around('x', (text) => `<!DOCTYPE a><xml><Encrypt>${text}</Encrypt></xml>`),
		],
		[
			'a document type in the message',
			400,
			around(seal(account.encodingAESKey, account.appId, '<!DOCTYPE a><xml><A>1</A></xml>')),
		],
	];
	for (const [name, status, { query, body }] of bad)
		await check(`refused with ${status}: ${name}`, async () => {
			const before = reasons(n8n.log()).length;
			const answer = await fetch(`${url}?${new URLSearchParams(query).toString()}`, {
				method: 'POST',
				headers: { 'content-type': 'text/xml' },
				body,
			});
			assert.equal(answer.status, status);
			assert.equal(await answer.text(), '');
			assert.equal(reasons(n8n.log()).length, before + 1, 'one reason in the log');
		});

	await check('what was refused started no run, and the log holds no secret', async () => {
		assert.deepEqual(await session.executions(id, 0), []);
		for (const secret of [account.secret, account.token, account.encodingAESKey])
			assert.ok(!n8n.log().includes(secret));
	});

	await check(
		'the panel shows the last reasons, and that nobody reaches this address',
		async () => {
			const { status, data } = await session.rest<Array<{ name: string; description?: string }>>(
				'POST',
				'/rest/dynamic-node-parameters/options',
				{
					nodeTypeAndVersion: { name: TRIGGER, version: 1 },
					path: 'parameters.connectionStatus',
					methodName: 'getConnectionStatus',
					currentNodeParameters: { authentication: 'officialAccount' },
					credentials,
				},
			);
			assert.equal(status, 200, JSON.stringify(data));
			assert.match(data[0].description ?? '', /can be reached from this network only.*WEBHOOK_URL/);
			assert.match(data[1].name, /^Refused just now \(已拒绝\): /);
			assert.equal(data.length, 6);
		},
	);
}

const reasons = (log: string) => log.match(/refused a push: .+/g) ?? [];
