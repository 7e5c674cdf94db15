import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import { renderArticle } from '../../nodes/article/renderArticle';
import { listPictures, toMarkdown, toText } from '../../nodes/article/toMarkdown';

describe('HTML as WeChat gives it back', () => {
	// The editor of WeChat puts sections and spans with leaf around everything (page plugin_spec, 3.2).
	test('sections and spans are gone, and bold by style is bold', async () => {
		const html =
			'<section style="margin:0"><section><p><span leaf="" style="font-weight: bold;">一</span>' +
			'<span leaf="">&nbsp;二<span textstyle="" style="font-style:italic">三</span></span></p>' +
			'<p><span leaf=""><br></span></p><section><span leaf="">四</span></section></section></section>';
		expect(await toMarkdown(html)).toBe('**一** 二*三*\n\n四');
	});

	test('pictures have the address that counts', async () => {
		const html =
			'<p><img class="rich_pages" data-src="https://mmbiz.qpic.cn/a/640?wx_fmt=png" src="data:," alt="图"></p>' +
			'<section style="background-image:url(&quot;https://mmbiz.qpic.cn/b/0&quot;)"><br></section>' +
			'<svg viewBox="0 0 1 1" style="background-image:url(https://mmbiz.qpic.cn/c/0)"></svg>' +
			'<p><img src="https://mmbiz.qpic.cn/a/640?wx_fmt=png"><img alt="none"></p>';
		expect(await toMarkdown(html)).toBe(
			'![图](https://mmbiz.qpic.cn/a/640?wx_fmt=png)\n\n![](https://mmbiz.qpic.cn/b/0)\n\n' +
				'![](https://mmbiz.qpic.cn/c/0)\n\n![](https://mmbiz.qpic.cn/a/640?wx_fmt=png)',
		);
		expect(await listPictures(html)).toEqual([
			'https://mmbiz.qpic.cn/a/640?wx_fmt=png',
			'https://mmbiz.qpic.cn/b/0',
			'https://mmbiz.qpic.cn/c/0',
		]);
	});

	test('a snippet of code has a code element for each line', async () => {
		const html =
			'<section class="code-snippet__fix code-snippet__js"><ul class="code-snippet__line-index"><li></li><li></li></ul>' +
			'<pre class="code-snippet__js" data-lang="js"><code><span class="code-snippet_outer">const <span>a</span> = "&lt;";</span></code>' +
			'<code><span class="code-snippet_outer">&nbsp; b(a)</span></code></pre></section>';
		expect(await toMarkdown(html)).toBe('```js\nconst a = "<";\n  b(a)\n```');
	});

	// Page plugin_spec, 2.8: prose in pre is a mistake that articles have.
	test('prose in pre is a paragraph', async () => {
		expect(await toMarkdown('<pre><span leaf="">正文 *</span></pre>')).toBe('正文 \\*');
	});

	test.each([
		['<mp-common-mpaudio name="早安" voice_encode_fileid="M"></mp-common-mpaudio>', 'Voice: 早安'],
		['<mpvoice name="早安"></mpvoice>', 'Voice: 早安'],
		['<mp-common-videosnap data-desc="海"></mp-common-videosnap>', 'Video: 海'],
		[
			'<iframe class="video_iframe" data-src="https://v.qq.com/x"></iframe>',
			'[Video](https://v.qq.com/x)',
		],
		[
			'<mp-common-profile data-nickname="海伦" data-alias="h"></mp-common-profile>',
			'Account: 海伦',
		],
		['<mp-miniprogram data-miniprogram-title="商店"></mp-miniprogram>', 'Mini program: 商店'],
		['<mp-common-product data-title="杯子"></mp-common-product>', 'Product: 杯子'],
		['<mp-common-new></mp-common-new>', 'Component of WeChat'],
	])('%s is named', async (html, named) => {
		expect(await toMarkdown(`<p>一</p><section nodeleaf="">${html}</section>`)).toBe(
			`一\n\n${named}`,
		);
	});

	test('lists that stand behind their item belong to it', async () => {
		const html =
			'<ul><li><section>一</section></li><ul><li><section>二</section></li></ul>' +
			'<li style="list-style:none"><section>三</section></li><li><p>四</p></li></ul><ol start="3"><li>五</li></ol>';
		expect(await toMarkdown(html)).toBe('- 一\n\n  - 二\n\n  三\n\n- 四\n\n3. 五');
	});

	test('tables for layout are no tables', async () => {
		const inner = '<table><tr><td>a</td><td>b</td></tr></table>';
		expect(await toMarkdown(`<table><tr><td>一</td><td>${inner}</td></tr></table>`)).toBe(
			'一\n\n| a | b |\n| --- | --- |',
		);
		expect(await toMarkdown('<table><tr><td><p>一</p><p>二</p></td></tr></table>')).toBe(
			'一\n\n二',
		);
		expect(
			await toMarkdown('<table><tr><th>a|b</th><th>c</th></tr><tr><td>一<br>二</td></tr></table>'),
		).toBe('| a\\|b | c |\n| --- | --- |\n| 一<br>二 |  |');
	});

	test('what nobody sees is not there', async () => {
		const html =
			'<style>p{}</style><p style="display:none">一</p><script>1</script><p>\u200b</p><!-- 二 -->三';
		expect(await toMarkdown(html)).toBe('三');
	});

	test.each([
		['', ''],
		['  \n', ''],
		['<p>一<section>二<b>三', '一\n\n二**三**'],
		['\u0000\u0001ÿ<', '\u0001ÿ<'],
		['<a href="javascript:alert(1)">一</a><a href="#x">二</a><a>三</a>', '一二三'],
	])('%j is %j', async (html, markdown) => expect(await toMarkdown(html)).toBe(markdown));

	test('plain text has its addresses behind the words', async () => {
		const html =
			'<h2>题</h2><p>一<b>二</b><br><a href="https://mp.weixin.qq.com/s/x">三</a><img alt="图" src="http://mmbiz.qpic.cn/a"></p>' +
			'<ol><li>四</li><li>☑ 五</li></ol><table><tr><td>a<td>b</table><pre>x\n y</pre>';
		expect(await toText(html)).toBe(
			'题\n\n一二\n三 (https://mp.weixin.qq.com/s/x)图 (http://mmbiz.qpic.cn/a)\n\n1. 四\n2. ☑ 五\n\na\tb\n\nx\n y',
		);
	});
});

