import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT, SECOND_ACCOUNT, type Simulator } from '..';
import { PlatformApi, clock, failure, matching, OK, startWithPlatform } from './support';

const ACCOUNT = DEFAULT_ACCOUNT.appId;
const SECOND = SECOND_ACCOUNT.appId;
const MINI = MINI_PROGRAM_ACCOUNT.appId;
const DAY = 86_400_000;

let simulator: Simulator;
let client: PlatformApi;

async function start(...options: Parameters<typeof startWithPlatform>): Promise<void> {
	simulator = await startWithPlatform(...options);
	client = new PlatformApi(simulator);
	await client.signIn();
}

afterEach(() => simulator.close());

const componentAppId = () => simulator.platform.settings.appId;

describe('web authorization', () => {
	const page = 'https://open.weixin.qq.com/connect/oauth2/authorize';
	const redirect_uri = 'https://example.com/back?a=1#/home';
	const encoded = encodeURIComponent(redirect_uri);
	const base = (appid: string, scope: string) =>
		`${page}?appid=${appid}&redirect_uri=${encoded}&response_type=code&scope=${scope}`;
	const ownLink = `${base(ACCOUNT, 'snsapi_base')}&state=s1#wechat_redirect`;
	const platformLink = () =>
		`${base(ACCOUNT, 'snsapi_base,snsapi_userinfo')}&state=s1` +
		`&component_appid=${componentAppId()}#wechat_redirect`;
	const visit = (link: string) =>
		simulator.platform.openWebAuthorization(link, simulator.openids()[0]);
	const codeOf = (link: string) => String(new URL(visit(link)).searchParams.get('code'));
	const grant = 'grant_type=authorization_code';
	const exchange = (code: string, secret = DEFAULT_ACCOUNT.secret) =>
		client.call(`/sns/oauth2/access_token?appid=${ACCOUNT}&secret=${secret}&code=${code}&${grant}`);
	const own = () => `component_appid=${componentAppId()}&component_access_token=${client.token}`;
	const exchangeOnBehalf = (code: string, appId = ACCOUNT) =>
		client.call(`/sns/oauth2/component/access_token?appid=${appId}&code=${code}&${grant}&${own()}`);

	beforeEach(() => start());

	it('leads back with code and state, and the AppID when a platform asked', async () => {
		expect(visit(ownLink)).toMatch(
			/^https:\/\/example\.com\/back\?a=1&code=\w{32}&state=s1#\/home$/,
		);
		expect(() => visit(platformLink())).toThrow('has not authorized');
		await client.authorize(ACCOUNT);
		expect(visit(platformLink())).toMatch(
			new RegExp(`\\?a=1&code=\\w{32}&state=s1&appid=${ACCOUNT}#/home$`),
		);
	});

	it.each<[string, (link: string) => string, string]>([
		[
			'another order',
			() =>
				`${page}?redirect_uri=${encoded}&appid=${ACCOUNT}&response_type=code&scope=snsapi_base#wechat_redirect`,
			'order',
		],
		['no fragment', (link) => link.replace('#wechat_redirect', ''), '#wechat_redirect'],
		['another scope', (link) => link.replace('snsapi_base', 'snsapi_login'), 'snsapi_login'],
		['another response_type', (link) => link.replace('=code', '=token'), 'response_type'],
		['other letters in state', (link) => link.replace('s1', 's-1'), 'state'],
		['a long state', (link) => link.replace('s1', 's'.repeat(129)), 'state'],
		[
			'a plain redirect_uri',
			(link) => link.replace(encoded, redirect_uri.split('#')[0]),
			'encoded',
		],
		['capitals', (link) => link.replace('appid=', 'AppId='), 'AppId is not a parameter'],
		['another page', (link) => link.replace('oauth2', 'qrconnect'), 'not the page'],
		['an unknown account', (link) => link.replace(ACCOUNT, 'wx1'), 'invalid appid'],
	])('refuses %s', (_, change, problem) => {
		expect(() => visit(change(ownLink))).toThrow(problem);
	});

	it('knows whose visitor it is', () => {
		const [stranger] = simulator.openids(SECOND);
		expect(() => simulator.platform.openWebAuthorization(ownLink, stranger)).toThrow('visitor');
	});

	it('exchanges a code once, within five minutes', async () => {
		const code = codeOf(ownLink);
		expect(await exchange(code, 'x')).toEqual(failure(40125));
		expect(await exchange('x')).toEqual(failure(40029));
		const answer = await exchange(code);
		expect(answer).toEqual({
			access_token: matching(/^\d\d_/),
			expires_in: 7200,
			refresh_token: matching(/^\d\d_/),
			openid: simulator.openids()[0],
			scope: 'snsapi_base',
		});
		expect(await exchange(code)).toEqual(failure(40163));
		const late = codeOf(ownLink);
		clock.now += 300_000;
		expect(await exchange(late)).toEqual(failure(40029));
		expect(
			await client.call(`/cgi-bin/user/get?access_token=${String(answer.access_token)}`),
		).toEqual(failure(40001));
	});

	it('exchanges a code of the platform only at its own address', async () => {
		await client.authorize(ACCOUNT);
		await client.authorize(SECOND);
		const code = codeOf(platformLink());
		expect(await exchange(code)).toEqual(failure(40029));
		expect(await exchangeOnBehalf(code, SECOND)).toEqual(failure(40029));
		expect(await exchangeOnBehalf(codeOf(ownLink))).toEqual(failure(40029));
		const answer = await exchangeOnBehalf(code);
		expect(answer).toMatchObject({ scope: 'snsapi_base,snsapi_userinfo', expires_in: 7200 });
		expect(await exchangeOnBehalf(code)).toEqual(failure(40163));
		expect(simulator.calls.at(-1)?.query).not.toHaveProperty('component_access_token');

		const renew = (path: string) =>
			client.call(
				`${path}appid=${ACCOUNT}&grant_type=refresh_token&refresh_token=${String(answer.refresh_token)}`,
			);
		const onBehalf = `/sns/oauth2/component/refresh_token?${own()}&`;
		expect(await renew('/sns/oauth2/refresh_token?')).toEqual(failure(40030));
		expect(await renew(onBehalf)).toMatchObject({
			refresh_token: answer.refresh_token,
			access_token: matching(/^\d\d_/),
		});
		clock.now += 30 * DAY;
		await client.signIn();
		expect(await renew(`/sns/oauth2/component/refresh_token?${own()}&`)).toEqual(failure(42002));
		await simulator.platform.revoke(ACCOUNT, { push: false });
		expect(await renew(`/sns/oauth2/component/refresh_token?${own()}&`)).toEqual(failure(61003));
	});

	it('takes the token of the platform by its own name only', async () => {
		await client.authorize(ACCOUNT);
		const query = `appid=${ACCOUNT}&code=x&${grant}&component_appid=${componentAppId()}`;
		const path = '/sns/oauth2/component/access_token';
		expect(await client.call(`${path}?${query}&access_token=${client.token}`)).toEqual(
			failure(41001),
		);
	});

	it('tells the profile of visitors who agreed', async () => {
		await client.authorize(ACCOUNT);
		const { access_token: silent, openid } = await exchange(codeOf(ownLink));
		const { access_token } = await exchangeOnBehalf(codeOf(platformLink()));
		const ask = (path: string, token: unknown, who = openid) =>
			client.call(`/sns/${path}?access_token=${String(token)}&openid=${String(who)}`);
		expect(await ask('userinfo', silent)).toEqual(failure(48001));
		expect(await ask('userinfo', access_token, 'o1')).toEqual(failure(40003));
		expect(await ask('userinfo', 'x')).toEqual(failure(40001));
		expect(await ask('userinfo', access_token)).toEqual({
			openid,
			nickname: matching(/^用户/),
			sex: 0,
			province: '',
			city: '',
			country: '',
			headimgurl: matching(/^https:/),
			privilege: [],
		});
		expect(await ask('auth', silent)).toEqual(OK);
		expect(await ask('auth', silent, 'o1')).toEqual(failure(40003));
		clock.now += 7_200_000;
		expect(await ask('userinfo', access_token)).toEqual(failure(42001));
	});
});

