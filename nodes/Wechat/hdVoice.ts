import type { Download } from '../api/download';
import { detectFileType } from '../base/fileType';

/** Speex for wideband at quality 7, which is what Tencent's own decoder reads (TRSpeex.c). */
const RATE = 16_000;
const FRAME_BYTES = 60;
const FRAME_SAMPLES = 320;
/** A second: more than 255 frames would not go into a page. */
const FRAMES_PER_PAGE = 50;

const FIRST_PAGE = 2;
const LAST_PAGE = 4;
const SERIAL = 1;

/**
 * Puts the Speex frames of a voice into an Ogg file, as no player opens them bare. What is a file already, or too short
 * to be a frame, stays as it is.
 *
 * @see https://developers.weixin.qq.com/doc/service/api/material/temporary/api_gethdvoice.html
 */
export function toPlayableVoice(voice: Download, mediaId: string): Download {
	const frames = splitFrames(voice.bytes);
	if (detectFileType(voice.bytes) || frames.length === 0)
		return { ...voice, fileName: `${mediaId}.speex`, contentType: 'audio/speex' };
	return { bytes: writeOgg(frames), fileName: `${mediaId}.ogg`, contentType: 'audio/ogg' };
}

/**
 * Splits a voice into frames. WeChat calls it audio/x-speex-with-header-byte, where a byte before each frame tells its
 * length; its decoder knows none. Unconfirmed which one comes, so both are read.
 */
function splitFrames(voice: Buffer): Buffer[] {
	const measured = splitMeasured(voice);
	if (measured) return measured;
	const count = Math.floor(voice.length / FRAME_BYTES);
	return Array.from({ length: count }, (_, n) =>
		voice.subarray(n * FRAME_BYTES, (n + 1) * FRAME_BYTES),
	);
}

/**
 * Frames with their lengths before them; undefined unless these lead from frame to frame to the very end. The first bit
 * of a frame is 0, and its length goes into one byte of Ogg.
 */
function splitMeasured(voice: Buffer): Buffer[] | undefined {
	const frames: Buffer[] = [];
	let at = 0;
	while (at < voice.length) {
		const [length, first] = voice.subarray(at, at + 2);
		const end = at + 1 + length;
		const isFrame = length > 0 && length < 255 && first < 0x80;
		if (!isFrame || end > voice.length) return undefined;
		frames.push(voice.subarray(at + 1, end));
		at = end;
	}
	return frames;
}

/** @see https://wiki.xiph.org/OggSpeex for the two packets before the sound */
function writeOgg(frames: Buffer[]): Buffer {
	const pages = [
		writePage(0, FIRST_PAGE, 0, [writeSpeexHeader()]),
		writePage(1, 0, 0, [writeComment()]),
	];
	for (let at = 0; at < frames.length; at += FRAMES_PER_PAGE) {
		const end = Math.min(at + FRAMES_PER_PAGE, frames.length);
		const flags = end === frames.length ? LAST_PAGE : 0;
		pages.push(writePage(pages.length, flags, end * FRAME_SAMPLES, frames.slice(at, end)));
	}
	return Buffer.concat(pages);
}

function writeSpeexHeader(): Buffer {
	const header = Buffer.alloc(80);
	header.write('Speex   1.2.1', 'latin1');
	const numbers = { version: 1, size: header.length, rate: RATE, wideband: 1, bitstream: 4 };
	const more = { channels: 1, bitrate: -1, frame: FRAME_SAMPLES, vbr: 0, framesPerPacket: 1 };
	Object.values({ ...numbers, ...more }).forEach((value, n) =>
		header.writeInt32LE(value, 28 + 4 * n),
	);
	return header;
}

/** Who wrote the file, and no comments. */
function writeComment(): Buffer {
	const vendor = Buffer.from('n8n-nodes-wechat-platform');
	const length = Buffer.alloc(4);
	length.writeUInt32LE(vendor.length);
	return Buffer.concat([length, vendor, Buffer.alloc(4)]);
}

/**
 * @param granule samples that are complete at the end of the page
 * @see RFC 3533, section 6
 */
function writePage(number: number, flags: number, granule: number, packets: Buffer[]): Buffer {
	const head = Buffer.alloc(27);
	head.write('OggS', 'latin1');
	head[5] = flags;
	head.writeBigInt64LE(BigInt(granule), 6);
	head.writeUInt32LE(SERIAL, 14);
	head.writeUInt32LE(number, 18);
	head[26] = packets.length;
	// Each packet is shorter than 255 bytes, so that its length is one byte.
	const page = Buffer.concat([head, Buffer.from(packets.map(({ length }) => length)), ...packets]);
	page.writeUInt32LE(computeChecksum(page), 22);
	return page;
}

/**
 * The CRC-32 of RFC 3533: polynomial 0x04c11db7, highest bit first, beginning with 0 and not inverted at the end.
 * That of zlib goes the other way round.
 */
function computeChecksum(page: Buffer): number {
	return page.reduce((crc, byte) => (crc << 8) ^ CHECKSUMS[(crc >>> 24) ^ byte], 0) >>> 0;
}

const CHECKSUMS = Int32Array.from({ length: 256 }, (_, byte) => {
	let crc = byte << 24;
	for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
	return crc;
});
