import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { WechatOpenPlatform } from '../../nodes/WechatOpenPlatform/WechatOpenPlatform.node';
import type { State } from '../../nodes/api/state';
import { searchTags } from '../../nodes/Wechat/listSearch/users';
import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT, SECOND_ACCOUNT } from '../simulator';
import { editorContext, prepareN8n, runNode, type Credentials } from '../support/n8n';
import { platformCredentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const official = DEFAULT_ACCOUNT;
const mini = MINI_PROGRAM_ACCOUNT;
const stranger = SECOND_ACCOUNT;
const simulator = useSimulator({ accounts: [official, mini, stranger] });
let credentials: Credentials;

beforeEach(async () => {
	credentials = await platformCredentialsFor(simulator());
	await simulator().platform.authorize(official.appId, { push: false });
	await simulator().platform.authorize(mini.appId, { push: false });
});

const run = async (resource: string, operation: string, params: INodeParameters = {}) =>
	await runNode('wechatOpenPlatform', { resource, operation, ...params }, credentials);
const rows = async (...given: Parameters<typeof run>) => {
	const { output, error } = await run(...given);
	if (error) throw error;
	return output.map(({ json }) => json);
};
const at = ({ appId }: { appId: string }) => ({ account: { mode: 'list', value: appId } });
const state = () => JSON.parse(String(credentials.data.state)) as State;
const link = { redirectUri: 'https://shop.example/done' };

describe('the link', () => {
	const open = async (params: INodeParameters, appId: string) => {
		const [{ url }] = await rows('authorization', 'createLink', {
			...link,
			image: false,
			...params,
		});
		return await simulator().platform.openAuthorizationLink(String(url), appId, { push: false });
	};

	test.each(['pc', 'mobile'])(
		'leads to an authorization that can be exchanged: %s',
		async (page) => {
			const { redirect } = await open({ page }, mini.appId);
			const code = new URL(redirect).searchParams.get('auth_code');
			const [account] = await rows('authorization', 'exchangeCode', { authorization_code: code });
			expect(account).toMatchObject({
				appId: mini.appId,
				name: mini.nickName,
				kind: 'miniProgram',
			});
			expect(state().accounts?.[mini.appId]).toHaveProperty('refreshToken');
		},
	);

	test('is known on a page of the own by its state, and nothing else is', async () => {
		const { redirect } = await open({}, mini.appId);
		const { searchParams } = new URL(redirect);
		const linkState = searchParams.get('linkState') ?? '';
		const code = { authorization_code: searchParams.get('auth_code') };
		const before = simulator().calls.length;
		const forged = await run('authorization', 'exchangeCode', {
			...code,
			linkState: `${linkState}0`,
		});
		expect(forged.error?.message).toContain('The link was not made by this platform');
		expect(simulator().calls).toHaveLength(before);
		const [account] = await rows('authorization', 'exchangeCode', { ...code, linkState });
		expect(account).toMatchObject({ appId: mini.appId });
		jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 86_400_000);
		const late = await run('authorization', 'exchangeCode', { ...code, linkState });
		jest.restoreAllMocks();
		expect(late.error?.message).toContain('The authorization link is too old');
	});

	test('says when it ends', async () => {
		const [told] = await rows('authorization', 'createLink', { ...link, image: false });
		const left = Date.parse(String(told.expiresAt)) - Date.now();
		expect(Math.abs(left - Number(told.expiresInMinutes) * 60_000)).toBeLessThan(60_000);
		expect(told.expiresInMinutes).toBeGreaterThanOrEqual(10);
	});

	test('brings a code that may be pasted with blanks around it', async () => {
		const { redirect } = await open({}, mini.appId);
		const code = ` ${new URL(redirect).searchParams.get('auth_code')}\n`;
		const [account] = await rows('authorization', 'exchangeCode', { authorization_code: code });
		expect(account).toMatchObject({ appId: mini.appId });
	});

	test('can be exchanged again', async () => {
		const { redirect } = await open({}, mini.appId);
		const code = { authorization_code: new URL(redirect).searchParams.get('auth_code') };
		const first = await rows('authorization', 'exchangeCode', code);
		expect(await rows('authorization', 'exchangeCode', code)).toEqual(first);
		expect(simulator().count('/cgi-bin/component/api_query_auth')).toBeGreaterThan(0);
	});

	test('lets no other account in than the fixed one', async () => {
		const limits = { appId: official.appId };
		await expect(open({ limits }, mini.appId)).rejects.toThrow('biz_appid is another account');
		await expect(open({ limits }, official.appId)).resolves.toBeDefined();
	});

	test('asks for the permission sets that are chosen', async () => {
		await open({ limits: { permissions: [1, 24] } }, official.appId);
		const [{ permissions }] = await rows('account', 'get', at(official));
		expect((permissions as IDataObject[]).map(({ id }) => id)).toEqual([1, 24]);
	});

	test('is drawn as a QR code', async () => {
		const { output } = await run('authorization', 'createLink', {
			...link,
			binaryPropertyName: 'qr',
		});
		const { qr } = output[0].binary ?? {};
		const bytes = Buffer.from(qr.data, 'base64');
		expect(bytes.subarray(1, 4).toString()).toBe('PNG');
		// Width and height are the same, and enough for a phone to read.
		expect(bytes.readUInt32BE(16)).toBe(bytes.readUInt32BE(20));
		expect(bytes.readUInt32BE(16)).toBeGreaterThan(300);
	});

	test('needs an address to come back to, and asks WeChat for nothing without', async () => {
		const before = simulator().calls.length;
		const { error } = await run('authorization', 'createLink', { redirectUri: 'shop.example' });
		expect(error?.message).toBe('"shop.example" is no address to come back to');
		expect(error?.description).toContain('Redirect URI');
		expect(simulator().calls).toHaveLength(before);
	});
});

