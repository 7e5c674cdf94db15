import {
	renderArticle,
	type ArticlePicture,
	type ArticleText,
	type Look,
	type RenderedArticle,
} from '../../nodes/article/renderArticle';

const render = async (
	text: string,
	{ format = 'markdown', ...look }: Partial<Look & ArticleText> = {},
): Promise<RenderedArticle> =>
	await renderArticle({ format, text }, { theme: 'none', links: 'references', ...look });

const toHtml = async (text: string, look?: Partial<Look & ArticleText>): Promise<string> => {
	const article = await render(text, look);
	return article.toContent(new Map(article.pictures.map(({ address }) => [address, address])));
};

// CommonMark alone leaves the asterisks of the first: a closing mark behind "：" and in front of a letter closes nothing.
test.each([
	['**中文：**文字', '<p><strong>中文：</strong>文字</p>'],
	['见 https://example.com/a，后面。', '<p>见 https://example.com/a，后面。</p>'],
	['　　段落', '<p>　　段落</p>'],
	['第一行\n第二行', '<p>第一行第二行</p>'],
	['first\nsecond', '<p>first\nsecond</p>'],
	['~~旧~~ :smile:', '<p><s>旧</s> :smile:</p>'],
	['README.md 和 a@b.cn', '<p>README.md 和 a@b.cn</p>'],
	[
		'- [ ] 一\n- [x] 二',
		'<ul style="list-style:none;padding-left:0"><li><section>☐ 一</section></li><li><section>☑ 二</section></li></ul>',
	],
	['a[^1]', '<p>a[^1]</p>'],
	['$a_1*b*$ 和 \\(x_1\\)，$5 and $10', '<p>$a_1*b*$ 和 \\(x_1\\)，$5 and $10</p>'],
	['$$\na\n- b\n$$', '<p>$$<br>\na<br>\n- b<br>\n$$</p>'],
])('%s', async (markdown, html) => {
	expect(await toHtml(markdown)).toBe(html);
});

// WeChat breaks lists within items, and drops the style of what is in an item without a section.
test('lists within items come behind them', async () => {
	expect(await toHtml('1. a\n   - b\n2. c')).toBe(
		'<ol><li><section>a</section></li><ul><li><section>b</section></li></ul><li><section>c</section></li></ol>',
	);
});

// WeChat takes line ends and blanks out of code; its checker refuses `pre`, whose lines leave the screen.
test('code keeps its lines and blanks without pre', async () => {
	expect(await toHtml('```\nif a:\n    b  c\n\n\td\n```')).toBe(
		'<section><code>if a:<br>&nbsp; &nbsp; b &nbsp;c<br><br>&nbsp; d</code></section>',
	);
});

test('front matter and heading give what is about the article', async () => {
	const { title, author, digest, sourceUrl, cover } = await render(
		'---\ntitle: AI: the future\nauthor: "张三"\n摘要: >\n  一句\n  话\nsource: https://a.b/c\n---\n\n![图](a.png)',
	);
	expect({ title, author, digest, sourceUrl, cover }).toEqual({
		title: 'AI: the future',
		author: '张三',
		digest: '一句话',
		sourceUrl: 'https://a.b/c',
		cover: 'a.png',
	});
	const headed = await render('# 标题 *一*\n\n文字');
	expect([headed.title, headed.toContent(new Map())]).toEqual(['标题 一', '<p>文字</p>']);
});

test('readers can follow links of WeChat; others are listed, each once', async () => {
	const text =
		'[一](https://a.b/c) [二](https://a.b/c) [三](https://mp.weixin.qq.com/s/x) <https://d.e/> 注[^n]\n\n[^n]: 说明';
	expect(await toHtml(text)).toBe(
		'<p>一<sup>[1]</sup> 二<sup>[1]</sup> <a href="https://mp.weixin.qq.com/s/x">三</a> https://d.e/ 注<sup>[2]</sup></p><section><section><strong>参考资料</strong></section><section>[1] 一: https://a.b/c</section><section>[2] 说明</section></section>',
	);
	expect(await toHtml('[一](https://a.b/c)', { links: 'text' })).toBe('<p>一</p>');
});

test('what WeChat does not show is removed, and named with its line', async () => {
	const { notes, toContent } = await render(
		'---\ntitle: x\n---\n\n一\n\n<script>alert(1)</script>\n\n<p onclick="x" class="y" id="z">二 <iframe src="https://a.b/"></iframe></p>\n\n三\n<a href="java&#9;script:alert(1)">坏</a><!-- 四 -->',
	);
	expect(toContent(new Map())).toBe('<p>一</p><p>二 </p><p>三\n坏</p>');
	expect(notes.map(({ rule, line }) => [rule, line])).toEqual([
		['script', 7],
		['iframe', 9],
		['script', 9],
		['address', 12],
	]);
});

