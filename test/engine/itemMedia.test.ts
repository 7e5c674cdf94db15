import type { IBinaryKeyData, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { jpeg } from '../simulator/accounts/jpeg';
import { prepareN8n, runNode } from '../support/n8n';
import { readSample } from '../support/samples';
import { clock, restartProcess, services } from '../support/services';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const HOUR_MS = 3_600_000;
let passed = 0;
const now = () => Date.now() + passed;
const simulator = useSimulator({ now });
beforeEach(() => {
	passed = 0;
	services.clock = { ...clock, now };
});

const TEMPORARY = '/cgi-bin/media/upload';
const PERMANENT = '/cgi-bin/material/add_material';
const SEND = '/cgi-bin/message/custom/send';

const CONVERT = '/cgi-bin/media/uploadvideo';

let pictures = 0;
/** A picture that no other test has, in a format. */
const draw = async (format: 'png' | 'webp' | 'jpeg' = 'jpeg', width = 40) =>
	await sharp({
		create: { width, height: 20, channels: 3, background: { r: ++pictures, g: 90, b: 1 } },
	})
		.toFormat(format)
		.toBuffer();
const toBinary = (bytes: Buffer, fileName = 'a.jpg'): IBinaryKeyData => ({
	data: { data: bytes.toString('base64'), mimeType: 'image/jpeg', fileName },
});
const serve = (bytes: Buffer, name = 'a.jpg') =>
	simulator().mediaUrl(simulator().addMedia(bytes, name));

async function send(
	params: INodeParameters,
	files: IBinaryKeyData[] = [{}],
	credentials = credentialsFor(simulator()),
) {
	const before = simulator().calls.length;
	const [touser] = simulator().openids();
	const ran = await runNode(
		'wechat',
		{ resource: 'customerServiceMessage', operation: 'send', touser, msgtype: 'image', ...params },
		credentials,
		files.map((binary) => ({ json: {}, binary })),
	);
	const calls = simulator().calls.slice(before);
	const uploads = calls.filter(({ path }) => path === TEMPORARY);
	return { ...ran, uploads, sent: calls.filter(({ path }) => path === SEND) };
}
const sendFilm = async (binary: IBinaryKeyData) =>
	await runNode(
		'wechat',
		{ resource: 'massMessage', operation: 'sendToAll', is_to_all: true, msgtype: 'mpvideo' },
		credentialsFor(simulator()),
		[{ json: {}, binary }],
	);
const listIds = ({ sent }: Awaited<ReturnType<typeof send>>) =>
	sent.map(({ body }) => (body as { image: { media_id: string } }).image.media_id);

test('a file of the item is uploaded, and its media ID sent', async () => {
	const ran = await send({}, [toBinary(await draw())]);
	expect(ran.error).toBeUndefined();
	expect(ran.uploads).toMatchObject([
		{
			query: { type: 'image' },
			body: { files: [{ name: 'media', fileName: 'a.jpg', contentType: 'image/jpeg' }] },
		},
	]);
	expect(simulator().mediaUrl(listIds(ran)[0])).toBeTruthy();
});

test('what several items send is uploaded once', async () => {
	const [one, other] = [await draw(), await draw()];
	const files = [one, one, other, one].map((bytes) => toBinary(bytes));
	const ran = await send({}, files);
	expect(ran.uploads).toHaveLength(2);
	expect(listIds(ran)).toHaveLength(4);
	expect(new Set(listIds(ran)).size).toBe(2);
});

test('a web address is fetched, and a WebP picture becomes one that WeChat takes', async () => {
	const ran = await send({ mediaFrom: 'url', mediaUrl: serve(await draw('webp')) });
	expect(ran.error).toBeUndefined();
	expect(ran.uploads).toMatchObject([
		{ body: { files: [{ fileName: expect.stringMatching(/\.jpg$/) as string }] } },
	]);
	expect(ran.sent).toHaveLength(1);
});

test.each([
	['ftp://example.com/a.jpg', /is no web address/],
	['pictures/a.jpg', /is no web address/],
	['http://127.0.0.1:9/a.jpg', /^"URL": 127\.0\.0\.1:9 is no public address/],
])('nothing is fetched from %s', async (mediaUrl, problem) => {
	const ran = await send({ mediaFrom: 'url', mediaUrl });
	expect(ran.error?.message).toMatch(problem);
	expect(ran.sent).toEqual([]);
});

test('what is no picture is refused before it is uploaded', async () => {
	const ran = await send({}, [toBinary(readSample('mp4'), 'a.mp4')]);
	expect(ran.error?.message).toMatch(/"Input Data Field Name" holds .*WeChat takes GIF, JPG, PNG/);
	expect(ran.uploads).toEqual([]);
});

test('a picture for a thumb becomes a JPG of at most 64 KB', async () => {
	const noise = await sharp({
		create: {
			width: 900,
			height: 900,
			channels: 3,
			noise: { type: 'gaussian', mean: 128, sigma: 60 },
		},
	} as never)
		.png()
		.toBuffer();
	const ran = await send(
		{
			msgtype: 'music',
			thumbFrom: 'binary',
			musicurl: 'https://example.com/a.mp3',
			hqmusicurl: 'https://example.com/a.mp3',
		},
		[toBinary(noise, 'cover.png')],
	);
	expect(ran.error).toBeUndefined();
	const [{ query, body }] = ran.uploads;
	expect(query).toEqual({ type: 'thumb' });
	const [file] = (body as { files: Array<{ fileName: string; bytes: number }> }).files;
	expect(file.fileName).toBe('cover.jpg');
	expect(file.bytes).toBeLessThanOrEqual(64 * 1024);
});

// Page api_uploadtempmedia: a media ID lives for three days.
test('another run and another process upload nothing, until the media ID is about to end', async () => {
	const credentials = credentialsFor(simulator());
	const files = [toBinary(await draw())];
	const uploads = async () => (await send({}, files, credentials)).uploads.length;
	expect(await uploads()).toBe(1);
	expect(await uploads()).toBe(0);
	restartProcess();
	services.clock = { ...clock, now };
	passed = 59 * HOUR_MS;
	expect(await uploads()).toBe(0);
	passed = 61 * HOUR_MS;
	// The token is over as well.
	await send({ msgtype: 'text', content: 'x' }, [{}], credentials);
	expect(await uploads()).toBe(1);
});

test('what WeChat has lost is uploaded anew, once', async () => {
	const files = [toBinary(await draw())];
	const [before] = listIds(await send({}, files));
	const lost = { path: SEND, answer: { errcode: 40007, errmsg: 'invalid media_id' } };
	simulator().fault(lost);
	const ran = await send({}, files);
	expect(ran.error).toBeUndefined();
	expect(ran.uploads).toHaveLength(1);
	expect(listIds(ran).at(-1)).not.toBe(before);
	simulator().fault(lost);
	simulator().fault(lost);
	expect((await send({}, files)).error?.message).toMatch(/40007/);
});

test('a media ID is sent as it is', async () => {
	const media_id = simulator().addMedia(jpeg, 'a.jpg');
	const ran = await send({ mediaFrom: 'mediaId', media_id });
	expect(ran.error).toBeUndefined();
	expect(ran.uploads).toEqual([]);
	expect(listIds(ran)).toEqual([media_id]);
});

test('a rule holds permanent material', async () => {
	const before = simulator().calls.length;
	const { error, output } = await runNode(
		'wechatReply',
		{ resource: 'rule', operation: 'add', when: 'keyword', request: 'picture', type: 'Image' },
		credentialsFor(simulator()),
		[{ json: {}, binary: toBinary(await draw()) }],
	);
	expect(error).toBeUndefined();
	const calls = simulator()
		.calls.slice(before)
		.map(({ path }) => path);
	expect(calls).toContain(PERMANENT);
	expect(calls).not.toContain(TEMPORARY);
	expect(output[0].json.reply).toMatchObject({
		type: 'image',
		content: { mediaId: expect.stringMatching(/^[\w-]{20,}$/) as string },
	});
});

test('the tool of an agent is told that it gets no files', async () => {
	const { error } = await runNode(
		'wechatTool',
		{
			resource: 'customerServiceMessage',
			operation: 'send',
			touser: 'o',
			msgtype: 'image',
		},
		credentialsFor(simulator()),
	);
	expect(error?.message).toMatch(/the tool of an agent gets none/);
	expect(error?.description).toMatch(/media ID or address/);
});

test('an account behind a platform uploads for itself', async () => {
	const { platform, account } = simulator();
	await platform.authorize(account.appId, { push: false });
	const files = [toBinary(await draw())];
	const ran = await send(
		{
			authentication: 'openPlatform',
			account: { __rl: true, mode: 'id', value: account.appId },
		},
		files,
		await platformCredentialsFor(simulator()),
	);
	expect(ran.error).toBeUndefined();
	expect(ran.uploads).toHaveLength(1);
	expect((await send({}, files)).uploads).toHaveLength(1);
});

test('an upload takes a file from the web', async () => {
	const before = simulator().calls.length;
	const { error, output } = await runNode(
		'wechat',
		{
			resource: 'material',
			operation: 'addPermanent',
			type: 'image',
			fileFrom: 'url',
			fileUrl: serve(await draw('png'), 'a.png'),
		},
		credentialsFor(simulator()),
	);
	expect(error).toBeUndefined();
	expect(output[0].json.media_id).toEqual(expect.any(String));
	const upload = simulator()
		.calls.slice(before)
		.find(({ path }) => path === PERMANENT);
	expect(upload).toMatchObject({
		query: { type: 'image' },
		body: { files: [{ name: 'media', contentType: 'image/png' }] },
	});
});

test.each([
	['binary fields', async () => ({ imagesField: 'data, other' })],
	[
		'web addresses',
		async () => ({
			imagesFrom: 'url',
			imagesUrl: `${serve(await draw())}, ${serve(await draw())}`,
		}),
	],
])('a mass message takes several pictures from %s, as permanent material', async (_, params) => {
	const before = simulator().calls.length;
	const { error } = await runNode(
		'wechat',
		{
			resource: 'massMessage',
			operation: 'sendToAll',
			is_to_all: true,
			msgtype: 'image',
			...(await params()),
		},
		credentialsFor(simulator()),
		[
			{
				json: {},
				binary: { ...toBinary(await draw()), other: toBinary(await draw()).data },
			},
		],
	);
	expect(error).toBeUndefined();
	const calls = simulator().calls.slice(before);
	expect(calls.filter(({ path }) => path === PERMANENT)).toHaveLength(2);
	const [{ body }] = calls.filter(({ path }) => path === '/cgi-bin/message/mass/sendall');
	expect(new Set((body as { images: { media_ids: string[] } }).images.media_ids).size).toBe(2);
});

// A video for a mass message is another media ID, which /cgi-bin/media/uploadvideo makes of a temporary one.
test('a mass message takes a video from the item, made one for mass sending once per title', async () => {
	const sendVideo = async (params: INodeParameters, binary: IBinaryKeyData) => {
		const before = simulator().calls.length;
		const { error } = await runNode(
			'wechat',
			{
				...{ resource: 'massMessage', operation: 'sendToAll', is_to_all: true },
				...{ msgtype: 'mpvideo', ...params },
			},
			credentialsFor(simulator()),
			[{ json: {}, binary }],
		);
		expect(error).toBeUndefined();
		return simulator().calls.slice(before);
	};
	const film = toBinary(readSample('mp4'), 'our shop.mp4');
	const [upload, convert, mass] = (await sendVideo({ description: 'd' }, film)).filter(
		({ path }) => !path.includes('token'),
	);
	expect(upload).toMatchObject({ path: TEMPORARY, query: { type: 'video' } });
	expect(convert).toMatchObject({
		path: CONVERT,
		body: { title: 'our shop', description: 'd', media_id: expect.any(String) as string },
	});
	const { mpvideo } = mass.body as { mpvideo: { media_id: string } };
	expect(mpvideo.media_id).toEqual(expect.any(String));
	expect(mpvideo.media_id).not.toBe((convert.body as { media_id: string }).media_id);

	const again = await sendVideo({ description: 'd' }, film);
	expect(again.map(({ path }) => path)).not.toContain(TEMPORARY);
	expect(again.at(-1)?.body).toMatchObject({ mpvideo });
	const retitled = await sendVideo({ title: 'New', description: 'd' }, film);
	expect(retitled.map(({ path }) => path)).toContain(CONVERT);
});

test('a button of a menu takes its material from the item', async () => {
	const before = simulator().calls.length;
	const button = { type: 'media_id', name: 'Picture', material: 'image', mediaFrom: 'binary' };
	const parent = { type: 'sub_button', name: 'More', place: 'bar' };
	const { error } = await runNode(
		'wechat',
		{
			resource: 'menu',
			operation: 'create',
			rows: { button: [parent, { ...button, mediaField: 'data', place: 'below' }] },
		},
		credentialsFor(simulator()),
		[{ json: {}, binary: toBinary(await draw()) }],
	);
	expect(error).toBeUndefined();
	const calls = simulator().calls.slice(before);
	expect(calls.find(({ path }) => path === PERMANENT)).toMatchObject({ query: { type: 'image' } });
	expect(calls.at(-1)?.body).toEqual({
		button: [
			{
				name: 'More',
				sub_button: [{ type: 'media_id', name: 'Picture', media_id: expect.any(String) as string }],
			},
		],
	});
});

test('a film whose file has no name but an extension has a title', async () => {
	const before = simulator().calls.length;
	const { error } = await sendFilm(toBinary(readSample('mp4'), '.mp4'));
	expect(error).toBeUndefined();
	const calls = simulator().calls.slice(before);
	expect(calls.find(({ path }) => path === CONVERT)?.body).toMatchObject({ title: 'video' });
});

test.each([
	['the upload', TEMPORARY],
	['what makes a film of mass messages of it', CONVERT],
])('nothing is sent when %s brings no media ID', async (_, path) => {
	simulator().fault({ path, answer: { type: 'video' } });
	const before = simulator().calls.length;
	const { error } = await sendFilm(toBinary(readSample('mp4')));
	expect(error?.message).toBe('WeChat answered without a media ID');
	expect(simulator().calls.slice(before).at(-1)?.path).toBe(path);
});

test('what was uploaded before another file is refused is not uploaded again', async () => {
	const button = { type: 'media_id', name: 'Picture', material: 'image', mediaFrom: 'binary' };
	const row = (mediaField: string) => ({ ...button, mediaField, place: 'bar' });
	const credentials = credentialsFor(simulator());
	const binary = { ...toBinary(await draw()), film: toBinary(readSample('mp4')).data };
	const create = async (...fields: string[]) =>
		await runNode(
			'wechat',
			{ resource: 'menu', operation: 'create', rows: { button: fields.map(row) } },
			credentials,
			[{ json: {}, binary }],
		);
	expect((await create('data', 'film')).error?.message).toMatch(/ holds an MP4 film/);
	restartProcess();
	const before = simulator().calls.length;
	expect((await create('data')).error).toBeUndefined();
	expect(simulator().calls.slice(before)).not.toContainEqual(
		expect.objectContaining({ path: PERMANENT }),
	);
});

test('a binary field that the item lacks is named, in both languages', async () => {
	const { error } = await send({ mediaField: 'photo' }, [toBinary(await draw())]);
	expect(error?.message).toBe(
		'"Input Data Field Name" names "photo", and the item has no such binary field',
	);
	expect(error?.description).toMatch(/Binary tab.*\n“Input Data Field Name”.*“photo”/);
});
