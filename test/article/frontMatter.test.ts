import { readFrontMatter, removeFence } from '../../nodes/article/frontMatter';

const read = (text: string) => {
	const { fields, text: rest, lines } = readFrontMatter(text);
	const found = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
	return { ...found, rest, lines };
};

// Most of these are no YAML, or say something else in YAML; people write them all the same.
test.each([
	['title: AI: the future', { title: 'AI: the future' }],
	['title: "Say \\"hi\\": now"', { title: 'Say "hi": now' }],
	["title: 'It''s: so'", { title: "It's: so" }],
	['title: C# 入门 # 第一篇', { title: 'C# 入门' }],
	['标题：一句话：两件事', { title: '一句话：两件事' }],
	['作者: 张三\n摘要：好', { author: '张三', digest: '好' }],
	['title: x\ndescription: >-\n  first\n  second', { title: 'x', digest: 'first second' }],
	['title: x\n摘要: |\n  第一\n  第二', { title: 'x', digest: '第一第二' }],
	['title: x\nauthors:\n  - 甲\n  - 乙', { title: 'x', author: '甲、乙' }],
	['title: x\nauthors: [甲, "乙"]', { title: 'x', author: '甲、乙' }],
	['title: x\ncover_image: https://a.b/c.png#d', { title: 'x', cover: 'https://a.b/c.png#d' }],
	['title: x\nurl: /posts/x', { title: 'x' }],
	['title: x\n原文链接: https://a.b/?c=d', { title: 'x', sourceUrl: 'https://a.b/?c=d' }],
	['title: x\ntags:\n- a\n- b\n# remark\ndate: 2026-11-28', { title: 'x' }],
	['date: 2026-11-28', {}],
])('%s', (inside, fields) => {
	const lines = inside.split('\n').length + 2;
	expect(read(`---\n${inside}\n---\n文`)).toEqual({ ...fields, rest: '文', lines });
	expect(read(`\uFEFF---\r\n${inside.replaceAll('\n', '\r\n')}\r\n---\r\n文`)).toMatchObject(
		fields,
	);
});

test('empty lines may stand above it, and Hugo writes TOML', () => {
	expect(read('\n\n+++\ntitle = "x"\n+++\n文')).toEqual({ title: 'x', rest: '文', lines: 5 });
});

// A rule of Markdown is written in the same way.
test.each([
	'---\n注意：这里是正文\n---\n文',
	'---\n正文\n\ntitle: x\n---\n文',
	'---\ntitle: x\n文',
	'---\n\n---\n文',
	'title: x\n---\n文',
])('what is no front matter stays in the text: %j', (text) => {
	expect(read(text)).toEqual({ rest: text, lines: 0 });
});

test.each([
	['```markdown\n# 一\n\n```js\na\n```\n\n二\n```\n', '# 一\n\n```js\na\n```\n\n二', 1],
	['\n```html\r\n<p>一</p>\r\n```', '<p>一</p>', 2],
	['````md\n```\na\n```\n````', '```\na\n```', 1],
])('the fence that models put around an article goes: %j', (text, inside, lines) => {
	expect(removeFence(text)).toEqual({ text: inside, lines });
});

test.each([
	'```markdown\nan example\n```\n\n一\n\n```js\na\n```',
	'```js\na\n```',
	'```\na\n```',
	'```markdown\na\n```\n一',
])('a fence that belongs to the article stays: %j', (text) => {
	expect(removeFence(text)).toEqual({ text, lines: 0 });
});