// CommonMark 0.31, 6.2 (emphasis) and 2.4 (escapes): texts that would mean something else.
test.each([
	['<p># 一</p>', '\\# 一'],
	['<p>1. 一</p>', '1\\. 一'],
	['<p>- 一<br>+ 二<br>&gt; 三</p>', '\\- 一\\\n\\+ 二\\\n\\> 三'],
	['<p>---</p>', '\\---'],
	['<p>-5 °C</p>', '-5 °C'],
	['<p>a*b `c` [d] snake_case _e_</p>', 'a\\*b \\`c\\` \\[d] snake_case \\_e\\_'],
	['<p>&lt;b&gt; &amp;amp; 1 &lt; 2 &amp; 3</p>', '\\<b> \\&amp; 1 < 2 & 3'],
	['<p>https://example.com/a_b_</p>', 'https://example.com/a_b_'],
	['<p>$a_1*b$ 和 \\(x\\)</p>', '$a_1*b$ 和 \\(x\\)'],
	['<p>好!<a href="https://a.cn">[x]</a></p>', '好\\![&#91;x&#93;](https://a.cn)'],
	['<p><a href="https://a.cn/(b c)">x</a></p>', '[x](<https://a.cn/(b%20c)>)'],
	['<p><a href="https://a.cn/">https://a.cn/</a></p>', '<https://a.cn/>'],
	['<p><b> a </b>b</p>', '**a** b'],
	['<p><b>“a”</b>b</p>', '**“a”**&#98;'],
	['<p>b<b>“a”</b></p>', '&#98;**“a”**'],
	['<p><b>中文：</b>文字</p>', '**中文：**文字'],
	['<p><b>a</b><b>b</b><i>c</i></p>', '**ab**<!-- -->*c*'],
	['<p><code>a`b</code></p>', '``a`b``'],
	['<h2>C#</h2>', '## C\\#'],
	['<hr><p>一</p>', '***\n\n一'],
	['<ul><li>一</ul><ul><li>二</ul>', '- 一\n\n* 二'],
])('%s becomes %s', async (html, markdown) => expect(await toMarkdown(html)).toBe(markdown));

/** What a Markdown means: its HTML, without what only differs in writing. */
const parser = new MarkdownIt({ html: true, linkify: true }).use(cjkFriendly);
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
const meaningOf = (markdown: string) =>
	parser
		.render(markdown.replace(/^\[\^\d+\]:.*$/gm, ''))
		.replace(/<!--.*?-->/g, '')
		// Whether items of a list have distance is the look of the list.
		.replace(/<\/?p>/g, '\n')
		// A heading is bold by itself.
		.replace(/(<h\d>)(.*)(<\/h\d>)/g, (_, open: string, text: string, close: string) =>
			[open, text.replace(/<\/?strong>/g, ''), close].join(''),
		)
		.replace(/<pre><code class="[^"]*">/g, '<pre><code>')
		.replace(/\s*\n\s*/g, '\n')
		.replace(/\n(?=<\/(li|blockquote|ul|ol|th|td)>)|(?<=<(li|blockquote|ul|ol)>)\n/g, '')
		.trim();

