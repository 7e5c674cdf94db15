import { readMenuJson, readMenuRows, type MenuRow } from '../../nodes/Wechat/customMenu';
import { searchPersonalizedMenus } from '../../nodes/Wechat/listSearch/personalizedMenus';
import { editorContext, prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

const hi = { place: 'bar', name: 'Hi', type: 'click', key: 'hi' };
const more = { place: 'bar', name: 'More', type: 'sub_button' };
const below = { place: 'below', name: 'Shop', type: 'view', url: 'https://example.com' };
const times = (count: number, row: MenuRow) => Array.from({ length: count }, () => row);

describe('a menu in rows', () => {
	test('hangs sub-buttons below the button above them', () => {
		expect(readMenuRows([hi, more, below, { ...below, name: 'Cart' }])).toEqual([
			{ name: 'Hi', type: 'click', key: 'hi' },
			{
				name: 'More',
				sub_button: [
					{ name: 'Shop', type: 'view', url: 'https://example.com' },
					{ name: 'Cart', type: 'view', url: 'https://example.com' },
				],
			},
		]);
	});

	test('takes of a row only what its action needs', () => {
		const rest = { url: 'https://example.com', media_id: 'M', appid: 'A' };
		expect(readMenuRows([{ ...hi, ...rest }])).toEqual([{ name: 'Hi', type: 'click', key: 'hi' }]);
	});

	test('may come from an expression, without places', () => {
		const { place, ...row } = hi;
		expect(place).toBe('bar');
		expect(readMenuRows([row])).toHaveLength(1);
	});

	test('takes texts without the blanks around them, and numbers as texts', () => {
		expect(readMenuRows([{ ...hi, name: ' Hi ', key: 7 }])).toEqual([
			{ name: 'Hi', type: 'click', key: '7' },
		]);
	});

	test.each<[string, MenuRow[], string]>([
		['nothing', [], 'The menu has no buttons'],
		['a fourth button', times(4, hi), 'The menu has 4 buttons; WeChat takes 3'],
		['a sixth sub-button', [more, ...times(6, below)], '"More" has 6 sub-buttons; WeChat takes 5'],
		['no sub-button', [more], '"More" has no sub-buttons'],
		['a sub-button first', [below, more], 'The sub-button "Shop" has no button above it'],
		[
			'a sub-button below another action',
			[hi, below],
			'The sub-button "Shop" cannot be below "Hi"',
		],
		[
			'a third level',
			[more, { ...below, type: 'sub_button' }],
			'The button "Shop" has no action that WeChat knows: "sub_button"',
		],
		['no name', [{ ...hi, name: ' ' }], 'A button of the menu has no name'],
		['no key', [{ ...hi, key: '' }], 'The button "Hi" (click) lacks its key'],
		[
			'no page',
			[{ ...hi, type: 'miniprogram', appid: 'wx1', url: 'https://example.com' }],
			'The button "Hi" (miniprogram) lacks its pagepath',
		],
		[
			'an unknown action',
			[{ ...hi, type: 'toString' }],
			'The button "Hi" has no action that WeChat knows: "toString"',
		],
		[
			'a long name',
			[{ ...hi, name: '今日歌曲和更' }],
			'The name of the button "今日歌曲和更" has 18 bytes; WeChat takes 16',
		],
		[
			'a long name of a sub-button',
			[more, { ...below, name: 'x'.repeat(61) }],
			`The name of the button "${'x'.repeat(61)}" has 61 bytes; WeChat takes 60`,
		],
		[
			'a long key',
			[{ ...hi, key: '键'.repeat(43) }],
			'The key of the button "Hi" has 129 bytes; WeChat takes 128',
		],
		[
			'a long URL',
			[{ ...hi, type: 'view', url: 'x'.repeat(1025) }],
			'The url of the button "Hi" has 1025 bytes; WeChat takes 1024',
		],
	])('is refused with %s', (_, rows, message) =>
		expect(() => readMenuRows(rows)).toThrow(new Error(message)),
	);

	test('may be as large as WeChat allows', () => {
		const name = '今日歌曲和';
		const sub = { ...below, name: '字'.repeat(20), url: 'x'.repeat(1024) };
		const column = [{ ...more, name }, ...times(5, sub)];
		expect(readMenuRows([...column, ...column, ...column])).toHaveLength(3);
	});
});

describe('a menu in JSON', () => {
	const button = [{ name: 'Hi', type: 'click', key: 'hi' }];

	test.each([
		['a list', button],
		['the body of the call', { button }],
		['what Get returned', { menu: { button, menuid: 1 }, conditionalmenu: [] }],
		['what Get Configuration returned', { is_menu_open: 1, selfmenu_info: { button } }],
	])('may be %s', (_, given) => expect(readMenuJson(given)).toEqual(button));

	test('may have sub-buttons as answers have them', () => {
		const more = { name: 'More', sub_button: button };
		const filled = [{ ...button[0], sub_button: [] }];
		expect(readMenuJson([{ ...more, sub_button: filled }])).toEqual([more]);
		expect(readMenuJson([{ ...more, sub_button: { list: button } }])).toEqual([more]);
	});

	test.each<[string, object, string]>([
		['something else in it', ['Hi', null], 'A button of the menu has no name'],
		['no list', { button: 'Hi' }, 'The menu in JSON has no list of buttons'],
		['nothing in it', { button: [] }, 'The menu has no buttons'],
		[
			'a button without key',
			[{ name: 'Hi', type: 'click' }],
			'The button "Hi" (click) lacks its key',
		],
		['a button that does nothing', [{ name: 'Hi' }], '"Hi" has no sub-buttons'],
	])('is refused with %s', (_, given, message) =>
		expect(() => readMenuJson(given)).toThrow(new Error(message)),
	);
});

describe('menus of an account', () => {
	prepareN8n();
	const simulator = useSimulator({ followers: 2 });
	const run = async (params: object) =>
		await runNode('wechat', { resource: 'menu', ...params }, credentialsFor(simulator()));
	const form = { rows: { button: [hi, more, below] } };

	test('what Get returns can be created again', async () => {
		await run({ operation: 'create', ...form });
		const before = (await run({ operation: 'get' })).output[0].json;
		const json = JSON.stringify(before);
		const { error } = await run({ operation: 'create', defineUsing: 'json', json });
		expect(error).toBeUndefined();
		expect((await run({ operation: 'get' })).output[0].json).toEqual(before);
	});

	test('a wrong menu costs no call', async () => {
		const before = simulator().calls.length;
		const { error } = await run({ operation: 'create', rows: { button: [hi, below] } });
		expect(error?.message).toBe('The sub-button "Shop" cannot be below "Hi"');
		expect(error?.description).toContain('Set Action of "Hi" to Show Sub-Buttons.');
		expect(simulator().calls).toHaveLength(before);
	});

	test.each([
		['empty', { ...hi, name: '' }],
		['left out', { type: 'click', key: 'hi' }],
		['left out of sub-buttons', { ...more, name: '' }],
	])('a row whose text is %s is told so', async (_, row) => {
		const { error } = await run({ operation: 'create', rows: { button: [row] } });
		expect(error?.message).toBe('A button of the menu has no name');
	});

	test('a personalized menu is for somebody', async () => {
		const { error } = await run({ operation: 'createPersonalized', ...form });
		expect(error?.message).toBe('Choose "Tag", "Phone" or both');
	});

	test('personalized menus are found by buttons and by whom they are for', async () => {
		const context = () => editorContext('wechat', {}, credentialsFor(simulator()));
		await run({ operation: 'delete' });
		expect(await searchPersonalizedMenus.call(context())).toEqual({ results: [] });

		await run({ operation: 'create', ...form });
		expect(await searchPersonalizedMenus.call(context())).toEqual({ results: [] });

		const tag = { __rl: true, mode: 'id', value: '2' };
		await run({ operation: 'createPersonalized', tag, client_platform_type: '2', ...form });
		await run({ operation: 'createPersonalized', client_platform_type: '1', ...form });
		const { results } = await searchPersonalizedMenus.call(context(), 'ANDROID');
		expect(results).toEqual([
			{
				name: expect.stringMatching(/^Hi \| More \(tag 2, Android, \d+\)$/) as string,
				value: expect.stringMatching(/^\d+$/) as string,
			},
		]);
		const menuid = { __rl: true, mode: 'list', value: results[0].value };
		const { output } = await run({ operation: 'deletePersonalized', menuid });
		expect(output[0].json).toEqual({ deleted: true });
		expect((await searchPersonalizedMenus.call(context())).results).toHaveLength(1);
	});

	test('who carries the tag sees the menu of the tag', async () => {
		const [openid, other] = simulator().openids();
		await run({ operation: 'create', ...form });
		const tag = { __rl: true, mode: 'id', value: '2' };
		await run({ operation: 'createPersonalized', tag, rows: { button: [hi] } });
		const tagging = { resource: 'tag', operation: 'addToUsers', tag, openid_list: openid };
		await runNode('wechat', tagging, credentialsFor(simulator()));
		const shownTo = async (user_id: string) =>
			(await run({ operation: 'testMatch', user_id })).output[0].json.button;
		expect(await shownTo(openid)).toHaveLength(1);
		expect(await shownTo(other)).toHaveLength(2);
	});
});
