import { MINI_PROGRAM_ACCOUNT, type Simulator } from '..';
import type { JsonObject } from '../http/json';
import { PlatformApi, clock, failure, OK, startPushReceiver, startWithPlatform } from './support';

const MINI = MINI_PROGRAM_ACCOUNT.appId;
let simulator: Simulator;
let client: PlatformApi;
let token: string;

/** Calls of the platform itself, and on behalf of the mini program. */
const own = (path: string, body?: JsonObject) =>
	client.call(`${path}?access_token=${client.token}`, body);
const act = (path: string, body?: JsonObject, query = '') =>
	client.call(`${path}?access_token=${token}${query}`, body);

beforeEach(async () => {
	simulator = await startWithPlatform();
	client = new PlatformApi(simulator);
	await client.signIn();
	token = String((await client.authorize(MINI)).authorizer_access_token);
});
afterEach(async () => await simulator.close());

const settings = { template_id: 1, user_version: '1.0.0', user_desc: 'x', ext_json: '{}' };
const item = {
	address: 'pages/index/index',
	tag: 'shop',
	title: 'Home',
	first_class: '工具',
	second_class: '效率',
	first_id: 287,
	second_id: 616,
};
const submission = { item_list: [item] };

async function commit(more: JsonObject = {}) {
	clock.now += 1000;
	return await act('/wxa/commit', { ...settings, ...more });
}

async function addTemplate(source: Parameters<Simulator['platform']['uploadDraft']>[0] = {}) {
	const draft_id = simulator.platform.uploadDraft(source);
	expect(await own('/wxa/addtotemplate', { draft_id })).toEqual(OK);
}

async function release(version: string) {
	await commit({ user_version: version });
	await act('/wxa/submit_audit', submission);
	await simulator.platform.finishReview(MINI, { result: 'success', push: false });
	return await act('/wxa/release', {});
}

describe('the template library', () => {
	it('takes drafts that exist, fifty of them', async () => {
		expect(await own('/wxa/addtotemplate', { draft_id: 9 })).toEqual(failure(85064));
		for (let place = 0; place < 50; place++) await addTemplate();
		const draft_id = simulator.platform.uploadDraft();
		expect(await own('/wxa/addtotemplate', { draft_id })).toEqual(failure(85065));
		expect(await own('/wxa/deletetemplate', { template_id: 1 })).toEqual(OK);
		expect(await own('/wxa/deletetemplate', { template_id: 1 })).toEqual(failure(85064));
		expect((await own('/wxa/gettemplatelist')).template_list).toHaveLength(49);
	});

	it('is the platform’s: the token of an account is refused', async () => {
		expect(await act('/wxa/gettemplatelist')).toEqual(failure(61014));
		expect(await own('/wxa/get_category')).toEqual(failure(61015));
	});
});

describe('a commit', () => {
	it('checks template, settings and version', async () => {
		await addTemplate();
		expect(await commit({ template_id: 7 })).toEqual(failure(85014));
		expect(await commit({ ext_json: {} })).toEqual(failure(47001, 'ext_json'));
		expect(await commit({ ext_json: '{' })).toEqual(failure(85048));
		expect(await commit({ ext_json: '[]' })).toEqual(failure(85013));
		expect(await commit({ ext_json: '{"pages":[]}' })).toEqual(failure(85047));
		expect(await commit({ ext_json: '{"pages":["a"]}' })).toEqual(failure(85045));
		expect(await commit({ ext_json: '{"tabBar":{"list":[{}]}}' })).toEqual(failure(85046));
		expect(await commit({ user_version: 'x'.repeat(65) })).toEqual(failure(85015));
		expect(await act('/wxa/get_qrcode')).toEqual(failure(86001));
		expect(await commit()).toEqual(OK);
		expect(await act('/wxa/get_page')).toMatchObject({
			page_list: ['pages/index/index', 'pages/logs/logs'],
		});
	});

	it('of a standard template takes extAppid, ext and window only', async () => {
		const draft_id = simulator.platform.uploadDraft();
		await own('/wxa/addtotemplate', { draft_id, template_type: 1 });
		expect(await commit({ ext_json: '{"tabBar":{}}' })).toEqual(failure(85013));
		expect(await commit({ ext_json: '{"ext":{},"window":{},"extAppid":"x"}' })).toEqual(OK);
	});

	it('needs permission set 18', async () => {
		await addTemplate();
		token = String((await client.authorize(MINI, [25])).authorizer_access_token);
		expect(await commit()).toEqual(failure(61007));
	});
});

