import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT, SECOND_ACCOUNT, type Simulator } from '..';
import type { JsonObject } from '../http/json';
import {
	PlatformApi,
	clock,
	failure,
	matching,
	OK,
	startPushReceiver,
	startWithPlatform,
} from './support';

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

/** A call with the token that an account granted. */
async function behalf(appId: string, permissions?: number[]) {
	const { authorizer_access_token } = await client.authorize(appId, permissions);
	const token = String(authorizer_access_token);
	return (path: string, body?: unknown) => client.call(`${path}?access_token=${token}`, body);
}

describe('options', () => {
	it('are read and set in both spellings', async () => {
		await start();
		const call = await behalf(ACCOUNT);
		const fields = { authorizer_appid: ACCOUNT, option_name: 'location_report' };
		expect(await client.component('api_get_authorizer_option', fields)).toEqual({
			...fields,
			option_value: '0',
		});
		const set = { ...fields, option_value: '2' };
		expect(await client.component('api_set_authorizer_option', set)).toEqual(OK);
		const current = { option_name: 'location_report' };
		expect(await call('/cgi-bin/component/get_authorizer_option', current)).toEqual({
			...current,
			option_value: '2',
		});
		const path = '/cgi-bin/component/set_authorizer_option';
		expect(await call(path, { ...current, option_value: '1' })).toEqual(OK);
		expect(await client.component('api_get_authorizer_option', fields)).toHaveProperty(
			'option_value',
			'1',
		);
		expect(await call(path, { ...current, option_value: '3' })).toEqual(failure(61013));
		expect(await call(path, { ...current, option_value: 1 })).toEqual(failure(47001));
		expect(await call(path, { option_name: 'x', option_value: '1' })).toEqual(failure(61012));
		expect(
			await client.component('api_get_authorizer_option', { ...fields, authorizer_appid: SECOND }),
		).toEqual(failure(61003));
	});
});

describe('sets that need to be confirmed', () => {
	it('are confirmed or refused once', async () => {
		await start({ accounts: [{ ...DEFAULT_ACCOUNT, unconfirmed: [1, 2] }] });
		const { func_info } = await client.authorize(ACCOUNT, [1, 2, 3]);
		const confirm_info = { need_confirm: 1, already_confirm: 0, can_confirm: 1 };
		expect(func_info).toEqual([
			{ funcscope_category: { id: 1 }, confirm_info },
			{ funcscope_category: { id: 2 }, confirm_info },
			{ funcscope_category: { id: 3 } },
		]);
		const call = await behalf(ACCOUNT, [1, 2, 3]);
		const send = () =>
			call('/cgi-bin/message/custom/send', {
				touser: simulator.openids()[0],
				msgtype: 'text',
				text: { content: 'x' },
			});
		expect(await send()).toEqual(failure(61016));
		const confirm = (funscope_category_id: number, confirm_value: number) =>
			client.component('api_confirm_authorization', {
				authorizer_appid: ACCOUNT,
				funscope_category_id,
				confirm_value,
			});
		expect(await confirm(1, 3)).toEqual(failure(61020));
		expect(await confirm(1, 1)).toEqual(OK);
		expect(await confirm(1, 1)).toEqual(failure(61018));
		expect(await send()).toEqual(OK);
		expect(await confirm(2, 2)).toEqual(OK);
		expect(await confirm(2, 1)).toEqual(failure(61017));
		expect(await confirm(3, 1)).toEqual(failure(61019));
	});
});

describe('quotas', () => {
	it('are cleared ten times a month, whichever call does it', async () => {
		await start();
		const call = await behalf(ACCOUNT);
		const { appId, secret } = simulator.platform.settings;
		const v2 = '/cgi-bin/component/clear_quota/v2';
		const byPlatform = (appid: string) =>
			client.call(v2, { appid, component_appid: appId, appsecret: secret });
		const bySecret = () =>
			client.call('/cgi-bin/clear_quota/v2', {
				appid: ACCOUNT,
				appsecret: DEFAULT_ACCOUNT.secret,
			});
		const byQuery = () =>
			fetch(
				`${simulator.url}/cgi-bin/clear_quota/v2?appid=${ACCOUNT}&appsecret=${DEFAULT_ACCOUNT.secret}`,
				{ method: 'POST' },
			).then((response) => response.json());
		const clear = () => call('/cgi-bin/clear_quota', { appid: ACCOUNT });
		expect(await call('/cgi-bin/clear_quota', { appid: SECOND })).toEqual(failure(40013));
		expect(await byPlatform(SECOND)).toEqual(failure(61003));
		expect(await byPlatform(ACCOUNT)).toEqual(OK);
		expect(await bySecret()).toEqual(OK);
		expect(await byQuery()).toEqual(OK);
		expect(await call('/cgi-bin/openapi/quota/clear', { cgi_path: '/cgi-bin/user/get' })).toEqual(
			OK,
		);
		for (let count = 4; count < 10; count++) expect(await clear()).toEqual(OK);
		expect(await clear()).toEqual(failure(48006));
		expect(await bySecret()).toEqual(failure(48006));
		expect(await byPlatform(ACCOUNT)).toEqual(failure(48006));

		expect(await byPlatform(appId)).toEqual(OK);
		for (let count = 1; count < 10; count++) {
			expect(await client.component('clear_quota')).toEqual(OK);
		}
		expect(await client.component('clear_quota')).toEqual(failure(48006));
		clock.now += 31 * DAY;
		expect(await bySecret()).toEqual(OK);
	});
});

