import type { ServerResponse } from 'node:http';
import {
	buildEvent,
	DEFAULT_ACCOUNT,
	DEFAULT_COMPONENT,
	MINI_PROGRAM_ACCOUNT,
	RELEASE_TEST_ACCOUNTS,
	seal,
	SECOND_ACCOUNT,
	sign,
	unseal,
	type ComponentSettings,
	type Simulator,
} from '..';
import type { JsonObject } from '../http/json';
import {
	PlatformApi,
	clock,
	decryptFields,
	startPushReceiver,
	startWithPlatform,
	type PushReceiver,
} from './support';
import { parseXml, printXml } from '../http/xml';
import { createTestClock } from '../../support/clock';

const ACCOUNT = DEFAULT_ACCOUNT.appId;
const SECOND = SECOND_ACCOUNT.appId;
const MINI = MINI_PROGRAM_ACCOUNT.appId;
const KEYS = DEFAULT_COMPONENT;
const SECONDS = 1_760_000_000;

let simulator: Simulator;
let hook: PushReceiver;

async function start(...options: Parameters<typeof startWithPlatform>): Promise<void> {
	simulator = await startWithPlatform(...options);
	hook = await startPushReceiver();
	simulator.platform.connect({ events: `${hook.url}/events`, messages: `${hook.url}/$APPID$/m` });
}

afterEach(() => Promise.all([simulator.close(), hook.close()]));

// Jest types its matchers as any.
const containing = (text: string): unknown => expect.stringContaining(text);

const answering = (body: string, status = 200) => {
	hook.respond = (response) => response.writeHead(status).end(body);
};

function sealedReply(
	inner: JsonObject,
	{ appId, token, encodingAESKey }: ComponentSettings = KEYS,
) {
	const Encrypt = seal(encodingAESKey, appId, printXml('xml', inner));
	const MsgSignature = sign(token, String(SECONDS), '7', Encrypt);
	return printXml('xml', { Encrypt, MsgSignature, TimeStamp: SECONDS, Nonce: '7' });
}

function textTo(message: JsonObject, Content: string): JsonObject {
	const { FromUserName, ToUserName } = message;
	return {
		ToUserName: FromUserName,
		FromUserName: ToUserName,
		CreateTime: SECONDS,
		MsgType: 'text',
		Content,
	};
}

