import { createCipheriv, createHmac } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import { createAccountClient } from '../../nodes/api/accountClient';
import { createSessionSeal } from '../../nodes/api/sessionSeal';
import { createWebAuthorizationUrl, exchangeCode } from '../../nodes/api/oauth';
import { resources } from '../../nodes/Wechat/Wechat.node';
import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT as MINI } from '../simulator';
import { prepareN8n, runNode } from '../support/n8n';
import { fixturesIn, testOperations } from '../support/operations';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';
import { emptyStore } from '../support/emptyStore';

const fixtures = fixturesIn('.');

prepareN8n();
const oldAccount = { ...DEFAULT_ACCOUNT, appId: 'wx00000000000000aa' };
const simulator = useSimulator({ followers: 4, accounts: [DEFAULT_ACCOUNT, oldAccount, MINI] });
const { appId, secret: appSecret } = DEFAULT_ACCOUNT;
const words: Record<string, string | number> = {
	appId,
	miniAppId: MINI.appId,
	oldAppId: oldAccount.appId,
};
let tagsMade = 0;

const run = async (params: INodeParameters) =>
	await runNode('wechat', params, credentialsFor(simulator()));
const send = async (params: INodeParameters) => (await run(params)).output[0].json;

beforeAll(async () => {
	simulator()
		.openids()
		.forEach((openid, index) => (words[`user${index}`] = openid));
	words.media = simulator().addMedia(Buffer.from('picture'), 'picture.jpg');
	words.voice = simulator().addMedia(Buffer.from('voice'), 'voice.amr');
	words.video = simulator().addMedia(Buffer.from('video'), 'video.mp4');
	const code = { action_name: 'QR_LIMIT_SCENE', permanent_scene_id: 1, image: false };
	words.ticket = (await send({ resource: 'qrCode', operation: 'create', ...code }))
		.ticket as string;

	const tomorrow = Math.floor(Date.now() / 1000) + 86_400;
	words.tomorrowSeconds = tomorrow;
	words.tomorrow = new Date(tomorrow * 1000).toISOString().replace('.000Z', '+00:00');
	const miniProgram = { resource: 'miniProgram', expire_type: 1, expire_interval: 1 };
	const link = async (operation: string) => await send({ ...miniProgram, operation });
	words.scheme = (await link('generateScheme')).openlink as string;
	words.urlLink = (await link('generateUrlLink')).url_link as string;
});

/** Drafts end as publications, and all of it can be deleted. */
beforeEach(async () => {
	words.image = simulator().addMaterial(Buffer.from('image'), 'image.jpg');
	words.clip = simulator().addMaterial(Buffer.from('clip'), 'clip.mp4');
	const test = expect.getState().currentTestName ?? '';
	if (!/ (article|draft|publication|comment): /.test(test)) return;
	const article = { title: '标题', content: '<p>文</p>', thumb_media_id: words.image };
	const create = { resource: 'draft', operation: 'create', define: 'json', articlesJson: article };
	words.draft = (await send(create)).media_id as string;
	const media_id = { mode: 'id', value: (await send(create)).media_id as string };
	const of = { resource: 'publication' };
	const { publish_id, msg_data_id } = await send({ ...of, operation: 'publish', media_id });
	Object.assign(words, { publishId: publish_id, messageDataId: msg_data_id });
	const state = await send({ ...of, operation: 'getState', publish_id: String(publish_id) });
	words.articleId = state.article_id as string;
	const comment = { resource: 'comment', msg_data_id: String(msg_data_id), content: '谢谢' };
	await send({ ...comment, operation: 'reply', user_comment_id: '9007199254740994' });
});

beforeEach(async () => {
	const tag = { resource: 'tag', operation: 'create', name: `for test ${++tagsMade}` };
	words.tag = (await send(tag)).id as number;
});
// An account has at most 100, and no two of one name.
afterEach(async () => {
	const of = { resource: 'tag', options: {} };
	const all = await runNode(
		'wechat',
		{ ...of, operation: 'getAll', returnAll: true },
		credentialsFor(simulator()),
	);
	const tag = { mode: 'id', value: '={{ $json.id }}' };
	const made = all.output.filter(({ json }) => Number(json.id) >= 100);
	await runNode('wechat', { ...of, operation: 'delete', tag }, credentialsFor(simulator()), made);
});

/** Templates that are there to be deleted; an account has at most 25. */
beforeEach(async () => {
	if (!expect.getState().currentTestName?.includes('deleteTemplate')) return;
	const add = { operation: 'addTemplate' };
	const ofLibrary = { ...add, resource: 'templateMessage', template_id_short: 'TM00015' };
	words.template = (await send(ofLibrary)).template_id as string;
	const tid = { __rl: true, mode: 'id', value: '7' };
	const ofTitle = { ...add, resource: 'subscriptionMessage', tid, kidList: [1, 2] };
	words.subscription = (await send(ofTitle)).priTmplId as string;
});