describe('accounts', () => {
	test('are listed with what is known of them', async () => {
		await rows('account', 'refreshToken', at(official));
		const found = await rows('account', 'getAll', { returnAll: true });
		expect(found).toEqual([
			{
				appId: official.appId,
				name: '示例帐号',
				userName: official.name,
				kind: 'officialAccount',
				authorizedAt: expect.stringMatching(/Z$/) as string,
				tokenExpiresAt: expect.stringMatching(/Z$/) as string,
			},
			expect.objectContaining({ appId: mini.appId, name: mini.nickName, kind: 'miniProgram' }),
		]);
	});

	test('are listed with the reason why one has to authorize again', async () => {
		await rows('account', 'refreshToken', at(official));
		simulator().platform.expireTokens();
		const refused = { errcode: 61023, errmsg: 'refresh_token is invalid' };
		const path = '/cgi-bin/component/api_authorizer_token';
		simulator().fault({ path, answer: refused, times: 2 });
		const { error } = await run('openAccount', 'getBinding', at(official));
		expect(error?.message).toContain('61023');
		const [first] = await rows('account', 'getAll', { returnAll: true });
		expect(first).toMatchObject({ appId: official.appId, needsAuthorization: 61023 });
		const [{ needAuthorization }] = await rows('platform', 'get');
		expect(needAuthorization).toEqual([
			expect.objectContaining({ appId: official.appId, errcode: 61023 }),
		]);
	});

	test('are listed with the time when they authorized, also without the name of one', async () => {
		const path = '/cgi-bin/component/api_get_authorizer_info';
		simulator().fault({ path, times: 2, answer: { errcode: 40097, errmsg: 'invalid args' } });
		const found = await rows('account', 'getAll', { returnAll: true });
		expect(found.map(({ appId }) => appId)).toEqual([official.appId, mini.appId]);
		for (const { name, authorizedAt } of found) {
			expect(name).toBeUndefined();
			expect(Math.abs(Date.parse(String(authorizedAt)) - Date.now())).toBeLessThan(60_000);
		}
	});

	// foxinmy/weixin4j#91, JeffreySu/WeiXinMPSDK#277 and #1127: parts are missing, or null.
	test.each<[string, IDataObject, IDataObject]>([
		['no permissions', { nick_name: 'A', user_name: 'gh_1' }, { name: 'A', permissions: [] }],
		['no profile', {}, { appId: official.appId, permissions: [] }],
	])('are what is there: %s', async (_, info, shown) => {
		const path = '/cgi-bin/component/api_get_authorizer_info';
		for (const authorization_info of [undefined, null, {}, { func_info: null }]) {
			const isThere = Object.keys(info).length > 0;
			const answer = { authorizer_info: isThere ? info : null, authorization_info };
			simulator().fault({ path, answer });
			expect((await rows('account', 'get', at(official)))[0]).toMatchObject(shown);
		}
	});

	test('have words for the numbers that WeChat publishes, and its own for the others', async () => {
		const path = '/cgi-bin/component/api_get_authorizer_info';
		const told = async (authorizer_info: IDataObject) => {
			simulator().fault({ path, answer: { authorizer_info, authorization_info: {} } });
			return (await rows('account', 'get', at(official)))[0];
		};
		const info = { nick_name: 'n', user_name: 'gh_1' };
		expect(
			await told({
				...info,
				service_type_info: { id: 2 },
				verify_type_info: { id: -1, name: 'x' },
				account_status: 16,
			}),
		).toMatchObject({
			accountType: 'Service account (服务号)',
			verification: 'Not verified (未认证)',
			accountStatus: 'Banned (已封禁)',
		});
		const other = await told({
			...info,
			service_type_info: { id: 99, name: '新类型' },
			verify_type_info: { id: 98, name: '' },
		});
		expect(other).toMatchObject({ accountType: '新类型', verification: 'ID 98' });
		expect(other.accountStatus).toBeUndefined();
	});

	test('are forgotten here, and found again at WeChat', async () => {
		await rows('account', 'refreshToken', at(official));
		await rows('account', 'forget', at(official));
		expect(state().accounts?.[official.appId]).not.toHaveProperty('refreshToken');
		expect(await rows('openAccount', 'getBinding', at(official))).toEqual([{ have_open: false }]);
	});

	test('get another token when it is wanted', async () => {
		await rows('account', 'refreshToken', at(official));
		const before = state().accounts?.[official.appId].token?.value;
		await rows('account', 'refreshToken', at(official));
		expect(state().accounts?.[official.appId].token?.value).not.toBe(before);
	});

	test.each([
		['openAccount', 'getBinding'],
		['account', 'confirmPermission'],
		['account', 'getOption'],
		['account', 'refreshToken'],
	])('that have not authorized are named: %s %s', async (resource, operation) => {
		const { error } = await run(resource, operation, at(stranger));
		expect(`${error?.message} ${error?.description}`).toContain(stranger.appId);
	});
});

