import { waitForOthers } from '../base/clock';
import type { Sound } from './wav';

/** Samples that are encoded before other work gets its turn: a few milliseconds. */
const SAMPLES_PER_SLICE = 32_768;
/** In hertz. */
const NARROW = 16_000;

/** In kbit/s, by the four bits of a header: of MPEG-1 layer III, and of MPEG-2 and 2.5. 0 stands for what is none. */
const BITRATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
const BITRATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
/** In hertz, of MPEG-1; the others have a half and a quarter. */
const RATES = [44_100, 48_000, 32_000, 0];
/** The version in two bits of a header. */
const VERSIONS = [
	{ part: 4, samples: 576, bitrates: BITRATES_2 },
	{ part: 1, samples: 0, bitrates: BITRATES_2 },
	{ part: 2, samples: 576, bitrates: BITRATES_2 },
	{ part: 1, samples: 1152, bitrates: BITRATES_1 },
];

/**
 * Encodes a sound as MP3 with a constant bit rate: a minute has 240 KB, or 480 KB over 16 kHz. Without a bit rate, the
 * encoder makes a file whose length players cannot tell. What it adds at the ends is at most 0.2 seconds.
 */
export async function encodeMp3({ sampleRate, channels }: Sound): Promise<Buffer> {
	const { createMp3Encoder } = await import('wasm-media-encoders');
	const encoder = await createMp3Encoder();
	encoder.configure({
		sampleRate,
		channels: channels.length === 1 ? 1 : 2,
		bitrate: sampleRate <= NARROW ? 32 : 64,
	});
	const parts: Buffer[] = [];
	for (let at = 0; at < channels[0].length; at += SAMPLES_PER_SLICE) {
		const slice = channels.map((samples) => samples.subarray(at, at + SAMPLES_PER_SLICE));
		// The encoder uses its memory again, so the part is copied.
		parts.push(Buffer.from(encoder.encode(slice)));
		await waitForOthers();
	}
	parts.push(Buffer.from(encoder.finalize()));
	return Buffer.concat(parts);
}

/** Computes the seconds of an MP3 by its frames, whatever its head says of them. What is between frames is passed over. */
export function computeMp3Seconds(bytes: Buffer): number {
	let seconds = 0;
	let at = skipTag(bytes);
	while (at + 4 <= bytes.length) {
		const frame = readFrame(bytes, at);
		if (frame && !(seconds === 0 && isInfo(bytes, at))) seconds += frame.seconds;
		at += frame?.length ?? 1;
	}
	return seconds;
}

/** Whether the first frame has no sound, but tells the number of the others, as LAME and FFmpeg write it. */
const isInfo = (bytes: Buffer, at: number) =>
	/Info|Xing/.test(bytes.toString('latin1', at + 4, at + 40));

/** Pictures and texts of a tag can look like frames. @see https://id3.org/id3v2.4.0-structure */
function skipTag(bytes: Buffer): number {
	if (bytes.toString('latin1', 0, 3) !== 'ID3' || bytes.length < 10) return 0;
	return 10 + bytes.subarray(6, 10).reduce((size, byte) => size * 0x80 + (byte & 0x7f), 0);
}

/** @see ISO/IEC 11172-3, 2.4.1.3 */
function readFrame(bytes: Buffer, at: number): { seconds: number; length: number } | undefined {
	const kind = bytes[at + 1];
	const rates = bytes[at + 2];
	// Eleven bits of sync, then the version, and layer III.
	if (bytes[at] !== 0xff || (kind & 0xe6) !== 0xe2) return undefined;
	const { part, samples, bitrates } = VERSIONS[(kind >> 3) & 3];
	const bitrate = bitrates[rates >> 4];
	const rate = RATES[(rates >> 2) & 3] / part;
	if (samples === 0 || bitrate === 0 || rate === 0) return undefined;
	const padding = (rates >> 1) & 1;
	return {
		seconds: samples / rate,
		length: Math.floor((samples / 8) * ((bitrate * 1000) / rate)) + padding,
	};
}
