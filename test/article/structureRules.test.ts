import { openHtmlTools } from '../../nodes/article/htmlTree';
import { checkStructure } from '../../nodes/article/structureRules';

/**
 * Sections of WeChat's page for editors (plugin_spec.html, also verify_article_structure.md of
 * wechatjs/verify-article-structure-spec, 2026); thresholds that only its checker has are from that repository.
 */

async function check(html: string) {
	const { parse, utils } = await openHtmlTools();
	return checkStructure(parse(html), utils);
}
const rulesOf = async (html: string) => (await check(html)).map(({ rule }) => rule);

/** About 30 characters fill two lines of a phone at 17 pixels. */
const long = '很多字'.repeat(10);
const nested = (count: number, attributes = '') =>
	`<section${attributes}>`.repeat(count) + '字' + '</section>'.repeat(count);
const children = (full: number, empty: number) =>
	`<section>${'<p>字</p>'.repeat(full)}${'<p></p>'.repeat(empty)}</section>`;

test.each([
	['2.1: an invisible picture', 'opacity', '<img style="opacity:0.0">'],
	['2.2: no cursor', 'caret-color', '<p style="caret-color: rgba(0, 0, 0, 0)">字</p>'],
	['2.2: no cursor, by name', 'caret-color', '<p style="caret-color:transparent">字</p>'],
	['2.3: lines of height 0', 'line-height', '<p style="line-height:0">一<br>二</p>'],
	['2.3: below the letters', 'line-height', `<p style="line-height:16px">${long}</p>`],
	['2.3: inherited', 'line-height', `<section style="line-height:0"><p>${long}</p></section>`],
	[
		'2.3: larger letters',
		'line-height',
		`<p style="line-height:1"><span style="font-size:2em;line-height:17px">${long}</span></p>`,
	],
	['2.4.1: fixed width', 'width', '<section style="width: 586.438px">字</section>'],
	['2.4.1: from a phone on', 'width', '<section style="width:375px">字</section>'],
	['2.4.1: up to the column', 'width', '<section style="width:675px">字</section>'],
	['2.4.2: moved to the right', 'width', '<section style="margin-left:294pt">字</section>'],
	[
		'2.4.2: in sum',
		'width',
		'<section style="padding:0 0 0 200px"><p style="margin-left:200px">字</p></section>',
	],
	['2.4.2: moved to the left', 'width', '<section style="margin-left:-20px">字</section>'],
	[
		'2.4.2: columns',
		'width',
		'<table><thead><tr><th style="width:200px">一<th style="width:400px">二</table>',
	],
	[
		'2.5.1: no height',
		'height',
		'<section style="height: 0px"><section><p>字</p></section></section>',
	],
	[
		'2.5.2: less height than text',
		'height-nodisplay',
		'<section style="height:1px;overflow:hidden"><p>字</p></section>',
	],
	[
		'2.5.2: text around a block',
		'height-nodisplay',
		'<section style="height:50px">一<p>二</p>三</section>',
	],
	['2.6: start', 'text-align', '<p style="text-align:start">字</p>'],
	['2.6: end', 'text-align', '<p style="TEXT-ALIGN: End">字</p>'],
	['2.7: by touch only', 'animate-begin', '<svg><animate begin="touchstart"/></svg>'],
	['2.7: transformations', 'animate-begin', '<svg><animateTransform begin="touchstart"/></svg>'],
	['2.8: prose in pre', 'pre', `<pre>${long}</pre>`],
	['3.1: the eleventh of equal elements', 'nestNodes', nested(11)],
	['3.1: of one style', 'nestNodes', nested(11, ' style="margin:0"')],
	['3.2: a block in a leaf', 'span-leaf', '<span leaf=""><b><section>字</section></b></span>'],
	[
		'3.3: a section in a node leaf',
		'node-leaf',
		'<section nodeleaf=""><section>字</section></section>',
	],
	['3.4: 21 children, 16 empty', 'redundant-node', children(5, 16)],
	['4: fonts', 'font-family', '<p style="font-family: Georgia, serif">字</p>'],
	['4: another order', 'font-family', `<p style="font-family:system-ui,'mp-quote'">字</p>`],
	[
		'5.1.1: gray on gray',
		'darkmode-low-contrast',
		'<p style="background-color:#888;color:rgb(128,128,128)">字</p>',
	],
	[
		'5.1.2: gradient behind text',
		'darkmode-no-gradient',
		'<div style="background-image:linear-gradient(red,white)"><p>字</p></div>',
	],
	['5.2.2: text that is moved', 'absolute-text', '<p style="position: absolute;top:0">字</p>'],
	['5.5.1: left out of dark mode', 'darkmode-whitelist', '<ul data-no-dark><li>字</ul>'],
	['5.5.2: !important', 'important', '<p style="color:red ! important">字</p>'],
])('%s', async (_, rule, html) => {
	expect(await rulesOf(html)).toEqual([rule]);
});

