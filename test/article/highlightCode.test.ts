import { highlightCode } from '../../nodes/article/highlightCode';

test('code of a language has the colors of its words, in few parts', async () =>
	expect(await highlightCode('// 一\nlet a = "b";', 'JS')).toEqual([
		{ text: '// 一', kind: 'comment' },
		{ text: '\n' },
		{ text: 'let', kind: 'keyword' },
		{ text: ' a = ' },
		{ text: '"b"', kind: 'string' },
		{ text: ';' },
	]));

// CommonMark 0.31.2, 4.5: the word behind ``` may be missing, and nothing says which words there are.
test.each(['', 'text', 'mermaid', 'constructor', '__proto__'])(
	'code of the language "%s" stays as it is',
	async (language) => {
		const code = 'no lang\n\ttab if function';
		expect(await highlightCode(code, language)).toEqual([{ text: code }]);
	},
);

test('neighbors of one color are one part', async () => {
	expect(await highlightCode('export async function f() {} // é <&>', 'ts')).toEqual([
		{ text: 'export async function', kind: 'keyword' },
		{ text: ' ' },
		{ text: 'f', kind: 'title' },
		{ text: '() {} ' },
		{ text: '// é <&>', kind: 'comment' },
	]);
});

// Each name leads to a file of highlight.js, and no character is lost on the way.
test.each(
	'bash c cpp csharp css dart diff dockerfile elixir go graphql groovy haskell ini java javascript json kotlin less lua makefile markdown nginx objectivec perl php powershell properties protobuf python r ruby rust scala scss sql swift typescript vim xml yaml JS py Sh yml html vue'.split(
		' ',
	),
)('%s', async (language) => {
	const code = `# a\n<b class="c">'d' & "e"</b>\nfunction f(x) { return 1; } // g\n\tSELECT *\n+ h\n- i`;
	const parts = await highlightCode(code, language);
	expect(parts.map(({ text }) => text).join('')).toBe(code);
	expect(parts.length).toBeGreaterThan(1);
});
