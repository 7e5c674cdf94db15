import type { INode } from 'n8n-workflow';
import { createSessionSeal } from '../../nodes/api/sessionSeal';
import { restartProcess } from '../support/services';
import { sendPage } from '../../nodes/n8n/webhookPage';
import type { Response } from '../../nodes/n8n/webhookResponse';
import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT, SECOND_ACCOUNT } from '../simulator';
import { prepareN8n, runNode, logged, type Credentials } from '../support/n8n';
import { credentialsFor, newPlatformCredentialsFor, useSimulator } from '../support/simulator';
import { callWebhook, fakeResponse, serveTrigger, type Served } from '../support/webhook';

prepareN8n();
const FIRST = DEFAULT_ACCOUNT.appId;
const SECOND = SECOND_ACCOUNT.appId;
const accounts = [DEFAULT_ACCOUNT, SECOND_ACCOUNT, MINI_PROGRAM_ACCOUNT];
const simulator = useSimulator({ accounts, followers: 3 });

let credentials: Credentials;
let trigger: Served;
let own: INode['parameters'];

async function connect(
	pushOptions: INode['parameters'] = {},
	parameters: INode['parameters'] = {},
) {
	await trigger?.close();
	trigger = await serveTrigger({ ...own, pushOptions, ...parameters }, credentials);
}
afterEach(async () => {
	jest.restoreAllMocks();
	await trigger.close();
});

/** What a browser gets. Redirects are not followed. */
async function visit(address: string | URL) {
	const response = await fetch(address, { redirect: 'manual' });
	const text = await response.text();
	await trigger.idle();
	const { status, headers } = response;
	return {
		status,
		text,
		location: headers.get('location') ?? '',
		type: headers.get('content-type'),
		headers,
	};
}

/** The directives of a Content-Security-Policy, with their sources. */
const readPolicy = (policy: string | null) =>
	Object.fromEntries(
		(policy ?? '').split(';').map((directive) => {
			const [name, ...sources] = directive.trim().split(/\s+/);
			return [name, sources];
		}),
	) as Record<string, string[]>;

async function run(parameters: INode['parameters']) {
	const { error, output } = await runNode('wechat', { ...own, ...parameters }, credentials);
	if (error) throw new Error(`${error.message}: ${error.description}`);
	return output[0].json;
}

const forPlatform = async () => {
	own = { authentication: 'openPlatform' };
	credentials = newPlatformCredentialsFor(simulator());
	await connect();
	simulator().platform.connect({ events: trigger.url, messages: `${trigger.url}/$APPID$` });
	await simulator().platform.pushTicket();
};
const forAccount = async () => {
	own = { authentication: 'officialAccount' };
	credentials = credentialsFor(simulator());
	await connect();
};

