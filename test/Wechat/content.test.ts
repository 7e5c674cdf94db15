import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import {
	searchDrafts,
	searchImages,
	searchMaterial,
	searchPublications,
} from '../../nodes/Wechat/listSearch/content';
import { resources } from '../../nodes/Wechat/Wechat.node';
import { editorContext, prepareN8n, runNode } from '../support/n8n';
import { readSample } from '../support/samples';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator({ followers: 2 });

const run = async (parameters: INodeParameters, item: INodeExecutionData = { json: {} }) =>
	await runNode('wechat', parameters, credentialsFor(simulator()), [item]);
const byId = (value: unknown) => ({ __rl: true, mode: 'id', value: String(value) });
const addImage = (name: string) => simulator().addMaterial(Buffer.from(name), name);
const callsTo = (path: string) => simulator().calls.filter((call) => call.path === path);

const article = (title: string, image: string) => ({
	title,
	article_type: 'news',
	content: '<p>文</p>',
	thumb_media_id: byId(image),
});
const create = { resource: 'draft', operation: 'create', define: 'form' };
const createDraft = async (...titles: string[]) => {
	const image = addImage('cover.jpg');
	const rows = { article: titles.map((title) => article(title, image)) };
	return (await run({ ...create, articles: rows })).output[0].json.media_id as string;
};

describe('material', () => {
	const get = { resource: 'material', operation: 'get', type: 'image', binaryPropertyName: 'data' };
	const GIF = Buffer.from('47494638396101000100800000000000ffffff21f90401000000002c', 'hex');

	test('a file has the type of its bytes, whatever the header of the answer says', async () => {
		const path = '/cgi-bin/material/get_material';
		const headers = { 'content-type': 'text/plain' };
		simulator().fault({ path, body: GIF.toString('latin1'), headers });
		const { output } = await run({ ...get, media_id: byId('m') });
		expect(output[0].binary?.data).toMatchObject({ fileName: 'm.gif', mimeType: 'image/gif' });
	});

	test('an error that looks like a file is an error', async () => {
		const { error } = await run({ ...get, media_id: byId('gone') });
		expect(error?.message).toContain('40007');
	});

	test('an answer without a file says so', async () => {
		simulator().fault({ path: '/cgi-bin/media/get', answer: { something: 'else' } });
		const temporary = { resource: 'material', operation: 'getTemporary', media_id: 'm' };
		expect((await run(temporary)).error?.message).toContain('no file');
	});

	// binarywang/WxJava#3146: bytes of UTF-8 in a plain name, as a real server sends them.
	test('a file keeps its Chinese name', async () => {
		const name = Buffer.from('测试.jpg').toString('latin1');
		const headers = { 'content-disposition': `attachment; filename="${name}"` };
		simulator().fault({ path: '/cgi-bin/media/get', headers });
		const media_id = simulator().addMedia(readSample('jpg'), 'a.jpg');
		const temporary = { resource: 'material', operation: 'getTemporary', media_id };
		expect((await run(temporary)).output[0].binary?.data.fileName).toBe('测试.jpg');
	});

	test('a file is called what its bytes show', async () => {
		const media_id = simulator().addMedia(readSample('png'), 'a.jpg');
		const { output } = await run({ resource: 'material', operation: 'getTemporary', media_id });
		expect(output[0].binary?.data).toMatchObject({
			fileName: `${media_id}.png`,
			mimeType: 'image/png',
			fileExtension: 'png',
		});
	});

	// w7corp/easywechat#290: the address of a permanent video is that of a page.
	test('a permanent video of which WeChat has only a page comes without a file', async () => {
		const media_id = simulator().addMaterial(Buffer.from('<!DOCTYPE html><p>film'), 'film.mp4');
		const { output, error } = await run({ ...get, media_id: byId(media_id) });
		expect(error).toBeUndefined();
		expect(output[0].binary).toBeUndefined();
		expect(output[0].json).toMatchObject({
			media_id,
			down_url: expect.stringContaining('http') as string,
			mediaError: 'WeChat named an address for the file, but a web page is there',
		});
	});

	test('a temporary video of which there is only a page is an error', async () => {
		const media_id = simulator().addMedia(Buffer.from('<html>film'), 'film.mp4');
		const temporary = { resource: 'material', operation: 'getTemporary', media_id };
		expect((await run(temporary)).error?.message).toContain('a web page is there');
	});

	test('an HD voice comes as a file that players open', async () => {
		const media_id = simulator().addMedia(readSample('speex'), 'voice.amr');
		const { output } = await run({ resource: 'material', operation: 'getHdVoice', media_id });
		const { data, ...about } = output[0].binary?.data ?? { data: '' };
		expect(about).toMatchObject({ fileName: `${media_id}.ogg`, mimeType: 'audio/ogg' });
		expect(Buffer.from(data, 'base64').toString('latin1', 0, 4)).toBe('OggS');
	});

	test('a video keeps what it was uploaded with, and comes back as a file', async () => {
		const data = readSample('mp4').toString('base64');
		const film = { json: {}, binary: { data: { data, mimeType: 'video/mp4', fileName: 'a.mp4' } } };
		const about = { type: 'video', title: '开业', introduction: '新店' };
		const add = { resource: 'material', operation: 'addPermanent', ...about };
		const { media_id } = (await run(add, film)).output[0].json;
		const { output } = await run({ ...get, media_id: byId(media_id) });
		expect(output[0].json).toMatchObject({ media_id, title: '开业', description: '新店' });
		expect(output[0].binary?.data).toMatchObject({ data, mimeType: 'video/mp4' });
	});

	test.each([
		['addPermanent', 'image', 'a.webp', 10, 'image'],
		['addPermanent', 'thumb', 'a.jpg', 64 * 1024 + 1, 'image'],
		['uploadTemporary', 'image', 'a.bmp', 10, 'image'],
		['uploadTemporary', 'voice', 'a.wav', 10, 'voice'],
		['uploadTemporary', 'voice', 'a.mp3', 2 * 1024 * 1024 + 1, 'voice'],
		['uploadArticleImage', '', 'a.png', 1024 * 1024, 'image'],
		['uploadArticleImage', '', 'a.gif', 10, 'image'],
		['uploadLogo', '', 'a.png', 1024 * 1024 + 1, 'image'],
	])('%s %s: %s of %i bytes is refused before WeChat is asked', async (...given) => {
		const [operation, type, fileName, size] = given;
		const before = simulator().calls.length;
		const data = Buffer.alloc(size, 'x').toString('base64');
		const binary = { data: { data, mimeType: 'application/octet-stream', fileName } };
		const { error } = await run({ resource: 'material', operation, type }, { json: {}, binary });
		expect(error?.message).toContain('"Input Data Field Name" holds');
		expect(simulator().calls).toHaveLength(before);
	});
});

