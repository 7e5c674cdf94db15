import type { IBinaryKeyData } from 'n8n-workflow';
import sharp from 'sharp';
import { readPictureList } from '../../nodes/Wechat/pictureDraft';
import { jpeg } from '../simulator/accounts/jpeg';
import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator();
const MATERIAL = '/cgi-bin/material/add_material';
const ADD = '/cgi-bin/draft/add';

const run = async (params: object, binary: IBinaryKeyData = {}) =>
	await runNode(
		'wechat',
		{
			resource: 'article',
			operation: 'createPictureDraft',
			title: 'Our shop',
			caption: 'Open from Monday.',
			...params,
		},
		credentialsFor(simulator()),
		[{ json: {}, binary }],
	);

let drawn = 0;
/** A picture that no other test has. */
const draw = async (format: 'png' | 'webp' | 'jpeg', width = 40) =>
	await sharp({
		create: { width, height: 20, channels: 3, background: { r: 7, g: (drawn += 9), b: 90 } },
	})
		.toFormat(format)
		.toBuffer();
const serve = (bytes: Buffer) => simulator().mediaUrl(simulator().addMedia(bytes, 'a.jpg'));

interface PicturePost {
	image_info: { image_list: Array<{ image_media_id: string }> };
	cover_info?: { crop_percent_list: Array<Record<string, string>> };
}

const lastPost = () =>
	(
		simulator().calls.findLast(({ path }) => path === ADD)?.body as {
			articles: PicturePost[];
		}
	).articles[0];
const lastIds = () => lastPost().image_info.image_list.map((one) => one.image_media_id);

test('pictures of every origin become one post, in their order', async () => {
	const known = simulator().addMaterial(jpeg, 'known.jpg');
	const data = `data:image/png;base64,${(await draw('png')).toString('base64')}`;
	const before = simulator().count(MATERIAL);
	const file = async (fileName: string) => ({
		data: (await draw('jpeg')).toString('base64'),
		mimeType: 'image/jpeg',
		fileName,
	});
	const { output, error } = await run(
		{
			pictures: `${serve(await draw('jpeg'))}\n${known}, binary:first,${data}\nshop front.jpg`,
			pictureOptions: { comments: 'followers' },
		},
		{ first: await file('one.jpg'), second: await file('shop front.jpg') },
	);
	expect(error).toBeUndefined();
	expect(lastPost()).toEqual({
		article_type: 'newspic',
		title: 'Our shop',
		content: 'Open from Monday.',
		image_info: { image_list: expect.any(Array) as object[] },
		// 40 × 20 pixels.
		cover_info: {
			crop_percent_list: [
				{ ratio: '1_1', x1: '0.25', y1: '0', x2: '0.75', y2: '1' },
				{ ratio: '16_9', x1: '0.055556', y1: '0', x2: '0.944444', y2: '1' },
				{ ratio: '2.35_1', x1: '0', y1: '0.074468', x2: '1', y2: '0.925532' },
			],
		},
		need_open_comment: 1,
		only_fans_can_comment: 1,
	});
	expect(new Set(lastIds()).size).toBe(5);
	expect(lastIds()[1]).toBe(known);
	expect(simulator().count(MATERIAL) - before).toBe(4);
	expect(output[0].json).toEqual({
		media_id: expect.any(String) as string,
		title: 'Our shop',
		characters: 17,
		pictures: 5,
		notes: [],
	});
});

test('what WeChat would refuse is converted, and told', async () => {
	const { output, error } = await run({ pictures: serve(await draw('webp')) });
	expect(error).toBeUndefined();
	expect(output[0].json.notes).toEqual([
		{ rule: 'picture', text: expect.stringMatching(/^Picture 1 was a WebP picture/) as string },
	]);
});

test('the crops are those of the option; a media ID has none, since its size is not known', async () => {
	const picture = serve(await draw('jpeg'));
	await run({ pictures: picture, pictureOptions: { crops: ['16_9'] } });
	expect(lastPost().cover_info?.crop_percent_list.map(({ ratio }) => ratio)).toEqual(['16_9']);
	await run({ pictures: `${simulator().addMaterial(jpeg, 'a.jpg')}\n${picture}` });
	expect(lastPost()).not.toHaveProperty('cover_info');
});

