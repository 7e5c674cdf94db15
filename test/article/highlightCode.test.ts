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
