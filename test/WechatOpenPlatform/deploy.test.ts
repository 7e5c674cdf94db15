import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeParameters, IWorkflowBase } from 'n8n-workflow';
import { duringPauses, pauses, restartProcess } from '../support/services';
import {
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	startSimulator,
	type Simulator,
} from '../simulator';
import {
	at,
	MINI_PROGRAMS,
	pages,
	runnerFor,
	SECOND_MINI,
	THIRD_MINI,
} from '../support/miniPrograms';
import { prepareN8n, runNode, runWorkflow, type Credentials } from '../support/n8n';
import { platformCredentialsFor } from '../support/simulator';

prepareN8n();
const mini = MINI_PROGRAM_ACCOUNT;
const STRANGER = 'wx0000000000000009';
const SUBMIT = '/wxa/submit_audit';
const COMMIT = '/wxa/commit';
let simulator: Simulator;
let credentials: Credentials;
/** Moves as far as somebody waits. */
let now: number;
const run = runnerFor(() => credentials);

beforeEach(async () => {
	restartProcess();
	now = Date.now();
	duringPauses.push((ms) => (now += ms));
	const accounts = [DEFAULT_ACCOUNT, ...MINI_PROGRAMS];
	simulator = await startSimulator({ accounts, now: () => now });
	credentials = await platformCredentialsFor(simulator);
	for (const { appId } of accounts) await simulator.platform.authorize(appId, { push: false });
	const draft_id = { mode: 'id', value: String(simulator.platform.uploadDraft()) };
	await run('template', 'addDraft', { draft_id });
});
afterEach(async () => await simulator.close());

const plan: INodeParameters = {
	template_id: { mode: 'id', value: '1' },
	user_version: '1.2.0',
	user_desc: 'New cart',
	ext_json: '{"ext":{"shop":42}}',
	...pages(),
};
const domains: INodeParameters = {
	serverDomains: { requestdomain: 'https://api.example.com' },
	webviewdomain: 'https://www.example.com',
};
const deploy = async (params: INodeParameters = {}, to = mini) =>
	(await run('code', 'deploy', { ...plan, ...at(to), ...params }))[0];

/** What was called since, without tokens. */
async function callsOf(work: () => Promise<unknown>): Promise<string[]> {
	const last = simulator.calls.at(-1);
	await work();
	const since = simulator.calls.slice(last ? simulator.calls.lastIndexOf(last) + 1 : 0);
	return since.map(({ path }) => path).filter((path) => !path.includes('/component/api_'));
}
const count = (path: string) => simulator.count(path);
const drop = (path: string, times = 1) => simulator.fault({ path, times, drop: true });
const refuse = (path: string, errcode: number) =>
	simulator.fault({ path, answer: { errcode, errmsg: 'refused' } });

describe('all steps', () => {
	test('are done in their order', async () => {
		let row: IDataObject = {};
		const calls = await callsOf(async () => (row = await deploy(domains)));
		expect(calls).toEqual([
			'/wxa/modify_domain',
			'/wxa/setwebviewdomain',
			COMMIT,
			'/wxa/get_latest_auditstatus',
			SUBMIT,
		]);
		expect(row).toEqual({
			account: mini.appId,
			success: true,
			version: '1.2.0',
			auditid: expect.any(Number) as number,
			done: ['serverDomains', 'businessDomains', 'commit', 'privacyCheck', 'submit'],
		});
		expect(await run('review', 'getLatest', at(mini))).toMatchObject([
			{ auditid: row.auditid, status: 2, user_version: '1.2.0' },
		]);
		expect(pauses).toEqual([]);
	});

	test('leave out domains and review when the plan has none', async () => {
		expect(await callsOf(async () => await deploy({ submit: false }))).toEqual([COMMIT]);
	});

	test('replace the domains', async () => {
		const serverDomains = { requestdomain: 'https://old.example.com' };
		const webviewdomain = 'https://old.example.com';
		await deploy({ serverDomains, webviewdomain, submit: false });
		await deploy({ ...domains, submit: false });
		expect(await run('domain', 'getServer', at(mini))).toMatchObject([
			{ requestdomain: ['https://api.example.com'] },
		]);
		expect(await run('domain', 'getBusiness', at(mini))).toEqual([
			{ webviewdomain: ['https://www.example.com'] },
		]);
	});

	test('may be done again, also with the same domains (85017, 89019)', async () => {
		await deploy({ ...domains, submit: false });
		expect(await deploy(domains)).toMatchObject({ success: true });
	});

	test('take the same domains in another order for what is set', async () => {
		const hosts = ['https://a.example.com', 'https://b.example.com'];
		for (const list of [hosts, [...hosts].reverse()]) {
			const serverDomains = { requestdomain: list.join(', ') };
			expect(await deploy({ serverDomains, submit: false })).toMatchObject({ success: true });
		}
	});
});

