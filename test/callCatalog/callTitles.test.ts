import calls from '../../nodes/callCatalog/calls.json';
import groups from '../../nodes/callCatalog/groups.json';
import payCalls from '../../nodes/callCatalog/payCalls.json';
import payGroups from '../../nodes/callCatalog/payGroups.json';
import { PACK_NODES } from '../support/packContents';

/** What the list of API: Call shows, and whether calls are repeated, which a person has judged for each. */

interface Call {
	key: string;
	path: string;
	title: string[];
	group: string;
	effect: string;
	gone?: string;
}
const records = calls as Call[];
const names: Record<string, string[]> = groups;

const CHINESE = /\p{Script=Han}/u;
/** Marks and letters of Chinese texts, too. */
const NOT_ENGLISH = /[^\x20-\x7e]/;

const listUnnamed = (titles: Record<string, string[]>) =>
	Object.keys(titles).filter((key) => {
		const [english, chinese, ...more] = titles[key];
		return !english || NOT_ENGLISH.test(english) || !CHINESE.test(chinese) || more.length > 0;
	});

test('each call has a title in English and in Chinese', () =>
	expect(listUnnamed(Object.fromEntries(records.map(({ key, title }) => [key, title])))).toEqual(
		[],
	));

test('each group has a name in English and in Chinese', () => {
	expect(Object.keys(names).sort()).toEqual([...new Set(records.map(({ group }) => group))].sort());
	expect(listUnnamed(names)).toEqual([]);
});

// Few of them have a Chinese title: the others are found by the Chinese name of their group.
test('each call of WeChat Pay has a title in English, and its group has a name in both', () => {
	expect(payCalls.filter(({ title }) => !title[0] || NOT_ENGLISH.test(title[0]))).toEqual([]);
	expect(Object.keys(payGroups).sort()).toEqual(
		[...new Set(payCalls.map(({ group }) => group))].sort(),
	);
	expect(listUnnamed(payGroups)).toEqual([]);
});

test.each([0, 1])('groups have the same name in both languages or in none (%s)', (language) => {
	const others = new Map<string, Set<string>>();
	for (const name of Object.values(names))
		others.set(name[language], (others.get(name[language]) ?? new Set()).add(name[1 - language]));
	expect([...others].filter(([, of]) => of.size > 1)).toEqual([]);
});

test.each([0, 1])('a title stands once in the groups of one name (%s)', (language) => {
	const seen = new Map<string, string[]>();
	for (const { key, title, group } of records) {
		const shown = `${names[group]?.[language]}: ${title[language]}`;
		seen.set(shown, [...(seen.get(shown) ?? []), key]);
	}
	expect([...seen].filter(([, keys]) => keys.length > 1)).toEqual([]);
});

test('titles say which calls WeChat has switched off', () => {
	const wrong = records.filter(
		({ title: [english, chinese], gone }) =>
			english.endsWith(' (Retired)') !== Boolean(gone) ||
			chinese.endsWith('（已下线）') !== Boolean(gone),
	);
	expect(wrong.map(({ key }) => key)).toEqual([]);
});

/** Operations whose effect differs from that of the call, and why. */
const DIFFERENT: Record<string, string> = {
	'wechatOpenPlatform.domain.getBusiness': 'asks with the action "get", and other actions write',
	'wechatOpenPlatform.domain.getPlatformBusiness':
		'asks with the action "get", and other actions write',
	'wechatOpenPlatform.domain.getPlatformServer':
		'asks with the action "get", and other actions write',
	'wechatOpenPlatform.domain.getServer': 'asks with the action "get", and other actions write',
};

interface Operation {
	value: string;
	path?: string;
	effect?: string;
}

const operations = PACK_NODES.flatMap(({ node, resources }) =>
	resources.flatMap(({ value, operations: of }) =>
		(of as Operation[]).map((operation) => ({
			...operation,
			id: [node.description.name, value, operation.value].join('.'),
			known: records.filter(({ path }) => path === operation.path),
		})),
	),
).filter(({ effect, known }) => effect !== undefined && known.length > 0);

// Of several calls at one path, one is the operation's.
const different = operations.filter(
	({ effect, known }) => !known.some((call) => call.effect === effect),
);

test('operations and the calls that they make have the same effect, or it is said why not', () => {
	expect(operations.length).toBeGreaterThan(200);
	expect(different.map(({ id }) => id).sort()).toEqual(Object.keys(DIFFERENT).sort());
});
