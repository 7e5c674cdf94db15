import sharp from 'sharp';
import { computeCrop, prepareCover, preparePicture } from '../../nodes/article/preparePicture';
import { readSample } from '../support/samples';

/** The limit of a picture in a text: api_uploadimage.html. */
const MB = 1024 * 1024;
const RED = { r: 200, g: 20, b: 20 };

const draw = (width: number, height: number, background: object = RED, channels: 3 | 4 = 3) =>
	sharp({ create: { width, height, channels, background: background as typeof RED } });
/** A photo: noise, which no format packs well. */
const drawNoise = (width: number, height: number) =>
	sharp({
		create: {
			width,
			height,
			channels: 3,
			background: '#888',
			noise: { type: 'gaussian', mean: 128, sigma: 60 },
		},
	});
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 };
const drawFrames = async (count: number) =>
	await sharp(
		await Promise.all(
			Array.from({ length: count }, async (_, index) =>
				draw(40, 20, { r: index * 60, g: 90, b: 90 })
					.png()
					.toBuffer(),
			),
		),
		{ join: { animated: true } },
	)
		.gif({ delay: 100, loop: 0 })
		.toBuffer();

const noSharp = async () => await Promise.reject(new Error('sharp was loaded'));

describe('pictures that WeChat takes go through as they are, and need no library', () => {
	test.each([
		['jpg', 60, 30, async () => await draw(60, 30).jpeg().toBuffer()],
		['png', 60, 30, async () => await draw(60, 30).png().toBuffer()],
		['png', 60, 30, async () => await draw(60, 30).png({ palette: true }).toBuffer()],
	])('%s', async (extension, width, height, make) => {
		const bytes = await make();
		const { change, ...picture } = await preparePicture(bytes, noSharp);
		expect(picture).toMatchObject({ width, height, isMaterial: false });
		expect(picture.bytes).toBe(bytes);
		expect(picture.type.extension).toBe(extension);
		expect(change).toBeUndefined();
	});

	// add_material takes GIF and BMP of up to 10 MB, and its url shows in articles: api_addmaterial.html.
	test('a GIF that moves, as permanent material', async () => {
		const bytes = await drawFrames(3);
		const picture = await preparePicture(bytes, noSharp);
		expect(picture).toMatchObject({ width: 40, height: 20, isMaterial: true });
		expect(picture.bytes).toBe(bytes);
	});

	test('a BMP, as permanent material', async () =>
		expect(await preparePicture(readSample('bmp'), noSharp)).toMatchObject({
			width: 1,
			height: 1,
			isMaterial: true,
		}));
});

describe('pictures that WeChat refuses are converted', () => {
	const read = async (bytes: Buffer) => {
		const { format, width, height, space, hasAlpha, orientation } = await sharp(bytes).metadata();
		return { format, width, height, space, hasAlpha, orientation };
	};
	const plain = { space: 'srgb', hasAlpha: false, orientation: undefined };

	test.each([
		['WebP', async () => await draw(60, 30).webp().toBuffer(), 'jpeg'],
		['AVIF', async () => await draw(60, 30).avif().toBuffer(), 'jpeg'],
		['TIFF', async () => await draw(60, 30).tiff().toBuffer(), 'jpeg'],
		['a GIF that stands still', async () => await draw(60, 30).gif().toBuffer(), 'png'],
		[
			'JPG in the colors of a printer',
			async () => await draw(60, 30).toColourspace('cmyk').jpeg().toBuffer(),
			'jpeg',
		],
	])('%s', async (_, make, format) => {
		const picture = await preparePicture(await make());
		expect(picture).toMatchObject({ width: 60, height: 30, isMaterial: false });
		expect(picture.change).toMatch(/ of 60 × 30 pixels now$/);
		expect(await read(picture.bytes)).toEqual({ format, width: 60, height: 30, ...plain });
		const { channels } = await sharp(picture.bytes).stats();
		const [red, green, blue] = channels.map(({ mean }) => mean);
		expect(red).toBeGreaterThan(150);
		expect(green).toBeLessThan(60);
		expect(blue).toBeLessThan(60);
	});

	test.each([
		['PNG', async () => await draw(30, 30, CLEAR, 4).png().toBuffer()],
		[
			'PNG with a palette',
			async () => await draw(30, 30, CLEAR, 4).png({ palette: true }).toBuffer(),
		],
		['gray PNG', async () => await draw(30, 30, CLEAR, 4).toColourspace('b-w').png().toBuffer()],
		['WebP', async () => await draw(30, 30, CLEAR, 4).webp().toBuffer()],
	])('transparent parts of a %s become white, also in dark mode', async (_, make) => {
		const { bytes } = await preparePicture(await make());
		expect((await sharp(bytes).metadata()).hasAlpha).toBe(false);
		for (const { min } of (await sharp(bytes).stats()).channels) expect(min).toBe(255);
	});

	test.each([1, 3, 6, 8])(
		'a photo that was taken in position %d of Exif is turned',
		async (orientation) => {
			const bytes = await draw(60, 30).jpeg().withMetadata({ orientation }).toBuffer();
			const picture = await preparePicture(bytes);
			const isTall = orientation > 4;
			expect([picture.width, picture.height]).toEqual(isTall ? [30, 60] : [60, 30]);
			expect((await read(picture.bytes)).width).toBe(picture.width);
			expect(picture.bytes === bytes).toBe(orientation === 1);
		},
	);

	test('a photo of several megabytes becomes one below 1 MB, at most 1440 pixels wide', async () => {
		const bytes = await drawNoise(3000, 1000).jpeg({ quality: 95 }).toBuffer();
		expect(bytes.length).toBeGreaterThan(MB);
		const picture = await preparePicture(bytes);
		expect(picture).toMatchObject({ width: 1440, height: 480 });
		expect(picture.bytes.length).toBeLessThan(MB);
	});

	test('a long picture loses quality and width until it is small enough', async () => {
		const bytes = await drawNoise(1440, 4500).png({ compressionLevel: 1 }).toBuffer();
		const picture = await preparePicture(bytes);
		expect(picture.type.extension).toBe('jpg');
		expect(picture.bytes.length).toBeLessThan(MB);
	});

	test('small pictures are not made larger', async () =>
		expect(await preparePicture(await draw(10, 8).webp().toBuffer())).toMatchObject({
			width: 10,
			height: 8,
		}));

	test('covers stand still', async () => {
		const picture = await prepareCover(await drawFrames(3));
		expect(picture).toMatchObject({ width: 40, height: 20, isMaterial: false });
		expect(picture.type.extension).toBe('png');
	});
});