describe('the account to act for', () => {
	const byId = (value: string) => ({ account: { __rl: true, mode: 'id', value } });

	test('is the one of each item, with blanks around it too', async () => {
		const { output, error } = await runNode(
			'wechatOpenPlatform',
			{ resource: 'account', operation: 'get', ...byId('={{ $json.appId }}') },
			credentials,
			[official.appId, ` ${mini.appId}\n`].map((appId) => ({ json: { appId } })),
		);
		expect(error).toBeUndefined();
		expect(output.map(({ json }) => json.appId)).toEqual([official.appId, mini.appId]);
	});

	test('is the one of each item of the WeChat node as well', async () => {
		await simulator().platform.authorize(stranger.appId, { push: false });
		const own = { authentication: 'openPlatform', resource: 'user', operation: 'getAll', limit: 1 };
		const { output, error } = await runNode(
			'wechat',
			{ ...own, ...byId('={{ $json.appId }}') },
			credentials,
			[official, stranger].map(({ appId }) => ({ json: { appId } })),
		);
		expect(error).toBeUndefined();
		expect(output.map(({ json }) => json.openid)).toEqual(
			[official, stranger].map(({ appId }) => simulator().openids(appId)[0]),
		);
		await simulator().platform.revoke(stranger.appId, { push: false });
	});

	test('may be entered with blanks around it, but must be an AppID', async () => {
		const get = async (appId: string) => await rows('account', 'get', byId(appId));
		expect(await get(` ${mini.appId} `)).toMatchObject([{ appId: mini.appId }]);
		await expect(get(mini.name)).rejects.toThrow('issues');
	});

	test('is missing: nothing is asked of WeChat', async () => {
		const before = simulator().calls.length;
		const own = { authentication: 'openPlatform', resource: 'user', operation: 'getAll' };
		const { error } = await runNode('wechat', { ...own, ...byId('={{ " " }}') }, credentials);
		expect(error?.message).toBe('No account is chosen');
		expect(error?.description).toContain('Account');
		expect(simulator().calls).toHaveLength(before);
	});

	test.each(['id', 'list'])(
		'is the one whose tags the editor lists, chosen by %s',
		async (mode) => {
			const account = { __rl: true, mode, value: official.appId };
			const chosen = { authentication: 'openPlatform', account };
			const { results } = await searchTags.call(editorContext('wechat', chosen, credentials));
			expect(results.length).toBeGreaterThan(0);
		},
	);
});