describe('wx.login', () => {
	const grant = 'grant_type=authorization_code';

	it('gives a session, and a unionid once the account is bound', async () => {
		await start();
		const [openid] = simulator.openids(MINI);
		const { platform } = simulator;
		expect(() => platform.jsCode(ACCOUNT, openid)).toThrow('not a mini program');
		const { secret } = MINI_PROGRAM_ACCOUNT;
		const own = (code: string) =>
			client.call(`/sns/jscode2session?appid=${MINI}&secret=${secret}&js_code=${code}&${grant}`);
		const onBehalf = (code: string) =>
			client.call(
				`/sns/component/jscode2session?appid=${MINI}&js_code=${code}&${grant}` +
					`&component_appid=${componentAppId()}&component_access_token=${client.token}`,
			);
		const code = platform.jsCode(MINI, openid);
		expect(await onBehalf(code)).toEqual(failure(61003));
		const { authorizer_access_token: token } = await client.authorize(MINI);
		expect(await onBehalf(code)).toEqual({ openid, session_key: matching(/^[\w+/]{22}==$/) });
		expect(await own(code)).toEqual(failure(40163));
		expect(await own('x')).toEqual(failure(40029));
		await client.call(`/cgi-bin/open/create?access_token=${String(token)}`, { appid: MINI });
		const answer = await own(platform.jsCode(MINI, openid));
		expect(answer).toMatchObject({ openid, unionid: matching(/^o[\w-]{27}$/) });
	});
});