describe('the privacy check', () => {
	test('is waited for by submitting again, not by committing again', async () => {
		simulator.platform.privacyCheckTakes(25_000);
		expect(await deploy()).toMatchObject({ success: true });
		expect(pauses).toEqual([10_000, 10_000, 10_000]);
		expect([count(COMMIT), count(SUBMIT)]).toEqual([1, 4]);
	});

	test('is waited for no longer than the plan allows', async () => {
		simulator.platform.privacyCheckTakes(120_000);
		expect(await deploy({ privacyMinutes: 0.4 })).toEqual({
			account: mini.appId,
			success: false,
			version: '1.2.0',
			failedAt: 'privacyCheck',
			errcode: 61039,
			reason: expect.stringContaining('61039') as string,
			advice: expect.stringContaining('privacy') as string,
			done: ['commit'],
		});
		expect(pauses).toEqual([10_000, 10_000, 4000]);
		expect([count(COMMIT), count(SUBMIT)]).toEqual([1, 4]);
	});

	test('takes five minutes at most, when nothing else is said', async () => {
		simulator.platform.privacyCheckTakes(301_000);
		expect(await deploy()).toMatchObject({ failedAt: 'privacyCheck' });
		expect(pauses.reduce((sum, ms) => sum + ms)).toBe(300_000);
	});

	test('is not waited for when the plan says zero', async () => {
		simulator.platform.privacyCheckTakes(1000);
		expect(await deploy({ privacyMinutes: 0 })).toMatchObject({ failedAt: 'privacyCheck' });
		expect(pauses).toEqual([]);
	});

	test('ends, but the code needs a declaration (61040): waiting does not help', async () => {
		const draft_id = {
			mode: 'id',
			value: String(simulator.platform.uploadDraft({ usesLocation: true })),
		};
		await run('template', 'addDraft', { draft_id });
		const template_id = { mode: 'id', value: '2' };
		const failed = { failedAt: 'submit', errcode: 61040, done: ['commit'] };
		expect(await deploy({ template_id })).toMatchObject(failed);
		expect(pauses).toEqual([]);
		const ext_json = '{"requiredPrivateInfos":["getLocation"]}';
		expect(await deploy({ template_id, ext_json })).toMatchObject({ success: true });
	});
});