describe('a review', () => {
	const submit = async (more: JsonObject = {}) =>
		await act('/wxa/submit_audit', { item_list: [{ ...item, ...more }] });

	it('checks what is submitted', async () => {
		await addTemplate();
		expect(await submit()).toEqual(failure(85086));
		await commit();
		expect(await act('/wxa/submit_audit', { item_list: [] })).toEqual(failure(85023));
		expect(await submit({ title: '' })).toEqual(failure(85010));
		expect(await submit({ title: 'x'.repeat(33) })).toEqual(failure(85011));
		expect(await submit({ tag: 'a,b'.repeat(9) })).toEqual(failure(85006));
		expect(await submit({ address: 'a' })).toEqual(failure(85007));
		expect(await submit({ first_id: 1 })).toEqual(failure(85008));
		const media = { ...submission, feedback_stuff: 'x' };
		expect(await act('/wxa/submit_audit', media)).toEqual(failure(85092));
		expect(await act('/wxa/get_latest_auditstatus')).toEqual(failure(85058));
		expect(await submit()).toHaveProperty('auditid');
		expect(await submit()).toEqual(failure(85009));
	});

	it('waits for the privacy check, which begins anew with each commit', async () => {
		await addTemplate();
		simulator.platform.privacyCheckTakes(60_000);
		await commit();
		expect(await submit()).toEqual(failure(61039));
		clock.now += 59_000;
		await commit();
		clock.now += 59_000;
		expect(await submit()).toEqual(failure(61039));
		clock.now += 1000;
		expect(await submit()).toHaveProperty('auditid');
	});

	it('ends, is delayed or is withdrawn, and the platform is told', async () => {
		await addTemplate();
		await commit();
		const { auditid } = await submit();
		expect(await act('/wxa/get_auditstatus', { auditid })).toMatchObject({ status: 2 });
		const hook = await startPushReceiver();
		simulator.platform.connect({ events: hook.url, messages: `${hook.url}/$APPID$` });
		const { finishReview } = simulator.platform;
		expect(await finishReview(MINI, { result: 'delay', reason: '延长' })).toMatchObject({
			outcome: 'success',
		});
		expect(await act('/wxa/get_auditstatus', { auditid })).toMatchObject({ status: 4 });
		expect(await finishReview(MINI, { result: 'fail', reason: 'a<br>b' })).toMatchObject({
			outcome: 'success',
		});
		expect(await act('/wxa/get_latest_auditstatus')).toMatchObject({ status: 1, reason: 'a<br>b' });
		expect(hook.received.map(({ path }) => path)).toEqual([`/${MINI}`, `/${MINI}`]);
		await hook.close();
		expect(await act('/wxa/undocodeaudit')).toEqual(failure(85019));
		for (let times = 0; times < 5; times++) {
			await submit();
			expect(await act('/wxa/undocodeaudit')).toEqual(OK);
		}
		await submit();
		expect(await act('/wxa/undocodeaudit')).toEqual(failure(87013));
	});

	it('is sped up once', async () => {
		await addTemplate();
		await commit();
		expect(await act('/wxa/speedupaudit', { auditid: 1 })).toEqual(failure(89402));
		const { auditid } = await submit();
		expect(await act('/wxa/speedupaudit', { auditid })).toEqual(OK);
		expect(await act('/wxa/speedupaudit', { auditid })).toEqual(failure(89404));
		expect(await act('/wxa/queryquota')).toMatchObject({ rest: 19, speedup_rest: 0 });
	});
});

describe('a release', () => {
	it('needs a review that passed, and an empty object', async () => {
		await addTemplate();
		expect(await act('/wxa/release', {})).toEqual(failure(85019));
		await commit();
		await act('/wxa/submit_audit', submission);
		expect(await act('/wxa/release', {})).toEqual(failure(85020));
		const response = await fetch(`${simulator.url}/wxa/release?access_token=${token}`, {
			method: 'POST',
		});
		expect(await response.json()).toEqual(failure(44002));
		await simulator.platform.finishReview(MINI, { result: 'success', push: false });
		expect(await act('/wxa/release', {})).toEqual(OK);
		expect(await act('/wxa/release', {})).toEqual(failure(85052));
	});

	it('can be gone back on, but not while another one is being rolled out', async () => {
		await addTemplate();
		expect(await act('/wxa/grayrelease', { gray_percentage: 5 })).toEqual(failure(85079));
		await release('1.0.0');
		expect(await act('/wxa/revertcoderelease')).toEqual(failure(87012));
		await release('2.0.0');
		await release('3.0.0');
		const gray = async (gray_percentage: number) =>
			await act('/wxa/grayrelease', { gray_percentage });
		expect(await gray(101)).toEqual(failure(85081));
		expect(await gray(10)).toEqual(OK);
		expect(await gray(10)).toEqual(failure(85082));
		expect(await act('/wxa/revertcoderelease')).toEqual(failure(87011));
		expect(await act('/wxa/revertgrayrelease')).toEqual(OK);
		const history = await act('/wxa/revertcoderelease', undefined, '&action=get_history_version');
		expect(history.version_list).toMatchObject([
			{ user_version: '2.0.0', app_version: 2 },
			{ user_version: '1.0.0', app_version: 1 },
		]);
		expect(await act('/wxa/revertcoderelease', undefined, '&app_version=1')).toEqual(OK);
		expect(await act('/wxa/getversioninfo', {})).toMatchObject({
			release_info: { release_version: '1.0.0' },
		});
		await commit();
		await act('/wxa/submit_audit', submission);
		expect(await gray(20)).toEqual(failure(85080));
	});

	it('can be hidden', async () => {
		expect(await act('/wxa/change_visitstatus', { action: 'x' })).toEqual(failure(85022));
		expect(await act('/wxa/change_visitstatus', { action: 'open' })).toEqual(failure(85021));
		expect(await act('/wxa/change_visitstatus', { action: 'close' })).toEqual(OK);
		expect(await act('/wxa/getvisitstatus', {})).toMatchObject({ status: 0 });
	});
});

