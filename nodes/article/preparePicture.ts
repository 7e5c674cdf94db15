import type { Sharp } from 'sharp';
import { detectFileType, isTextType, type FileType } from '../base/fileType';
import { UserError } from '../base/userError';
import { readPictureHeader, type PictureHeader, type Size } from './pictureHeader';

/** A picture that WeChat takes. */
export interface PreparedPicture extends Size {
	bytes: Buffer;
	type: FileType;
	/** WeChat takes it as permanent material (永久素材) only: it moves, or is a BMP. */
	isMaterial: boolean;
	/** What was done to it, as a clause; missing when it is as it was. */
	change?: string;
}

type SharpModule = (typeof import('sharp'))['default'];

const MB = 1024 * 1024;
/**
 * A picture for a text is smaller than this.
 *
 * @see https://developers.weixin.qq.com/doc/service/api/material/permanent/api_uploadimage.html
 */
const TEXT_BYTES = MB;
/** Most bytes of a picture that is permanent material, such as a GIF that moves. */
const MATERIAL_BYTES = 10 * MB;
/** More pixels would take the memory of n8n; cameras of phones make up to 50 million. */
const MAX_PIXELS = 100_000_000;
/** Widths and qualities of JPG that are tried until a picture is small enough. Phones show at most 1440 pixels. */
const STEPS = [
	{ width: 1440, quality: 85 },
	{ width: 1440, quality: 70 },
	{ width: 1080, quality: 65 },
	{ width: 1080, quality: 45 },
	{ width: 720, quality: 40 },
];
/** Drawings and screenshots, whose edges JPG blurs. */
const SHARP_EDGED = ['gif', 'png'];

const EDIT_IMAGE =
	'Put an Edit Image node before this one, and choose JPEG in its option Format; then name its binary field.';
const EDIT_IMAGE_IN_CHINESE =
	'请在此节点之前添加 Edit Image 节点，将其 Format 选项设为 JPEG，再填写它的二进制字段名';

/** The library takes 115 ms and 20 MB to load: not before a picture needs it. */
let loaded: Promise<SharpModule> | undefined;

/** @throws {UserError} when there is no build of sharp for this platform. */
const loadSharp = async (): Promise<SharpModule> =>
	await (loaded ??= import('sharp').then(
		({ default: sharp }) => {
			// No picture is read twice.
			sharp.cache(false);
			return sharp;
		},
		() => {
			throw new UserError(
				'it has to be converted, and the library sharp, which does that, does not load on this computer',
				EDIT_IMAGE,
				`图片需要转换，但转换所用的 sharp 库无法在这台机器上加载：${EDIT_IMAGE_IN_CHINESE}。`,
			);
		},
	));

/**
 * Makes a picture one that WeChat takes in a text. One that is right stays as it is, and so does a GIF that moves, up to
 * 10 MB: as permanent material it may move in articles. All others become JPG or PNG in sRGB below 1 MB, at most
 * 1440 pixels wide, turned as the camera was held, and white where they were transparent: in dark mode (深色模式) WeChat
 * puts black behind a picture.
 *
 * @throws {UserError} when it is no picture, or one that cannot be read; its message is a clause about "it".
 */
export async function preparePicture(
	bytes: Buffer,
	load: () => Promise<SharpModule> = loadSharp,
): Promise<PreparedPicture> {
	const type = checkIsPicture(bytes);
	const header = readPictureHeader(bytes, type.extension);
	const right = header && findRight(bytes, type, header);
	return right ?? (await convertPicture(await load(), bytes, type));
}

/**
 * Makes a picture one that stands still, for covers. A BMP stays one: WeChat takes it as permanent material.
 *
 * @throws {UserError} as {@link preparePicture} does.
 */
export async function prepareCover(
	bytes: Buffer,
	load: () => Promise<SharpModule> = loadSharp,
): Promise<PreparedPicture> {
	const type = checkIsPicture(bytes);
	if (type.extension !== 'gif') return await preparePicture(bytes, load);
	return await convertPicture(await load(), bytes, type);
}

