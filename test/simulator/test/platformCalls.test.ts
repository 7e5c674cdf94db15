import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT, SECOND_ACCOUNT, type Simulator } from '..';
import type { JsonObject } from '../http/json';
import { PlatformApi, clock, failure, matching, OK, startWithPlatform } from './support';

const ACCOUNT = DEFAULT_ACCOUNT.appId;
const SECOND = SECOND_ACCOUNT.appId;
const MINI = MINI_PROGRAM_ACCOUNT.appId;
const HOUR = 3_600_000;
const NUMBER: unknown = expect.any(Number);

let simulator: Simulator;
let client: PlatformApi;

async function start(...options: Parameters<typeof startWithPlatform>): Promise<void> {
	simulator = await startWithPlatform(...options);
	client = new PlatformApi(simulator);
}

afterEach(() => simulator.close());

const listOf = (answer: JsonObject) => answer.list as JsonObject[];
const followers = (token: unknown) =>
	client.call(`/cgi-bin/user/get?access_token=${String(token)}`);
const ownToken = async ({ appId, secret } = DEFAULT_ACCOUNT) =>
	(await client.call(`/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${secret}`))
		.access_token;

describe('the token of the platform', () => {
	const path = '/cgi-bin/component/api_component_token';

	it('needs AppID, secret and a ticket that was pushed in the last 12 hours', async () => {
		await start();
		const { appId: component_appid, secret: component_appsecret } = simulator.platform.settings;
		const component_verify_ticket = await client.ticket();
		const body = { component_appid, component_appsecret, component_verify_ticket };
		expect(await client.call(path, { ...body, component_appid: 'wx1' })).toEqual(failure(40013));
		expect(await client.call(path, { ...body, component_appsecret: 'x' })).toEqual(failure(40125));
		expect(await client.call(path, { ...body, component_verify_ticket: 'x' })).toEqual(
			failure(61006),
		);
		expect(await client.call(path, {})).toEqual(failure(41018));
		expect(await client.call(path, { component_appid, component_appsecret })).toEqual(
			failure(41020),
		);
		expect(await client.call(path, { ...body, appid: 'x' })).toEqual(failure(47003, 'appid'));
		expect(await client.call(path, body)).toEqual({
			component_access_token: matching(/^\d\d_[\w-]{136}$/),
			expires_in: 7200,
		});

		clock.now += 12 * HOUR;
		expect(await client.call(path, body)).toEqual(failure(61005));
		const ticket = await client.ticket();
		simulator.platform.expireTicket();
		expect(await client.signIn(ticket)).toEqual(failure(61005));
		expect(await client.signIn()).toHaveProperty('expires_in', 7200);
	});

	it('is refused to addresses that are not on the list', async () => {
		await start({ allowedIps: ['10.0.0.1'] });
		expect(await client.signIn()).toEqual(failure(61004, 'requestIP: 127.0.0.1'));
	});

	it('works from the addresses on the list only, as the tokens of accounts do', async () => {
		const allowedIps = ['127.0.0.1'];
		await start({ allowedIps });
		await client.signIn();
		const { authorizer_access_token } = await client.authorize(ACCOUNT);
		const own = await ownToken();
		allowedIps.pop();
		expect(await client.component('api_create_preauthcode')).toEqual(failure(61004));
		expect(await followers(authorizer_access_token)).toEqual(failure(61004));
		expect(await followers(own)).toHaveProperty('total', 3);
	});

	it('is not to be had from /cgi-bin/token', async () => {
		await start();
		const { appId, secret } = simulator.platform.settings;
		expect(
			await client.call(
				`/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${secret}`,
			),
		).toEqual(failure(61024));
	});

	it('dies when the next one is issued, or after a grace', async () => {
		await start({ componentGraceMs: 1000 });
		await client.signIn();
		const first = client.token;
		await client.signIn();
		const ask = (token: string) => {
			client.token = token;
			return client.component('api_create_preauthcode');
		};
		const second = client.token;
		expect(await ask(first)).toHaveProperty('pre_auth_code');
		clock.now += 1000;
		expect(await ask(first)).toEqual(failure(40001));
		expect(await ask(second)).toHaveProperty('pre_auth_code');
		simulator.platform.expireTokens();
		expect(await ask(second)).toEqual(failure(42001));
		await client.signIn();
		simulator.platform.revokeTokens();
		expect(await ask(client.token)).toEqual(failure(40001));
		await simulator.close();

		await start();
		await client.signIn();
		const old = client.token;
		await client.signIn();
		expect(await ask(old)).toEqual(failure(40001));
	});

	it('goes by two names, but not at once, and is not the token of an account', async () => {
		await start();
		await client.signIn();
		const create = '/cgi-bin/component/api_create_preauthcode';
		const body = { component_appid: simulator.platform.settings.appId };
		const { token } = client;
		expect(await client.call(`${create}?access_token=${token}`, body)).toEqual({
			pre_auth_code: matching(/^preauthcode@@@\w+$/),
			expires_in: 1800,
		});
		expect(
			await client.call(`${create}?access_token=${token}&component_access_token=${token}`, body),
		).toEqual(failure(47003, 'access_token'));
		expect(await client.call(create, body)).toEqual(failure(41001));
		const own = String(await ownToken());
		expect(await client.call(`${create}?component_access_token=${own}`, body)).toEqual(
			failure(61014),
		);
		expect(await followers(token)).toEqual(failure(61015));
		expect(await client.component('api_create_preauthcode', { component_appid: 'x' })).toEqual(
			failure(40013),
		);
	});

	it('starts the tickets', async () => {
		await start();
		const { appId: component_appid, secret: component_secret } = simulator.platform.settings;
		const again = '/cgi-bin/component/api_start_push_ticket';
		const body = { component_appid, component_secret };
		expect(await client.call(again, body)).toEqual(OK);
		expect(await client.call(again, body)).toEqual({ errcode: 0, errmsg: 'in a normal state' });
		expect(await client.call(again, { ...body, component_secret: 'x' })).toEqual(failure(40125));
		const wrong = { component_appid, component_appsecret: component_secret };
		expect(await client.call(again, wrong)).toEqual(failure(47003, 'component_appsecret'));
	});
});