test.each([
	['2.1: hardly visible', '<img style="opacity:0.1">'],
	['2.1: something else', '<p style="opacity:0">字</p>'],
	['2.2: nothing to edit', '<p style="caret-color:transparent"><br></p>'],
	['2.3: one line', '<section style="line-height: 0"><span leaf="">单行文字</span></section>'],
	['2.3: only a picture', '<section style="line-height:0"><img style="width:100%"></section>'],
	['2.3: as high as the letters', `<p style="line-height:1">${long}</p>`],
	[
		'2.3: within the tolerance of 5 of 100',
		`<p style="font-size:20px;line-height:19px">${long}</p>`,
	],
	['2.4: narrower than a phone', '<section style="width:374px">字</section>'],
	['2.4: as wide as the column', '<section style="width:677px">字</section>'],
	['2.4: within a pixel', '<section style="width:676px">字</section>'],
	['2.4: in percent', '<section style="width:100%">字</section>'],
	['2.4: at most', '<section style="max-width:500px">字</section>'],
	['2.4: a picture', '<img style="width:500px">'],
	[
		'2.4: left to the author',
		'<section data-ignore-width=""><p style="width:500px">字</p></section>',
	],
	['2.4.2: still on the phone', '<section style="margin-left:376px">字</section>'],
	['2.4.2: the same on both sides', '<section style="margin:0 -20px">字</section>'],
	[
		'2.4.2: columns that fit',
		'<table><thead><tr><th style="width:200px">一<th style="width:175px">二</table>',
	],
	['2.5.1: no text', '<section style="height:0"><img src="a"></section>'],
	['2.5.1: in SVG', '<svg><foreignObject><p style="height:0">字</p></foreignObject></svg>'],
	['2.5.1: for clicks', '<section data-mode="svg"><p style="height:0">字</p></section>'],
	['2.5.2: enough', '<section style="height:22px"><p>字</p></section>'],
	['2.5.2: it scrolls', '<section style="height:1px;overflow-y:auto"><p>字</p></section>'],
	['2.5.2: for clicks', '<section data-mode="svg"><p style="height:1px">字</p></section>'],
	['2.5.2: in SVG', '<svg><foreignObject><p style="height:1px">字</p></foreignObject></svg>'],
	['2.6: left', '<p style="text-align:left">字</p>'],
	['2.7: by mouse, too', '<svg><animate begin="touchstart; click"/></svg>'],
	['2.8: short lines', `<pre>${'const a = 1;\n'.repeat(20)}</pre>`],
	['2.8: lines that wrap', `<pre style="white-space:pre-wrap">${long}</pre>`],
	['3.1: ten', nested(10)],
	['3.1: with something between', nested(6) + nested(6)],
	['3.1: not alone', `<section>字${nested(10)}</section>`],
	['3.2: inline elements', '<span leaf=""><strong>字</strong><img src="a"></span>'],
	['3.3: a picture', '<section nodeleaf=""><img src="a"></section>'],
	['3.3: a component', '<section nodeleaf=""><mp-common-profile></mp-common-profile></section>'],
	['3.4: 20 children', children(4, 16)],
	['3.4: 15 empty', children(6, 15)],
	[
		'4: WeChat’s own fonts',
		`<p style="font-family: 'mp-quote', PingFang SC, system-ui, -apple-system, Arial">字</p>`,
	],
	['5.1.1: it can be read', '<p style="background-color:#888;color:#fff">字</p>'],
	[
		'5.1.1: switched off',
		'<p data-ignore-dm="low-contrast" style="background-color:#888;color:#888">字</p>',
	],
	[
		'5.1.1: on a picture',
		'<p style="background-image:url(a;b.png);background-color:#888;color:#888">字</p>',
	],
	['5.1.3: gradient alone', '<div style="background-image:linear-gradient(red,white)"><br></div>'],
	['5.2.2: a picture that is moved', '<section style="position:absolute"><img src="a"></section>'],
	[
		'an ordinary article',
		`<h2 style="font-size:1.2em">题</h2><p>${long}</p><ul><li>一</ul><pre><code>a</code></pre>`,
	],
	['a color of no such name', '<p style="background-color:#fff;color:constructor">字</p>'],
	['nothing', ''],
])('%s is right', async (_, html) => {
	expect(await rulesOf(html)).toEqual([]);
});

test('a note says where it is, and what to do', async () => {
	expect(await check('<p>一</p>\n<p style="text-align:start">二三</p>')).toEqual([
		{
			rule: 'text-align',
			line: 2,
			text: 'Phones disagree about start and end. Write left or right. Found in <p> “二三”',
		},
	]);
});

test('one cause in many places is named ten times', async () => {
	const notes = await check('<p style="text-align:end">字</p>'.repeat(2000));
	expect(notes).toHaveLength(10);
	expect(notes[9].text).toMatch(/, and 1990 more$/);
});
