import type { IDataObject, INodeParameters } from 'n8n-workflow';
import {
	resources,
	WechatOpenPlatform,
} from '../../nodes/WechatOpenPlatform/WechatOpenPlatform.node';
import { MINI_PROGRAM_ACCOUNT, startSimulator, type Simulator } from '../simulator';
import { createServices } from '../../nodes/api/services';
import { STEP_MS } from '../simulator/behaviors/verifications';
import { at, runnerFor } from '../support/miniPrograms';
import { editorContext, prepareN8n, runNode, type Credentials } from '../support/n8n';
import { fixturesIn, testOperations } from '../support/operations';
import { readSample } from '../support/samples';
import { clock, restartProcess, services } from '../support/services';
import { platformCredentialsFor } from '../support/simulator';

/** Verification, filing, profile, categories, plugins and violations: what concerns the owner of a mini program. */
const fixtures = fixturesIn('platform/owner');

prepareN8n();
const mini = MINI_PROGRAM_ACCOUNT;
let simulator: Simulator;
let credentials: Credentials;
let now: number;
const words: Record<string, string | number> = { miniAppId: mini.appId };
const run = runnerFor(() => credentials);

async function upload(): Promise<string> {
	const data = readSample('jpg').toString('base64');
	const { output, error } = await runNode(
		'wechatOpenPlatform',
		{ resource: 'filing', operation: 'uploadMedia', ...at(mini) },
		credentials,
		[{ json: {}, binary: { data: { data, fileName: 'a.jpg', mimeType: 'image/jpeg' } } }],
	);
	if (error) throw error;
	return String(output[0].json.media_id);
}

const company: INodeParameters = {
	account_name: '小麦烤鸡',
	contact_name: '张三',
	contact_email: 'a@example.com',
	qualification: 'M1',
};

/** What Apply takes, with a picture that was uploaded. */
const application = (subjectName = '示例科技'): INodeParameters => {
	const [{ params }] = fixtures.filing.apply;
	const fill = (text: unknown) =>
		String(text).replaceAll('{icpMedia}', String(words.icpMedia)).replace('示例科技', subjectName);
	return { icp_subject: fill(params.icp_subject), icp_applets: fill(params.icp_applets) };
};
const readFiling = async () => (await run('filing', 'getState', at(mini)))[0];

/** What its test begins with: Cancel and Get want a mini program that is filed, Withdraw one under review. */
const filedFirst = /filing: (cancel|get) \d/;
const appliedFirst = /filing: withdraw \d/;

beforeEach(async () => {
	restartProcess();
	now = Date.now();
	simulator = await startSimulator({ accounts: [mini], now: () => now });
	credentials = await platformCredentialsFor(simulator);
	await simulator.platform.authorize(mini.appId, { push: false });
	words.icpMedia = await upload();
	const [{ taskid }] = await run('verification', 'submit', { ...at(mini), ...company });
	words.verificationTask = String(taskid);
	const [{ task_id }] = await run('filing', 'createFaceCheck', at(mini));
	words.faceTask = String(task_id);
	const test = expect.getState().currentTestName ?? '';
	if (filedFirst.test(test) || appliedFirst.test(test))
		await run('filing', 'apply', { ...at(mini), ...application() });
	if (filedFirst.test(test)) now += 2 * STEP_MS;
});
afterEach(async () => await simulator.close());

testOperations({
	node: 'wechatOpenPlatform',
	resources: resources.filter(({ value }) => value in fixtures),
	fixtures,
	simulator: () => simulator,
	credentials: () => credentials,
	words,
	secretsIn: ({ data }) => [String(data.appSecret), '@@@'],
});

test('a verification goes from its submission to its end, over a correction', async () => {
	const submit = { ...at(mini), ...company, account_name: '退回' };
	const [{ taskid }] = await run('verification', 'submit', submit);
	const read = async (id: unknown) =>
		(await run('verification', 'getState', { ...at(mini), taskid: String(id) }))[0];
	expect(await read(taskid)).toMatchObject({ applyStatusText: 'Not begun (初始状态)' });
	now += STEP_MS;
	expect(await read(taskid)).toMatchObject({ applyStatusText: 'Under review (审核中)' });
	now += STEP_MS;
	expect(await read(taskid)).toMatchObject({
		applyStatusText: 'Returned to be corrected (打回重填)',
		refill_reason: '营业执照不清晰',
	});
	const again = { ...at(mini), ...company, taskid: String(taskid) };
	const [second] = await run('verification', 'resubmit', again);
	now += 2 * STEP_MS;
	expect(await read(second.taskid)).toMatchObject({ applyStatusText: 'Passed (认证通过)' });
});