describe('pushes to the event address', () => {
	beforeEach(() => start());

	it('are sealed with the keys of the platform, and name it in the envelope', async () => {
		const { raw, outcome } = await simulator.platform.pushTicket();
		expect(outcome).toBe('success');
		const [{ method, path, query, body }] = hook.received;
		expect([method, path, body]).toEqual(['POST', '/events', raw]);
		const outer = parseXml(body);
		expect(Object.keys(outer)).toEqual(['AppId', 'Encrypt']);
		expect(outer.AppId).toBe(KEYS.appId);
		const [timestamp, nonce] = [String(query.get('timestamp')), String(query.get('nonce'))];
		expect(Object.fromEntries(query)).toEqual({
			signature: sign(KEYS.token, timestamp, nonce),
			timestamp: String(SECONDS),
			nonce,
			encrypt_type: 'aes',
			msg_signature: sign(KEYS.token, timestamp, nonce, String(outer.Encrypt)),
		});
		expect(decryptFields(body, KEYS)).toEqual({
			AppId: KEYS.appId,
			CreateTime: String(SECONDS),
			InfoType: 'component_verify_ticket',
			ComponentVerifyTicket: expect.stringMatching(/^ticket@@@\w+$/) as unknown,
		});
	});

	it.each<[string, string, number]>([
		['nothing', '', 200],
		['success in quotes', '"success"', 200],
		['success and a line break', 'success\n', 200],
		['JSON', '{}', 200],
	])('are not answered by %s, and come once', async (_, body, status) => {
		answering(body, status);
		expect(await simulator.platform.pushTicket()).toMatchObject({
			outcome: 'error',
			deliveries: [{ problem: 'the answer is not success' }],
		});
		expect(hook.received).toHaveLength(1);
	});

	it('want HTTP 200, in time', async () => {
		answering('success', 500);
		expect(await simulator.platform.pushTicket()).toHaveProperty('outcome', 'refused');
		await Promise.all([simulator.close(), hook.close()]);
		const turned = createTestClock();
		await start({ ...turned, pushTimeoutMs: 50 });
		hook.respond = (response) => response.write('succ', () => setImmediate(() => turned.turn(50)));
		expect(await simulator.platform.pushTicket()).toHaveProperty('outcome', 'timeout');
	});

	it('tell of authorizations, changes and their end', async () => {
		const { platform } = simulator;
		const { code, result } = await platform.authorize(ACCOUNT);
		expect(result).toHaveProperty('outcome', 'success');
		expect(platform.isAuthorized(ACCOUNT)).toBe(true);
		await platform.authorize(ACCOUNT);
		await platform.revoke(ACCOUNT);
		expect(platform.isAuthorized(ACCOUNT)).toBe(false);
		const told = hook.received.map(({ body }) => decryptFields(body, KEYS));
		const AppId = KEYS.appId;
		const CreateTime = String(SECONDS);
		expect(told).toEqual([
			{
				AppId,
				CreateTime,
				InfoType: 'authorized',
				AuthorizerAppid: ACCOUNT,
				AuthorizationCode: code,
				AuthorizationCodeExpiredTime: String(SECONDS + 3600),
			},
			expect.objectContaining({ InfoType: 'updateauthorized', AuthorizerAppid: ACCOUNT }),
			{ AppId, CreateTime, InfoType: 'unauthorized', AuthorizerAppid: ACCOUNT },
		]);
		await expect(platform.revoke(ACCOUNT)).rejects.toThrow('not authorized');
		await platform.authorize(ACCOUNT, { push: false });
		await platform.revoke(ACCOUNT, { push: false });
		expect(hook.received).toHaveLength(3);
	});

	it('carry any InfoType', async () => {
		await simulator.platform.event({ InfoType: 'new', info: { name: 'x' }, list: [1, 2] });
		expect(decryptFields(hook.received[0].body, KEYS)).toMatchObject({
			InfoType: 'new',
			info: { name: 'x' },
			list: ['1', '2'],
		});
	});

	it('can be built without a simulator', () => {
		const fixed = { timestamp: '1760000000', nonce: '42', random16: '0123456789abcdef' };
		const { body } = buildEvent(KEYS, { InfoType: 'x' }, fixed);
		expect(buildEvent(KEYS, { InfoType: 'x' }, fixed).body).toBe(body);
		expect(unseal(KEYS.encodingAESKey, String(parseXml(body).Encrypt)).message).toBe(
			`<xml><AppId><![CDATA[${KEYS.appId}]]></AppId><CreateTime>1760000000</CreateTime>` +
				'<InfoType><![CDATA[x]]></InfoType></xml>',
		);
	});

	it('need addresses, of which one names the account', async () => {
		expect(() => simulator.platform.connect({ events: hook.url, messages: hook.url })).toThrow(
			'$APPID$',
		);
		const other = await startWithPlatform();
		await expect(other.platform.pushTicket()).rejects.toThrow('not connected');
		await other.close();
	});
});

