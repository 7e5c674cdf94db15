import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { State } from '../../nodes/api/state';
import { DEFAULT_ACCOUNT, SECOND_ACCOUNT } from '../simulator';
import {
	type Credentials,
	editorContext,
	leadTo,
	nodesWith,
	PACK,
	prepareN8n,
	runNode,
	runWorkflow,
} from '../support/n8n';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';
import { searchRules } from '../../nodes/WechatReply/ruleSession';

prepareN8n();
const simulator = useSimulator({ accounts: [DEFAULT_ACCOUNT, SECOND_ACCOUNT] });

let credentials: Credentials;
/** How a node names the account that it keeps rules for. */
let own: INodeParameters;
const behind = (appId: string): INodeParameters => ({
	authentication: 'openPlatform',
	account: { __rl: true, mode: 'id', value: appId },
});

const BY_MEDIA_ID = { mediaFrom: 'mediaId', thumbFrom: 'mediaId', videoThumbFrom: 'mediaId' };

/** Runs WeChat Reply alone; `input` are the items before it. */
async function ran(
	operation: string,
	parameters: INodeParameters = {},
	input: IDataObject[] = [{}],
	onError: 'continueRegularOutput' | 'stopWorkflow' = 'stopWorkflow',
) {
	const given = { resource: 'rule', operation, ...own, ...BY_MEDIA_ID, ...parameters };
	const items = input.map((json): INodeExecutionData => ({ json }));
	return await runNode('wechatReply', given, credentials, items, { onError });
}

async function act(operation: string, parameters: INodeParameters = {}, input?: IDataObject[]) {
	const { error, output } = await ran(operation, parameters, input);
	if (error) throw error;
	return output.map(({ json }) => json);
}
const errorOf = async (operation: string, parameters: INodeParameters = {}) =>
	(await ran(operation, parameters)).error;

const which = (request: string, when = 'keyword'): INodeParameters => ({
	when,
	request: { __rl: true, mode: 'id', value: request },
});
const add = async (request: string, content: string, more: INodeParameters = {}) =>
	await act('add', { request, content, ...more });
const exported = async () => (await act('export'))[0].rules as IDataObject[];
const requests = async () => (await exported()).map(({ request }) => request).sort();
const textRule = (request: string, content = request, more: IDataObject = {}) => ({
	when: 'keyword',
	request,
	match: 'exact',
	type: 'text',
	reply: { type: 'text', content },
	enabled: true,
	priority: 0,
	...more,
});