describe('the address of an account authorization', () => {
	beforeEach(forPlatform);
	const EXCHANGE = '/cgi-bin/component/api_query_auth';
	/** Lets the owner of an account open a link of the node. Answers where WeChat then sends the browser. */
	async function authorize(appId: string) {
		const { output, error } = await runNode(
			'wechatOpenPlatform',
			{
				resource: 'authorization',
				operation: 'createLink',
				redirectUri: `${trigger.url}/authorized`,
				image: false,
			},
			credentials,
		);
		if (error) throw new Error(error.message);
		const { redirect } = await simulator().platform.openAuthorizationLink(
			String(output[0].json.url),
			appId,
			{ push: false },
		);
		return redirect;
	}
	/** A link that was opened, with another code in it. */
	function withCode(redirect: string, code: string) {
		const url = new URL(redirect);
		url.searchParams.set('auth_code', code);
		return url;
	}

	test('takes the code, stores the tokens, starts the workflow and shows a closing page', async () => {
		const page = await visit(await authorize(SECOND));
		expect(page).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
		expect(page.text).toContain('授权成功');
		expect(page.text).toContain('“第二个公众号”已连接');
		expect(trigger.items).toEqual([
			expect.objectContaining({
				kind: 'visit.authorized',
				appId: credentials.data.appId,
				accountAppId: SECOND,
				account: expect.objectContaining({ name: '第二个公众号' }) as object,
			}),
		]);
		expect(String(credentials.data.state)).toContain('refreshtoken@@@');
		expect(JSON.stringify(trigger.items)).not.toMatch(/@@@/);
	});

	test('answers by itself: n8n adds nothing to the page', async () => {
		const query = Object.fromEntries(new URL(await authorize(SECOND)).searchParams);
		const hook = { method: 'GET', query, below: 'authorized' } as const;
		const { result, response } = await callWebhook(hook, own, credentials);
		expect(result).toMatchObject({ noWebhookResponse: true });
		expect(result.workflowData).toHaveLength(1);
		expect(response.body).toContain('授权成功');
	});

	test('goes on to the configured page', async () => {
		await connect({ authorizedPage: ' https://www.example.com/welcome?accountAppId=x&a=b\n' });
		const { status, location } = await visit(await authorize(SECOND));
		expect({ status, location }).toEqual({
			status: 302,
			location: `https://www.example.com/welcome?accountAppId=${SECOND}&a=b`,
		});
	});

	test('starts nothing for a forged code, and says so in words', async () => {
		const page = await visit(withCode(await authorize(SECOND), 'queryauthcode@@@forged'));
		expect(page.status).toBe(400);
		expect(page.text).toContain('微信拒绝了请求 WeChat refused (61009).');
		expect(trigger.items).toEqual([]);
		expect(logged.join()).toMatch(/"WeChat Trigger" could not serve a browser: .*61009/);
	}, 10_000);

	test('asks WeChat about few guessed codes of a link within a minute, and locks out no other', async () => {
		const link = await authorize(SECOND);
		const other = await authorize(FIRST);
		const before = simulator().count(EXCHANGE);
		const pages = await Promise.all(
			Array.from({ length: 30 }, async (_, code) => {
				return await visit(withCode(link, `queryauthcode@@@${code}`));
			}),
		);
		expect(pages.filter(({ status }) => status === 400)).toHaveLength(10);
		expect(pages.filter(({ status }) => status === 429)).toHaveLength(20);
		expect(simulator().count(EXCHANGE) - before).toBe(10);
		const late = await visit(link);
		expect(late).toMatchObject({ status: 429, type: 'text/html; charset=utf-8' });
		expect(late.text).toContain('Open this page again in a minute.');
		expect((await visit(other)).status).toBe(200);
		jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
		expect((await visit(link)).status).toBe(200);
	}, 15_000);

	test.each<[string, (url: URL) => void]>([
		['no state: made elsewhere', (url) => url.searchParams.delete('linkState')],
		['a made-up state', (url) => url.searchParams.set('linkState', 'a'.repeat(55))],
		[
			'a changed state',
			(url) => url.searchParams.set('linkState', `${url.searchParams.get('linkState')}0`),
		],
		['two states', (url) => url.searchParams.append('linkState', 'x')],
	])('does nothing for a link with %s, whoever authorized with it', async (_, change) => {
		const url = new URL(await authorize(SECOND));
		change(url);
		const before = simulator().calls.length;
		const page = await visit(url);
		expect(page).toMatchObject({ status: 400, type: 'text/html; charset=utf-8' });
		expect(page.text).toContain('此页面只接受由本平台创建的授权链接');
		expect(page.text).toContain('WeChat tells it so by itself');
		expect(simulator().calls).toHaveLength(before);
		expect(trigger.items).toEqual([]);
	});

	// Half an hour of the link, and ten minutes of the code in the address.
	test('does nothing for a link that is too old', async () => {
		const redirect = await authorize(SECOND);
		jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 2_401_000);
		const before = simulator().calls.length;
		const page = await visit(redirect);
		expect(page).toMatchObject({ status: 400 });
		expect(page.text).toContain('链接已过期');
		expect(simulator().calls).toHaveLength(before);
		expect(trigger.items).toEqual([]);
	});

	test.each([
		['at once', 0],
		// The process has forgotten it by then, as another one has never known it; the link still holds.
		['eleven minutes later', 660_000],
	])('opened again %s shows the page again: no call, no run', async (_, later) => {
		const redirect = await authorize(SECOND);
		expect((await visit(redirect)).text).toContain('“第二个公众号”已连接');
		expect(trigger.items).toHaveLength(1);
		jest.spyOn(Date, 'now').mockReturnValue(Date.now() + later);
		const before = simulator().calls.length;
		for (let count = 0; count < 15; count++) {
			const page = await visit(redirect);
			expect(page).toMatchObject({ status: 200 });
			expect(page.text).toContain('已连接');
		}
		expect(simulator().calls).toHaveLength(before);
		expect(trigger.items).toHaveLength(1);
	});

	test('opened twice at once exchanges once and starts one run', async () => {
		const redirect = await authorize(SECOND);
		const before = simulator().count(EXCHANGE);
		const pages = await Promise.all([visit(redirect), visit(redirect)]);
		expect(pages.map(({ status }) => status)).toEqual([200, 200]);
		expect(simulator().count(EXCHANGE)).toBe(before + 1);
		expect(trigger.items).toHaveLength(1);
	});

	test('goes on to the configured page also when it is opened again', async () => {
		await connect({ authorizedPage: 'https://www.example.com/welcome' });
		const redirect = await authorize(SECOND);
		const [{ location }, again] = [await visit(redirect), await visit(redirect)];
		expect(again.location).toBe(location);
		expect(trigger.items).toHaveLength(1);
	});

	test('says that it is not ready before the first ticket, and why in the log', async () => {
		const link = await authorize(SECOND);
		credentials = newPlatformCredentialsFor(simulator());
		restartProcess();
		await connect();
		const { search } = new URL(link);
		const page = await visit(`${trigger.url}/authorized${search}`);
		expect(page.status).toBe(400);
		expect(page.text).toContain('此服务尚未就绪 This service is not ready.');
		expect(logged.join()).toContain('has not pushed a ticket');
	});

	test('says that it is not ready when WeChat cannot be reached', async () => {
		const link = await authorize(SECOND);
		simulator().fault({ path: EXCHANGE, status: 502, body: '<html>Bad Gateway</html>' });
		const page = await visit(link);
		expect(page.text).toContain('此服务尚未就绪 This service is not ready.');
	});

	test('leaves a failure of n8n to n8n', async () => {
		jest.spyOn(credentials, 'preAuthentication').mockRejectedValue(new Error('locked'));
		expect((await visit(await authorize(SECOND))).status).toBe(500);
		expect(trigger.errors.map(String).join()).toContain('locked');
	});

	test('shows pages that no browser keeps, and that run and tell nothing', async () => {
		for (const authorizedPage of [' ', 'https://www.example.com/welcome']) {
			await connect({ authorizedPage });
			const { headers } = await visit(await authorize(SECOND));
			expect(headers.get('cache-control')).toBe('no-store, no-transform');
			expect(headers.get('referrer-policy')).toBe('no-referrer');
			if (authorizedPage.trim()) continue;
			// Only the style in the page counts: no script, from nowhere.
			expect(readPolicy(headers.get('content-security-policy'))).toEqual({
				'default-src': ["'none'"],
				'style-src': ["'unsafe-inline'"],
			});
			expect(headers.get('x-content-type-options')).toBe('nosniff');
		}
	});

	test('needs a code', async () => {
		const { status, text } = await visit(`${trigger.url}/authorized`);
		expect([status, text]).toEqual([400, expect.stringContaining('缺少授权码')]);
	});

	test('exchanges a code once that comes by push as well', async () => {
		const redirect = await authorize(SECOND);
		const before = simulator().count(EXCHANGE);
		const auth_code = new URL(redirect).searchParams.get('auth_code');
		const push = simulator().platform.event({
			InfoType: 'authorized',
			AuthorizerAppid: SECOND,
			AuthorizationCode: auth_code,
			AuthorizationCodeExpiredTime: 1,
			PreAuthCode: 'p',
		});
		await Promise.all([visit(redirect), push]);
		expect(simulator().count(EXCHANGE)).toBe(before + 1);
		expect(trigger.items.map(({ kind }) => kind).sort()).toEqual([
			'authorization.authorized',
			'visit.authorized',
		]);
	});
});

