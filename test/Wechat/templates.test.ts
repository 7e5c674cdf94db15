import type { INodeParameters } from 'n8n-workflow';
import {
	getCategories,
	getSubscriptionKeywords,
	getTemplateKeywords,
	getTitleKeywords,
	searchSubscriptionTemplates,
	searchTemplates,
	searchTitles,
} from '../../nodes/Wechat/listSearch/templates';
import { readTemplateData } from '../../nodes/Wechat/fields/templateData';
import { editorContext, prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';
import { createOnceUrl } from '../../nodes/api/oauth';

prepareN8n();
const simulator = useSimulator({ followers: 3 });
const id = (value: string) => ({ __rl: true, mode: 'id', value });
const editing = (parameters: INodeParameters) =>
	editorContext('wechat', parameters, credentialsFor(simulator()));

describe('what the editor offers', () => {
	test('templates of either kind, by title', async () => {
		const context = editing({});
		expect((await searchTemplates.call(context)).results).toEqual([
			{ name: '订单发货提醒 (TPL…)', value: 'TPL' },
		]);
		expect((await searchTemplates.call(context, '发货')).results).toHaveLength(1);
		expect((await searchTemplates.call(context, 'x')).results).toEqual([]);
		expect((await searchSubscriptionTemplates.call(context, '结果')).results).toEqual([
			{ name: '报名结果通知 (SUB…)', value: 'SUB' },
		]);
	});

	test('keywords of the chosen template, with the words before them', async () => {
		const message = { resource: 'templateMessage', operation: 'send' };
		const context = editing({ ...message, template_id: id('TPL') });
		expect(await getTemplateKeywords.call(context)).toEqual([
			{ name: '商品名称 (thing1)', value: 'thing1' },
			{ name: '发货时间 (time2)', value: 'time2' },
		]);
		expect(await getTemplateKeywords.call(editing({ ...message, template_id: id('') }))).toEqual(
			[],
		);
		const subscription = { resource: 'subscriptionMessage', operation: 'send' };
		const other = editing({ ...subscription, template_id: id('SUB') });
		expect(await getSubscriptionKeywords.call(other)).toEqual([
			{ name: '会议名称 (thing1)', value: 'thing1' },
			{ name: '参会人 (name2)', value: 'name2' },
		]);
	});

	test('categories, titles page by page or by a word, and keywords of a title', async () => {
		const add = { resource: 'subscriptionMessage', operation: 'addTemplate' };
		const context = editing({ ...add, tid: id('7') });
		expect(await getCategories.call(context)).toEqual([{ name: '公交', value: 616 }]);
		const first = await searchTitles.call(context);
		expect(first.results).toHaveLength(30);
		expect(first.results[0]).toEqual({ name: '标题 1', value: '1' });
		const second = await searchTitles.call(context, '', String(first.paginationToken));
		const third = await searchTitles.call(context, '', String(second.paginationToken));
		expect(third.results.map(({ value }) => value)).toEqual(['61', '62', '63', '64', '65']);
		expect(third.paginationToken).toBeUndefined();
		expect((await searchTitles.call(context, '65')).results).toEqual([
			{ name: '标题 65', value: '65' },
		]);
		expect((await getTitleKeywords.call(context))[0]).toEqual({
			name: '物品名称 (thing)',
			value: 1,
			description: '名称',
		});
		expect(await getTitleKeywords.call(editing({ ...add, tid: id('') }))).toEqual([]);
	});
});

describe('data of a message', () => {
	test('JSON may be the body on WeChat’s page', () => {
		const data = { thing1: { value: 'a' } };
		expect(readTemplateData({ data: { touser: 'o', template_id: 't', data } })).toEqual(data);
		expect(readTemplateData({ data: { data: { value: 'a' } } })).toEqual({ data: { value: 'a' } });
	});

	test('form and JSON make the same', () => {
		const wanted = { thing1: { value: 'a' }, number2: { value: 2 } };
		expect(readTemplateData({ data: { thing1: 'a', number2: 2 } })).toEqual(wanted);
		expect(readTemplateData({ data: { thing1: { value: 'a' }, number2: { value: 2 } } })).toEqual(
			wanted,
		);
		expect(
			readTemplateData({
				values: [
					{ key: '{{ thing1.DATA }}', value: 'a' },
					{ key: ' number2 ', value: 2 },
				],
			}),
		).toEqual(wanted);
	});

	test.each([
		['thing1', '二'.repeat(21), 'thing1 has 21 characters; WeChat takes 20'],
		['phrase3', '六个字的短语', 'phrase3 has 6 characters; WeChat takes 5'],
		['name2', 'x'.repeat(21), 'name2 has 21 characters; WeChat takes 20'],
		['character_string10', 'x'.repeat(33), '33 characters; WeChat takes 32'],
		['', 'a', 'no keyword'],
	])('%s is checked before anything is sent', async (key, value, message) => {
		const before = simulator().calls.length;
		const { error } = await runNode(
			'wechat',
			{
				resource: 'templateMessage',
				operation: 'send',
				touser: 'o',
				template_id: id('TPL'),
				values: { value: [{ key, value }] },
			},
			credentialsFor(simulator()),
		);
		expect(error?.message).toContain(message);
		expect(error?.description).toContain(key ? '"Data"' : 'Choose one');
		expect(simulator().calls).toHaveLength(before);
	});

	test('values may be as long as WeChat takes, and of any length for kinds without a limit', () => {
		expect(() => readTemplateData({ data: { thing1: '😀'.repeat(20) } })).not.toThrow();
		expect(() => readTemplateData({ data: { keyword1: 'x'.repeat(100) } })).not.toThrow();
	});

	// The names of a template's keywords are its own; these are also names of every object in JavaScript.
	test.each(['constructor', 'toString', '__proto__', 'valueOf1'])('%s is a keyword', (key) => {
		const data = readTemplateData({ values: [{ key, value: 'x'.repeat(100) }] });
		expect(Object.entries(data)).toEqual([[key, { value: 'x'.repeat(100) }]]);
	});
});

test('the number of a template message stays exact', async () => {
	const [touser] = simulator().openids();
	const data = '{ "thing1": "a", "time2": "b" }';
	const { output } = await runNode(
		'wechat',
		{
			resource: 'templateMessage',
			operation: 'send',
			touser,
			template_id: id('TPL'),
			dataMode: 'json',
			data,
		},
		credentialsFor(simulator()),
	);
	expect(output[0].json.msgid).toMatch(/^40000000000000000\d\d$/);
});

test.each([{ limit: 500 }, { returnAll: true }])(
	'%j: blocked messages come page by page',
	async (many) => {
		const get = { resource: 'templateMessage', operation: 'getBlocked', template_id: id('TPL') };
		const before = simulator().calls.length;
		const { output } = await runNode('wechat', { ...get, ...many }, credentialsFor(simulator()));
		expect(output.map(({ json }) => json.id)).toEqual(
			Array.from({ length: 120 }, (_, index) => index + 1),
		);
		const pages = simulator().calls.slice(before);
		expect(pages.filter(({ path }) => path === '/wxa/sec/queryblocktmplmsg')).toHaveLength(2);
	},
);

test('a message sent once opens a mini program at a page', async () => {
	const message = { touser: 'o', template_id: 't', scene: '1', title: 'a', content: 'b' };
	const opens = { opens: 'miniprogram', appid: 'wx0123456789abcdef', pagepath: '={{ "" }}' };
	const { error } = await runNode(
		'wechat',
		{ resource: 'subscriptionMessage', operation: 'sendOnce', ...message, ...opens },
		credentialsFor(simulator()),
	);
	expect(error?.message).toContain('"Page Path (页面路径)" is missing');
});

test.each([[[1]], [[1, 2, 3, 4, 5, 6]]])(
	'a template of keywords %j is refused',
	async (kidList) => {
		const { error } = await runNode(
			'wechat',
			{ resource: 'subscriptionMessage', operation: 'addTemplate', tid: id('7'), kidList },
			credentialsFor(simulator()),
		);
		expect(error?.message).toContain('must be 2 to 5');
	},
);

test.each(['', '-1', '10001', '1.5', 'x'])('scene %j of a link is refused', (scene) => {
	const link = { appId: 'wx1', template_id: 't', redirectUri: 'https://example.com' };
	expect(() => createOnceUrl({ ...link, scene })).toThrow('"Scene" must be');
	expect(createOnceUrl({ ...link, scene: '10000' })).toContain('&scene=10000&');
});

test('an address to come back to must be whole', () => {
	const link = { appId: 'wx1', template_id: 't', scene: '1' };
	expect(() => createOnceUrl({ ...link, redirectUri: 'example.com' })).toThrow('no address');
});
