import { openHtmlTools } from '../../nodes/article/htmlTree';
import { inlineCss } from '../../nodes/article/inlineCss';

async function inline(html: string, css = '') {
	const { parse, write } = await openHtmlTools();
	const tree = parse(html);
	const notes = await inlineCss(tree, css);
	return { html: write(tree), notes };
}
const htmlOf = async (html: string, css?: string) => (await inline(html, css)).html;
const notesOf = async (css: string, html = '<p>字</p>') =>
	(await inline(html, css)).notes.map(({ rule, text }) => `${rule}: ${text}`);

test('CSS is written into the elements that it selects', async () => {
	const html = '<h1>题</h1><blockquote><p>引</p></blockquote><ul><li>一 <code>a</code></li></ul>';
	const css = `h1, li { color: #333 }
		blockquote > p { margin: 0 }
		li code { background: #eee; }`;
	expect(await htmlOf(html, css)).toBe(
		'<h1 style="color:#333">题</h1><blockquote><p style="margin:0">引</p></blockquote>' +
			'<ul><li style="color:#333">一 <code style="background-color:#eee">a</code></li></ul>',
	);
});

// CSS Cascade 4 and Selectors 4: what goes before what.
test.each([
	['the later one', 'p{color:red} p{color:blue}', 'blue'],
	['a class before an element', '.a{color:red} p{color:blue}', 'red'],
	['an ID before classes', '#b{color:red} .a.c.a.c.a.c{color:blue}', 'red'],
	['more elements before fewer', 'section p{color:red} p{color:blue}', 'red'],
	['an attribute as a class', '[id]{color:red} p{color:blue}', 'red'],
	['what is in :not()', 'p:not(.x){color:red} p{color:blue}', 'red'],
	['nothing of :where()', ':where(#b){color:red} p{color:blue}', 'blue'],
	['!important before all', 'p{color:red!important} #b{color:blue}', 'red'],
	['of two !important the more specific', '#b{color:red!important} p{color:blue!important}', 'red'],
])('%s counts', async (_, css, color) => {
	const html = '<section><p class="a c" id="b">字</p></section>';
	expect(await htmlOf(html, css)).toContain(`style="color:${color}"`);
});

test('styles of the element itself count before CSS, unless that is important', async () => {
	const html = '<p style="color:red">字</p>';
	expect(await htmlOf(html, 'p{color:blue;margin:0}')).toBe('<p style="margin:0;color:red">字</p>');
	expect(await htmlOf(html, 'p{color:blue!important}')).toBe('<p style="color:blue">字</p>');
	expect(await htmlOf('<p style="color:red!important">字</p>', 'p{color:blue!important}')).toBe(
		'<p style="color:red">字</p>',
	);
});

test('a part of a short form counts behind it only when it was written behind it', async () => {
	const css = 'p{margin-left:1em} p{margin:0} p{margin-top:2em}';
	expect(await htmlOf('<p>字</p>', css)).toBe(
		'<p style="margin-left:1em;margin:0;margin-top:2em">字</p>',
	);
});

test('style elements go, and count before own CSS', async () => {
	const html = '<style>p{color:red;margin:0}</style><p>字</p><style>p{margin:1em}</style>';
	expect(await htmlOf(html, 'p{color:blue}')).toBe('<p style="margin:1em;color:blue">字</p>');
});

// CSS Custom Properties 1.
test.each([
	['of the page', ':root{--c:red} p{color:var(--c)}', 'color:red'],
	['of * as well', '*{--c:red} p{color:var(--c)}', 'color:red'],
	['of an element around', 'section{--c:red} p{color:var(--c)}', 'color:red'],
	['the nearest counts', ':root{--c:red} section{--c:blue} p{color:var(--c)}', 'color:blue'],
	['the fallback', 'p{color:var(--c, rgb(1,2,3))}', 'color:rgb(1,2,3)'],
	['a fallback that is one', ':root{--d:red} p{color:var(--c,var(--d))}', 'color:red'],
	['one in another', ':root{--a:var(--b);--b:2px} p{border:var(--a) solid}', 'border:2px solid'],
	['two', ':root{--a:1px;--b:2px} p{margin:var(--a) var(--b)}', 'margin:1px 2px'],
])('a variable: %s', async (_, css, style) => {
	expect(await htmlOf('<section><p>字</p></section>', css)).toBe(
		`<section><p style="${style}">字</p></section>`,
	);
});