async function goRound(markdown: string, theme: 'none' | 'plain' | 'lines' | 'labels') {
	const look = { theme, links: 'references' as const };
	const rendered = await renderArticle({ format: 'markdown', text: markdown }, look);
	const addresses = new Map(rendered.pictures.map(({ address }) => [address, address]));
	return await toMarkdown(rendered.toContent(addresses));
}

const CORPUS = [
	'## 标题 *one* `code`\n\n段落 **中文：**文字 and *it* ~~del~~。',
	'See [link](https://example.com/a_(b)), [two **bold** words](https://example.com/c) and <https://example.com/d>.',
	'- a\n  - b\n    - c\n- d\n\n1. one\n2. two\n   - three',
	'- one\n\n  two\n\n  ```js\n  const a = 1;\n    b\n  ```\n\n- three',
	'> quote\n>\n> > inner\n>\n> - item',
	'| a | b | c |\n| :-- | :-: | --: |\n| 1 | `x` | **y** |\n| 一 | | [z](https://example.com/z) |',
	'```ts\nlet a: string = `x`;\n\n\tif (a) {\n  b(&amp;);\n}\n```',
	'![alt](https://example.com/a.png)\n\n[![alt](https://example.com/b.png)](https://example.com/c)',
	'one\\\ntwo\n\n***\n\nthree [mp](https://mp.weixin.qq.com/s/x)',
	'\u3000\u3000缩进\n\n1986\\. A great year. \\# no heading, 2 \\* 3, a_b_c, 5 < 6 & 7',
	'***bold and italic*** and **bold *with* italic** and *italic **with** bold*',
];
test.each(CORPUS)('Markdown survives the way to WeChat and back: %j', async (markdown) => {
	for (const theme of ['none', 'plain', 'lines', 'labels'] as const)
		expect(meaningOf(await goRound(markdown, theme))).toBe(meaningOf(markdown));
});

test('footnotes, tasks and the same link twice come back', async () => {
	const markdown =
		'Text[^a] and [one](https://example.com/) and [one](https://example.com/) and [other](https://example.com/).\n\n- [x] done\n- [ ] open\n\n[^a]: A *note* with [link](https://example.com/n)';
	expect(await goRound(markdown, 'plain')).toBe(
		'Text[^1] and [one](https://example.com/) and [one](https://example.com/) and other[&#91;2&#93;](https://example.com/).\n\n' +
			'- [x] done\n- [ ] open\n\n[^1]: A *note* with [link](https://example.com/n)',
	);
});

test('a list of references that nothing refers to is the author’s own', async () => {
	const html = '<p>文</p><p>参考资料</p><p>[1] 书: https://example.com/</p>';
	expect(await toMarkdown(html)).toBe('文\n\n参考资料\n\n\\[1] 书: https://example.com/');
});

/** Numbers that look random and are the same in each run. */
function createRandom(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return Math.floor((state / 2_147_483_648) * below);
	};
}

function createMarkdown(random: (below: number) => number): string {
	const pick = <T>(list: T[]): T => list[random(list.length)];
	const word = () =>
		pick([
			'一二',
			'word',
			'中文：',
			'a_b',
			'“引”',
			'C#',
			'5 < 6',
			'3 \\* 4',
			'\\[x]',
			'$5',
			'100%',
			'x & y',
			'……',
		]);
	const inline = (): string =>
		pick([
			word,
			word,
			() => `**${word()}**`,
			() => `*${word()}*`,
			() => `~~${word()}~~`,
			() => '`a * b`',
			() => `[${pick(['one', '二', 'three four'])}](https://example.com/${random(1000)})`,
		])();
	const line = () => Array.from({ length: 1 + random(5) }, inline).join(' ');
	const block = (depth: number): string[] =>
		pick<() => string[]>([
			() => [line()],
			() => [line()],
			() => [`${'#'.repeat(2 + random(4))} ${line()}`],
			() => ['```', 'a  b', '  c`', '```'],
			() => ['| a | b |', '| --- | --- |', `| ${inline()} | ${inline()} |`],
			() => (depth > 2 ? [line()] : blocks(depth + 1).map((one) => (one ? `> ${one}` : '>'))),
			() =>
				depth > 2
					? [line()]
					: [line, line].flatMap(() => {
							const [first, ...rest] = [line(), '', ...block(depth + 1)];
							return [`- ${first}`, ...rest.map((one) => (one ? `  ${one}` : '')), ''];
						}),
		])();
	const blocks = (depth: number): string[] =>
		Array.from({ length: 1 + random(3) }, () => [...block(depth), '']).flat();
	return blocks(0).join('\n');
}

test.each([...Array(200).keys()])(
	'random Markdown %i survives the way to WeChat and back',
	async (seed) => {
		const markdown = createMarkdown(createRandom(seed + 1));
		const theme = (['none', 'plain', 'lines', 'labels'] as const)[seed % 4];
		expect(meaningOf(await goRound(markdown, theme))).toBe(meaningOf(markdown));
	},
);
