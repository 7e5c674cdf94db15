import type { IBinaryKeyData, INode } from 'n8n-workflow';
import sharp from 'sharp';
import { checkLimits } from '../../nodes/article/articleLimits';
import { checkRefusals } from '../../nodes/Wechat/articleDraft';
import { jpeg } from '../simulator/accounts/jpeg';
import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator();
const UPLOAD = '/cgi-bin/media/uploadimg';
const MATERIAL = '/cgi-bin/material/add_material';
const ADD = '/cgi-bin/draft/add';
const UPDATE = '/cgi-bin/draft/update';

const run = async (params: object, binary: IBinaryKeyData = {}, more: Partial<INode> = {}) =>
	await runNode(
		'wechat',
		{ resource: 'article', operation: 'createDraft', ...params },
		credentialsFor(simulator()),
		[{ json: {}, binary }],
		more,
	);

let pictures = 0;
/** A picture that no other test has, in a format. */
const draw = async (format: 'png' | 'webp' | 'jpeg', width = 40) =>
	await sharp({
		create: { width, height: 20, channels: 3, background: { r: ++pictures, g: 9, b: 200 } },
	})
		.toFormat(format)
		.toBuffer();
const serve = (bytes: Buffer, name = 'a.jpg') =>
	simulator().mediaUrl(simulator().addMedia(bytes, name));
const fileOf = (bytes: Buffer, fileName: string) => ({
	data: bytes.toString('base64'),
	mimeType: 'image/jpeg',
	fileName,
});
const count = (...paths: string[]) => paths.map((path) => simulator().count(path));
const lastBody = (path: string) =>
	simulator().calls.findLast((call) => call.path === path)?.body as Record<string, unknown>;
const lastArticle = () => (lastBody(ADD).articles as Array<Record<string, unknown>>)[0];

test('Markdown becomes a draft, with what its front matter and its text say', async () => {
	const [address, other] = [serve(await draw('png'), 'a.png'), serve(await draw('jpeg'))];
	const content = `---
author: Helen
digest: Where we are
source: https://example.com/a
---

# We have moved

To **花园街：**近地铁。

![Shop](${address})

![Door](${other})
`;
	const { output, error } = await run({ content });
	expect(error).toBeUndefined();
	const article = lastArticle();
	expect(article).toMatchObject({
		article_type: 'news',
		title: 'We have moved',
		author: 'Helen',
		digest: 'Where we are',
		content_source_url: 'https://example.com/a',
		thumb_media_id: expect.stringMatching(/^[\w-]{20,}$/) as string,
		// 40 × 20 pixels: 2:1 is narrower than 2.35:1, and wider than a square.
		pic_crop_235_1: '0_0.074468_1_0.925532',
		pic_crop_1_1: '0.25_0_0.75_1',
	});
	expect(article.content).toContain('http://mmbiz.qpic.cn/mmbiz/');
	expect(article.content).not.toContain(simulator().url);
	expect(article.content).toContain('<strong>花园街：</strong>近地铁');
	expect(output[0].json).toEqual({
		media_id: expect.any(String) as string,
		title: 'We have moved',
		characters: [...String(article.content)].length,
		pictures: 2,
		notes: [],
	});
});

test('fields count more than front matter, and a media ID is a cover as it is', async () => {
	const cover = simulator().addMaterial(jpeg, 'cover.jpg');
	const before = count(UPLOAD, MATERIAL);
	const { error } = await run({
		content: '<h1>No</h1><p>Text</p>',
		format: 'html',
		title: 'Yes',
		cover,
		articleOptions: { author: 'Bob', comments: 'followers' },
	});
	expect(error).toBeUndefined();
	expect(lastArticle()).toMatchObject({
		title: 'Yes',
		author: 'Bob',
		thumb_media_id: cover,
		need_open_comment: 1,
		only_fans_can_comment: 1,
	});
	expect(lastArticle()).not.toHaveProperty('pic_crop_1_1');
	expect(count(UPLOAD, MATERIAL)).toEqual(before);
});

test('pictures come from data URLs, binary fields, and files that are named in the text', async () => {
	const data = `data:image/png;base64,${(await draw('png')).toString('base64')}`;
	const before = simulator().count(UPLOAD);
	const { output, error } = await run(
		{
			content: `# T\n\n![a](${data})\n\n![b](binary:first)\n\n![c](img/Two%20b.jpg)`,
			cover: 'binary:first',
		},
		{
			first: fileOf(await draw('jpeg'), 'one.jpg'),
			second: fileOf(await draw('jpeg'), 'two b.jpg'),
		},
	);
	expect(error).toBeUndefined();
	expect(output[0].json.pictures).toBe(3);
	expect(simulator().count(UPLOAD) - before).toBe(3);
});