describe.each<[string, () => Promise<Credentials>, INodeParameters]>([
	['an official account', async () => credentialsFor(simulator()), {}],
	[
		'an account behind a third-party platform',
		async () => await platformCredentialsFor(simulator()),
		behind(SECOND_ACCOUNT.appId),
	],
])('rules of %s', (_, made, parameters) => {
	let calls: number;
	beforeEach(async () => {
		credentials = await made();
		own = parameters;
		calls = simulator().calls.length;
	});
	// They are kept here: WeChat has nothing to do with them.
	afterEach(() => expect(simulator().calls).toHaveLength(calls));

	test('are added, and are there in the next run', async () => {
		expect(await add(' Hello ', 'hi')).toEqual([{ ...textRule('Hello', 'hi'), replaced: false }]);
		expect(await exported()).toEqual([textRule('Hello', 'hi')]);
	});

	test('replace the one of the same keyword, and say so', async () => {
		await add('hello', 'first', { match: 'contains' });
		expect(await add('ＨＥＬＬＯ', 'second')).toEqual([
			{
				...textRule('ＨＥＬＬＯ', 'second'),
				replaced: textRule('hello', 'first', { match: 'contains' }),
			},
		]);
		expect(await exported()).toEqual([textRule('ＨＥＬＬＯ', 'second')]);
	});

	test('are read one by one, and deleted', async () => {
		await add('a', 'x');
		await add('b', 'y');
		expect(await act('get', which('A'))).toEqual([textRule('a', 'x')]);
		expect(await act('delete', which('a'))).toEqual([{ deleted: true, ...textRule('a', 'x') }]);
		expect(await requests()).toEqual(['b']);
		expect((await errorOf('get', which('a')))?.message).toBe('There is no rule of "a"');
		expect((await errorOf('delete', which('a')))?.message).toBe('There is no rule of "a"');
		expect((await errorOf('update', which('a')))?.message).toBe('There is no rule of "a"');
	});

	test('are listed in the order in which they are tried', async () => {
		await add('b', 'x', { match: 'contains' });
		await add('bb', 'x', { match: 'contains' });
		await add('c', 'x', { ruleOptions: { priority: -1 } });
		await add('a', 'x', { match: 'wildcard', ruleOptions: { priority: 5 } });
		await add('d', 'x');
		const all = await act('getAll', { returnAll: true });
		expect(all.map(({ request }) => request)).toEqual(['a', 'd', 'bb', 'b', 'c']);
		expect(all).toEqual(await exported());
		expect(await act('getAll', { returnAll: false, limit: 2 })).toEqual(all.slice(0, 2));
	});

	test('are listed as nothing when there are none', async () => {
		expect(await act('getAll', { returnAll: true })).toEqual([]);
		expect(await exported()).toEqual([]);
	});

	test('are found for a text', async () => {
		await add('open*', 'o', { match: 'wildcard' });
		const tried = async (text: string) => (await act('match', { when: 'keyword', text }))[0];
		expect(await tried('Opening hours?')).toEqual({
			matched: true,
			...textRule('open*', 'o', { match: 'wildcard' }),
		});
		expect(await tried('closed')).toEqual({ matched: false });
		await add('', 'else', { when: 'noMatch' });
		expect(await tried('closed')).toMatchObject({ matched: true, when: 'noMatch' });
	});

	test('are found for a menu key and for somebody who subscribes', async () => {
		await add('HELP', 'm', { when: 'menuKey' });
		await add('', 's', { when: 'subscribe' });
		const tried = async (when: string, text = '') => (await act('match', { when, text }))[0];
		expect(await tried('menuKey', 'HELP')).toMatchObject({ matched: true, when: 'menuKey' });
		expect(await tried('menuKey', 'OTHER')).toEqual({ matched: false });
		expect(await tried('subscribe')).toMatchObject({ matched: true, when: 'subscribe' });
		expect(await tried('keyword', 'HELP')).toEqual({ matched: false });
		expect((await errorOf('match', { when: 'keyword', text: '={{ "" }}' }))?.message).toContain(
			'is missing',
		);
	});

	test('are changed in parts', async () => {
		await add('a', 'x');
		const changes = { enabled: false, match: 'startsWith', priority: 3 };
		const changed = textRule('a', 'x', changes);
		expect(await act('update', { ...which('A'), changes })).toEqual([changed]);
		expect(await act('update', { ...which('a'), type: 'Image', mediaId: 'm' })).toEqual([
			{ ...changed, type: 'image', reply: { type: 'image', content: { mediaId: 'm' } } },
		]);
		expect(await act('update', which('a'))).toEqual(await exported());
	});

	test('get another keyword, but not one that is taken', async () => {
		await add('a', 'x');
		await add('b', 'y');
		const change = async (newRequest: string) => ({ ...which('a'), changes: { newRequest } });
		const error = await errorOf('update', await change(' B '));
		expect(error?.message).toBe('There is a rule of "B" already');
		expect(error?.description).toBe('Delete it first.\n已有“B”的回复规则：请先删除。');
		expect(await requests()).toEqual(['a', 'b']);
		// The same rule in other letters.
		expect(await act('update', await change('Ａ'))).toEqual([textRule('Ａ', 'x')]);
		expect(await act('update', await change(' c '))).toEqual([textRule('c', 'x')]);
		expect(await requests()).toEqual(['b', 'c']);
		expect(await act('update', { ...which('c'), changes: { newRequest: ' ' } })).toEqual([
			textRule('c', 'x'),
		]);
	});

	test('are imported all at once', async () => {
		await add('a', 'before');
		await add('other', 'before');
		const rules = [textRule('A', 'after'), { request: 'b', type: 'text', reply: 'hi' }];
		expect(await act('import', { rules: JSON.stringify(rules) })).toEqual([
			{ imported: 2, added: 1, replaced: 1, deleted: 0 },
		]);
		expect(await requests()).toEqual(['A', 'b', 'other']);
		expect(await act('import', { rules: JSON.stringify(rules), deleteOthers: true })).toEqual([
			{ imported: 2, added: 0, replaced: 2, deleted: 1 },
		]);
		expect(await requests()).toEqual(['A', 'b']);
	});

	test('are imported all or none', async () => {
		const rules = [textRule('a'), textRule('b', '')];
		const error = await errorOf('import', { rules: JSON.stringify(rules), deleteOthers: true });
		expect(error?.message).toBe('Rule 2 ("b"): content of reply is missing');
		expect(error?.description).toBe(
			'None of the rules was taken.\n第 2 条规则（“b”）有误，未导入任何规则：reply 的 content 没有填写。',
		);
		expect(await exported()).toEqual([]);
		expect((await errorOf('import', { rules: '[{' }))?.message).toContain('is not valid JSON');
		expect((await errorOf('import', { rules: '={{ "" }}' }))?.message).toBe(
			'"Rules (规则)" is missing',
		);
	});

	test('that another node exported are imported as they come', async () => {
		await add('a', 'x', { match: 'contains', ruleOptions: { enabled: false, priority: 2 } });
		await add('', 's', { when: 'subscribe' });
		const before = await exported();
		for (const { request, when } of before)
			await act('delete', which(String(request), String(when)));
		expect(await exported()).toEqual([]);
		expect(await act('import', { rules: '={{ $json }}' }, [{ rules: before }])).toEqual([
			{ imported: 2, added: 2, replaced: 0, deleted: 0 },
		]);
		expect(await exported()).toEqual(before);
	});

	test('are shown in the lists of the editor', async () => {
		for (const request of ['Opening', 'about', 'shop']) await add(request, 'x');
		await add('OPEN', 'x', { when: 'menuKey' });
		const list = async (when: string, filter?: string) => {
			const context = editorContext('wechatReply', { resource: 'rule', when, ...own }, credentials);
			return (await searchRules.call(context, filter)).results.map(({ name, value }) => {
				expect(value).toBe(name);
				return name;
			});
		};
		expect(await list('keyword')).toEqual(['Opening', 'about', 'shop']);
		expect(await list('keyword', 'OPEN')).toEqual(['Opening']);
		expect(await list('menuKey')).toEqual(['OPEN']);
		expect(await list('menuKey', 'x')).toEqual([]);
	});
});

