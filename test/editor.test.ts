import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { homepage } from '../package.json';
import { PACK } from './support/n8n';
import { PACK_CREDENTIALS, PACK_NODES } from './support/packContents';

/** What the editor shows of each node: how it is found, what it looks like, what explains it. */

const root = join(__dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const credentials = PACK_CREDENTIALS.map(({ credential }) => credential);
const nodes = PACK_NODES.map(({ className, node: { description } }) => ({
	folder: className,
	description,
}));
const described = [
	...nodes.map(({ description: { name, properties } }) => ({ name, properties })),
	...credentials.map(({ name, properties }) => ({ name, properties })),
];

test('package.json lists every node and every credential in the repository', () => {
	const folders = readdirSync(join(root, 'nodes')).filter((folder) =>
		existsSync(join(root, 'nodes', folder, `${folder}.node.ts`)),
	);
	expect(nodes.map(({ folder }) => folder).sort()).toEqual(folders.sort());
	expect(PACK_CREDENTIALS.map(({ className }) => `${className}.credentials.ts`).sort()).toEqual(
		readdirSync(join(root, 'credentials'))
			.filter((file) => file.endsWith('.credentials.ts'))
			.sort(),
	);
});

interface Codex {
	node: string;
	nodeVersion: string;
	codexVersion: string;
	categories: string[];
	resources: { primaryDocumentation: Array<{ url: string }> };
	alias: string[];
}
const codexOf = (folder: string) =>
	JSON.parse(read(`nodes/${folder}/${folder}.node.json`)) as Codex;

/** Those of n8n-nodes-base; others would be shown as Miscellaneous. */
const CATEGORIES = [
	'AI',
	'Analytics',
	'Communication',
	'Data & Storage',
	'Development',
	'Finance & Accounting',
	'Marketing',
	'Miscellaneous',
	'Productivity',
	'Sales',
	'Utility',
];

/** n8n adds a query to the address, which a part behind a `#` would take in. */
const isPage = (url: string) => {
	const [, page] = url.split(`${homepage}/blob/main/`);
	return /^docs\/[a-z-]+\.md$/.test(page) && existsSync(join(root, page));
};

describe.each(nodes)('$folder', ({ folder, description }) => {
	const codex = codexOf(folder);

	test('its codex file is the one of the node, which is in its version', () => {
		expect(codex).toMatchObject({
			node: `${PACK}.${description.name}`,
			nodeVersion: `${String(description.version)}.0`,
			codexVersion: '1.0',
		});
		for (const category of codex.categories) expect(CATEGORIES).toContain(category);
		expect(codex.categories.length).toBeGreaterThan(0);
	});

	test('it is found in English and in Chinese, by the name of WeChat and by words of its own', () => {
		const { alias } = codex;
		if (folder === 'Socialinzen') {
			const found = [...alias, description.displayName, description.description].join(' ');
			expect(found).not.toMatch(/wechat|weixin|微信/i);
		} else expect(alias).toEqual(expect.arrayContaining(['wechat', 'weixin', '微信']));
		expect(new Set(alias.map((word) => word.toLowerCase())).size).toBe(alias.length);
		const own = alias.filter((word) => !['wechat', 'weixin', '微信'].includes(word));
		const isChinese = (word: string) => /\p{Script=Han}/u.test(word);
		expect(own.filter(isChinese).length).toBeGreaterThan(2);
		expect(own.filter((word) => !isChinese(word)).length).toBeGreaterThan(2);
	});

	// n8n 2.8.4 and 2.41.1, injectCustomApiCallOptions: where `version` is `defaultVersion`, or there is none.
	test('n8n adds no Custom API Call to its menus, which would lead away to its HTTP Request node', () => {
		const names = description.credentials?.map(({ name }) => name) ?? [];
		const isTaken = PACK_CREDENTIALS.some(
			({ credential }) => credential.authenticate && names.includes(credential.name),
		);
		const { version, defaultVersion } = description;
		expect([undefined, version].includes(defaultVersion)).toBe(!isTaken);
	});

	test('its documentation is a page', () => {
		const [{ url }] = codex.resources.primaryDocumentation;
		expect(isPage(url)).toBe(true);
	});

	test('its description says what it is in both languages', () => {
		expect(description.description).toMatch(/\p{Script=Han}/u);
	});

	test('its icons are drawings of their own', () => {
		const { light, dark } = description.icon as { light: string; dark: string };
		expect(dark).toBe(light.replace('.svg', '.dark.svg'));
		const [bright, night] = [light, dark].map((icon) => drawing(`nodes/${folder}`, icon));
		expect(night).not.toBe(bright);
		if (folder === 'Socialinzen')
			for (const svg of [bright, night]) expect(svg).not.toMatch(BUBBLE);
	});
});

/** The bubble of the icons of WeChat's nodes. A Socialinzen server is not WeChat's. */
const BUBBLE = /M17 6h12a14 14/;

/** In a square of 60. Two bubbles, but for Socialinzen; on them is what a node has of its own. */
function drawing(folder: string, icon: string): string {
	const svg = read(join(folder, icon.replace('file:', '')));
	expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 60 60"/);
	expect(svg).not.toMatch(/<(?:image|script|text|foreignObject)|href=|url\(http/);
	return svg;
}

/** The labels by which n8n's list of nodes finds what a trigger starts on (n8n-editor-ui 2.8.4). */
test.each(['WechatTrigger', 'WechatBotTrigger', 'WechatPayTrigger'])(
	'n8n offers each event of %s',
	(folder) => {
		const labels = nodes
			.find((one) => one.folder === folder)
			?.description.properties.map(({ displayName }) => displayName.toLowerCase());
		expect(labels?.some((label) => ['event', 'events', 'trigger on'].includes(label))).toBe(true);
	},
);

/**
 * n8n shows an entry X and its trigger "X Trigger" as one, and searches by the words of X alone (found with
 * the node creator of 2.8.4 and 2.41.1).
 */
test.each(['Wechat', 'WechatPay'])('%s is found by the words of its trigger', (name) => {
	expect(codexOf(name).alias).toEqual(expect.arrayContaining(codexOf(`${name}Trigger`).alias));
});

describe.each(credentials)('$name', ({ documentationUrl = '', icon, properties }) => {
	test('its documentation is a page', () => {
		expect(isPage(String(documentationUrl))).toBe(true);
	});

	test('its icons exist', () => {
		for (const file of Object.values(icon as { light: string; dark: string }))
			expect(existsSync(join(root, 'credentials', file.replace('file:', '')))).toBe(true);
	});

	test('secrets are hidden', () => {
		// What is chosen from a list is no secret, nor is what only names a public key: people compare it.
		const open = properties.filter(
			({ name, type, typeOptions }) =>
				type !== 'options' && name !== 'publicKeyId' && !typeOptions?.password,
		);
		expect(
			open.filter(({ name }) => /secret|token|key|password|pass|pkcs12|state/i.test(name)),
		).toEqual([]);
	});
});

/** Whoever enters keys is told the page on which they are. Socialinzen is the user's own server. */
test.each([
	['wechatOfficialAccountApi', 'mp.weixin.qq.com', 'IP白名单'],
	['wechatOpenPlatformApi', 'open.weixin.qq.com', '白名单IP地址列表'],
	['wechatPayApi', 'pay.weixin.qq.com', 'the address of this n8n'],
])('%s begins with the page of the console, and the list of addresses', (name, page, list) => {
	const [notice] = credentials.find((one) => one.name === name)?.properties ?? [];
	expect(notice).toMatchObject({ type: 'notice' });
	expect(notice.displayName).toContain(page);
	expect(notice.displayName).toContain(list);
});

interface Entry {
	path: string;
	property: INodeProperties;
}

/** A field and what is inside of it. */
function fields(property: INodeProperties, above: string): Entry[] {
	const { resource = [], operation = [] } = property.displayOptions?.show ?? {};
	const path = [above, ...resource, ...operation, property.name].filter(Boolean).join(' > ');
	const { type, options = [] } = property;
	const inside =
		type === 'collection'
			? (options as INodeProperties[])
			: type === 'fixedCollection'
				? (options as Array<{ values: INodeProperties[] }>).flatMap(({ values }) => values)
				: [];
	return [{ path, property }, ...inside.flatMap((one) => fields(one, path))];
}

/**
 * Choosing a credential in n8n's editor writes the field that the credentials show by. A field of the form that shows by
 * the one that changed is dropped then if its value is none of its options, which a list never is
 * (removeMismatchedOptionValues in n8n-editor-ui 2.8.4 and 2.41.1). test/e2e/scenarios/import.ts does it with a mouse.
 */
// Of two fields with one name, n8n keeps the value of one.
test.each(nodes)('$folder shows no field beside another of its name', ({ description }) => {
	const own = description.properties.filter(
		({ displayOptions }) => !displayOptions?.show?.resource,
	);
	const names = new Set(own.map(({ name }) => name));
	const doubled = description.properties.filter(
		(property) => names.has(property.name) && !own.includes(property),
	);
	expect(doubled.map(({ name, displayOptions }) => ({ name, ...displayOptions }))).toEqual([]);
});

// Up to three stand below each other: one for how the items are run, one for the message or file, and one more.
test.each(nodes)('$folder says of each box of options what they are for', ({ description }) => {
	const boxes = description.properties.filter(({ type }) => type === 'collection');
	const isAlone = new Set(boxes.map(({ name }) => name)).size === 1;
	const bare = boxes.filter(({ displayName }) => /^(Options|Settings)$/.test(displayName));
	expect(isAlone ? [] : bare.map(({ name }) => name)).toEqual([]);
});

describe.each(nodes)('$folder keeps what was entered', ({ description }) => {
	const { credentials: needed = [], properties } = description;
	const withOptions = properties.filter(({ options }) => options);
	/** The fields that a field shows by. A leading slash names the same one. */
	const showsBy = ({ displayOptions: { show = {}, hide = {} } = {} }: INodeProperties) =>
		[...Object.entries(show), ...Object.entries(hide)].map(([name, values = []]) => ({
			name: name.replace('/', ''),
			values,
		}));

	test('when a credential is chosen', () => {
		const written = needed.flatMap((one) => Object.keys(one.displayOptions?.show ?? {}));
		const lost = withOptions.filter((one) =>
			showsBy(one).some(({ name }) => written.includes(name)),
		);
		expect(lost.map(({ name }) => name)).toEqual([]);
	});

	// Another operation begins anew, as in all nodes of n8n.
	test('when another field changes, and a list stays in sight', () => {
		const lists = withOptions.filter(({ type }) => type !== 'options');
		const lost = lists.filter((one) =>
			showsBy(one).some(
				({ name, values }) => values.length > 1 && !['resource', 'operation'].includes(name),
			),
		);
		expect(lost.map(({ name }) => name)).toEqual([]);
	});
});

/** The entries of the first menu with this name, of the resource when it is given. */
function listEntries(folder: string, menu: string, resource?: string): string[] {
	const { description } = nodes.find((node) => node.folder === folder)!;
	const found = description.properties.find(
		({ name, displayOptions }) =>
			name === menu && (!resource || displayOptions?.show?.resource?.includes(resource)),
	);
	return (found?.options as INodePropertyOptions[]).map(({ value }) => String(value));
}

/** A menu begins with what people want first; what few can use is last. */
test.each<[string, string, string | undefined, string[], string[]]>([
	['WechatTrigger', 'kinds', undefined, ['message.text', 'message.image'], ['other', 'all']],
	['WechatPayTrigger', 'events', undefined, ['TRANSACTION.SUCCESS'], ['other', 'all']],
	[
		'Wechat',
		'resource',
		undefined,
		['customerServiceMessage', 'templateMessage', 'subscriptionMessage', 'user', 'tag', 'menu'],
		['api', 'autoReply', 'group'],
	],
	['Wechat', 'operation', 'templateMessage', ['send', 'getAllTemplates'], ['setIndustry']],
	['Wechat', 'operation', 'tag', ['getAll'], ['delete']],
	['WechatPay', 'resource', undefined, ['payment', 'refund', 'transfer'], ['api']],
	['WechatOpenPlatform', 'resource', undefined, ['account', 'authorization', 'code'], ['api']],
	['WechatReply', 'type', undefined, ['Text', 'Image', 'Voice', 'Video'], []],
])('%s: %s %s has the order of use', (folder, menu, resource, first, last) => {
	const entries = listEntries(folder, menu, resource);
	expect(entries.slice(0, first.length)).toEqual(first);
	expect(entries.slice(entries.length - last.length)).toEqual(last);
});

// N8nNotice of n8n 2.8.4 and 2.41.1 is orange and stays; its callout is calm, and can be dismissed.
test('nothing looks like a warning but what can go wrong', () => {
	const warnings = described.flatMap(({ name, properties }) =>
		credentials.some((one) => one.name === name)
			? []
			: properties.filter(({ type }) => type === 'notice').map((one) => `${name}: ${one.name}`),
	);
	expect([...new Set(warnings)].sort()).toEqual([
		'wechatPay: orderNumberNotice',
		'wechatPay: refundNumberNotice',
		'wechatPay: transferNumberNotice',
		'wechatTrigger: allBesideOthers',
		'wechatTrigger: forPlatformsOnly',
	]);
});

// It is dismissed by its name, for all nodes.
test('no two callouts share a name, but those that say the same', () => {
	const callouts = described.flatMap(({ properties }) =>
		properties.filter(({ type }) => type === 'callout'),
	);
	const texts = new Map<string, Set<string>>();
	for (const { name, displayName } of callouts)
		texts.set(name, (texts.get(name) ?? new Set()).add(displayName.replace(/<[^>]+>/g, '')));
	expect(texts.size).toBeGreaterThan(6);
	for (const [name, said] of texts) expect([name, said.size]).toEqual([name, 1]);
});

describe.each(described)('$name explains itself', ({ properties }) => {
	const all = properties.flatMap((property) => fields(property, ''));
	const menus = all.filter(({ property: { name } }) => ['resource', 'operation'].includes(name));

	/** A collection is explained by what is in it, a menu of resources and operations by its entries. */
	test('every field has a sentence that helps', () => {
		const silent = all.filter(
			({ property: { type, name, description, hint } }) =>
				!['callout', 'notice', 'hidden', 'collection'].includes(type) &&
				!['resource', 'operation'].includes(name) &&
				!(description || hint),
		);
		expect(silent.map(({ path }) => path)).toEqual([]);
	});

	test('a sentence says more than the name of its field', () => {
		const repeating = all.filter(
			({ property: { displayName, description = 'A sentence' } }) =>
				description.length < 10 || description.toLowerCase() === displayName.toLowerCase(),
		);
		expect(repeating.map(({ path }) => path)).toEqual([]);
	});

	test('every operation says what it does', () => {
		const operations = menus
			.filter(({ property: { name } }) => name === 'operation')
			.flatMap(({ property: { options } }) => options as INodePropertyOptions[]);
		const silent = operations.filter(({ action, description }) => !action || !description);
		expect(silent.map(({ name }) => name)).toEqual([]);
	});

	// n8n searches names and actions only. A word in brackets is there once, so that no entry has two brackets.
	test('every resource and operation is found in Chinese', () => {
		const entries = menus.flatMap(({ property }) => property.options as INodePropertyOptions[]);
		const names = entries.flatMap(({ name, action }) => [name, ...(action ? [action] : [])]);
		const strange = names.filter(
			(name) => !/^[^()]+(?: \(Legacy\))? \([^()]*\p{Script=Han}[^()]*\)$/u.test(name),
		);
		expect(strange.filter((name) => !['JS-SDK', 'Auth Key'].includes(name))).toEqual([]);
	});

	test('no text has HTML but links that open beside the editor, and nothing of JavaScript', () => {
		const texts = all.flatMap(({ property: { displayName, description = '', hint = '' } }) => [
			displayName,
			description,
			hint,
		]);
		for (const text of texts) {
			const bare = text.replace(
				/<a href="https:\/\/[^"<>]+"(?: target="_blank")?>([^<>]+)<\/a>/g,
				'$1',
			);
			expect(bare).not.toMatch(/<\/?\w|undefined|\[object|NaN|\bnull\b/);
		}
	});
});
