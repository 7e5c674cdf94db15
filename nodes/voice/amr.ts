import { waitForOthers } from '../base/clock';
import { UserError } from '../base/userError';
import type { Sound } from './wav';

/** What an AMR file is made of, as far as it can be read. */
interface AmrOutline {
	/** In hertz: 8,000, or 16,000 of AMR-WB. */
	sampleRate: number;
	seconds: number;
	/** Where slices of the file end that are decoded one after the other. The first one holds the header, too. */
	ends: number[];
	/** It ends within a frame, or goes on with what is none. */
	isBroken: boolean;
}

/** Twenty milliseconds each. */
const FRAMES_PER_SECOND = 50;
/** Five seconds: decoding them takes a few milliseconds. */
const FRAMES_PER_SLICE = 250;
/** WeChat's voices have 60. A byte can be a frame of silence, so that a small file could fill the memory. */
const MAX_SECONDS = 300;

/**
 * Bytes of a frame with its header, by its type; 0 for types that WeChat does not send or nobody knows. A pause (DTX) is
 * type 15, NO_DATA, of one byte: it lasts as long as any other.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4867#section-5
 */
const KINDS = [
	{
		magic: '#!AMR\n',
		sampleRate: 8000,
		sizes: [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1],
	},
	{
		magic: '#!AMR-WB\n',
		sampleRate: 16_000,
		sizes: [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1],
	},
];

/** Reads the lengths of all frames without decoding any; undefined when the file is none of AMR with one channel. */
export function readAmrOutline(bytes: Buffer): AmrOutline | undefined {
	const kind = KINDS.find(({ magic }) => bytes.toString('latin1', 0, magic.length) === magic);
	if (!kind) return undefined;
	const ends: number[] = [];
	let at = kind.magic.length;
	let frames = 0;
	while (at < bytes.length) {
		const size = kind.sizes[(bytes[at] >> 3) & 15];
		if (size === 0 || at + size > bytes.length) break;
		at += size;
		frames++;
		if (frames % FRAMES_PER_SLICE === 0) ends.push(at);
	}
	if (frames % FRAMES_PER_SLICE > 0) ends.push(at);
	const seconds = frames / FRAMES_PER_SECOND;
	return { sampleRate: kind.sampleRate, seconds, ends, isBroken: at < bytes.length };
}

/**
 * Decodes AMR-NB or AMR-WB, pauses included, up to where the file is broken. Other work gets its turn after every five
 * seconds of sound.
 *
 * @throws {UserError} when there is no frame, or more than 300 seconds.
 */
export async function decodeAmr(
	bytes: Buffer,
	{ sampleRate, seconds, ends }: AmrOutline,
): Promise<Sound> {
	if (seconds > MAX_SECONDS)
		throw new UserError(
			`The voice lasts ${Math.round(seconds)} seconds; up to ${MAX_SECONDS} are converted`,
			'Take it as AMR, and convert it in a program of its own.',
			`语音长 ${Math.round(seconds)} 秒，最多转换 ${MAX_SECONDS} 秒：请以 AMR 格式获取，再用其他程序转换。`,
		);
	const { decoder } = await import('@audio/decode-amr');
	const amr = await decoder();
	const samples = new Float32Array(Math.round(seconds * sampleRate));
	let filled = 0;
	let begin = 0;
	try {
		for (const end of ends) {
			const [decoded] = amr.decode(bytes.subarray(begin, end)).channelData;
			if (decoded) samples.set(decoded, filled);
			filled += decoded?.length ?? 0;
			begin = end;
			await waitForOthers();
		}
	} finally {
		amr.free();
	}
	if (filled === 0)
		throw new UserError(
			'The voice is empty or cut: not one piece of it can be played',
			'Download it again within three days, while WeChat keeps it.',
			'语音为空或不完整，没有可播放的内容：请在三天内（微信保留期间）重新下载。',
		);
	return { sampleRate, channels: [samples.subarray(0, filled)] };
}
