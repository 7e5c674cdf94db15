import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * The rules that keep the layout as CONTRIBUTING describes it. Rule 5, that exported functions begin with a verb, is
 * a rule of eslint.config.mjs; rule 6, the glossary, is test/glossary.test.ts.
 */

/** Rule 1: who may import whom, beside its own folder. Capital folders are nodes on the canvas. */
const ALLOWED: Record<string, string[]> = {
	base: [],
	api: ['base'],
	article: ['base'],
	bot: ['api', 'base', 'push'],
	callCatalog: ['base'],
	push: ['base'],
	pay: ['base'],
	payV3: ['api', 'base', 'pay'],
	redis: ['base'],
	replyRules: ['api', 'base', 'push'],
	socialinzenApi: ['api', 'base'],
	soter: ['base'],
	voice: ['base'],
	n8n: ['api', 'base', 'bot', 'callCatalog', 'pay', 'payV3', 'push', 'redis', 'socialinzenApi'],
	engine: ['api', 'article', 'base', 'callCatalog', 'n8n', 'voice'],
	conversation: ['api', 'article', 'base', 'bot', 'engine', 'n8n', 'push', 'replyRules', 'voice'],
	Node: [
		'api',
		'article',
		'base',
		'bot',
		'callCatalog',
		'conversation',
		'engine',
		'n8n',
		'pay',
		'payV3',
		'push',
		'redis',
		'replyRules',
		'socialinzenApi',
		'soter',
		'voice',
	],
};
/** Rooms that n8n has no part in. */
const N8N_FREE = [
	'api',
	'article',
	'base',
	'bot',
	'callCatalog',
	'pay',
	'payV3',
	'push',
	'redis',
	'replyRules',
	'socialinzenApi',
	'soter',
	'voice',
];

const MIN_LINES = 25;

const root = join(__dirname, '..', 'nodes');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
	(file) => file.endsWith('.ts') && !file.endsWith('.d.ts'),
);
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const roomOf = (file: string) => file.split('/')[0];
const isTable = (file: string) => /\/(resources|fields)\//.test(file);
const importsOf = (file: string) =>
	[...read(file).matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, from]) => from);
const targetsOf = (file: string) =>
	importsOf(file)
		.filter((from) => from.startsWith('.'))
		.map((from) => `${join(dirname(file), from)}.ts`);

/** The rooms that import each file; those of credentials/ count as one. */
const importers = new Map<string, Set<string>>(files.map((file) => [file, new Set()]));
for (const file of files)
	for (const target of targetsOf(file)) importers.get(target)?.add(roomOf(file));
const credentials = join(root, '..', 'credentials');
for (const file of readdirSync(credentials).filter((name) => name.endsWith('.ts')))
	for (const [, target] of readFileSync(join(credentials, file), 'utf8').matchAll(
		/from '\.\.\/nodes\/([^']+)'/g,
	))
		importers.get(`${target}.ts`)?.add('credentials');

test('there is something to look at', () => {
	expect(files).toContain('base/http.ts');
	expect([...(importers.get('base/http.ts') ?? [])]).toContain('api');
});

// Windows and macOS would put two such folders into one.
test('no two folders differ only in capital letters', () => {
	const folders = [...new Set(files.map(dirname))].map((folder) => folder.toLowerCase());
	expect(folders.filter((folder, i) => folders.indexOf(folder) !== i)).toEqual([]);
});

test.each(files)('rule 1: %s imports only what lies below it', (file) => {
	const room = roomOf(file);
	const allowed = [room, ...ALLOWED[/^[A-Z]/.test(room) ? 'Node' : room]];
	for (const target of targetsOf(file)) expect(allowed).toContain(roomOf(target));
	for (const from of importsOf(file)) {
		if (N8N_FREE.includes(room)) expect(from).not.toMatch(/^n8n-/);
		if (from === 'undici') expect(file).toBe('base/http.ts');
	}
});

const base = files.filter((file) => roomOf(file) === 'base');
const others = (file: string) => [...(importers.get(file) ?? [])].filter((room) => room !== 'base');

test.each(base)('rule 2: %s is needed by two rooms', (file) => {
	const inside = base.some((other) => other !== file && targetsOf(other).includes(file));
	expect(inside ? 2 : others(file).length).toBeGreaterThanOrEqual(2);
});

test.each(base)('rule 2: %s knows nothing of WeChat', (file) => {
	expect(read(file)).not.toMatch(/wechat|weixin|errcode/i);
});

test('rule 3: no two files have one name, except tables', () => {
	const names = files.filter((file) => !isTable(file)).map((file) => basename(file));
	expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test.each(files.filter((file) => file.includes('/resources/')))(
	'rule 4: %s exports one resource and nothing else',
	(file) => {
		const exported = exportsOf(file);
		expect(exported).toHaveLength(1);
		expect(read(file)).toMatch(new RegExp(`export const ${exported[0]} = defineResource`));
	},
);

test.each(files.filter((file) => !isTable(file)))(
	'rule 7: %s has something to say, or two rooms that listen',
	(file) => {
		const lines = read(file).trimEnd().split('\n').length;
		if (lines < MIN_LINES) expect(importers.get(file)?.size).toBeGreaterThanOrEqual(2);
	},
);

/** Who imports a name from a file: in nodes/, credentials/ and test/. */
const imported = new Set<string>();
for (const folder of ['nodes', 'credentials', 'test'])
	for (const file of readdirSync(join(root, '..', folder), { recursive: true, encoding: 'utf8' })) {
		if (!file.endsWith('.ts')) continue;
		const text = readFileSync(join(root, '..', folder, file), 'utf8');
		for (const [, names, from] of text.matchAll(/\{([^}]*)\} from '(\.[^']+)'/g)) {
			const target = relative(root, join(root, '..', folder, dirname(file), from));
			for (const name of names.split(','))
				imported.add(`${target} ${name.replace(/^\s*type |\s+as .*$/gs, '').trim()}`);
		}
	}

test.each(files.filter((file) => !file.endsWith('.node.ts')))(
	'%s exports nothing that nobody imports',
	(file) => {
		const path = file.replace(/\.ts$/, '');
		expect(exportsOf(file).filter((name) => !imported.has(`${path} ${name}`))).toEqual([]);
	},
);

/** The names that a file exports. */
function exportsOf(file: string): string[] {
	const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest);
	return source.statements.flatMap((statement) => {
		if (!ts.canHaveModifiers(statement)) return [];
		const isExported = ts
			.getModifiers(statement)
			?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
		if (!isExported) return [];
		if (ts.isVariableStatement(statement))
			return statement.declarationList.declarations.map(({ name }) => name.getText(source));
		const { name } = statement as ts.FunctionDeclaration;
		return name ? [name.text] : [];
	});
}