describe('an account', () => {
	beforeEach(() => {
		credentials = credentialsFor(simulator());
		own = {};
	});

	// What the fields of each type make, as the document writes it.
	test.each<[string, string, INodeParameters, unknown]>([
		['Text', 'text', { content: '007 <&> 😀' }, { type: 'text', content: '007 <&> 😀' }],
		['Image', 'image', { mediaId: 'm' }, { type: 'image', content: { mediaId: 'm' } }],
		['Voice', 'voice', { mediaId: 'm' }, { type: 'voice', content: { mediaId: 'm' } }],
		[
			'Video',
			'video',
			{ mediaId: 'm', title: 't', description: 'd', videoThumbMediaId: 'p' },
			{ type: 'video', content: { mediaId: 'm', title: 't', description: 'd', thumbMediaId: 'p' } },
		],
		[
			'Music',
			'music',
			{ title: 't', musicUrl: 'https://a.b', hqMusicUrl: 'https://a.c', thumbMediaId: 'p' },
			{ title: 't', musicUrl: 'https://a.b', hqMusicUrl: 'https://a.c', thumbMediaId: 'p' },
		],
		[
			'News',
			'news',
			{ articles: { article: [{ Title: 't', Description: '', PicUrl: '', Url: 'https://a.b' }] } },
			[{ title: 't', description: '', picurl: '', url: 'https://a.b' }],
		],
	])(
		'gives answers of the type %s, for each that it can answer to',
		async (Type, type, given, reply) => {
			for (const when of ['keyword', 'menuKey', 'subscribe', 'noMatch']) {
				const request = ['keyword', 'menuKey'].includes(when) ? 'K' : '';
				const [added] = await act('add', { when, request, type: Type, ...given });
				expect(added).toEqual({
					when,
					request,
					...(when === 'keyword' && { match: 'exact' }),
					type,
					reply,
					enabled: true,
					priority: 0,
					replaced: false,
				});
			}
			const before = await exported();
			expect(before).toHaveLength(4);
			await act('import', { rules: JSON.stringify({ rules: before }), deleteOthers: true });
			expect(await exported()).toEqual(before);
		},
	);

	test('has rules for texts when nothing else is chosen', async () => {
		const [added] = await act('add', { request: 'k', content: 'x' });
		expect(added).toMatchObject({ when: 'keyword', match: 'exact', type: 'text', enabled: true });
	});

	test.each<[string, INodeParameters, string]>([
		['no keyword', { request: '={{ "" }}' }, '"Keyword (关键词)" is missing'],
		[
			'a blank keyword, which every text would contain',
			{ request: ' 　', match: 'contains' },
			'missing',
		],
		[
			'a keyword of 201 characters',
			{ request: 'x'.repeat(201) },
			'"Keyword (关键词)" has 201 characters',
		],
		['no menu key', { when: 'menuKey', request: '={{ "" }}' }, '"Menu Key (菜单Key)" is missing'],
		['a blank menu key', { when: 'menuKey', request: ' ' }, 'missing'],
		[
			'a menu key of 129 characters',
			{ when: 'menuKey', request: 'x'.repeat(129) },
			'129 characters',
		],
		['an empty text', { content: '={{ "" }}' }, '"Text (文字)" is missing'],
		[
			'an image without ID',
			{ type: 'Image', mediaId: '={{ "" }}' },
			'"Media ID (素材ID)" is missing',
		],
		['another way to match', { match: '={{ "regex" }}' }, '"Match (匹配方式)" must be one of'],
		[
			'a priority in words',
			{ ruleOptions: { priority: 'high' } },
			'"Priority (优先级)" must be a number',
		],
		['no article', { type: 'News', articles: {} }, '"Articles (图文)" is missing'],
		[
			'nine articles',
			{ type: 'News', articles: { article: Array(9).fill({ Title: 't' }) } },
			'takes 8 at a time',
		],
	])('refuses %s', async (_, parameters, message) => {
		const error = await errorOf('add', { request: 'k', content: 'x', ...parameters });
		expect(error?.message).toContain(message);
		expect(await exported()).toEqual([]);
	});

	test('keeps articles of which only a part was entered', async () => {
		const articles = { article: [{ Title: 't' }, { Url: '={{ "https://a.b" }}' }] };
		const [added] = await act('add', { request: 'k', type: 'News', articles });
		expect(added.reply).toEqual([
			{ title: 't', description: '', picurl: '', url: '' },
			{ title: '', description: '', picurl: '', url: 'https://a.b' },
		]);
	});

	test('keeps a preview picture with the video that it is of', async () => {
		await act('add', { request: 'k', type: 'Video', mediaId: 'm', videoThumbMediaId: 'p' });
		const video = { type: 'video', content: { mediaId: 'm', thumbMediaId: 'p' } };
		expect((await exported())[0].reply).toEqual(video);
		await act('update', { ...which('k'), type: 'Video', mediaId: 'n' });
		expect((await exported())[0].reply).toEqual({ type: 'video', content: { mediaId: 'n' } });
	});

	test('has one rule for who subscribes, which is named by that', async () => {
		await add('', 'x', { when: 'subscribe' });
		expect((await add('', 'y', { when: 'subscribe' }))[0].replaced).toMatchObject({
			reply: { content: 'x' },
		});
		expect(await act('get', which('', 'subscribe'))).toMatchObject([{ reply: { content: 'y' } }]);
		const changes = { newRequest: 'k' };
		expect(await act('update', { ...which('', 'subscribe'), changes })).toMatchObject([
			{ request: '' },
		]);
		const error = await errorOf('get', which('', 'noMatch'));
		expect(error?.message).toBe('There is no rule of the kind "noMatch"');
		expect(error?.description).toContain('Get Many shows');
	});

	test('has keywords and menu keys side by side', async () => {
		await add('k', 'word');
		await add('k', 'key', { when: 'menuKey' });
		expect(await act('get', which('k', 'menuKey'))).toMatchObject([{ reply: { content: 'key' } }]);
		await act('delete', which('k', 'menuKey'));
		expect(await exported()).toEqual([textRule('k', 'word')]);
	});
});