describe('messages to accounts', () => {
	beforeEach(async () => {
		await start();
		await simulator.platform.authorize(SECOND, { push: false });
		await simulator.platform.authorize(MINI, { push: false });
	});
	const text = { MsgType: 'text', Content: 'hi' };

	it('come to the address of the account, sealed for the platform', async () => {
		answering('');
		expect(await simulator.platform.message(SECOND, text)).toMatchObject({ outcome: 'success' });
		const [{ path, query, body }] = hook.received;
		expect(path).toBe(`/${SECOND}/m`);
		expect(query.get('encrypt_type')).toBe('aes');
		expect(parseXml(body).ToUserName).toBe(SECOND_ACCOUNT.name);
		expect(decryptFields(body, KEYS)).toMatchObject({
			ToUserName: SECOND_ACCOUNT.name,
			FromUserName: simulator.openids(SECOND)[0],
			Content: 'hi',
		});
	});

	const replying = (make: (message: JsonObject) => string) => {
		hook.respond = (response: ServerResponse, { body }) =>
			response.end(make(decryptFields(body, KEYS)));
	};

	it('are answered with the keys of the platform', async () => {
		replying((message) => sealedReply(textTo(message, 'hello')));
		expect(await simulator.platform.message(SECOND, text)).toMatchObject({
			outcome: 'reply',
			shown: 'hello',
		});
	});

	it.each<[string, (message: JsonObject) => string, string]>([
		['plainly', (message) => printXml('xml', textTo(message, 'x')), 'not encrypted'],
		[
			'with the AppID of the account',
			(message) => sealedReply(textTo(message, 'x'), { ...KEYS, appId: SECOND }),
			`the AppID at the end is ${SECOND}`,
		],
		[
			'with the token of the account',
			(message) => sealedReply(textTo(message, 'x'), { ...KEYS, token: SECOND_ACCOUNT.token }),
			'MsgSignature',
		],
		[
			'without swapping the names',
			(message) => {
				const { ToUserName, FromUserName } = message;
				return sealedReply({ ...textTo(message, 'x'), ToUserName, FromUserName });
			},
			'ToUserName is not the user',
		],
	])('must not be answered %s', async (_, make, problem) => {
		replying(make);
		const { outcome, deliveries } = await simulator.platform.message(SECOND, text);
		expect(outcome).toBe('error');
		expect(deliveries[0].problem).toContain(problem);
	});

	it('to mini programs are answered only by handing them to agents', async () => {
		replying((message) => sealedReply(textTo(message, 'x')));
		expect(await simulator.platform.message(MINI, text)).toMatchObject({
			outcome: 'error',
			deliveries: [{ problem: containing('mini program') }],
		});
		replying((message) => {
			const { Content: _, ...rest } = textTo(message, '');
			return sealedReply({ ...rest, MsgType: 'transfer_customer_service' });
		});
		expect(await simulator.platform.message(MINI, text)).toHaveProperty('outcome', 'reply');
	});

	it('come only while the account has authorized', async () => {
		await expect(simulator.platform.message(ACCOUNT, text)).rejects.toThrow('not authorized');
	});

	it('can be preceded by a GET that wants echostr back', async () => {
		hook.respond = (response, { query }) => {
			const [timestamp, nonce] = [String(query.get('timestamp')), String(query.get('nonce'))];
			expect(query.get('signature')).toBe(sign(KEYS.token, timestamp, nonce));
			response.end(query.get('echostr'));
		};
		expect(await simulator.platform.verify('events')).toBe(true);
		expect(await simulator.platform.verify('messages', MINI)).toBe(true);
		expect(hook.received.map(({ path }) => path)).toEqual(['/events', `/${MINI}/m`]);
		answering('success');
		expect(await simulator.platform.verify('messages')).toBe(false);
	});
});

