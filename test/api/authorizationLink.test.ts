import {
	createAuthorizationUrl,
	LINK_STATE,
	signLinkState,
	checkLinkState,
	verifyLinkState,
} from '../../nodes/api/authorizationLink';
import { createWebAuthorizationUrl } from '../../nodes/api/oauth';
import { createSessionSeal } from '../../nodes/api/sessionSeal';
import { UserError } from '../../nodes/base/userError';

const link = {
	componentAppId: 'wxplatform',
	preAuthCode: 'preauthcode@@@abc',
	redirectUri: 'https://shop.example/done?from=n8n&id=1#top',
	authType: 3,
	state: 'signed',
};
const redirect =
	'https%3A%2F%2Fshop.example%2Fdone%3Ffrom%3Dn8n%26id%3D1%26linkState%3Dsigned%23top';

test('a link for a computer opens the page of the platform', () => {
	expect(createAuthorizationUrl({ page: 'pc', ...link })).toBe(
		`https://mp.weixin.qq.com/cgi-bin/componentloginpage?component_appid=wxplatform&pre_auth_code=preauthcode%40%40%40abc&redirect_uri=${redirect}&auth_type=3`,
	);
});

test('a link for a phone carries all that may be said', () => {
	const more = { appId: 'wxshop', permissions: [99, 31], authType: 1 };
	expect(createAuthorizationUrl({ page: 'mobile', ...link, ...more })).toBe(
		`https://open.weixin.qq.com/wxaopen/safe/bindcomponent?action=bindcomponent&no_scan=1&component_appid=wxplatform&pre_auth_code=preauthcode%40%40%40abc&redirect_uri=${redirect}&auth_type=1&biz_appid=wxshop&category_id_list=99%7C31#wechat_redirect`,
	);
});

test('what is empty stays out of the link', () => {
	const url = createAuthorizationUrl({ page: 'pc', ...link, appId: '', permissions: [] });
	expect(url).toBe(createAuthorizationUrl({ page: 'pc', ...link }));
});

const web = {
	appId: 'wxshop',
	redirectUri: ' https://shop.example/welcome ',
	scope: 'snsapi_userinfo',
	state: 'abc123',
} as const;

test('a link for visitors of an account', () => {
	expect(createWebAuthorizationUrl(web)).toBe(
		'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wxshop&redirect_uri=https%3A%2F%2Fshop.example%2Fwelcome&response_type=code&scope=snsapi_userinfo&state=abc123#wechat_redirect',
	);
});

test('a link for visitors of an account behind a platform', () => {
	expect(createWebAuthorizationUrl({ ...web, componentAppId: 'wxplatform' })).toBe(
		'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wxshop&redirect_uri=https%3A%2F%2Fshop.example%2Fwelcome&response_type=code&scope=snsapi_userinfo&state=abc123&component_appid=wxplatform#wechat_redirect',
	);
});

test('an address may be written in capitals', () => {
	const redirectUri = 'HTTPS://SHOP.EXAMPLE/done';
	expect(createAuthorizationUrl({ page: 'pc', ...link, redirectUri })).toContain(
		'redirect_uri=HTTPS%3A%2F%2FSHOP.EXAMPLE%2Fdone%3FlinkState%3Dsigned&',
	);
});

test.each([
	'',
	'shop.example/done',
	'ftp://shop.example',
	'xhttps://shop.example',
	'javascript:alert(1)',
	'https://',
	'https://shop.example:99999/',
	'/done',
])('%p is no address to come back to', (redirectUri) => {
	expect(() => createAuthorizationUrl({ page: 'pc', ...link, redirectUri })).toThrow(UserError);
	expect(() => createWebAuthorizationUrl({ ...web, redirectUri })).toThrow(
		'no address to come back to',
	);
});

describe('the state of a link', () => {
	const UNTIL = 1_760_000_000_000;
	const app = { appId: 'wxplatform', appSecret: 'secret', baseUrl: '' };
	const state = signLinkState(app, 'preauthcode@@@abc', UNTIL);

	test('is in the query of the address to come back to, which WeChat keeps', () => {
		const url = new URL(createAuthorizationUrl({ page: 'pc', ...link, state }));
		const back = new URL(url.searchParams.get('redirect_uri') ?? '');
		expect(back.searchParams.get(LINK_STATE)).toBe(state);
		expect(back.searchParams.get('from')).toBe('n8n');
		expect(back.hash).toBe('#top');
	});

	// The code lives half an hour, and what it brings (auth_code) ten minutes more.
	test('holds ten minutes longer than the code in the link', () => {
		expect(verifyLinkState(app, state, UNTIL + 600_000)).toMatchObject({ until: UNTIL + 600_000 });
		expect(verifyLinkState(app, state, UNTIL + 600_001)).toBe('expired');
	});

	test('is another one for each link, and tells nothing of its code', () => {
		expect(signLinkState(app, 'preauthcode@@@abd', UNTIL)).not.toBe(state);
		expect(state).toMatch(/^[0-9a-z]{55}$/);
	});

	test.each([
		['of another platform', signLinkState({ ...app, appId: 'wxother' }, 'p', UNTIL)],
		['of another AppSecret', signLinkState({ ...app, appSecret: 'reset' }, 'p', UNTIL)],
		['of a sign-in link', createSessionSeal('secret', 'wxplatform').signState('scan', UNTIL)],
		['that was changed', `${state}0`],
		['that is missing', ''],
	])('is forged when it is one %s', (_, forged) =>
		expect(verifyLinkState(app, forged, 0)).toBe('forged'),
	);

	test('is checked for pages of the builder, with blanks around it too', () => {
		expect(() => checkLinkState(app, ` ${state}\n`, UNTIL + 600_000)).not.toThrow();
		expect(() => checkLinkState(app, state, UNTIL + 600_001)).toThrow('is too old');
		for (const forged of ['', `${state}0`, state.slice(0, 40)])
			expect(() => checkLinkState(app, forged, 0)).toThrow('was not made by this platform');
	});

	test('does not pass for the state of a sign-in link', () =>
		expect(createSessionSeal('secret', 'wxplatform').verifyState(state, 0)).toBe('forged'));
});
