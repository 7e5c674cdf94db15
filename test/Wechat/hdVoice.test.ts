import { toPlayableVoice } from '../../nodes/Wechat/hdVoice';
import { readSample } from '../support/samples';

/** 66 frames of 60 bytes: 1.3 s, and what the encoder looks ahead. */
const VOICE = readSample('speex');
const FRAMES = 66;

const play = (bytes: Buffer) =>
	toPlayableVoice({ bytes, fileName: 'x', contentType: 'audio/x-speex-with-header-byte' }, 'MEDIA');

interface Page {
	flags: number;
	granule: number;
	serial: number;
	number: number;
	packets: Buffer[];
}

/** Reads the pages as RFC 3533 describes them, and fails where one is damaged. */
function readPages(ogg: Buffer): Page[] {
	const pages: Page[] = [];
	for (let at = 0; at < ogg.length;) {
		expect(ogg.toString('latin1', at, at + 5)).toBe('OggS\0');
		const lengths = [...ogg.subarray(at + 27, at + 27 + ogg[at + 26])];
		let end = at + 27 + lengths.length;
		const packets = lengths.map((length) => ogg.subarray(end, (end += length)));
		const page = Buffer.from(ogg.subarray(at, end));
		const checksum = page.readUInt32LE(22);
		page.writeUInt32LE(0, 22);
		expect(divide(page)).toBe(checksum);
		pages.push({
			flags: page[5],
			granule: Number(page.readBigInt64LE(6)),
			serial: page.readUInt32LE(14),
			number: page.readUInt32LE(18),
			packets,
		});
		at = end;
	}
	return pages;
}

/** The remainder by the polynomial 0x104c11db7, bit by bit. */
function divide(bytes: Buffer): number {
	let rest = 0n;
	for (const byte of [...bytes, 0, 0, 0, 0])
		for (let bit = 7; bit >= 0; bit--) {
			rest = (rest << 1n) | BigInt((byte >> bit) & 1);
			if (rest >> 32n) rest ^= 0x104c11db7n;
		}
	return Number(rest);
}

test('frames become an Ogg file', () => {
	const { bytes, fileName, contentType } = play(VOICE);
	expect([fileName, contentType]).toEqual(['MEDIA.ogg', 'audio/ogg']);
	const pages = readPages(bytes);
	expect(pages.map(({ number }) => number)).toEqual([0, 1, 2, 3]);
	expect(pages.map(({ flags }) => flags)).toEqual([2, 0, 0, 4]);
	expect(pages.map(({ granule }) => granule)).toEqual([0, 0, 50 * 320, FRAMES * 320]);
	expect(new Set(pages.map(({ serial }) => serial)).size).toBe(1);
	expect(pages.map(({ packets }) => packets.length)).toEqual([1, 1, 50, 16]);
	expect(Buffer.concat(pages.slice(2).flatMap(({ packets }) => packets))).toEqual(VOICE);
});

// The packet that speexenc 1.2.1 writes first for this sound.
test('the header is that of speexenc', () => {
	const [header, comment] = readPages(play(VOICE).bytes).map(({ packets }) => packets[0]);
	expect(header.toString('hex')).toBe(
		'5370656578202020312e322e310000000000000000000000000000000100000050000000803e0000' +
			'010000000400000001000000ffffffff400100000000000001000000000000000000000000000000',
	);
	expect(comment.readUInt32LE(0)).toBe(comment.length - 8);
	expect(comment.readUInt32LE(comment.length - 4)).toBe(0);
});

// audio/x-speex-with-header-byte: each block begins with its length, as Google's Speech API describes it.
test('bytes before the frames that tell their lengths are left out', () => {
	const measured = Array.from({ length: FRAMES }, (_, n) => [
		Buffer.from([60]),
		VOICE.subarray(n * 60, (n + 1) * 60),
	]);
	expect(play(Buffer.concat(measured.flat())).bytes).toEqual(play(VOICE).bytes);
	const two = Buffer.concat([
		Buffer.from([3]),
		VOICE.subarray(0, 3),
		Buffer.from([2]),
		VOICE.subarray(0, 2),
	]);
	expect(readPages(play(two).bytes)[2].packets).toEqual([
		VOICE.subarray(0, 3),
		VOICE.subarray(0, 2),
	]);
});

test.each([
	['what begins with another bit than a frame', [59, 0x80], 60, [60]],
	['what is too long for a page', [255, 0x30], 256, [60, 60, 60, 60]],
])('a number before %s is no length', (_, bytes, size, lengths) => {
	const voice = Buffer.concat([Buffer.from(bytes)], size);
	const [, , { packets }] = readPages(play(voice).bytes);
	expect(packets.map(({ length }) => length)).toEqual(lengths);
});

test('a voice that was cut off keeps its whole frames', () => {
	const [, , { packets, granule, flags }] = readPages(play(VOICE.subarray(0, 150)).bytes);
	expect([packets.length, granule, flags]).toEqual([2, 640, 4]);
});

test.each([
	['a file already', readSample('amr')],
	['too short', VOICE.subarray(0, 59)],
])('what is %s stays as it is', (_, bytes) => {
	expect(play(bytes)).toEqual({ bytes, fileName: 'MEDIA.speex', contentType: 'audio/speex' });
});