describe.each([
	['of an account itself', forAccount, FIRST, {}],
	[
		'on behalf of an account',
		forPlatform,
		SECOND,
		{ account: { __rl: true, mode: 'id', value: SECOND } },
	],
])('the address of web authorization %s', (_, prepare, appId, account) => {
	beforeEach(async () => {
		await prepare();
		if (own.authentication === 'openPlatform') {
			await simulator().platform.authorize(SECOND);
			await trigger.idle();
			trigger.items.length = 0;
		}
		await connect({ signedInPage: 'https://www.example.com/webVerify/' });
	});
	const openid = () => simulator().openids(appId)[0];
	const link = async (parameters: INode['parameters'] = {}) =>
		String(
			(
				await run({
					resource: 'webAuthorization',
					operation: 'getLink',
					...account,
					redirectUri: `${trigger.url}/signed-in`,
					scope: 'snsapi_userinfo',
					state: 'scan',
					...parameters,
				})
			).url,
		);
	const back = async (parameters: INode['parameters'] = {}) =>
		new URL(simulator().platform.openWebAuthorization(await link(parameters), openid()));

	test('redirects to the configured page with a tracking token, and the state behind it', async () => {
		const { status, location } = await visit(await back());
		expect(status).toBe(302);
		expect(location).toMatch(
			/^https:\/\/www\.example\.com\/webVerify\/\?wxTkId=[0-9a-f]{32}#scan$/,
		);
		const [{ wxTkId }] = trigger.items;
		expect(location).toContain(String(wxTkId));
	});

	test('starts the workflow with the user, and no token in sight', async () => {
		await visit(await back());
		expect(trigger.items).toEqual([
			expect.objectContaining({
				kind: 'visit.signedin',
				appId: credentials.data.appId,
				accountAppId: appId,
				openid: openid(),
				state: 'scan',
				scope: 'snsapi_userinfo',
				user: expect.objectContaining({
					openid: openid(),
					nickname: expect.anything() as string,
				}) as object,
			}),
		]);
		expect(JSON.stringify(trigger.items)).not.toMatch(/access_?token|refresh_?token/i);
	});

	test('the session serves the WeChat node: user info, check, refresh', async () => {
		await visit(await back());
		const { session } = trigger.items[0];
		const of = { resource: 'webAuthorization', session: String(session), ...account };
		expect(await run({ ...of, operation: 'getUserInfo' })).toMatchObject({ openid: openid() });
		expect(await run({ ...of, operation: 'check' })).toEqual({ valid: true });
		const renewed = await run({ ...of, operation: 'refresh' });
		expect(renewed).toMatchObject({ openid: openid(), scope: 'snsapi_userinfo' });
		expect(await run({ ...of, operation: 'check', session: String(renewed.session) })).toEqual({
			valid: true,
		});
		expect(await run({ ...of, operation: 'check' })).toEqual({
			valid: expect.any(Boolean) as boolean,
		});
	});

	test('a silent sign-in tells the OpenID only', async () => {
		const before = simulator().count('/sns/userinfo');
		await visit(await back({ scope: 'snsapi_base' }));
		expect(trigger.items[0]).toMatchObject({ openid: openid() });
		expect(trigger.items[0]).not.toHaveProperty('user');
		expect(simulator().count('/sns/userinfo')).toBe(before);
	});

	test('tells the name of the user also when the scope is one of several', async () => {
		const url = await back();
		const answer = {
			access_token: 'A',
			refresh_token: 'R',
			expires_in: 7200,
			openid: openid(),
			scope: 'snsapi_login,snsapi_userinfo',
		};
		const component = own.authentication === 'openPlatform' ? '/component' : '';
		simulator().fault({ path: `/sns/oauth2${component}/access_token`, answer });
		simulator().fault({ path: '/sns/userinfo', answer: { openid: openid(), nickname: '小明' } });
		await visit(url);
		expect(trigger.items).toMatchObject([{ user: { nickname: '小明' } }]);
	});

	test.each([
		['another state', (url: URL) => url.searchParams.set('state', 'scan')],
		[
			'a changed text',
			(url: URL) => url.searchParams.set('state', `${url.searchParams.get('state')}x`),
		],
		['no state', (url: URL) => url.searchParams.delete('state')],
		[
			'a state of another account',
			(url: URL) =>
				url.searchParams.set(
					'state',
					createSessionSeal(simulator().platform.settings.secret, 'wxother').signState(
						'scan',
						Date.now() + 60_000,
					),
				),
		],
		['no code, for a user who refused', (url: URL) => url.searchParams.delete('code')],
		['a code that WeChat does not know', (url: URL) => url.searchParams.set('code', 'forged')],
	])('is refused with %s', async (__, change) => {
		const url = await back();
		change(url);
		const { status, location } = await visit(url);
		expect({ status, location }).toEqual({ status: 400, location: '' });
		expect(trigger.items).toEqual([]);
	});

	// A user who refuses is sent back without a code.
	test('tells a user who refused so, and asks WeChat for nothing', async () => {
		const url = await back();
		url.searchParams.delete('code');
		const before = simulator().calls.length;
		expect((await visit(url)).text).toContain('您没有同意授权 You did not agree.');
		expect(simulator().calls).toHaveLength(before);
	});

	test('is refused when the link is too old', async () => {
		const url = await back({ minutes: 1 });
		const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
		const page = await visit(url);
		now.mockRestore();
		expect(page).toMatchObject({ status: 400 });
		expect(page.text).toContain('链接已过期');
		expect(trigger.items).toEqual([]);
	});

	test('nothing in a request decides where the browser goes', async () => {
		const url = await back();
		for (const name of ['redirect', 'redirect_uri', 'next', 'signedInPage', 'wxTkId'])
			url.searchParams.set(name, 'https://evil.example/');
		const { location } = await visit(url);
		expect(location).toMatch(
			/^https:\/\/www\.example\.com\/webVerify\/\?wxTkId=[0-9a-f]{32}#scan$/,
		);
	});

	test.each([
		'javascript:alert(1)',
		'//evil.example',
		'data:text/html,x',
		'/local',
		'xhttps://evil.example',
		'httpsx://evil.example',
	])('does not go to %s, whoever configured it', async (signedInPage) => {
		const url = await back();
		await connect({ signedInPage });
		expect((await visit(url.href.replace(url.origin, new URL(trigger.url).origin))).location).toBe(
			'',
		);
		expect(trigger.errors[0]?.message ?? logged.join()).toContain('is not the address of a page');
	});

	// Source: WeChat takes a code once (40163).
	test('signs nobody in twice with one address, and asks WeChat once', async () => {
		const url = await back();
		expect((await visit(url)).location).toContain('wxTkId');
		const before = simulator().calls.length;
		const again = await visit(url);
		expect(again).toMatchObject({ status: 400, location: '' });
		expect(again.text).toContain('请重新打开链接');
		expect(simulator().calls).toHaveLength(before);
		expect(trigger.items).toHaveLength(1);
	});

	test('asks WeChat about few codes behind one good state', async () => {
		const url = await back({ state: 'guesses' });
		const before = simulator().calls.length;
		for (let count = 0; count < 30; count++) {
			url.searchParams.set('code', `guess${count}`);
			await visit(url);
		}
		const exchanges = simulator()
			.calls.slice(before)
			.filter(({ path }) => path.endsWith('/access_token'));
		expect(exchanges).toHaveLength(10);
		expect(trigger.items).toEqual([]);
		// A link of their own lets others in.
		expect((await visit(await back({ state: 'other' }))).location).toContain('wxTkId');
	});

	test('shows a closing page when none is configured', async () => {
		await connect();
		const page = await visit(await back());
		expect(page).toMatchObject({ status: 200 });
		expect(page.text).toContain('登录成功');
	});

	test('starts the workflows that asked for it only', async () => {
		await connect({}, { kinds: ['message.text'] });
		expect((await visit(await back())).status).toBe(200);
		expect(trigger.items).toEqual([]);
	});
});

