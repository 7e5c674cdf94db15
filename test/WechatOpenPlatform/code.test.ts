import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { WechatOpenPlatform } from '../../nodes/WechatOpenPlatform/WechatOpenPlatform.node';
import { MINI_PROGRAM_ACCOUNT } from '../simulator';
import { at, CATEGORY, pages, runnerFor } from '../support/miniPrograms';
import { editorContext, prepareN8n, runNode, type Credentials } from '../support/n8n';
import { platformCredentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const mini = MINI_PROGRAM_ACCOUNT;
const simulator = useSimulator({ accounts: [mini] });
let credentials: Credentials;
const run = runnerFor(() => credentials);
const template_id = { mode: 'id', value: '1' };
const commit: INodeParameters = { template_id, user_version: '1.2.0', user_desc: 'x' };

beforeAll(async () => {
	credentials = await platformCredentialsFor(simulator());
	await simulator().platform.authorize(mini.appId, { push: false });
	for (const user_desc of ['First', 'Second']) {
		const value = String(simulator().platform.uploadDraft({ user_desc }));
		await run('template', 'addDraft', { draft_id: { mode: 'id', value } });
	}
	await run('code', 'commit', { ...at(mini), ...commit });
});

describe('what WeChat would refuse is told before anything is sent:', () => {
	const long = (length: number) => '码'.repeat(length);
	const tags = (count: number) =>
		Array.from({ length: count }, (_, index) => `t${index}`).join(' ');
	const { item } = pages().items;
	const company = { name: 'n', code: '440301103097413', component_phone: '1' };
	/** What workflows of before April 30, 2026 hold. */
	const oldQuery = { name: 'n', legal_persona_name: 'p', legal_persona_wechat: 'w' };
	const link = { redirectUri: 'https://example.com/' };
	const wrong: Array<[string, string, INodeParameters, string]> = [
		['code', 'commit', { ...commit, user_version: long(65) }, '"Version (版本)" has 65 characters'],
		['code', 'commit', { ...commit, user_version: '={{ "" }}' }, '"Version (版本)" is missing'],
		['code', 'commit', { ...commit, ext_json: '{' }, '"Ext JSON" is not valid JSON'],
		[
			'code',
			'commit',
			{ ...commit, template_id: { mode: 'id', value: 'a' } },
			'"Template (模板)" must be digits',
		],
		['review', 'submit', { items: {} }, '"Pages to Review (审核页面)" is missing'],
		[
			'review',
			'submit',
			{ items: { item: Array(6).fill(item[0]) } },
			'has 6 entries; WeChat takes 5',
		],
		[
			'review',
			'submit',
			pages({ title: long(33) }),
			'page 1: "Title (标题)" has 33 characters; WeChat takes 32',
		],
		['review', 'submit', pages({ title: ' ' }), 'page 1: "Title (标题)" is missing'],
		['review', 'submit', pages({ address: '' }), 'page 1: "Page Name or ID" is missing'],
		['review', 'submit', pages({ tag: '' }), 'page 1: "Tags" is missing'],
		[
			'review',
			'submit',
			pages({ tag: tags(11) }),
			'page 1: "Tags" has 11 entries; WeChat takes 10',
		],
		[
			'review',
			'submit',
			pages({ tag: `a ${long(21)}` }),
			`page 1: "Tags" holds "${long(21)}", which has 21 characters; WeChat takes 20`,
		],
		['review', 'submit', pages({ category: '工具' }), 'page 1: "Category Name or ID" is not one'],
		[
			'review',
			'submit',
			pages({ category: '{"first_class":"工具"}' }),
			'page 1: "Category" is not one',
		],
		[
			'review',
			'submit',
			{ ...pages(), more: { feedback_info: long(201) } },
			'"Feedback (反馈)" has 201 characters',
		],
		[
			'review',
			'submit',
			{ ...pages(), more: { feedback_stuff: 'a,b,c,d,e,f' } },
			'"Feedback Pictures (反馈图片)" has 6',
		],
		[
			'review',
			'submit',
			{ ...pages(), more: { scene: '1, x' } },
			'"User Content: Scenes" holds "x"',
		],
		[
			'review',
			'submit',
			{ ...pages(), more: { method: '0.5' } },
			'"User Content: Methods" holds "0.5"',
		],
		['review', 'get', { auditid: 'x' }, '"Audit ID (审核单号)" must be digits'],
		[
			'release',
			'startGradual',
			{ gray_percentage: 0 },
			'"Percentage (灰度比例)" must be at least 1',
		],
		[
			'release',
			'startGradual',
			{ gray_percentage: 101 },
			'"Percentage (灰度比例)" must be at most 100',
		],
		[
			'release',
			'startGradual',
			{ gray_percentage: 1.5 },
			'"Percentage (灰度比例)" must be a whole number',
		],
		['domain', 'setBusiness', { webviewdomain: ' ' }, '"Business Domains (业务域名)" is missing'],
		[
			'domain',
			'setBusiness',
			{ webviewdomain: tags(101) },
			'"Business Domains (业务域名)" has 101 entries',
		],
		['domain', 'setServer', { serverDomains: { tcpdomain: tags(1001) } }, '"TCP" has 1001 entries'],
		['privacy', 'set', { notice_method: '弹窗' }, '"Contact" is empty'],
		[
			'privacy',
			'set',
			{ contact: { contact_qq: '1' }, notice_method: '={{ "" }}' },
			'"Notice Method (通知方式)" is missing',
		],
		['tester', 'remove', { userstr: '={{ "" }}' }, '"Tester String (体验者标识)" is missing'],
		[
			'authorization',
			'createLink',
			{ ...link, page: '={{ "" }}' },
			'"Link For (链接用于)" is missing',
		],
		[
			'authorization',
			'createLink',
			{ ...link, authType: '={{ "" }}' },
			'"Account Type (账号类型)" is missing',
		],
		[
			'registration',
			'getCompany',
			oldQuery,
			'"Task ID (任务ID)" is missing | The taskid that Create Company Mini Program returned. Since 30 April 2026',
		],
		[
			'registration',
			'verifyTrial',
			{ enterprise_name: 'n', code: '91350100M000100Y44', component_phone: '1' },
			'"Credit Code (统一社会信用代码)" has a wrong check digit',
		],
		[
			'registration',
			'createCompany',
			{ ...company, code_type: 3 },
			'a unified social credit code has 18 | Copy the unified social credit code',
		],
		[
			'code',
			'deploy',
			{ ...commit, ...pages(), submit: '={{ "" }}' },
			'"Submit for Review (提交审核)" is missing',
		],
		[
			'code',
			'deploy',
			{ ...commit, ...pages(), privacyMinutes: '={{ "" }}' },
			'"Wait for Privacy Check (等待隐私检测)" is missing',
		],
	];
	test.each(wrong)('%s %s %#', async (resource, operation, params, problem) => {
		const before = simulator().calls.length;
		await expect(run(resource, operation, { ...at(mini), ...params })).rejects.toThrow(problem);
		expect(simulator().calls).toHaveLength(before);
	});

	test('what is just short enough is sent', async () => {
		await run('code', 'commit', { ...at(mini), ...commit, user_version: long(64) });
		const most = {
			item: [
				{
					category: CATEGORY,
					address: 'pages/index/index',
					title: long(32),
					tag: `${long(20)} ${tags(9)}`,
				},
			],
		};
		const items = { item: Array(5).fill(most.item[0]) as IDataObject[] };
		const more = { feedback_info: long(200) };
		await run('review', 'submit', { ...at(mini), items, more } as INodeParameters);
		await run('review', 'withdraw', at(mini));
	});
});

describe('the text of privacy guidelines', () => {
	const upload = async (fileName: string, bytes: number) =>
		await runNode(
			'wechatOpenPlatform',
			{ resource: 'privacy', operation: 'upload', ...at(mini) },
			credentials,
			[
				{
					json: {},
					binary: {
						data: {
							data: Buffer.alloc(bytes, 'x').toString('base64'),
							fileName,
							mimeType: 'text/plain',
						},
					},
				},
			],
		);

	test('has 100 KB at most', async () => {
		expect((await upload('a.txt', 100 * 1024)).error).toBeUndefined();
		expect((await upload('a.txt', 100 * 1024 + 1)).error?.message).toContain('100 KB');
	});

	test('is a .txt file', async () => {
		expect((await upload('a.pdf', 1)).error?.message).toContain('TXT');
	});
});

describe('a connection that breaks', () => {
	const withdraw = '/wxa/undocodeaudit';
	test.each([
		['review', 'withdraw', withdraw],
		['release', 'rollBack', '/wxa/revertcoderelease'],
		['release', 'cancelGradual', '/wxa/revertgrayrelease'],
		['release', 'release', '/wxa/release'],
		['review', 'submit', '/wxa/submit_audit'],
	])('does not make %s %s happen twice', async (resource, operation, path) => {
		simulator().fault({ path, drop: true });
		const before = simulator().count(path);
		await expect(run(resource, operation, { ...at(mini), ...pages() })).rejects.toThrow(
			'No answer',
		);
		expect(simulator().count(path)).toBe(before + 1);
	});

	test.each([
		['code', 'commit', '/wxa/commit', commit],
		['code', 'getVersions', '/wxa/getversioninfo', {}],
		['release', 'getVisibility', '/wxa/getvisitstatus', {}],
		['domain', 'getServer', '/wxa/modify_domain', {}],
		['domain', 'getBusiness', '/wxa/setwebviewdomain', {}],
		['domain', 'getConfirmFile', '/wxa/get_webviewdomain_confirmfile', {}],
		['domain', 'getPlatformServer', '/cgi-bin/component/modify_wxa_server_domain', {}],
		['domain', 'getPlatformBusiness', '/cgi-bin/component/modify_wxa_jump_domain', {}],
		['tester', 'getAll', '/wxa/memberauth', {}],
		['privacy', 'get', '/cgi-bin/component/getprivacysetting', {}],
	] as Array<[string, string, string, INodeParameters]>)(
		'costs %s %s nothing',
		async (resource, operation, path, params) => {
			simulator().fault({ path, drop: true });
			const before = simulator().count(path);
			await run(resource, operation, { ...at(mini), ...params });
			expect(simulator().count(path)).toBe(before + 2);
		},
	);

	const component = '/cgi-bin/component';
	test.each([
		['account', 'getOption', `${component}/get_authorizer_option`, {}],
		['openAccount', 'get', '/cgi-bin/open/get', {}],
		['openAccount', 'getBinding', '/cgi-bin/open/have', {}],
		['platform', 'getQuota', '/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/menu/get' }],
		['registration', 'getCompany', '/wxa/component/fastregisterenterpriseweapp', { taskid: 't' }],
		['registration', 'getPersonal', '/wxa/component/fastregisterpersonalweapp', { taskid: 't' }],
	] as Array<[string, string, string, INodeParameters]>)(
		'makes %s %s ask again, whatever it finds',
		async (resource, operation, path, params) => {
			simulator().fault({ path, drop: true });
			const before = simulator().count(path);
			const broken = await run(resource, operation, { ...at(mini), ...params }).catch(String);
			expect(simulator().count(path)).toBe(before + 2);
			expect(broken).not.toContain('No answer');
		},
	);
});