test('pictures are named once, and those without an address at WeChat are left out', async () => {
	const article = await render(
		'一 ![a](x.png)\n\n![b](y.png "说明")\n\n![c](x.png)\n\n![d](https://mmbiz.qpic.cn/a/0)',
		{
			theme: 'plain',
		},
	);
	const pictures: ArticlePicture[] = [
		{ address: 'x.png', line: 1, alt: 'a' },
		{ address: 'y.png', line: 3, alt: 'b' },
	];
	expect(article.pictures).toEqual(pictures);
	const content = article.toContent(new Map([['x.png', 'https://mmbiz.qpic.cn/x']]));
	expect(content).not.toMatch(/y\.png|说明/);
	expect(content.match(/src="[^"]*"/g)).toEqual([
		'src="https://mmbiz.qpic.cn/x"',
		'src="https://mmbiz.qpic.cn/x"',
		'src="https://mmbiz.qpic.cn/a/0"',
	]);
});

// As editors of articles and pages with late pictures write them.
test.each([
	['<img src="data:image/gif;base64,x" data-src="//a.b/1.webp">', '<img src="https://a.b/1.webp">'],
	['<img srcset="a.png 1x, b.png 2x">', '<img src="a.png">'],
	['<p>一<img></p>', '<p>一</p>'],
	['<constructor>一</constructor>', '一'],
	[
		'<p style="background:#fee;color:red">一</p>',
		'<p style="background-color:#fee;color:red">一</p>',
	],
	['<p style="background-image:url(https://a.b/c.png)">一</p>', '<p>一</p>'],
	['<p style="background:url(javascript:x)">一</p>', '<p>一</p>'],
	['<a href="/about">一</a> <a href="#b">二</a>', '一 二'],
	['<input type="checkbox" checked> 一', '☑ 一'],
	['<details><summary>一</summary>二</details>', '<section><section>一</section>二</section>'],
	['<p>一<section>二</p>三', '<p>一</p><section>二<p></p>三</section>'],
	[
		'<iframe src="https://v.qq.com/x" srcdoc="&lt;script&gt;"></iframe>',
		'<iframe src="https://v.qq.com/x"></iframe>',
	],
	[
		'<svg viewBox="0 0 1 1"><a xlink:href="javascript:x"><path d="M0 0"/></a></svg>',
		'<svg viewBox="0 0 1 1"><path d="M0 0"></path></svg>',
	],
])('HTML: %s', async (html, kept) => {
	expect(await toHtml(html, { format: 'html' })).toBe(kept);
});

test('the title of a page is that of its article when there is no heading', async () => {
	const page = '<html><head><title>标题\n</title></head><body><p>一</p></body></html>';
	const { title, toContent } = await render(page, { format: 'html' });
	expect([title, toContent(new Map())]).toEqual(['标题', '<p>一</p>']);
});

test('headings of parts stay in the text, though the first of them gives the title', async () => {
	const { title, toContent } = await render('一\n\n# 甲\n\n# 乙');
	expect([title, toContent(new Map())]).toEqual(['甲', '<p>一</p><h1>甲</h1><h1>乙</h1>']);
});

test('a footnote that nobody mentions is named', async () => {
	const { notes } = await render('一\n\n[^x]: 二');
	expect(notes).toEqual([
		{
			rule: 'footnote',
			line: 3,
			text: 'The footnote [^x] was left out: the text does not mention it.',
		},
	]);
});

test('formulas and diagrams stay as text, and are named', async () => {
	const { notes } = await render('a\n$x_1$\n\n- $$\n  y\n  $$\n\n```mermaid\ngraph TD\n```');
	expect(notes.map(({ rule, line }) => [rule, line])).toEqual([
		['formula', 2],
		['formula', 4],
		['diagram', 8],
	]);
});

test('own CSS counts more than the theme, and less than the element', async () => {
	const text = '<h2 style="color:blue">一</h2><h2 class="x">二</h2>';
	const html = await toHtml(text, {
		format: 'html',
		theme: 'plain',
		css: 'h2{color:red;margin:0}.x{font-size:9px}',
	});
	expect(html).toContain(
		'<h2 style="font-size:1.3em;line-height:1.4;font-weight:bold;margin:0;color:blue">一</h2>',
	);
	expect(html).toContain('font-size:9px">二</h2>');
});

test('lines are those of the text that was handed over, fence and front matter included', async () => {
	const { title, notes } = await render('```markdown\n---\ntitle: x\n---\n\n$y$\n```');
	expect([title, notes.map(({ line }) => line)]).toEqual(['x', [6]]);
});