/** Most bytes of the small picture of a music or video message, and the steps that lead there. */
export const THUMB_BYTES = 64 * 1024;
const THUMB_STEPS = [
	{ width: 480, quality: 80 },
	{ width: 360, quality: 65 },
	{ width: 240, quality: 50 },
];

/**
 * Makes a picture the small one (缩略图) of a music or video message: a JPG of at most 64 KB.
 *
 * @throws {UserError} as {@link preparePicture} does.
 */
export async function prepareThumb(
	bytes: Buffer,
	load: () => Promise<SharpModule> = loadSharp,
): Promise<PreparedPicture> {
	const limits = { steps: THUMB_STEPS, maxBytes: THUMB_BYTES, isSharp: false };
	return await convertPicture(await load(), bytes, checkIsPicture(bytes), limits);
}

function checkIsPicture(bytes: Buffer): FileType {
	const type = detectFileType(bytes);
	if (type?.extension === 'svg')
		throw new UserError(
			'it is an SVG picture, which WeChat does not take; drawn here, its texts could lack their letters',
			'Save it as PNG, and use that.',
			'图片是 SVG 格式，微信不支持，在此转换又可能缺字：请另存为 PNG 再使用。',
		);
	if (type && !isTextType(type) && type.mimeType.startsWith('image/')) return type;
	const found = type?.label ?? (bytes.length > 0 ? 'a file of an unknown kind' : 'an empty file');
	const known = type && `${type.extension.toUpperCase()} 文件`;
	const foundInChinese = known ?? (bytes.length > 0 ? '未知类型的文件' : '空文件');
	throw new UserError(
		`it is ${found}, not a picture`,
		'Open the address in a browser to see what is there: it must be that of the picture itself, without a login.',
		`内容不是图片，而是${foundInChinese}：请在浏览器中打开该地址查看，它应是无需登录的图片本身的地址。`,
	);
}

/** The picture itself, where WeChat takes it as it is. */
function findRight(
	bytes: Buffer,
	type: FileType,
	{ width, height, isPlain, isMoving }: PictureHeader,
): PreparedPicture | undefined {
	const { extension } = type;
	const isMaterial = extension === 'bmp' || (extension === 'gif' && isMoving);
	const kept = { bytes, type, width, height, isMaterial };
	if (isMaterial && bytes.length > MATERIAL_BYTES)
		throw new UserError(
			`it is ${type.label} of ${(bytes.length / MB).toFixed(1)} MB; WeChat takes 10 MB`,
			'Make it smaller or shorter before this node.',
			`${extension.toUpperCase()} 图片为 ${(bytes.length / MB).toFixed(1)} MB，微信最多接受 10 MB：请在此节点之前缩小或缩短。`,
		);
	if (isMaterial) return kept;
	return ['jpg', 'png'].includes(extension) && isPlain && bytes.length < TEXT_BYTES
		? kept
		: undefined;
}

async function convertPicture(
	sharp: SharpModule,
	bytes: Buffer,
	type: FileType,
	limits = { steps: STEPS, maxBytes: TEXT_BYTES, isSharp: SHARP_EDGED.includes(type.extension) },
): Promise<PreparedPicture> {
	// A cut picture would show half of itself; what is only unusual in a file does not matter.
	const options = { limitInputPixels: MAX_PIXELS, failOn: 'error' } as const;
	const draw = (width: number) =>
		sharp(bytes, options)
			.autoOrient()
			.resize({ width, withoutEnlargement: true })
			.flatten({ background: '#ffffff' })
			.toColourspace('srgb');
	try {
		return await writeSmall(draw, type, limits);
	} catch (error) {
		if (error instanceof UserError) throw error;
		throw createUnreadableError(
			type,
			(error as Error).message,
			await findCompression(sharp, bytes),
		);
	}
}