describe('domain check files', () => {
	beforeEach(forAccount);
	const file = { name: ' MP_verify_aBcD1234eFgH5678.txt ', content: 'aBcD1234eFgH5678\n' };

	test('are served below the address, byte for byte', async () => {
		await connect({ checkFiles: { file: [{ name: 'other.txt', content: 'x' }, file] } });
		const { status, text, type } = await visit(`${trigger.url}/MP_verify_aBcD1234eFgH5678.txt`);
		expect({ status, text, type }).toEqual({
			status: 200,
			text: 'aBcD1234eFgH5678',
			type: 'text/plain; charset=utf-8',
		});
		expect(trigger.items).toEqual([]);
	});

	test.each(['MP_verify_other.txt', '..%2f..%2fetc%2fpasswd.txt', '__proto__.txt'])(
		'that nobody entered are not found: %s',
		async (name) => {
			await connect({ checkFiles: { file: [file] } });
			expect((await visit(`${trigger.url}/${name}`)).status).toBe(404);
		},
	);

	test('are not served without the option', async () =>
		expect((await visit(`${trigger.url}/a.txt`)).status).toBe(404));
});

test('a sign-in without the account that it is for is refused, and asks WeChat for nothing', async () => {
	await forPlatform();
	for (const appid of ['', '&appid=', '&appid=wx1/x', '&appid=xwx1', '&appid=gh_1']) {
		const before = simulator().calls.length;
		const page = await visit(`${trigger.url}/signed-in?code=c&state=s${appid}`);
		expect(page.status).toBe(400);
		expect(page.text).toContain('缺少公众号 The account is missing.');
		expect(simulator().calls).toHaveLength(before);
	}
});