describe('stops at the first failure, and says what is done:', () => {
	const stranger = 'https://api.elsewhere.example';

	test('server domains that the platform does not have', async () => {
		const serverDomains = { requestdomain: stranger };
		const calls = await callsOf(async () =>
			expect(await deploy({ ...domains, serverDomains })).toMatchObject({
				failedAt: 'serverDomains',
				errcode: 85018,
				done: [],
			}),
		);
		expect(calls).toEqual(['/wxa/modify_domain']);
	});

	test('one of several server domains, which WeChat leaves out', async () => {
		const serverDomains = { requestdomain: `https://api.example.com, ${stranger}` };
		const row = await deploy({ serverDomains });
		expect(row).toMatchObject({ failedAt: 'serverDomains', errcode: null, done: [] });
		expect(row.reason).toBe(`WeChat did not take these server domains: ${stranger}`);
		expect(row.advice).toContain('Change Platform Server Domains');
		expect(count(COMMIT)).toBe(0);
	});

	test('server domains of which none was changed, although they are not set', async () => {
		refuse('/wxa/modify_domain', 85017);
		expect(await deploy(domains)).toMatchObject({ failedAt: 'serverDomains', errcode: 85017 });
	});

	test('server domains whose state cannot be looked up', async () => {
		refuse('/wxa/modify_domain', 85017);
		refuse('/wxa/modify_domain', 48001);
		expect(await deploy(domains)).toMatchObject({ failedAt: 'serverDomains', errcode: 48001 });
	});

	test('business domains', async () => {
		const row = await deploy({ ...domains, webviewdomain: stranger });
		const failed = { failedAt: 'businessDomains', errcode: 89021, done: ['serverDomains'] };
		expect(row).toMatchObject(failed);
		expect(count(COMMIT)).toBe(0);
	});

	test('commit', async () => {
		const template_id = { mode: 'id', value: '99' };
		expect(await deploy({ ...domains, template_id })).toMatchObject({
			failedAt: 'commit',
			errcode: 85014,
			advice: expect.stringContaining('template') as string,
			done: ['serverDomains', 'businessDomains'],
		});
		expect(count(SUBMIT)).toBe(0);
	});

	test('review', async () => {
		await deploy();
		const failed = { success: false, failedAt: 'submit', errcode: 85009, done: ['commit'] };
		expect(await deploy()).toMatchObject(failed);
		expect(count(SUBMIT)).toBe(2);
	});

	test('an account that has not authorized', async () => {
		const row = await deploy({}, { ...mini, appId: STRANGER });
		expect(row).toMatchObject({ account: STRANGER, success: false, failedAt: 'commit', done: [] });
		expect(row.reason).toContain(STRANGER);
	});

	test('input that is wrong for one account: nothing is sent', async () => {
		const calls = await callsOf(async () => {
			const row = await deploy({ ...domains, ...pages({ category: '' }) });
			expect(row).toMatchObject({ failedAt: 'input', errcode: null, done: [] });
			expect(row.reason).toContain('"Category Name or ID" is missing');
		});
		expect(calls).toEqual([]);
	});
});

describe('as an error, when it is wanted,', () => {
	const onFailure = 'fail';

	test('says which account, at which step, and what is done', async () => {
		const template_id = { mode: 'id', value: '99' };
		const failing = deploy({ ...domains, template_id, onFailure });
		await expect(failing).rejects.toThrow(
			`(errcode 85014) | Account ${mini.appId} stopped at: commit. Done before that: server domains, business domains. The template library has no template`,
		);
	});

	test('keeps the code of WeChat for those who branch on it', async () => {
		const template_id = { mode: 'id', value: '99' };
		const parameters = { ...plan, ...at(mini), template_id, onFailure };
		const { error } = await runNode(
			'wechatOpenPlatform',
			{ resource: 'code', operation: 'deploy', ...parameters },
			credentials,
		);
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '85014' });
	});

	test('says that nothing is done, and what is wrong with the domains', async () => {
		const serverDomains = { requestdomain: 'https://a.example.com, https://b.example' };
		await expect(deploy({ serverDomains, onFailure })).rejects.toThrow(
			`WeChat did not take these server domains: https://b.example | Account ${mini.appId} stopped at: server domains. Done before that: nothing. Check`,
		);
	});

	test('does not come when every account succeeds', async () => {
		expect(await deploy({ onFailure })).toMatchObject({ success: true });
	});
});

describe('a connection that breaks', () => {
	const isDone = { success: true, done: ['commit', 'privacyCheck', 'submit'] };

	test('at the commit: the same code is committed again', async () => {
		drop(COMMIT);
		expect(await deploy()).toMatchObject(isDone);
		expect(count(COMMIT)).toBe(2);
	});

	test.each(['/wxa/modify_domain', '/wxa/setwebviewdomain'])(
		'at the domains: they are set again (%s)',
		async (path) => {
			drop(path);
			expect(await deploy({ ...domains, submit: false })).toMatchObject({ success: true });
			expect(count(path)).toBe(2);
		},
	);

	test('while a version is submitted, which has arrived: it is not submitted again', async () => {
		drop(SUBMIT);
		let auditid: unknown;
		duringPauses.push(async () => {
			[{ auditid }] = await run('review', 'submit', { ...at(mini), ...pages() });
		});
		expect(await deploy()).toMatchObject({ ...isDone, auditid });
		expect(pauses).toEqual([2000]);
		// The one that broke, and what stands for its arrival.
		expect(count(SUBMIT)).toBe(2);
	});

	test('while a version is submitted, which has not arrived: it is submitted again', async () => {
		await deploy();
		await simulator.platform.finishReview(mini.appId, { result: 'fail', push: false });
		const [{ auditid: earlier }] = await run('review', 'getLatest', at(mini));
		drop(SUBMIT);
		const row = await deploy();
		expect(row).toMatchObject(isDone);
		expect(row.auditid).not.toBe(earlier);
		expect(count(SUBMIT)).toBe(3);
	});

	test('at each of three submissions ends the deployment with its error', async () => {
		drop(SUBMIT, 9);
		const row = await deploy();
		expect(row).toMatchObject({ failedAt: 'submit', done: ['commit'] });
		expect(row.errcode).toMatch(/^(UND_ERR_SOCKET|ECONNRESET)$/);
		expect(count(SUBMIT)).toBe(3);
	});

	test('before the last review is known: nothing is submitted', async () => {
		refuse('/wxa/get_latest_auditstatus', 48001);
		expect(await deploy()).toMatchObject({ failedAt: 'submit', errcode: 48001 });
		expect(count(SUBMIT)).toBe(0);
	});
});