test('what WeChat would refuse is converted, and told', async () => {
	const { output } = await run({ content: `# T\n\n![w](${serve(await draw('webp'))})` });
	expect(output[0].json.notes).toEqual([
		{ rule: 'picture', text: expect.stringContaining('The cover was a WebP picture') as string },
		{
			rule: 'picture',
			line: 3,
			text: expect.stringContaining('Picture 1 "w" in line 3 was a WebP picture') as string,
		},
	]);
});

test('a picture is uploaded once, however often and wherever it is used', async () => {
	const content = `# T\n\n![a](${serve(await draw('jpeg'))})`;
	const { output } = await run({ content });
	const before = count(UPLOAD, MATERIAL);
	await run({ content });
	const media_id = { __rl: true, mode: 'id', value: String(output[0].json.media_id) };
	const updated = await run({ operation: 'updateDraft', media_id, content: `${content}\n\nMore.` });
	expect(updated.error).toBeUndefined();
	expect(updated.output[0].json).toMatchObject({ media_id: media_id.value, index: 0, title: 'T' });
	expect((lastBody(UPDATE).articles as { content: string }).content).toContain('More.');
	expect(count(UPLOAD, MATERIAL)).toEqual(before);
});

test('Retry On Fail uploads nothing again, and creates one draft', async () => {
	const addresses = [serve(await draw('jpeg')), serve(await draw('jpeg'))];
	const content = `# T\n\n${addresses.map((one) => `![a](${one})`).join('\n\n')}`;
	simulator().fault({ path: ADD, answer: { errcode: 45166, errmsg: 'invalid content' } });
	const before = count(UPLOAD, MATERIAL, ADD);
	const { error } = await run(
		{ content },
		{},
		{
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 1,
		},
	);
	expect(error).toBeUndefined();
	expect(count(UPLOAD, MATERIAL, ADD).map((now, index) => now - before[index])).toEqual([2, 1, 2]);
});

test('pictures that cannot be had are all named, and nothing is created', async () => {
	const before = count(ADD, UPLOAD);
	const { error } = await run({
		content: `# T\n\n![a](${simulator().url}/simulator/media/none)\n\n![b](http://127.0.0.1:9/b.jpg)\n\n![c](c.jpg)`,
		cover: simulator().addMaterial(jpeg, 'cover.jpg'),
	});
	expect(error?.message).toMatch(/^Nothing was saved\. Picture 1 "a" in line 3: .*404/);
	expect(error?.message).toMatch(/Picture 2 "b" in line 5: 127\.0\.0\.1:9 is no public address/);
	expect(error?.message).toMatch(/Picture 3 "c" in line 7: it is no web address.*"c\.jpg"/);
	expect(error?.description).toContain('Leave Out');
	expect(count(ADD, UPLOAD)).toEqual(before);
});

test('they are left out when the option says so, and named', async () => {
	const { output, error } = await run({
		content: `# T\n\n![a](${serve(await draw('jpeg'))})\n\n![c](c.jpg)`,
		articleOptions: { unavailable: 'leaveOut' },
	});
	expect(error).toBeUndefined();
	expect(output[0].json).toMatchObject({
		pictures: 1,
		notes: [{ line: 5, text: expect.stringContaining('was left out') as string }],
	});
	expect(String(lastArticle().content).match(/<img/g)).toHaveLength(1);
});

test.each([
	[
		'a title that is too long',
		{ title: '长'.repeat(33), content: 'x' },
		/title has 33 characters.*1 shorter/,
	],
	['a title of only spaces', { content: '# &nbsp;\n\nText' }, /There is no title/],
	[
		'a text that is too long',
		{ title: 'T', content: '长'.repeat(20_001) },
		/20,1\d\d characters with its markup.*Most of it/,
	],
	['no cover', { title: 'T', content: 'Words only' }, /The article has no cover/],
])('%s is told before any call', async (_, params, message) => {
	const before = simulator().calls.length;
	const { error } = await run(params);
	expect(error?.message).toMatch(message);
	expect(simulator().calls).toHaveLength(before);
});

