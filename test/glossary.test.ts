import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Rule 6 of the layout: one word for one thing. */
const root = join(__dirname, '..');
const readGlossary = (page: string) => readFileSync(join(root, page), 'utf8');
const rows = readGlossary('docs/glossary.md')
	.split('\n')
	.filter((line) => line.startsWith('| **'))
	.map((line) => line.split('|').map((cell) => cell.trim()))
	.map(([, word, meaning, retired]) => ({
		word: word.replaceAll('*', '').replace(/ \(.*/, ''),
		meaning,
		retired: retired.split(', ').filter(Boolean),
	}));

const files = readdirSync(join(root, 'nodes'), { recursive: true, encoding: 'utf8' }).filter(
	(file) => file.endsWith('.ts'),
);
const source = (file: string) => readFileSync(join(root, 'nodes', file), 'utf8');
const sources = files.map(source).join('\n').toLowerCase();

/** The words in the names that a file has at its top level, and in its own name. */
function wordsIn(file: string): string[] {
	const parsed = ts.createSourceFile(file, source(file), ts.ScriptTarget.Latest);
	const names = parsed.statements.flatMap((statement) => {
		if (ts.isVariableStatement(statement))
			return statement.declarationList.declarations.map(({ name }) => name.getText(parsed));
		const { name } = statement as ts.FunctionDeclaration;
		return name && ts.isIdentifier(name) ? [name.text] : [];
	});
	return [file.replace(/.*\/|\.ts$/g, ''), ...names].flatMap((name) =>
		name
			.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
			.toLowerCase()
			.split(/[ _.]+/),
	);
}

test('there is a glossary, A to Z, with a meaning for each word', () => {
	const words = rows.map(({ word }) => word.toLowerCase());
	expect(words).toEqual([...words].sort((a, b) => a.localeCompare(b)));
	expect(words).toContain('delivery');
	expect(rows.filter(({ meaning }) => meaning === '')).toEqual([]);
});

test.each(rows)('"$word" is a word that the code uses', ({ word }) => {
	const name = word.toLowerCase();
	expect(sources.includes(name) || sources.includes(name.replaceAll(' ', ''))).toBe(true);
});

const retired = new Set(rows.flatMap((row) => row.retired));

test('words are retired', () => expect(retired.size).toBeGreaterThan(0));

test.each(files)('%s names nothing by a retired word', (file) => {
	expect(wordsIn(file).filter((word) => retired.has(word))).toEqual([]);
});

test('the Chinese glossary has the same words', () => {
	const wordsIn = (page: string) =>
		[...readGlossary(page).matchAll(/^\| (\*\*[^|]+?) +\|/gm)].map(([, word]) => word);
	expect(wordsIn('docs/zh-CN/glossary.md')).toEqual(wordsIn('docs/glossary.md'));
});