describe('several items', () => {
	beforeEach(() => {
		credentials = credentialsFor(simulator());
		own = {};
	});
	const given = { request: '={{ $json.k }}', content: '={{ $json.v }}' };
	const items = (...keys: string[]) => keys.map((k, index) => ({ k, v: `${k}${index}` }));

	test('add their rules in one write, in their order', async () => {
		const keys = Array.from({ length: 100 }, (_, n) => `k${n}`);
		const output = await act('add', given, items(...keys));
		expect(output.map(({ request }) => request)).toEqual(keys);
		expect(credentials.writes).toBe(1);
		expect(await exported()).toHaveLength(100);
	});

	test('of the same keyword: the last one stays, and says what it replaced', async () => {
		const output = await act('add', given, items('a', 'a', 'A'));
		expect(output.map(({ replaced }) => replaced && (replaced as IDataObject).reply)).toEqual([
			false,
			{ type: 'text', content: 'a0' },
			{ type: 'text', content: 'a1' },
		]);
		expect(await exported()).toEqual([textRule('A', 'A2')]);
	});

	test('that read write nothing', async () => {
		await add('a', 'x');
		const { writes } = credentials;
		expect(
			await act('match', { when: 'keyword', text: '={{ $json.k }}' }, items('a', 'b')),
		).toMatchObject([{ matched: true }, { matched: false }]);
		await act('getAll');
		await exported();
		expect(credentials.writes).toBe(writes);
	});

	test('that fail are errors of their own, when the node continues', async () => {
		const { error, output } = await ran(
			'add',
			given,
			[{ k: 'a', v: 'x' }, { k: 'b' }, { k: 'c', v: 'z' }],
			'continueRegularOutput',
		);
		expect(error).toBeUndefined();
		expect(output.map(({ json, pairedItem }) => [json.error ?? json.request, pairedItem])).toEqual([
			['a', { item: 0 }],
			['"Text (文字)" is missing', { item: 1 }],
			['c', { item: 2 }],
		]);
		expect(await requests()).toEqual(['a', 'c']);
	});

	test('keep what they have done when one of them stops the run', async () => {
		const { error } = await ran('add', given, [{ k: 'a', v: 'x' }, { k: 'b' }]);
		expect(error?.message).toBe('"Text (文字)" is missing');
		expect(await requests()).toEqual(['a']);
	});

	test('that cannot be saved are an error', async () => {
		credentials.preAuthentication = async () => await Promise.reject(new Error('database is gone'));
		expect((await errorOf('add', { request: 'a', content: 'x' }))?.message).toContain(
			'database is gone',
		);
	});

	test('are for the accounts that each of them chooses', async () => {
		credentials = await platformCredentialsFor(simulator());
		own = { ...behind(''), account: { __rl: true, mode: 'id', value: '={{ $json.account }}' } };
		const [first, second] = [DEFAULT_ACCOUNT.appId, SECOND_ACCOUNT.appId];
		await act('add', given, [
			{ k: 'a', v: 'x', account: first },
			{ k: 'a', v: 'y', account: second },
			{ k: 'b', v: 'z', account: first },
		]);
		const state = JSON.parse(String(credentials.data.state)) as State;
		expect(Object.keys(state.shelves ?? {})).toEqual([`rules ${first}`, `rules ${second}`]);
		own = behind(second);
		expect(await exported()).toEqual([textRule('a', 'y')]);
		own = behind(first);
		expect(await exported()).toEqual([textRule('a', 'x'), textRule('b', 'z')]);
	});
});

test('a workflow without a trigger keeps rules: there is nothing to answer', async () => {
	credentials = credentialsFor(simulator());
	const node = nodesWith(credentials);
	const rule = { resource: 'rule' };
	const { error, items, responses } = await runWorkflow(
		{
			nodes: [
				node('Start', 'n8n-nodes-base.start'),
				node('Add', `${PACK}.wechatReply`, {
					...rule,
					operation: 'add',
					request: 'k',
					content: 'x',
				}),
				node('Export', `${PACK}.wechatReply`, { ...rule, operation: 'export' }),
			],
			connections: { Start: leadTo('Add'), Add: leadTo('Export') },
		},
		credentials,
	);
	expect(error).toBeUndefined();
	expect(items('Export')[0].json).toEqual({ rules: [textRule('k', 'x')] });
	expect(responses).toEqual([]);
});