test('a filing goes from its application over both reviews to the filing', async () => {
	expect(await readFiling()).toMatchObject({ statusText: 'Not filed (未备案)' });
	await run('filing', 'apply', { ...at(mini), ...application() });
	expect(await readFiling()).toMatchObject({ statusText: 'Under review at WeChat (平台审核中)' });
	await expect(run('filing', 'apply', { ...at(mini), ...application() })).rejects.toThrow('86324');
	now += STEP_MS;
	expect(await readFiling()).toMatchObject({ status: 4 });
	await expect(run('filing', 'withdraw', at(mini))).rejects.toThrow('Nothing can be withdrawn');
	now += STEP_MS;
	expect(await readFiling()).toMatchObject({ statusText: 'Filed (已备案)' });
	const [filed] = await run('filing', 'get', at(mini));
	expect(filed.icp_subject).toHaveProperty('base_info.name', '示例科技');
	await run('filing', 'cancel', at(mini));
	expect(await readFiling()).toMatchObject({ status: 1024 });
});

test('Wait Until Passed asks until the administrator has done the face check', async () => {
	const sleep = async (ms: number) => await Promise.resolve(void (now += ms));
	Object.assign(services, createServices({ clock: { ...clock, now: () => now, sleep } }));
	const before = simulator.count('/wxa/icp/query_icp_verifytask');
	const params = { ...at(mini), wait: true, waitMinutes: 1 };
	expect(await run('filing', 'createFaceCheck', params)).toEqual([
		expect.objectContaining({ is_finish: true, statusText: 'Passed (人脸核身成功)' }),
	]);
	// After 2, 5 and 9.5 seconds it goes on; the administrator takes 10.
	expect(simulator.count('/wxa/icp/query_icp_verifytask') - before).toBe(4);
	const failed = { is_finish: true, face_status: 2 };
	simulator.fault({ path: '/wxa/icp/query_icp_verifytask', answer: failed });
	await expect(run('filing', 'createFaceCheck', params)).rejects.toThrow(
		'The face check ended: Failed (人脸核身失败) | Create another face check',
	);
});

test('a filing that is refused says why', async () => {
	await run('filing', 'apply', { ...at(mini), ...application('驳回') });
	now += STEP_MS;
	expect(await readFiling()).toMatchObject({
		statusText: 'Refused by WeChat (平台审核驳回)',
		audit_data: [{ key_name: '主办单位名称', error: '与证件不一致', suggest: '请修改' }],
	});
});

test('an answer without a status has no words for it', async () => {
	simulator.fault({ path: '/wxa/icp/get_icp_entrance_info', answer: { info: {} } });
	expect(await readFiling()).toEqual({});
	simulator.fault({ path: '/wxa/sec/queryauth', answer: { taskid: 'T' } });
	expect(await run('verification', 'getState', { ...at(mini), taskid: 'T' })).toEqual([
		{ taskid: 'T' },
	]);
});

test('what a filing lacks is named, all of it, before anything is sent', async () => {
	const before = simulator.count('/wxa/icp/apply_icp_filing');
	const subject = JSON.parse(String(application().icp_subject)) as Record<string, IDataObject>;
	delete subject.base_info.district;
	subject.principal_info.mobile = '';
	const params = { ...at(mini), ...application(), icp_subject: JSON.stringify(subject) };
	await expect(run('filing', 'apply', params)).rejects.toThrow(
		'The filing lacks Subject: base_info.district (备案县区), Subject: principal_info.mobile (负责人联系方式) |',
	);
	expect(simulator.count('/wxa/icp/apply_icp_filing')).toBe(before);
});

test('a list of empty texts, and a text of spaces, are missing in a filing', async () => {
	const subject = JSON.parse(String(application().icp_subject)) as Record<string, IDataObject>;
	const applets = JSON.parse(String(application().icp_applets)) as Record<string, IDataObject>;
	subject.base_info.address = ' ';
	applets.base_info.service_content_types = [''];
	const params = { ...at(mini), ...application() };
	const parts = { icp_subject: JSON.stringify(subject), icp_applets: JSON.stringify(applets) };
	await expect(run('filing', 'apply', { ...params, ...parts })).rejects.toThrow(
		'The filing lacks Subject: base_info.address (通讯地址), Mini Program: base_info.service_content_types (服务内容类型) |',
	);
});

test('the lists to choose from are those of the chosen mini program', async () => {
	const { loadOptions } = new WechatOpenPlatform().methods;
	const params = { resource: 'category', operation: 'add', ...at(mini) };
	const context = () => editorContext('wechatOpenPlatform', params, credentials);
	const education = { name: '教育 > 出国移民', value: '{"first":8,"second":39}' };
	expect(await loadOptions.getAvailableCategories.call(context())).toEqual([education]);
	expect(await loadOptions.getOwnCategories.call(context())).toEqual([education]);
	expect(await loadOptions.getCertificateTypes.call(context())).toEqual([
		{ name: '营业执照', value: 1 },
		{ name: '居民身份证', value: 2 },
	]);
	expect(await loadOptions.getIdentities.call(context())).toEqual([
		{ name: '教育 > 教师', value: '教师' },
	]);
});