describe('open platform accounts', () => {
	it('are made, and bound to accounts of the same legal entity', async () => {
		const other = { ...SECOND_ACCOUNT, appId: 'wx0000111122223333', principalName: '另一家' };
		await start({ accounts: [DEFAULT_ACCOUNT, SECOND_ACCOUNT, MINI_PROGRAM_ACCOUNT, other] });
		const [call, mini, stranger] = await Promise.all(
			[ACCOUNT, MINI, other.appId].map((appId) => behalf(appId)),
		);
		const open = '/cgi-bin/open';
		expect(await call(`${open}/have`, {})).toEqual({ ...OK, have_open: false });
		expect(await call(`${open}/get`, { appid: ACCOUNT })).toEqual(failure(89002));
		expect(await call(`${open}/create`, { appid: SECOND })).toEqual(failure(40013));
		const { open_appid } = await call(`${open}/create`, { appid: ACCOUNT });
		expect(open_appid).toMatch(/^wx[0-9a-f]{16}$/);
		expect(await call(`${open}/create`, { appid: ACCOUNT })).toEqual(failure(89000));
		expect(await mini(`${open}/bind`, { appid: MINI, open_appid })).toEqual(OK);
		expect(await mini(`${open}/bind`, { appid: MINI, open_appid })).toEqual(failure(89000));
		expect(await stranger(`${open}/bind`, { appid: other.appId, open_appid })).toEqual(
			failure(89001),
		);
		expect(await mini(`${open}/get`, { appid: MINI })).toEqual({ ...OK, open_appid });
		expect(await mini(`${open}/have`, {})).toEqual({ ...OK, have_open: true });
		expect(await mini(`${open}/sameentity`)).toEqual({ ...OK, same_entity: true });
		expect(await mini(`${open}/unbind`, { appid: MINI, open_appid: 'wx1' })).toEqual(
			failure(40013),
		);
		expect(await mini(`${open}/unbind`, { appid: MINI, open_appid })).toEqual(OK);
		expect(await mini(`${open}/unbind`, { appid: MINI, open_appid })).toEqual(failure(89002));
	});

	it('made by hand are closed to the API, so are full ones, and both need the permission set', async () => {
		const full = Array.from({ length: 100 }, (_, index) => ({
			...SECOND_ACCOUNT,
			appId: `wx${String(index).padStart(16, '0')}`,
		}));
		const bound = { ...SECOND_ACCOUNT, openAppId: 'wxhand' };
		await start({ accounts: [DEFAULT_ACCOUNT, bound, ...full], followers: 0 });
		const open = '/cgi-bin/open';
		const second = await behalf(SECOND);
		expect(await second(`${open}/unbind`, { appid: SECOND, open_appid: 'wxhand' })).toEqual(
			failure(89003),
		);
		const without = await behalf(ACCOUNT, [1]);
		expect(await without(`${open}/have`, {})).toEqual(failure(61007));
		const call = await behalf(ACCOUNT);
		expect(await call(`${open}/bind`, { appid: ACCOUNT, open_appid: 'wxhand' })).toEqual(
			failure(89003),
		);
		const first = await behalf(full[0].appId);
		const { open_appid } = await first(`${open}/create`, { appid: full[0].appId });
		const bind = async (appid: string) => {
			const member = await behalf(appid);
			expect(await member(`${open}/bind`, { appid, open_appid })).toEqual(OK);
		};
		await Promise.all(full.slice(1).map(async ({ appId }) => await bind(appId)));
		expect(await call(`${open}/bind`, { appid: ACCOUNT, open_appid })).toEqual(failure(89004));
	});
});