describe('lists to choose from', () => {
	const { listSearch, loadOptions } = new WechatOpenPlatform().methods;
	const context = () =>
		editorContext(
			'wechatOpenPlatform',
			{ resource: 'code', operation: 'getPages', ...at(mini) },
			credentials,
		);

	test('of templates and drafts begin with the newest', async () => {
		const { results } = await listSearch.searchTemplates.call(context());
		expect(results).toEqual([
			{ name: '2: 1.0.0 Second', value: 2 },
			{ name: '1: 1.0.0 First', value: 1 },
		]);
		const drafts = await listSearch.searchDrafts.call(context(), 'first');
		expect(drafts.results).toEqual([{ name: '1: 1.0.0 First', value: 1 }]);
	});

	test('of pages and categories are those of the chosen account', async () => {
		expect(await loadOptions.getPages.call(context())).toEqual([
			{ name: 'pages/index/index', value: 'pages/index/index' },
			{ name: 'pages/logs/logs', value: 'pages/logs/logs' },
		]);
		const [first, second] = await loadOptions.getCategories.call(context());
		expect(first).toEqual({ name: '工具 > 效率', value: CATEGORY });
		expect(second.name).toBe('教育 > 学历教育 > 高等');
	});
});

describe('answers', () => {
	test('with a status that is not known say its number', async () => {
		simulator().fault({ path: '/wxa/get_latest_auditstatus', answer: { auditid: 1, status: 9 } });
		const [row] = await run('review', 'getLatest', at(mini));
		expect(row).toEqual({ auditid: 1, status: 9, statusText: 'Status 9' });
		const gray_release_plan = { status: 9 };
		simulator().fault({ path: '/wxa/getgrayreleaseplan', answer: { gray_release_plan } });
		expect(await run('release', 'getGradual', at(mini))).toMatchObject([
			{ statusText: 'Status 9' },
		]);
	});

	test('that are no picture are errors', async () => {
		simulator().fault({ path: '/wxa/get_qrcode', answer: { errcode: 86001, errmsg: 'none' } });
		await expect(run('code', 'getQrCode', at(mini))).rejects.toThrow(
			'(errcode 86001) | The platform has not uploaded code',
		);
		simulator().fault({ path: '/wxa/get_qrcode', answer: { errcode: 0 } });
		await expect(run('code', 'getQrCode', at(mini))).rejects.toThrow('without a file');
	});

	test('with a picture that has no name get the one of the account', async () => {
		const headers = { 'content-type': 'image/jpeg' };
		simulator().fault({ path: '/wxa/get_qrcode', status: 200, body: 'picture', headers });
		const { output } = await runNode(
			'wechatOpenPlatform',
			{ resource: 'code', operation: 'getQrCode', ...at(mini), binaryPropertyName: 'data' },
			credentials,
		);
		expect(output[0].binary?.data.fileName).toBe(`${mini.appId}.jpg`);
	});

	test('that refuse say what to do', async () => {
		await expect(run('release', 'release', at(mini))).rejects.toThrow(
			/\(errcode 850(19|20)\) \| \w/,
		);
	});
});

test.each([
	['the object', { ext: { shop: 42 } }],
	['the body on WeChat’s page', { template_id: 1, ext_json: '{"ext":{"shop":42}}' }],
	['an object in it', { ext_json: { ext: { shop: 42 } } }],
])('Ext JSON may be %s', async (_, given) => {
	await run('code', 'commit', { ...at(mini), ...commit, ext_json: JSON.stringify(given) });
	const { body } =
		simulator()
			.calls.filter(({ path }) => path === '/wxa/commit')
			.at(-1) ?? {};
	expect((body as IDataObject).ext_json).toBe('{"ext":{"shop":42}}');
});
