import { checkLimits } from '../../nodes/article/articleLimits';

/** Page api_draft_add, 2026: title 32, author 16, digest 128 characters, content below 20,000 and 1 MB, source 1 KB. */

const article = { title: '标题', author: '', digest: '', sourceUrl: '', content: '<p>文</p>' };
const rulesOf = (changed: object) =>
	checkLimits({ ...article, ...changed }).map(({ rule }) => rule);
const address = (bytes: number) => 'https://example.com/'.padEnd(bytes, 'x');

test.each([
	['title', 'title', '字'.repeat(32), '字'.repeat(33)],
	['title of emoji, which are one character each', 'title', '😀'.repeat(32), '😀'.repeat(33)],
	['author', 'author', '字'.repeat(16), '字'.repeat(17)],
	['digest', 'digest', '字'.repeat(128), '字'.repeat(129)],
	['source-url', 'sourceUrl', address(1024), address(1025)],
	['content', 'content', '字'.repeat(19_999), '字'.repeat(20_000)],
	['pictures', 'pictures', 20, 21],
])('%s', (rule, key, fits, isTooMuch) => {
	expect(rulesOf({ [key]: fits })).toEqual([]);
	expect(rulesOf({ [key]: isTooMuch })).toEqual([rule.split(' ')[0]]);
});

test.each([
	['title', { title: ' 　' }],
	['content', { content: '\n' }],
	['content', { content: '<section style="margin:0"><p>&nbsp;\u3000</p></section>' }],
	['source-url', { sourceUrl: 'example.com/a' }],
	['source-url', { sourceUrl: 'javascript:alert(1)' }],
])('%s is missing or no such thing', (rule, changed) => {
	expect(rulesOf(changed)).toEqual([rule]);
});

test('a picture alone is a content', () => {
	expect(rulesOf({ content: '<p><img src="a"></p>' })).toEqual([]);
});

test('the message says by how much', () => {
	const [{ text }] = checkLimits({ ...article, title: '字'.repeat(40) });
	expect(text).toBe('The title has 40 characters, and WeChat takes 32. Make it 8 shorter.');
});

test('of a content that is too long, it says what costs most', () => {
	const code = `<pre><code>${'<span style="color:#fff">x</span>'.repeat(300)}</code></pre>`;
	const table = `<table><tr>${'<td style="padding:4px">格</td>'.repeat(200)}</tr></table>`;
	const content = `<p style="margin:1em 0">${'文'.repeat(9000)}</p>${code}${table}`;
	const [{ text }] = checkLimits({ ...article, content });
	expect(text).toBe(
		`The content has ${content.length.toLocaleString('en-US')} characters with its markup, and WeChat takes less than 20,000. ` +
			`Make it ${(content.length - 19_999).toLocaleString('en-US')} shorter. ` +
			'Most of it: code and its colors 9,924, text 9,000, tables 6,024, markup of paragraphs 28.',
	);
});

test('an element of no such name is other markup', () => {
	const [{ text }] = checkLimits({ ...article, content: `字${'<constructor>'.repeat(2000)}` });
	expect(text).toContain('Most of it: other markup 26,000, text 1.');
});

test('1 MB of markup counts as it is, in a moment', () => {
	const [{ text }] = checkLimits({ ...article, content: '<a'.repeat(1024 * 1024) });
	expect(text).toContain('Make it 2,077,153 shorter');
});