describe('what is no picture that n8n can read is named', () => {
	test.each([
		['a page', Buffer.from('<!doctype html><p>Log in</p>'), /a web page, not a picture/],
		['JSON', Buffer.from('{"error":"not found"}'), /a JSON text, not a picture/],
		['nothing', Buffer.alloc(0), /an empty file, not a picture/],
		['a text', Buffer.from('hello'), /a file of an unknown kind, not a picture/],
		['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG/],
		// sharp 0.35.5 has no decoder of HEVC, and its words for such a file are about a bad seek.
		['HEIC', readSample('heic'), /HEIC/],
		['a broken JPG', Buffer.from('\xff\xd8\xff\xe0rest', 'latin1'), /a JPG picture that is broken/],
	])(
		'%s',
		async (_, bytes, message) => await expect(preparePicture(bytes)).rejects.toThrow(message),
	);

	test('a photo that was cut on its way, of which half could be drawn', async () => {
		const whole = await drawNoise(400, 400).jpeg().withMetadata({ orientation: 6 }).toBuffer();
		await expect(preparePicture(whole.subarray(0, whole.length / 2))).rejects.toThrow(
			/a JPG picture that is broken/,
		);
		expect(await preparePicture(whole)).toMatchObject({ width: 400, height: 400 });
	});

	test('a picture that was cut on its way', async () => {
		const bytes = await drawNoise(400, 400).webp({ quality: 90 }).toBuffer();
		await expect(preparePicture(bytes.subarray(0, bytes.length / 2))).rejects.toThrow(/is broken/);
	});

	test('a picture with more pixels than n8n has memory for', async () => {
		const bytes = await draw(60, 30).jpeg().withMetadata({ orientation: 6 }).toBuffer();
		const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
		bytes.writeUInt16BE(9000, frame + 5);
		bytes.writeUInt16BE(12_000, frame + 7);
		await expect(preparePicture(bytes)).rejects.toThrow(/more than 100 million pixels/);
	});

	test('a GIF that moves and is too large', async () => {
		const bytes = Buffer.concat([await drawFrames(2), Buffer.alloc(10 * MB)]);
		await expect(preparePicture(bytes)).rejects.toThrow(/10\.0 MB; WeChat takes 10 MB/);
	});
});

// Corners as parts of 1 with at most six decimals: api_draft_add.html, pic_crop_235_1 and pic_crop_1_1.
test.each([
	[{ width: 900, height: 383 }, 2.35, { x1: '0', y1: '0.000028', x2: '1', y2: '0.999972' }],
	[{ width: 1000, height: 1000 }, 2.35, { x1: '0', y1: '0.287234', x2: '1', y2: '0.712766' }],
	[{ width: 2350, height: 500 }, 2.35, { x1: '0.25', y1: '0', x2: '0.75', y2: '1' }],
	[{ width: 300, height: 200 }, 1, { x1: '0.166667', y1: '0', x2: '0.833333', y2: '1' }],
	[{ width: 100, height: 400 }, 1, { x1: '0', y1: '0.375', x2: '1', y2: '0.625' }],
])('the middle of a picture of %j for a cover of %d : 1', (size, ratio, crop) =>
	expect(computeCrop(size, ratio)).toEqual(crop),
);
