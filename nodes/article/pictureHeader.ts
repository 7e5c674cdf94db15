/** Width and height in pixels. */
export interface Size {
	width: number;
	height: number;
}

/** What the first bytes of a picture say about it. */
export interface PictureHeader extends Size {
	/** It shows the same everywhere as it is: not turned, not transparent, not in the colors of a printer. */
	isPlain: boolean;
	/** It has several pictures one after another. */
	isMoving: boolean;
}

/**
 * Reads the header of a JPG, PNG, GIF or BMP picture, without the pixels. Undefined when there is none to read: the file
 * is of another kind, or broken.
 */
export function readPictureHeader(bytes: Buffer, extension: string): PictureHeader | undefined {
	const read = { bmp: readBmp, gif: readGif, jpg: readJpg, png: readPng }[extension];
	try {
		const header = read?.(bytes);
		return header && header.width > 0 && header.height > 0 ? header : undefined;
	} catch (error) {
		if (isCut(error)) return undefined;
		throw error;
	}
}

/** Whether a file ends within what was read of it. */
const isCut = (error: unknown) => (Object(error) as Error).name === 'RangeError';

/** JPEG markers without a length: fill bytes, restarts, begin and end. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9);
/** Start of frame: C0 to CF, without the tables among them. */
const isFrame = (marker: number) =>
	marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Components of a JPG in CMYK. */
const CMYK = 4;

/** @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf annex B */
function readJpg(bytes: Buffer): PictureHeader | undefined {
	let orientation = 1;
	for (let at = 2; bytes.readUInt8(at) === 0xff;) {
		const marker = bytes.readUInt8(at + 1);
		if (marker === 0xff) at += 1;
		else if (isBare(marker)) at += 2;
		else if (isFrame(marker)) {
			const height = bytes.readUInt16BE(at + 5);
			const width = bytes.readUInt16BE(at + 7);
			const isPlain = orientation <= 1 && bytes.readUInt8(at + 9) !== CMYK;
			return { width, height, isPlain, isMoving: false };
		} else {
			const end = at + 2 + bytes.readUInt16BE(at + 2);
			if (marker === 0xe1)
				orientation = readOrientation(bytes.subarray(at + 4, end)) ?? orientation;
			at = end;
		}
	}
	return undefined;
}

const EXIF = Buffer.from('Exif\0\0');
const ORIENTATION = 0x0112;

/** How a camera was held, 1 to 8, as Exif says. */
function readOrientation(segment: Buffer): number | undefined {
	if (!segment.subarray(0, EXIF.length).equals(EXIF)) return undefined;
	const tiff = segment.subarray(EXIF.length);
	const isLittle = tiff.toString('latin1', 0, 2) === 'II';
	const read16 = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
	try {
		const list = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
		for (let entry = 0; entry < read16(list); entry++)
			if (read16(list + 2 + entry * 12) === ORIENTATION) return read16(list + 10 + entry * 12);
	} catch (error) {
		// Broken Exif is no reason to refuse a picture.
		if (!isCut(error)) throw error;
	}
	return undefined;
}

/** Types of color with transparency: gray and RGB. A palette has it in a chunk of its own. */
const TRANSPARENT = [4, 6];

/** @see https://www.w3.org/TR/png-3/ */
function readPng(bytes: Buffer): PictureHeader {
	const chunks: string[] = [];
	for (let at = 8; at < bytes.length && !chunks.includes('IDAT'); at += 12 + bytes.readUInt32BE(at))
		chunks.push(bytes.toString('latin1', at + 4, at + 8));
	return {
		width: bytes.readUInt32BE(16),
		height: bytes.readUInt32BE(20),
		isPlain: !TRANSPARENT.includes(bytes.readUInt8(25)) && !chunks.includes('tRNS'),
		isMoving: chunks.includes('acTL'),
	};
}

/** @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
function readGif(bytes: Buffer): PictureHeader {
	let pictures = 0;
	for (let at = 13 + readTableSize(bytes.readUInt8(10)); pictures < 2 && at < bytes.length;) {
		const block = bytes.readUInt8(at);
		if (block === 0x21) at = skipBlocks(bytes, at + 2);
		else if (block === 0x2c) {
			pictures++;
			at = skipBlocks(bytes, at + 11 + readTableSize(bytes.readUInt8(at + 9)));
		} else break;
	}
	const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
	return { width, height, isPlain: true, isMoving: pictures > 1 };
}

/** Bytes of the color table that a byte of flags announces. */
const readTableSize = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** Where the blocks that begin here are over: one without bytes is the last. A file that was cut may lack it. */
function skipBlocks(bytes: Buffer, begin: number): number {
	let at = begin;
	while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at];
	return at + 1;
}

/** A height below zero says that the first row is the upper one. */
const readBmp = (bytes: Buffer): PictureHeader => ({
	width: bytes.readInt32LE(18),
	height: Math.abs(bytes.readInt32LE(22)),
	isPlain: true,
	isMoving: false,
});