test('what stands in a page is text, not markup', () => {
	const response = fakeResponse();
	response.setHeader('etag', 'W/"2"');
	const page = { status: 200, title: '<b>&"', text: '<i>a</i><i>b</i>' };
	sendPage(response as unknown as Response, page);
	expect(response.body).toContain('<title>&lt;b&gt;&amp;&quot;</title>');
	expect(response.body).toContain('<p>&lt;i&gt;a&lt;/i&gt;&lt;i&gt;b&lt;/i&gt;</p>');
	expect([...response.headers.keys()]).not.toContain('etag');
});

test('a push is none of a browser: it is refused where browsers come back', async () => {
	await forPlatform();
	for (const below of ['authorized', 'signed-in', 'a.txt']) {
		const { outcome, deliveries } = await simulator().push(`${trigger.url}/${below}`, {
			MsgType: 'text',
		});
		expect([outcome, deliveries[0].status]).toEqual(['refused', 403]);
		expect(logged.at(-1)).toContain(`refused a push: The address ends in "${below}"`);
	}
});

test('any other address below that of the trigger is refused', async () => {
	await forAccount();
	expect((await visit(`${trigger.url}/something`)).status).toBe(403);
	expect((await visit(`${trigger.url}/${'x'.repeat(99)}`)).status).toBe(403);
	expect(logged.at(-1)).toContain(` refused a request: The address ends in "${'x'.repeat(40)}"`);
	expect((await visit(`${trigger.url}/${FIRST}`)).status).toBe(403);
	// Only platforms are authorized.
	expect((await visit(`${trigger.url}/authorized?auth_code=x`)).status).toBe(403);
	const { outcome } = await simulator().push(`${trigger.url}/${FIRST}`, {
		MsgType: 'text',
		Content: 'x',
	});
	expect(outcome).toBe('refused');
});

test('the login of a mini program goes through its platform', async () => {
	await forPlatform();
	const appId = MINI_PROGRAM_ACCOUNT.appId;
	await simulator().platform.authorize(appId);
	const [openid] = simulator().openids(appId);
	const account = { __rl: true, mode: 'id', value: appId };
	const js_code = simulator().platform.jsCode(appId, openid);
	const answer = await run({ resource: 'login', operation: 'exchangeCode', account, js_code });
	expect(answer).toEqual(
		expect.objectContaining({ openid, session: expect.any(String) as string }),
	);
	expect(answer).not.toHaveProperty('session_key');
	expect(simulator().calls.at(-1)?.path).toBe('/sns/component/jscode2session');
});