describe('the tokens of accounts', () => {
	beforeEach(async () => {
		await start();
		await client.signIn();
	});

	const refresh = (token: unknown, authorizer_appid = ACCOUNT) =>
		client.component('api_authorizer_token', {
			authorizer_appid,
			authorizer_refresh_token: token,
		});

	it('come for an authorization code, once', async () => {
		const { code } = await simulator.platform.authorize(ACCOUNT, { push: false });
		expect(code).toMatch(/^queryauthcode@@@\w+$/);
		const ask = (authorization_code: string) =>
			client.component('api_query_auth', { authorization_code });
		expect(await ask('queryauthcode@@@x')).toEqual(failure(61009));
		expect(await ask(code)).toEqual({
			authorization_info: {
				authorizer_appid: ACCOUNT,
				authorizer_access_token: matching(/^\d\d_[\w-]{136}$/),
				expires_in: 7200,
				authorizer_refresh_token: matching(/^refreshtoken@@@\w+$/),
				func_info: expect.arrayContaining([
					{ funcscope_category: { id: 1 } },
					{
						funcscope_category: { id: 24 },
						confirm_info: { need_confirm: 0, already_confirm: 0, can_confirm: 0 },
					},
				]) as unknown,
			},
		});
		expect(await ask(code)).toEqual(failure(61010));
		const late = await simulator.platform.authorize(ACCOUNT, { push: false });
		clock.now += HOUR;
		expect(await ask(late.code)).toEqual(failure(61010));
	});

	it('act on the account that granted them', async () => {
		const { authorizer_access_token } = await client.authorize(SECOND);
		expect(await followers(authorizer_access_token)).toMatchObject({
			data: { openid: simulator.openids(SECOND) },
		});
		expect(await followers(await ownToken())).toMatchObject({
			data: { openid: simulator.openids() },
		});
	});

	it('are renewed by the refresh token, which stays', async () => {
		const info = await client.authorize(ACCOUNT);
		const answer = await refresh(info.authorizer_refresh_token);
		expect(answer).toEqual({
			authorizer_access_token: matching(/^\d\d_/),
			expires_in: 7200,
			authorizer_refresh_token: info.authorizer_refresh_token,
		});
		expect(await followers(info.authorizer_access_token)).toEqual(failure(40001));
		expect(await followers(answer.authorizer_access_token)).toHaveProperty('total', 3);
		expect(await refresh('refreshtoken@@@x')).toEqual(failure(61023));
		expect(await refresh(info.authorizer_refresh_token, SECOND)).toEqual(failure(61003));
		simulator.platform.expireTokens();
		expect(await followers(answer.authorizer_access_token)).toEqual(failure(42001));
	});

	it('get a new refresh token with each authorization', async () => {
		const first = await client.authorize(ACCOUNT);
		const second = await client.authorize(ACCOUNT);
		expect(await refresh(first.authorizer_refresh_token)).toEqual(failure(61023));
		expect(await refresh(second.authorizer_refresh_token)).toHaveProperty('expires_in');
	});

	it('may get a new refresh token with each refresh', async () => {
		await simulator.close();
		await start({ rotateRefreshTokens: true });
		await client.signIn();
		const info = await client.authorize(ACCOUNT);
		const { authorizer_refresh_token } = await refresh(info.authorizer_refresh_token);
		expect(authorizer_refresh_token).not.toBe(info.authorizer_refresh_token);
		expect(await refresh(info.authorizer_refresh_token)).toEqual(failure(61023));
		expect(await refresh(authorizer_refresh_token)).toHaveProperty('expires_in');
	});

	it('are found again in the list when the refresh token is lost', async () => {
		const { authorizer_refresh_token } = await client.authorize(ACCOUNT);
		clock.now += 60_000;
		await client.authorize(MINI);
		simulator.platform.loseRefreshToken(ACCOUNT);
		expect(await refresh(authorizer_refresh_token)).toEqual(failure(61023));
		const page = (offset: number, count: number) =>
			client.component('api_get_authorizer_list', { offset, count });
		const answer = await page(0, 500);
		const [first, second] = listOf(answer);
		expect(answer.total_count).toBe(2);
		expect(first).toEqual({
			authorizer_appid: ACCOUNT,
			refresh_token: matching(/^refreshtoken@@@/),
			auth_time: 1_760_000_000,
		});
		expect(second).toMatchObject({ authorizer_appid: MINI, auth_time: 1_760_000_060 });
		expect(await refresh(first.refresh_token)).toHaveProperty('expires_in');
		expect(await page(1, 1)).toEqual({ total_count: 2, list: [second] });
		expect(await page(0, 501)).toEqual(failure(61020));
		expect(await page(-1, 1)).toEqual(failure(61020));
	});

	it('end when the owner cancels', async () => {
		const info = await client.authorize(ACCOUNT);
		await simulator.platform.revoke(ACCOUNT, { push: false });
		expect(simulator.platform.isAuthorized(ACCOUNT)).toBe(false);
		expect(await followers(info.authorizer_access_token)).toEqual(failure(61003));
		expect(await refresh(info.authorizer_refresh_token)).toEqual(failure(61003));
		await client.authorize(ACCOUNT);
		expect(await followers(info.authorizer_access_token)).toEqual(failure(40001));
		expect(await refresh(info.authorizer_refresh_token)).toEqual(failure(61023));
	});

	it('send customer-service messages only with the set for it', async () => {
		const [touser] = simulator.openids();
		const send = async (permissions: number[]) => {
			const { authorizer_access_token } = await client.authorize(ACCOUNT, permissions);
			const path = `/cgi-bin/message/custom/send?access_token=${String(authorizer_access_token)}`;
			return client.call(path, { touser, msgtype: 'text', text: { content: 'hi' } });
		};
		expect(await send([2, 3])).toEqual(failure(61007));
		expect(await send([1])).toEqual(OK);
		const [player] = simulator.openids(MINI);
		const { authorizer_access_token } = await client.authorize(MINI);
		const path = `/cgi-bin/message/custom/send?access_token=${String(authorizer_access_token)}`;
		const message = { touser: player, msgtype: 'text', text: { content: 'hi' } };
		expect(await client.call(path, message)).toEqual(OK);
		expect(simulator.messages).toEqual([
			expect.objectContaining({ appId: ACCOUNT }),
			{ appId: MINI, body: message },
		]);
	});

	it('are counted and logged without secrets', async () => {
		const { authorizer_refresh_token } = await client.authorize(ACCOUNT);
		await refresh(authorizer_refresh_token);
		expect(simulator.calls.at(-1)).toEqual({
			method: 'POST',
			path: '/cgi-bin/component/api_authorizer_token',
			query: {},
			body: { component_appid: simulator.platform.settings.appId, authorizer_appid: ACCOUNT },
			errcode: 0,
		});
		const [signIn] = simulator.calls;
		expect(signIn.body).toEqual({ component_appid: simulator.platform.settings.appId });
		expect(simulator.count('/cgi-bin/component/api_authorizer_token')).toBe(1);
	});
});