test.each([
	['means nothing', 'p{color:var(--c)}'],
	['goes in a circle', ':root{--a:var(--b);--b:var(--a)} p{color:var(--a)}'],
	[
		'doubles thirty times',
		`:root{${[...Array(30).keys()].map((i) => `--v${i}:var(--v${i + 1})var(--v${i + 1})`).join(';')};--v30:var(--x,)} p{color:var(--v0)}`,
	],
])('a variable that %s leaves its declaration out', async (_, css) => {
	expect(await htmlOf('<p>字</p>', css)).toBe('<p>字</p>');
});

test('variables and !important in style attributes are resolved without any CSS', async () => {
	const html = '<section style="--c:red"><p style="color:var(--c) !important">字</p></section>';
	expect(await htmlOf(html)).toBe('<section><p style="color:red">字</p></section>');
});

test('of the page around an article, text inherits its color and letters', async () => {
	const css = 'body{color:#333;margin:40px;line-height:1.75} html body p{margin:0}';
	expect(await htmlOf('<p>字</p>', css)).toBe(
		'<p style="color:#333;line-height:1.75;margin:0">字</p>',
	);
});

test('what an article cannot have is left out and named with its line', async () => {
	const css = `@media (prefers-color-scheme: dark) { p { color: red } }
		@font-face { font-family: x }
		a:hover { color: red }
		p::before { content: '—' }
		p {
			position: fixed;
			animation: a 1s;
			background: url(a.png);
			margin: 0;
		}
		p:foo(x) { color: red }
		* { box-sizing: border-box }
		p { &:hover { color: red } }`;
	const { html, notes } = await inline('<p>字</p>', css);
	expect(html).toBe('<p style="margin:0">字</p>');
	expect(notes.map(({ rule, text }) => [rule, Number(/line (\d+)/.exec(text)?.[1])])).toEqual([
		['css-at-rule', 1],
		['css-at-rule', 2],
		['css-selector', 3],
		['css-selector', 4],
		['css-property', 6],
		['css-property', 7],
		['css-property', 8],
		['css-selector', 11],
		['css-selector', 12],
		['css-selector', 13],
	]);
	expect(notes[0].text).toBe('Own CSS, line 1: WeChat knows no @media; it was left out.');
});

test('a note about a style element has its line in the HTML', async () => {
	const { notes } = await inline('<p>字</p>\n<style>\np{color:red}\n@import "a.css";</style>');
	expect(notes).toEqual([
		{
			rule: 'css-at-rule',
			line: 4,
			text: 'CSS in the HTML: WeChat knows no @import; it was left out.',
		},
	]);
});

test.each([
	['p { color: red', 'Own CSS, line 1: the CSS is broken: unclosed block'],
	['p {}\np { color red }', 'Own CSS, line 2: the CSS is broken: unknown word'],
	['p {}\n\n}', 'Own CSS, line 3: the CSS is broken: unexpected }'],
	['p { content: "a }', 'Own CSS, line 1: the CSS is broken: unclosed string'],
])('broken CSS is an error: %s', async (css, message) => {
	await expect(inline('<p>字</p>', css)).rejects.toThrow(message);
});

test('broken CSS in the HTML is an error with the line there', async () => {
	await expect(inline('<p>字</p>\n\n<style>\np {</style>')).rejects.toThrow(
		'A <style> of the HTML, line 4: the CSS is broken',
	);
});

test('notes of a whole web site are counted', async () => {
	const notes = await notesOf('@media print { p { color: red } }\n'.repeat(500));
	expect(notes).toHaveLength(21);
	expect(notes[20]).toContain('480 more parts');
});