describe('drafts', () => {
	const pictures = (...ids: string[]) => ({
		picture: ids.map((id) => ({ image_media_id: byId(id) })),
	});

	test.each([
		['Cover (封面)', { thumb_media_id: byId('={{ "" }}') }],
		['Content (内容)', { content: '={{ "" }}' }],
		['Content (内容)', { content: 'x'.repeat(20_000) }],
		['Article Title (文章标题)', { title: '字'.repeat(65) }],
		['Author (作者)', { settings: { author: '字'.repeat(17) } }],
		['Digest (摘要)', { settings: { digest: '字'.repeat(129) } }],
		['Pictures (图片)', { article_type: 'newspic', pictures: {} }],
		[
			'Pictures (图片)',
			{ article_type: 'newspic', pictures: pictures(...Array<string>(21).fill('m')) },
		],
		['Picture (图片)', { article_type: 'newspic', pictures: pictures('={{ "" }}') }],
	])('a wrong %s is named', async (name, wrong) => {
		const rows = { article: [{ ...article('一', 'm'), ...wrong }] };
		const { error } = await run({ ...create, articles: rows });
		expect(error?.message).toContain(`"${name}"`);
	});

	test('what another kind of article had does not go along', async () => {
		const image = addImage('a.jpg');
		const leftOver = { pictures: pictures(image), settings: { product_key: 'KEY' } };
		const row = { ...article('一', image), ...leftOver };
		await run({ ...create, articles: { article: [row] } });
		expect(callsTo('/cgi-bin/draft/add').at(-1)?.body).toEqual({
			articles: [{ ...article('一', image), thumb_media_id: image }],
		});
	});

	test('articles may come as JSON from an expression', async () => {
		const image = addImage('a.jpg');
		const of = (title: string) => ({ title, content: '文', thumb_media_id: image });
		const { output, error } = await run(
			{ ...create, define: 'json', articlesJson: '={{ $json.articles }}' },
			{ json: { articles: [of('一'), of('二')] } },
		);
		expect(error).toBeUndefined();
		const media_id = byId(output[0].json.media_id);
		const got = await run({ resource: 'draft', operation: 'get', media_id });
		expect(got.output.map(({ json }) => json.title)).toEqual(['一', '二']);
	});

	// blowsnow/n8n-nodes-wechat-offiaccount#4, #14, #21: three people pasted the body on WeChat's page.
	test('articles may come in the body on WeChat’s page, or in an answer', async () => {
		const image = addImage('a.jpg');
		const given = { ...article('一', image), thumb_media_id: image };
		for (const json of [
			given,
			[given],
			{ articles: [given] },
			{ articles: given },
			{ media_id: 'M', index: 0, articles: given },
			{ news_item: [given] },
			{ media_id: 'M', content: { news_item: [given] }, update_time: 1 },
		]) {
			const articlesJson = JSON.stringify(json);
			const created = await run({ ...create, define: 'json', articlesJson });
			expect(created.error).toBeUndefined();
			expect(callsTo('/cgi-bin/draft/add').at(-1)?.body).toEqual({ articles: [given] });
			const media_id = byId(created.output[0].json.media_id);
			const update = { resource: 'draft', operation: 'update', define: 'json', media_id };
			expect((await run({ ...update, articleJson: articlesJson })).error).toBeUndefined();
			expect(callsTo('/cgi-bin/draft/update').at(-1)?.body).toMatchObject({ articles: given });
		}
	});

	test.each(['[]', 'null', '[null]'])('the JSON %s is no article', async (articleJson) => {
		const media_id = byId(await createDraft('一'));
		const update = {
			resource: 'draft',
			operation: 'update',
			define: 'json',
			media_id,
			articleJson,
		};
		expect((await run(update)).error?.message).toMatch(/WeChat|Article/);
	});

	test('a temporary image is no cover', async () => {
		const image = simulator().addMedia(Buffer.from('x'), 'x.jpg');
		const { error } = await run({ ...create, articles: { article: [article('一', image)] } });
		expect(error?.message).toContain('40007');
	});
});