describe('api_get_authorizer_info', () => {
	it('tells an official account from a mini program by MiniProgramInfo', async () => {
		await start();
		await client.signIn();
		await client.authorize(ACCOUNT, [1]);
		await client.authorize(MINI);
		const ask = (authorizer_appid: string) =>
			client.component('api_get_authorizer_info', { authorizer_appid });
		const official = await ask(ACCOUNT);
		expect(official).toEqual({
			authorizer_info: {
				nick_name: '示例帐号',
				head_img: matching(/^https:/),
				service_type_info: { id: 2 },
				verify_type_info: { id: 0 },
				user_name: DEFAULT_ACCOUNT.name,
				alias: '',
				qrcode_url: matching(/^https:/),
				business_info: {
					open_pay: 0,
					open_shake: 0,
					open_scan: 0,
					open_card: 0,
					open_store: 0,
				},
				principal_name: matching(/./),
				signature: '',
				account_status: 1,
				basic_config: { is_phone_configured: true, is_email_configured: true },
			},
			authorization_info: {
				authorizer_appid: ACCOUNT,
				func_info: [{ funcscope_category: { id: 1 } }],
			},
		});
		expect(await ask(MINI)).toMatchObject({
			authorizer_info: {
				nick_name: '示例小程序',
				user_name: MINI_PROGRAM_ACCOUNT.name,
				MiniProgramInfo: { network: {}, categories: [{}], visit_status: NUMBER },
			},
		});
		expect(await ask(SECOND)).toEqual(failure(61003));
	});
});