describe('registration', () => {
	const company = {
		name: '示例科技（测试）有限公司',
		code: '91440300MA5LAB0X0Y',
		component_phone: '13800000000',
		new_version: true,
	};
	const { name } = company;
	const path = '/wxa/component/fastregisterenterpriseweapp';
	const post = (to: string, action: string, body: JsonObject) =>
		client.call(`${to}?action=${action}&access_token=${client.token}`, body);
	const create = (body: JsonObject) => post(path, 'create', body);
	const query = (taskid: unknown) => post(path, 'query', { taskid, new_version: true });
	const tell = async (info: JsonObject, status: number) => {
		const hook = await startPushReceiver();
		simulator.platform.connect({ events: hook.url, messages: '$APPID$' });
		const InfoType = 'notify_third_fasteregister';
		await simulator.platform.event({ InfoType, appid: MINI, status, msg: '', info });
		await hook.close();
	};

	beforeEach(() => start());

	it('of a company runs until the result is pushed, or for a day', async () => {
		expect(await query('x')).toEqual(failure(89250));
		expect(await create({ ...company, code: '9144' })).toEqual(failure(89255));
		expect(await create({ name, new_version: true })).toEqual(failure(47003, 'code'));
		const { new_version, ...old } = company;
		expect(await create(old)).toEqual(failure(47003, 'new_version'));
		const task = await create(company);
		expect(task).toEqual({
			...OK,
			taskid: matching(/^\w+$/),
			authorize_url: matching(/^https:/),
			status: 0,
		});
		expect(await create(company)).toEqual(failure(89249));
		await tell({ ...company, code_type: 1, new_version }, 1001);
		expect(await query(task.taskid)).toEqual({ ...task, status: 1001 });
		expect(await create(company)).toHaveProperty('taskid');
		clock.now += DAY;
		await client.signIn();
		expect(await create(company)).toHaveProperty('taskid');
	});

	it('of a company by the call before April 30, 2026 is over', async () => {
		const old = `/cgi-bin/component/fastregisterweapp?action=create&access_token=${client.token}`;
		const { status } = await fetch(simulator.url + old, { method: 'POST', body: '{}' });
		expect(status).toBe(404);
	});

	it('tells its two calls apart by action', async () => {
		expect(await post(path, 'x', company)).toEqual(failure(47003, 'action=create'));
		expect(await client.call(`${path}?access_token=${client.token}`, company)).toEqual(
			failure(47003, 'action=create'),
		);
		expect(await post(path, 'query', { new_version: true })).toEqual(failure(47003, 'taskid'));
	});

	it('of a person is asked about by its id', async () => {
		const path = '/wxa/component/fastregisterpersonalweapp';
		const person = { idname: '李四', wxuser: 'lab_user01', new_version: true };
		const task = await post(path, 'create', person);
		expect(task).toEqual({
			...OK,
			taskid: matching(/^\w+$/),
			authorize_url: matching(/^https:/),
			status: 0,
		});
		await tell(person, 100003);
		const { taskid } = task;
		expect(await post(path, 'query', { taskid })).toEqual({ ...task, status: 100003 });
		expect(await post(path, 'query', { taskid: 'x' })).toEqual(failure(89250));
	});

	it('of a trial mini program, with verification and a name', async () => {
		const path = `/wxa/component/fastregisterbetaweapp?access_token=${client.token}`;
		expect(await client.call(path, { name: '试用', openid: 'o1' })).toEqual({
			...OK,
			unique_id: matching(/^\w+$/),
			authorize_url: matching(/^https:/),
		});
		const call = await behalf(MINI);
		const { code, component_phone, new_version } = company;
		const verify_info = { enterprise_name: name, code, component_phone };
		const verify = async (info: JsonObject) =>
			await call('/wxa/verifybetaweapp', { verify_info: info, new_version });
		expect(await verify(verify_info)).toHaveProperty('authorize_url');
		expect(await verify({ ...verify_info, code: '1' })).toEqual(failure(89255));
		expect(await call('/wxa/setbetaweappnickname', { name: '新名' })).toEqual(OK);
	});

	it('with the qualification of an official account makes a mini program', async () => {
		const call = await behalf(ACCOUNT);
		const second = await behalf(SECOND);
		const path = '/cgi-bin/account/fastregister';
		const ticket = simulator.platform.registrationTicket(ACCOUNT);
		expect(await second(path, { ticket })).toEqual(failure(61058));
		const made = await call(path, { ticket });
		expect(made).toEqual({
			...OK,
			appid: matching(/^wx[0-9a-f]{16}$/),
			authorization_code: matching(/^queryauthcode@@@/),
			is_wx_verify_succ: true,
			is_link_succ: true,
		});
		expect(await call(path, { ticket })).toEqual(failure(61058));
		const { authorization_code, appid } = made;
		expect(await client.component('api_query_auth', { authorization_code })).toHaveProperty(
			'authorization_info.authorizer_appid',
			appid,
		);
		const without = await behalf(ACCOUNT, [1]);
		expect(await without(path, { ticket })).toEqual(failure(61007));
	});
});