test('each account gets one result, whatever becomes of the others', async () => {
	simulator.platform.privacyCheckTakes(15_000, SECOND_MINI.appId);
	const rows = await run(
		'code',
		'deploy',
		{
			...plan,
			account: { mode: 'id', value: '={{ $json.appId }}' },
			serverDomains: { requestdomain: '={{ $json.domain }}' },
			ext_json: '={{ { ext: { name: $json.appId } } }}',
		},
		[
			{ appId: THIRD_MINI.appId, domain: 'https://shop.elsewhere.example' },
			{ appId: SECOND_MINI.appId, domain: 'https://second.example.com' },
			{ appId: mini.appId, domain: 'https://first.example.com' },
		],
	);
	expect(rows).toMatchObject([
		{ account: THIRD_MINI.appId, success: false, failedAt: 'serverDomains', errcode: 85018 },
		{ account: SECOND_MINI.appId, success: true },
		{ account: mini.appId, success: true },
	]);
	expect(count(COMMIT)).toBe(2);
	const settings = simulator.calls
		.filter(({ path }) => path === COMMIT)
		.map(({ body }) => (body as IDataObject).ext_json);
	expect(settings.sort()).toEqual(
		[mini, SECOND_MINI].map(({ appId }) => JSON.stringify({ ext: { name: appId } })).sort(),
	);
});

test.each([
	[{}, 'side by side', [COMMIT, COMMIT]],
	[{ options: { concurrency: 1 } }, 'one after the other', [COMMIT, SUBMIT]],
])('accounts are worked on as the options say: %j, %s', async (options, _, first) => {
	const account = { mode: 'id', value: '={{ $json.appId }}' };
	const both = [mini, SECOND_MINI].map(({ appId }) => ({ appId }));
	const calls = await callsOf(
		async () => await run('code', 'deploy', { ...plan, account, ...options }, both),
	);
	const steps = calls.filter((path) => path === COMMIT || path === SUBMIT);
	expect(steps.slice(0, 2)).toEqual(first);
});

test('the example workflow deploys to all mini programs, and releases what passed its review', async () => {
	const file = join(__dirname, '..', 'workflows', 'deploy-template.json');
	const workflow = JSON.parse(readFileSync(file, 'utf8')) as IWorkflowBase;
	for (const node of workflow.nodes)
		if (node.credentials) node.credentials = credentials.references;
	simulator.platform.privacyCheckTakes(5000, SECOND_MINI.appId);
	const { error, items } = await runWorkflow(workflow, credentials, undefined, 'Start');
	expect(error).toBeUndefined();
	const told = items('Deploy').map(({ json }) => [json.account, json.success]);
	expect(told.sort()).toEqual(MINI_PROGRAMS.map(({ appId }) => [appId, true]).sort());

	await simulator.platform.finishReview(mini.appId, { result: 'success', push: false });
	const released = await runWorkflow(
		workflow,
		credentials,
		[{ json: { kind: 'event.weapp_audit_success', accountAppId: mini.appId } }],
		'Review passed',
	);
	expect(released.error).toBeUndefined();
	expect(released.items('Release').map(({ json }) => json)).toEqual([{ success: true }]);
	expect(await run('code', 'getVersions', at(mini))).toMatchObject([
		{ release_info: { release_version: '1.0.0' } },
	]);
});