test('the state of the platform is told in times and numbers', async () => {
	await rows('account', 'getAll');
	await rows('account', 'refreshToken', at(official));
	await rows('account', 'get', at(official));
	await rows('authorization', 'exchangeCode', {
		authorization_code: (await simulator().platform.authorize(mini.appId, { push: false })).code,
	});
	const [told] = await rows('platform', 'get');
	expect(told).toMatchObject({
		ticketAgeMinutes: 0,
		tokenAgeMinutes: 0,
		officialAccounts: 1,
		miniPrograms: 1,
		unnamedAccounts: 0,
		needAuthorization: [],
	});
	const left = Date.parse(String(told.tokenExpiresAt)) - Date.now();
	expect(left).toBeGreaterThan(7_100_000);
});

test('the state of the platform says how old ticket and token are', async () => {
	await rows('account', 'getAll');
	const { ticket, token, ...rest } = state();
	if (!ticket || !token) throw new Error('nothing is stored');
	const older = {
		...rest,
		ticket: { ...ticket, at: ticket.at - 7 * 60_000 },
		token: { ...token, askedAt: token.askedAt - 9 * 60_000 },
	};
	credentials.data.state = JSON.stringify(older);
	expect(await rows('platform', 'get')).toMatchObject([
		{ ticketAgeMinutes: 7, tokenAgeMinutes: 9 },
	]);
});

test('the quota of calls of the platform is asked for with its own token', async () => {
	const path = '/cgi-bin/openapi/quota/get';
	simulator().fault({ path, answer: { errcode: 0, quota: { daily_limit: 5 } } });
	const asked = { of: 'platform', cgi_path: '/cgi-bin/component/api_create_preauthcode' };
	const before = simulator().calls.length;
	expect(await rows('platform', 'getQuota', asked)).toEqual([{ quota: { daily_limit: 5 } }]);
	const asking = simulator().calls.slice(before);
	expect(asking.map((call) => call.path)).toEqual(['/cgi-bin/component/api_component_token', path]);
});

test('a mini program that is registered like an official account is taken over at once', async () => {
	const { code } = await simulator().platform.authorize(stranger.appId, { push: false });
	const answer = { errcode: 0, appid: stranger.appId, authorization_code: code };
	simulator().fault({ path: '/cgi-bin/account/fastregister', answer });
	const params = { ...at(official), ticket: 'ticket' };
	expect(await rows('registration', 'reuse', params)).toEqual([{ appid: stranger.appId }]);
	expect(state().accounts?.[stranger.appId]).toHaveProperty('code');
	await simulator().platform.revoke(stranger.appId, { push: false });
});