test('comments: ids keep all their digits, from publishing to replying', async () => {
	const media_id = byId(await createDraft('一'));
	const publish = { resource: 'publication', operation: 'publish', media_id };
	const { msg_data_id } = (await run(publish)).output[0].json;
	expect(msg_data_id).toMatch(/^9007199254740\d{3}$/);
	expect(Number.isSafeInteger(Number(msg_data_id))).toBe(false);
	const of = { resource: 'comment', msg_data_id: String(msg_data_id) };
	const comments = (await run({ ...of, operation: 'getAll' })).output.map(({ json }) => json);
	expect(comments).toHaveLength(2);
	const user_comment_id = comments[0].user_comment_id as string;
	await run({ ...of, operation: 'reply', user_comment_id, content: '谢谢' });
	await run({ ...of, operation: 'select', user_comment_id });
	const body = callsTo('/cgi-bin/comment/markelect').at(-1)?.body;
	expect(body).toEqual({
		msg_data_id: BigInt(String(msg_data_id)),
		index: 0,
		user_comment_id: BigInt(user_comment_id),
	});
	const selected = await run({ ...of, operation: 'getAll', type: 2 });
	expect(selected.output.map(({ json }) => json)).toMatchObject([
		{ user_comment_id, comment_type: 1, reply: { content: '谢谢' } },
	]);
});

test('an id that has lost digits on its way is refused', async () => {
	const msg_data_id = '={{ 9007199254740993 }}';
	const { error } = await run({ resource: 'comment', operation: 'open', msg_data_id });
	expect(error?.message).toContain('"Message Data ID"');
});

test('placeholders have no HTML entities: the editor shows them as they are', () => {
	expect(JSON.stringify(resources)).not.toMatch(/"placeholder":"[^"]*&#?\w+;/);
});

describe('lists in the editor', () => {
	const get = { resource: 'material', operation: 'get' };
	const context = (parameters: INodeParameters = {}) =>
		editorContext('wechat', { ...get, ...parameters }, credentialsFor(simulator()));

	test('material is found by its name, in the type that is chosen', async () => {
		const image = addImage('Summer Sale.jpg');
		const film = simulator().addMaterial(Buffer.from('film'), 'summer.mp4');
		expect((await searchMaterial.call(context({ type: 'video' }), 'SUMMER')).results).toEqual([
			{ name: 'summer.mp4', value: film },
		]);
		expect((await searchImages.call(context({ type: 'video' }), 'summer')).results).toEqual([
			{ name: 'Summer Sale.jpg', value: image },
		]);
		expect((await searchMaterial.call(context(), 'summer sale')).results).toHaveLength(1);
	});

	test('drafts and publications go by the titles of their articles', async () => {
		const draft = await createDraft('第一', '第二');
		expect((await searchDrafts.call(context(), '第二')).results).toEqual([
			{ name: '第一 · 第二', value: draft },
		]);
		await run({ resource: 'publication', operation: 'publish', media_id: byId(draft) });
		const { results } = await searchPublications.call(context(), '第一');
		expect(results).toEqual([
			{ name: '第一 · 第二', value: expect.stringMatching(/^\w{64}$/) as string },
		]);
	});

	test('long lists come page by page, and what is looked for may be far behind', async () => {
		const first = simulator().addMaterial(Buffer.from('x'), 'needle.mp3');
		for (let at = 0; at < 140; at++) simulator().addMaterial(Buffer.from('x'), `${String(at)}.mp3`);
		const voices = context({ type: 'voice' });
		const page = await searchMaterial.call(voices);
		expect(page.results).toHaveLength(20);
		expect(page.results[0].name).toBe('139.mp3');
		expect(page.paginationToken).toBe('20');
		const next = await searchMaterial.call(voices, undefined, '20');
		expect(next.results[0].name).toBe('119.mp3');

		const nothing = await searchMaterial.call(voices, 'needle');
		expect(nothing).toEqual({ results: [], paginationToken: '100' });
		const found = await searchMaterial.call(voices, 'needle', '100');
		expect(found).toEqual({ results: [{ name: 'needle.mp3', value: first }] });
	});
});