describe('domains', () => {
	const server = async (action: string, ...requestdomain: string[]) =>
		await act('/wxa/modify_domain', { action, requestdomain });
	const business = async (action: string, ...webviewdomain: string[]) =>
		await act('/wxa/setwebviewdomain', { action, webviewdomain });

	it('are those of the platform, unless they are set directly', async () => {
		expect(await server('add', 'https://a.example.org')).toEqual(failure(85018));
		expect(await server('add', 'https://a.example.com', 'https://a.example.org')).toMatchObject({
			requestdomain: ['https://a.example.com'],
			invalid_requestdomain: ['https://a.example.org'],
		});
		expect(await server('add', 'https://a.example.com')).toEqual(failure(85017));
		expect(await server('x', 'https://a.example.com')).toEqual(failure(85022));
		const directly = { action: 'set', requestdomain: ['https://a.example.org'] };
		expect(await act('/wxa/modify_domain_directly', directly)).toMatchObject({
			requestdomain: directly.requestdomain,
		});
		const change = { action: 'add', wxa_server_domain: 'example.org' };
		expect(await own('/cgi-bin/component/modify_wxa_server_domain', change)).toMatchObject({
			testing_wxa_server_domain: 'example.com;example.org',
		});
		expect(await server('add', 'https://b.example.org')).toMatchObject(OK);
	});

	it('of pages are those of the platform, at most 100', async () => {
		expect(await business('add', 'https://a.example.org')).toEqual(failure(89021));
		expect(await business('add', 'https://a.example.com')).toMatchObject(OK);
		expect(await business('add', 'https://a.example.com')).toEqual(failure(89019));
		const many = Array.from({ length: 101 }, (_, index) => `https://a${index}.example.com`);
		expect(await business('set', ...many)).toEqual(failure(89029));
		const none = { action: 'set', wxa_jump_h5_domain: '' };
		await own('/cgi-bin/component/modify_wxa_jump_domain', none);
		expect(await business('add', 'https://b.example.com')).toEqual(failure(89020));
	});
});

it('testers are found by their WeChat ID, once', async () => {
	const bind = async (wechatid: string) => await act('/wxa/bind_tester', { wechatid });
	expect(await bind('张三')).toEqual(failure(85001));
	const { userstr } = await bind('zhangsan_1980');
	expect(await bind('zhangsan_1980')).toEqual(failure(85004));
	expect(await act('/wxa/memberauth', { action: 'get_experiencer' })).toMatchObject({
		members: [{ userstr }],
	});
	expect(await act('/wxa/unbind_tester', { userstr })).toEqual(OK);
	expect(await act('/wxa/unbind_tester', { userstr })).toEqual(failure(89034));
});

it('privacy settings need a contact and a way to tell', async () => {
	const path = '/cgi-bin/component/setprivacysetting';
	const set = async (owner_setting: JsonObject) => await act(path, { owner_setting });
	expect(await set({ notice_method: '弹窗' })).toEqual(failure(40097));
	expect(await set({ contact_qq: '1' })).toEqual(failure(40097));
	expect(await set({ contact_qq: '1', notice_method: '弹窗', ext_file_media_id: 'x' })).toEqual(
		failure(40007),
	);
	expect(await set({ contact_qq: '1', notice_method: '弹窗' })).toEqual(OK);
	expect(await act('/cgi-bin/component/getprivacysetting', {})).toMatchObject({
		owner_setting: { contact_qq: '1' },
	});
});