test('what WeChat would refuse is told in Chinese, too', () => {
	const problems = checkLimits({ title: '', author: '', digest: '', sourceUrl: 'x', content: 'y' });
	expect(() => checkRefusals(problems)).toThrow(
		expect.objectContaining({
			chinese:
				'微信会拒绝这篇文章：标题必填，最多 32 个字符；“阅读原文”应以 https:// 或 http:// 开头，最多 1024 字节；可用“检查文章”（Article: Check）先行检查，不会创建草稿。',
		}) as Error,
	);
});

test('several articles of one draft', async () => {
	const [one, two] = [serve(await draw('jpeg')), serve(await draw('jpeg'))];
	const { output, error } = await run({
		content: `# One\n\n![a](${one})`,
		moreArticles: { article: [{ content: `# Two\n\n![b](${two})`, author: 'Bob' }] },
		articleOptions: { author: 'Helen' },
	});
	expect(error).toBeUndefined();
	const { articles } = lastBody(ADD) as { articles: Array<Record<string, unknown>> };
	expect(articles.map(({ title, author }) => [title, author])).toEqual([
		['One', 'Helen'],
		['Two', 'Bob'],
	]);
	expect(output[0].json.articles).toEqual([
		expect.objectContaining({ title: 'One', pictures: 1 }),
		expect.objectContaining({ title: 'Two', pictures: 1 }),
	]);
});

test('a heading that says otherwise than Title stays in the text', async () => {
	const cover = simulator().addMaterial(jpeg, 'cover.jpg');
	await run({ content: '# Heading\n\ntext', title: 'Title', cover });
	expect(lastArticle()).toMatchObject({
		title: 'Title',
		content: expect.stringMatching('Heading') as string,
	});
	await run({ content: '# Title\n\ntext', title: 'Title', cover });
	expect(lastArticle().content).not.toMatch('Title');
});

test('a draft whose answer was lost is not created again by Retry On Fail', async () => {
	const cover = simulator().addMaterial(jpeg, 'cover.jpg');
	simulator().fault({ path: ADD, status: 502, body: '' });
	const [before] = count(ADD);
	const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
	const { error } = await run({ content: '# T\n\na', cover }, {}, retry);
	expect(error?.description).toMatch(/Draft: Get Many/);
	expect(count(ADD)).toEqual([before + 1]);
});

// Page api_uploadimage: 45009 is about the calls of the account, not about the file.
test('what WeChat refuses to the account ends the draft, also where pictures may be left out', async () => {
	const content = `# T\n\n![a](${serve(await draw('jpeg'))})`;
	const cover = simulator().addMaterial(jpeg, 'cover.jpg');
	simulator().fault({
		path: UPLOAD,
		answer: { errcode: 45009, errmsg: 'reach max api daily quota limit' },
	});
	const [before] = count(ADD);
	const { error } = await run({ content, cover, articleOptions: { unavailable: 'leaveOut' } });
	expect(error?.message).toMatch(/45009/);
	expect(error?.description).not.toMatch(/Leave Out/);
	expect(count(ADD)).toEqual([before]);
});

test('the same picture in two items is uploaded once', async () => {
	const content = `# T\n\n![a](${serve(await draw('jpeg'))})`;
	const cover = simulator().addMaterial(jpeg, 'cover.jpg');
	const before = count(UPLOAD, ADD);
	const { output } = await runNode(
		'wechat',
		{ resource: 'article', operation: 'createDraft', content, cover },
		credentialsFor(simulator()),
		[{ json: {} }, { json: {} }],
	);
	expect(output).toHaveLength(2);
	expect(count(UPLOAD, ADD).map((now, index) => now - before[index])).toEqual([1, 2]);
});

test('a data: URL without data is named as one', async () => {
	const { error } = await run({ content: '# T\n\na', cover: 'data:image/png;base64,!!!!' });
	expect(error?.message).toMatch(/data: URL holds no data/);
});

test('a host that nobody knows is told in our words, beside other pictures, too', async () => {
	const content = '# T\n\n![a](http://127.0.0.1:9/a.png)\n\n![b](https://nobody.invalid/b.png)';
	const { error } = await run({ content, cover: simulator().addMaterial(jpeg, 'cover.jpg') });
	expect(error?.message).toMatch(/^Nothing was saved\. Picture 1 .*Picture 2 .*nobody\.invalid/);
});