async function writeSmall(
	draw: (width: number) => Sharp,
	type: FileType,
	{ steps, maxBytes, isSharp }: { steps: typeof STEPS; maxBytes: number; isSharp: boolean },
): Promise<PreparedPicture> {
	if (isSharp) {
		const png = await write(draw(steps[0].width).png(), type, 'png');
		if (png.bytes.length < maxBytes) return png;
	}
	for (const { width, quality } of steps) {
		const jpg = await write(draw(width).jpeg({ quality }), type, 'jpg');
		if (jpg.bytes.length < maxBytes) return jpg;
	}
	throw new UserError(
		`it is ${type.label} that stays over ${maxBytes / 1024} KB at ${steps[steps.length - 1].width} pixels of width`,
		'Cut it into several pictures.',
		`${type.extension.toUpperCase()} 图片缩到 ${steps[steps.length - 1].width} 像素宽仍超过 ${maxBytes / 1024} KB：请切成多张图片。`,
	);
}

const WRITTEN = {
	jpg: { extension: 'jpg', mimeType: 'image/jpeg', label: 'a JPG picture' },
	png: { extension: 'png', mimeType: 'image/png', label: 'a PNG picture' },
};

async function write(
	drawn: Sharp,
	from: FileType,
	to: keyof typeof WRITTEN,
): Promise<PreparedPicture> {
	const { data, info } = await drawn.toBuffer({ resolveWithObject: true });
	return {
		bytes: data,
		type: WRITTEN[to],
		width: info.width,
		height: info.height,
		isMaterial: false,
		change: `was ${from.label}, and is ${WRITTEN[to].label} of ${info.width} × ${info.height} pixels now`,
	};
}

/** How the pixels of a picture of the HEIF family are packed; the word of sharp for such files says nothing about it. */
const findCompression = async (sharp: SharpModule, bytes: Buffer): Promise<string | undefined> =>
	await sharp(bytes)
		.metadata()
		.then(({ compression }) => compression)
		.catch(() => undefined);

function createUnreadableError(
	{ extension, label }: FileType,
	message: string,
	compression: string | undefined,
): UserError {
	const kind = extension.toUpperCase();
	if (/pixel limit/.test(message))
		return new UserError(
			`it is ${label} of more than ${MAX_PIXELS / 1_000_000} million pixels`,
			'Make it smaller before this node.',
			`图片是超过 ${MAX_PIXELS / 100_000_000} 亿像素的 ${kind}：请在此节点之前缩小。`,
		);
	if (extension === 'heic' || compression === 'hevc')
		return new UserError(
			'it is a HEIC picture, as iPhones take them; WeChat does not take those, and n8n cannot read them',
			'Export it as JPG, or let the iPhone take JPG: Settings, Camera, Formats, Most Compatible.',
			'图片是 iPhone 的 HEIC 格式，微信不支持，n8n 也无法读取：请导出为 JPG，或在 iPhone 的“设置 > 相机 > 格式”中选择“兼容性最佳”。',
		);
	return new UserError(
		`it is ${label} that is broken or cannot be read`,
		`Open it to see whether it is whole. Otherwise: ${EDIT_IMAGE}`,
		`${kind} 图片已损坏或无法读取：请打开查看是否完整；如果完整，${EDIT_IMAGE_IN_CHINESE}。`,
	);
}

/** Decimals that WeChat takes in the corners of a crop. */
const DECIMALS = 6;

/** The corners of the largest part of a picture with this ratio, in its middle, as parts of 1. */
export function computeCrop({ width, height }: Size, ratio: number) {
	const [wide, high] = [Math.min(1, (height * ratio) / width), Math.min(1, width / ratio / height)];
	const round = (part: number) => String(Number(part.toFixed(DECIMALS)));
	return {
		x1: round((1 - wide) / 2),
		y1: round((1 - high) / 2),
		x2: round((1 + wide) / 2),
		y2: round((1 + high) / 2),
	};
}