/** Agents, menus and mass messages that are there to be changed. */
let made = 0;
beforeEach(async () => {
	words.newAgent = `helen_${++made}@example`;
	words.clientId = `message-${made}`;
	words.tagText = String(words.tag);
	const prepare: Record<string, () => Promise<unknown>> = {
		async customerService() {
			const agent = { kf_account: 'helen@example', nickname: 'Helen' };
			await run({ resource: 'customerServiceAgent', operation: 'add', ...agent });
			const kf_account = { __rl: true, mode: 'id', value: 'helen@example' };
			const session = { resource: 'customerServiceSession', openid: words.user1, kf_account };
			await run({ ...session, operation: 'create' });
		},
		async massMessage() {
			const touser = `${words.user0},${words.user1}`;
			const message = { resource: 'massMessage', operation: 'sendToUsers', touser, content: 'hi' };
			words.massId = (await send(message)).msg_id as string;
		},
		async menu() {
			const rows = { button: [{ type: 'click', name: 'Hi', key: 'hi' }] };
			await send({ resource: 'menu', operation: 'create', rows });
			const iPhone = { operation: 'createPersonalized', client_platform_type: '1' };
			words.menuId = (await send({ resource: 'menu', ...iPhone, rows })).menuid as string;
		},
		async shortKey() {
			const text = { resource: 'shortKey', operation: 'create', long_data: '007' };
			words.shortKey = (await send(text)).short_key as string;
		},
	};
	const test = String(expect.getState().currentTestName);
	for (const [name, act] of Object.entries(prepare)) if (test.includes(name)) await act();
});

/** Codes work once, so each test gets its own. */
beforeEach(async () => {
	const client = createAccountClient({ appId, appSecret, baseUrl: simulator().url }, emptyStore);
	const { platform } = simulator();
	const state = client.seal.signState('scan', Date.now() + 60_000);
	const link = createWebAuthorizationUrl({
		appId,
		redirectUri: 'https://example.com/',
		scope: 'snsapi_userinfo',
		state,
	});
	const signIn = () =>
		new URL(platform.openWebAuthorization(link, String(words.user0))).searchParams.get('code') ??
		'';
	words.state = state;
	words.webCode = signIn();
	words.webSession = (await exchangeCode(client, signIn())).session;
	words.jsCode = platform.jsCode(MINI.appId, simulator().openids(MINI.appId)[0]);

	// As WeChat encrypts open data (开放数据): AES-128-CBC under the session key.
	const key = Buffer.from('0123456789abcdef');
	const iv = Buffer.from('AAECAwQFBgcICQoLDA0ODw==', 'base64');
	const cipher = createCipheriv('aes-128-cbc', key, iv);
	const data = {
		stepInfoList: [{ timestamp: 1760000000, step: 9000 }],
		watermark: { appid: MINI.appId, timestamp: 1760000001 },
	};
	words.encryptedData =
		cipher.update(JSON.stringify(data), 'utf8', 'base64') + cipher.final('base64');
	words.loginSignature = createHmac('sha256', key.toString('base64')).update('').digest('hex');
	words.loginSession = createSessionSeal(MINI.secret, MINI.appId).encrypt({
		openid: 'o',
		sessionKey: key.toString('base64'),
	});
});

const subject = {
	node: 'wechat',
	simulator,
	words,
	secretsIn: () => ['"ACCESS"', '"REFRESH"', 'SESSION_KEY', 'SDK_TICKET', 'SECRET_TOKEN'],
};

describe('an account by its own credential', () =>
	testOperations({
		...subject,
		resources,
		fixtures,
		credentials: (resource) =>
			resource === 'login'
				? credentialsFor(simulator(), { appId: MINI.appId, appSecret: MINI.secret })
				: credentialsFor(simulator()),
	}));

describe('an account that authorized a platform', () => {
	// Signing users in takes other calls then: see the tests of visits.
	const { login: _, webAuthorization: __, ...same } = fixtures;
	testOperations({
		...subject,
		resources: resources.filter(({ value }) => value in same),
		fixtures: same,
		credentials: async () => {
			await simulator().platform.authorize(appId, { push: false });
			return await platformCredentialsFor(simulator());
		},
		params: {
			authentication: 'openPlatform',
			account: { __rl: true, mode: 'id', value: ` ${appId} ` },
		},
	});
});
