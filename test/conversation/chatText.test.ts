import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeChatText } from '../../nodes/conversation/chatText';

/*
 * WeChat shows text, line ends, and links as <a href> (page of customer service messages: "text may hold <a href> and
 * links of mini programs"). Of Markdown it shows the characters.
 */
const readAnswers = (name: string) =>
	readFileSync(join(__dirname, '..', 'fixtures', 'chat', name), 'utf8')
		.trimEnd()
		.split('\n=====\n');

const written = readAnswers('markdown.txt');
const shown = readAnswers('shown.txt');

test('there are ten answers as models write them', () => {
	expect(written).toHaveLength(10);
	expect(shown).toHaveLength(10);
});

test.each(written.map((markdown, at) => [at, markdown]))('answer %d', async (at, markdown) => {
	expect(await writeChatText(String(markdown))).toBe(shown[Number(at)]);
});

test.each([
	['a link in bold', '**[here](https://a.example)**', '<a href="https://a.example">here</a>'],
	[
		'a link whose words are its address',
		'[https://a.example](https://a.example)',
		'https://a.example',
	],
	['an address in angles', '<https://a.example/x?y=1&z=2>', 'https://a.example/x?y=1&z=2'],
	[
		'a quote in an address',
		'[x](<https://a.example/"y>)',
		'<a href="https://a.example/%22y">x</a>',
	],
	['a script', '[x](javascript:alert)', 'x'],
	[
		'a link on two lines',
		'[one\ntwo](https://a.example)',
		'<a href="https://a.example">one two</a>',
	],
	[
		'a picture without words',
		'![](https://a.example/p.png)',
		'<a href="https://a.example/p.png">图片 picture</a>',
	],
	[
		'a linked picture',
		'[![p](https://a.example/p.png)](https://a.example)',
		'<a href="https://a.example">p</a>',
	],
	['bold Chinese beside punctuation', '**注意：**请看', '注意：请看'],
	['a size', '尺寸 10*20*30厘米，**2*3**', '尺寸 10*20*30厘米，2*3'],
	['a reference to a character', 'a &lt; b &amp; c', 'a < b & c'],
	['an escaped star', '\\*not a mark\\*', '*not a mark*'],
	['a list that starts at 5', '5. five\n6. six', '5. five\n6. six'],
	[
		'what looks like a link in code',
		'`<a href="https://x.example">`',
		'<\u200ba href="https://x.example">',
	],
	['the end of a link alone', 'x</a>', 'x<\u200b/a>'],
	['a tag that is none', 'List<String> and <b>bold</b>', 'List<String> and <b>bold</b>'],
	['a table of one column', '| a |\n|---|\n| b |', '• b'],
	['a fence that is still open', '```\ncode', 'code'],
	['nothing but a mark', '---', '——————'],
	['a fence with nothing in it', '```\n```', '```\n```'],
])('%s', async (_, markdown, text) => {
	expect(await writeChatText(markdown)).toBe(text);
});