test('a picture is uploaded once, and has a place as often as it is named', async () => {
	const picture = serve(await draw('jpeg'));
	const before = simulator().count(MATERIAL);
	await run({ pictures: `${picture}\n${picture}` });
	const [id] = lastIds();
	expect(lastIds()).toEqual([id, id]);
	await run({ pictures: picture });
	expect(simulator().count(MATERIAL) - before).toBe(1);
});

test('one that was deleted since is uploaded again', async () => {
	const pictures = serve(await draw('jpeg'));
	await run({ pictures });
	const [id] = lastIds();
	const media_id = { __rl: true, mode: 'id', value: id };
	await run({ resource: 'material', operation: 'delete', media_id });
	const { error } = await run({ pictures });
	expect(error).toBeUndefined();
	expect(lastIds()).not.toEqual([id]);
});

test('pictures that cannot be had are named, and nothing is created', async () => {
	const before = simulator().count(ADD);
	const { error } = await run({ pictures: `${serve(await draw('jpeg'))}\nnone.jpg` });
	expect(error?.message).toMatch(/^Nothing was saved\. Picture 2: .*"none\.jpg"/);
	expect(simulator().count(ADD)).toBe(before);
});

test('a page at the address of a picture is told', async () => {
	const page = Buffer.from('<!doctype html><html><body>Log in</body></html>');
	const { error } = await run({ pictures: serve(page) });
	expect(error?.message).toMatch(/Picture 1: it is .*not a picture/);
	expect(error?.description).toMatch(/without a login/);
});

test('pictures that cannot be had are left out when the option says so, but not all of them', async () => {
	const pictureOptions = { unavailable: 'leaveOut' };
	const { output } = await run({
		pictures: `none.jpg\n${serve(await draw('jpeg', 20))}`,
		pictureOptions,
	});
	expect(output[0].json).toMatchObject({
		pictures: 1,
		notes: [{ text: expect.stringMatching(/^Picture 1 was left out: /) as string }],
	});
	// The first one that is there is the cover: 20 × 20 pixels.
	expect(lastPost().cover_info?.crop_percent_list[0]).toMatchObject({ x1: '0', x2: '1' });
	const before = simulator().count(ADD);
	const { error } = await run({ pictures: 'none.jpg', pictureOptions });
	expect(error?.message).toMatch(/^Nothing was saved\. Picture 1 was left out/);
	expect(simulator().count(ADD)).toBe(before);
});

// Page api_draft_add.
test.each([
	['a title that is too long', { title: '长'.repeat(33) }, /33 characters.*1 shorter/],
	['a caption that is too long', { caption: '长'.repeat(20_000) }, /20,000.*1 shorter/],
	['a title of only blanks', { title: '  ' }, /Title.*missing/],
	['a caption of only blanks', { caption: ' ' }, /Caption.*missing/],
	['21 pictures', { pictures: 'a.jpg\n'.repeat(21) }, /21 pictures.*WeChat takes 20/],
	['no pictures', { pictures: ' \n,' }, /no pictures|missing/],
])('%s is told before any call', async (_, params, message) => {
	const before = simulator().calls.length;
	const { error } = await run({ pictures: 'a.jpg', ...params });
	expect(error?.message).toMatch(message);
	expect(simulator().calls).toHaveLength(before);
});

test.each([
	['lines', 'a.jpg\r\n\n b c.jpg \n', ['a.jpg', 'b c.jpg']],
	['commas', 'a.jpg,b.jpg，c.jpg', ['a.jpg', 'b.jpg', 'c.jpg']],
	[
		'addresses',
		'https://a/1.jpg,https://b/2.jpg, c.jpg',
		['https://a/1.jpg', 'https://b/2.jpg', 'c.jpg'],
	],
	// Alibaba Cloud OSS, page "Resize images": its parameters have commas between them.
	[
		'an address with commas',
		'https://a/1.jpg?x-oss-process=image/resize,w_300,h_200\nb.jpg',
		['https://a/1.jpg?x-oss-process=image/resize,w_300,h_200', 'b.jpg'],
	],
	[
		'data URLs',
		'data:image/png;base64,AA==,data:image/png,B',
		['data:image/png;base64,AA==', 'data:image/png,B'],
	],
	['a list of an expression', ['https://a/1,2.jpg', 'b.jpg'], ['https://a/1,2.jpg', 'b.jpg']],
	['nothing', undefined, []],
])('pictures are read from %s', (_, given, expected) => {
	expect(readPictureList(given)).toEqual(expected);
});