describe('the number of a company', () => {
	const company = { name: '示例科技', component_phone: '1' };
	test.each([
		[
			'91440300MA5ABCDE1',
			'"Credit Code (统一社会信用代码)" has 17 characters; a unified social credit code has 18',
		],
		['91440300ma5abcde1x', '"Credit Code (统一社会信用代码)" has a wrong check digit'],
		[
			'123456789',
			'"Credit Code (统一社会信用代码)" has 9 characters; a unified social credit code has 18',
		],
		[
			'44030110309741X',
			'"Credit Code (统一社会信用代码)" has 15 characters; a unified social credit code has 18',
		],
	])('is not %s', async (code, problem) => {
		const before = simulator().calls.length;
		const { error } = await run('registration', 'createCompany', { ...company, code });
		expect(error?.message).toContain(problem);
		expect(simulator().calls).toHaveLength(before);
	});

	test('a registration that does not exist is an error', async () => {
		const { error } = await run('registration', 'getCompany', { taskid: 'none' });
		expect(error?.message).toContain('89250');
		expect(error?.description).toContain('Send the Task ID (taskid)');
	});

	test('the link of a registration ends after 24 hours, and comes without a picture on demand', async () => {
		const params = { ...company, code: '91350100M000100Y43', image: false };
		const { output, error } = await run('registration', 'createCompany', params);
		expect(error).toBeUndefined();
		const { authorize_url, authorizeUrlExpiresAt } = output[0].json;
		expect(authorize_url).toMatch(/^https:/);
		const hours = (Date.parse(String(authorizeUrlExpiresAt)) - Date.now()) / 3_600_000;
		expect(Math.round(hours)).toBe(24);
		expect(output[0].binary).toBeUndefined();
	});

	// ISO/IEC 18004: version 40 holds 2,331 bytes with the error correction M.
	test.each([
		[2331, true],
		[2332, false],
		[9000, false],
	])(
		'a link of %i bytes loses no registration, and has a picture: %s',
		async (bytes, hasPicture) => {
			const authorize_url = 'https://mp.weixin.qq.com/'.padEnd(bytes, 'x');
			const answer = { taskid: 'task', authorize_url, status: 0 };
			simulator().fault({ path: '/wxa/component/fastregisterenterpriseweapp', answer });
			const params = { ...company, code: '91350100M000100Y43' };
			const { output, error } = await run('registration', 'createCompany', params);
			expect(error).toBeUndefined();
			const [{ json, binary }] = output;
			expect(json).toMatchObject({ taskid: 'task', authorize_url });
			expect(json).toHaveProperty('authorizeUrlExpiresAt');
			expect(Boolean(binary)).toBe(hasPicture);
			expect(json.notice !== undefined).toBe(!hasPicture);
		},
	);

	test.each(['company', 'personal'])(
		'a registration whose answer is lost says what looks for it, and what to do: %s',
		async (kind) => {
			const isCompany = kind === 'company';
			const path = `/wxa/component/fastregister${isCompany ? 'enterprise' : 'personal'}weapp`;
			simulator().fault({ path, drop: true, work: true });
			const params = isCompany
				? { ...company, code: '91440300MA5DA8RT02' }
				: { idname: '张三', wxuser: 'zhangsan_1980' };
			const operation = isCompany ? 'createCompany' : 'createPersonal';
			const { error } = await run('registration', operation, params);
			expect(error?.message).toContain('The call may have been carried out all the same');
			const look = `Registration: Get ${isCompany ? 'Company' : 'Personal'} State`;
			expect(error?.description).toContain(`${look} needs the taskid`);
			expect(error?.description).toContain('89249');
		},
	);
});

test('the node is one that AI agents can use, with the credential of a platform', () => {
	const { description } = new WechatOpenPlatform();
	expect(description.usableAsTool).toBe(true);
	expect(description.credentials).toEqual([
		{ name: 'wechatOpenPlatformApi', required: true, testedBy: 'testOpenPlatform' },
	]);
	const [first] = description.properties.filter((one) => !one.displayOptions?.show?.['@tool']);
	expect(first).toMatchObject({ name: 'resource', default: 'account' });
});