test('a cover that cannot be had is told by itself, as no draft can do without one', async () => {
	const options = { unavailable: 'leaveOut' };
	const cover = `${simulator().url}/nothing.jpg`;
	const { error } = await run({ content: '# T\n\na', cover, articleOptions: options });
	expect(error?.message).toMatch(/^Nothing was saved\. The cover: .*404/);
	expect(error?.description).toMatch(/enter another picture in Cover/);
	expect(error?.description).not.toMatch(/Leave Out/);
});

test('a cover that was deleted since is uploaded again', async () => {
	const content = `# T\n\n![a](${serve(await draw('jpeg'))})`;
	await run({ content });
	const id = String(lastArticle().thumb_media_id);
	await run({
		resource: 'material',
		operation: 'delete',
		media_id: { __rl: true, mode: 'id', value: id },
	});
	const { error } = await run({ content });
	expect(error).toBeUndefined();
	expect(lastArticle().thumb_media_id).not.toBe(id);
});

test('the tool of an agent makes drafts, and is told about files', async () => {
	const tool = { type: 'n8n-nodes-wechat-platform.wechatTool' };
	const content = `# T\n\n![a](${serve(await draw('jpeg'))})`;
	expect((await run({ content }, {}, tool)).output[0].json.title).toBe('T');
	const { error } = await run({ content: '# T\n\n![a](binary:data)' }, {}, tool);
	expect(error?.message).toMatch(/the tool of an agent gets none.*media ID or address/);
});

test('the account of a platform has its own drafts and pictures', async () => {
	const { platform, account } = simulator();
	await platform.authorize(account.appId, { push: false });
	const { output, error } = await runNode(
		'wechat',
		{
			authentication: 'openPlatform',
			account: { __rl: true, mode: 'id', value: account.appId },
			resource: 'article',
			operation: 'createDraft',
			content: `# T\n\n![a](${serve(await draw('jpeg'))})`,
		},
		await platformCredentialsFor(simulator()),
	);
	expect(error).toBeUndefined();
	expect(output[0].json.pictures).toBe(1);
});

describe('a content that is a file', () => {
	const write = async (bytes: Buffer, content = 'binary:text') =>
		await run(
			{ content, cover: simulator().addMaterial(jpeg, 'cover.jpg') },
			{ text: fileOf(bytes, 'a.md') },
		);

	test.each(['', '\uFEFF'])('is read from its binary field, with %j before it', async (mark) => {
		const { output, error } = await write(
			Buffer.from(`${mark}---\nauthor: 海伦\n---\n\n# 标题\n\n文`),
		);
		expect(error).toBeUndefined();
		expect(output[0].json.title).toBe('标题');
		expect(lastArticle().author).toBe('海伦');
	});

	test('is checked, too', async () => {
		const { output } = await run(
			{ operation: 'check', content: ' binary:text ' },
			{ text: fileOf(Buffer.from('# T\n\nText'), 'a.md') },
		);
		expect(output[0].json.isValid).toBe(true);
	});

	test.each([
		['more than 1 MB', Buffer.alloc(1024 * 1024 + 1, 'a'), 'binary:text', /has 1\.0 MB/],
		['another encoding', Buffer.from([0xd6, 0xd0, 0xce, 0xc4]), 'binary:text', /no text in UTF-8/],
		['no text', Buffer.from('PK\x03\x04\0\0'), 'binary:text', /no text in UTF-8/],
		[
			'no file',
			Buffer.from('a'),
			'binary:other',
			/^"Content" cannot be read: there is no binary field/,
		],
	])('of %s is refused before any call', async (_, bytes, content, message) => {
		const before = simulator().calls.length;
		const { error } = await write(bytes, content);
		expect(error?.message).toMatch(message);
		expect(simulator().calls).toHaveLength(before);
	});

	test('is nothing that the tool of an agent has', async () => {
		const tool = { type: 'n8n-nodes-wechat-platform.wechatTool' };
		const { error } = await run({ content: 'binary:data' }, {}, tool);
		expect(error?.message).toMatch(/the tool of an agent gets none/);
	});
});

test('a title of only spaces in the field is none: the heading is the title', async () => {
	const cover = simulator().addMaterial(jpeg, 'cover.jpg');
	const { error } = await run({ content: '# Heading\n\nText', title: ' \u3000 ', cover });
	expect(error).toBeUndefined();
	expect(lastArticle().title).toBe('Heading');
});