describe('authorization links', () => {
	const redirect_uri = 'https://example.com/back?a=1';
	let client: PlatformApi;
	let preAuthCode: string;

	beforeEach(async () => {
		await start();
		client = new PlatformApi(simulator);
		await client.signIn();
		const answer = await client.component('api_create_preauthcode');
		preAuthCode = String(answer.pre_auth_code);
		await hook.close();
		hook = await startPushReceiver();
		simulator.platform.connect({ events: hook.url, messages: `${hook.url}/$APPID$` });
	});

	const PC = 'https://mp.weixin.qq.com/cgi-bin/componentloginpage';
	const fields = (changes: Record<string, string> = {}) => ({
		component_appid: KEYS.appId,
		pre_auth_code: preAuthCode,
		redirect_uri,
		auth_type: '3',
		...changes,
	});
	const link = (changes: Record<string, string> = {}, page = PC, hash = '') => {
		const known = Object.entries(fields(changes)).filter(([, value]) => value !== '');
		return `${page}?${new URLSearchParams(known).toString()}${hash}`;
	};
	const open = (url: string, appId = ACCOUNT) =>
		simulator.platform.openAuthorizationLink(url, appId);

	it('lead back with the code that is pushed as well', async () => {
		const { redirect, result } = await open(link());
		expect(result).toHaveProperty('outcome', 'success');
		const told = decryptFields(hook.received[0].body, KEYS);
		expect(told).toMatchObject({ InfoType: 'authorized', PreAuthCode: preAuthCode });
		const code = String(told.AuthorizationCode);
		expect(redirect).toBe(`${redirect_uri}&auth_code=${encodeURIComponent(code)}&expires_in=600`);
		expect(await client.component('api_query_auth', { authorization_code: code })).toHaveProperty(
			'authorization_info.authorizer_appid',
			ACCOUNT,
		);
		await expect(open(link())).rejects.toThrow('pre_auth_code is spent');
	});

	it.each([
		'https://open.weixin.qq.com/wxaopen/safe/bindcomponent',
		'https://mp.weixin.qq.com/safe/bindcomponent',
	])('work on phones at %s', async (page) => {
		const mobile = { action: 'bindcomponent', no_scan: '1', redirect_uri: 'https://a.example/' };
		await expect(open(link(mobile, page))).rejects.toThrow('#wechat_redirect');
		await expect(open(link({}, page, '#wechat_redirect'))).rejects.toThrow('action is missing');
		const url = link({ ...mobile, biz_appid: MINI }, page, '#wechat_redirect');
		await expect(open(url)).rejects.toThrow('biz_appid is another account');
		const { redirect } = await open(url, MINI);
		expect(redirect).toMatch(/^https:\/\/a\.example\/\?auth_code=[\w%]+&expires_in=600$/);
	});

	it('grant the sets that were chosen', async () => {
		const url = link({ category_id_list: '1|24|999' });
		await simulator.platform.openAuthorizationLink(url, ACCOUNT, { push: false });
		expect(hook.received).toHaveLength(0);
		const answer = await client.component('api_get_authorizer_info', {
			authorizer_appid: ACCOUNT,
		});
		expect(answer.authorization_info).toMatchObject({
			func_info: [{ funcscope_category: { id: 1 } }, { funcscope_category: { id: 24 } }],
		});
	});

	it.each<[string, Record<string, string>, string]>([
		['another platform', { component_appid: 'wx1' }, 'not the platform'],
		['an unknown code', { pre_auth_code: 'preauthcode@@@x' }, 'is unknown'],
		['no code', { pre_auth_code: '' }, 'pre_auth_code is missing'],
		['no auth_type', { auth_type: '' }, 'auth_type is missing'],
		['an unknown auth_type', { auth_type: '7' }, 'auth_type 7'],
		['mini programs only', { auth_type: '2' }, 'does not list wx'],
		['a path to come back to', { redirect_uri: '/back' }, 'not an address'],
		['other separators', { category_id_list: '1,2' }, 'category_id_list'],
		['an unknown parameter', { state: 'x' }, 'state is not a parameter'],
	])('refuse %s', async (_, changes, problem) => {
		await expect(open(link(changes))).rejects.toThrow(problem);
		expect(simulator.platform.isAuthorized(ACCOUNT)).toBe(false);
	});

	it('refuse an address that is not encoded, other pages and late codes', async () => {
		const { redirect_uri: _, ...rest } = fields();
		const query = new URLSearchParams(rest).toString();
		await expect(open(`${PC}?${query}&redirect_uri=https://a.example/`)).rejects.toThrow(
			'not encoded',
		);
		await expect(open(link({}, 'https://mp.weixin.qq.com/login'))).rejects.toThrow('no auth');
		clock.now += 1_800_000;
		await expect(open(link())).rejects.toThrow('expired');
	});
});

it('knows the accounts of the release test', () => {
	expect(RELEASE_TEST_ACCOUNTS).toHaveLength(10);
	expect(RELEASE_TEST_ACCOUNTS[0]).toMatchObject({
		appId: 'wx570bc396a51b8ff8',
		name: 'gh_3c884a361561',
		encodingAESKey: expect.stringMatching(/^\w{43}$/) as unknown,
	});
});
