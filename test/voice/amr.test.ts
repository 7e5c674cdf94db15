import { decodeAmr, readAmrOutline } from '../../nodes/voice/amr';
import opencore from '../fixtures/voices/opencore.json';
import { readVoice, SECONDS, type VoiceName } from '../support/voices';

const NO_DATA = 0x7c;
const HEADERS = { narrow: 6, wide: 9 };

async function decode(bytes: Buffer) {
	const outline = readAmrOutline(bytes);
	if (!outline) throw new Error('no AMR');
	const { sampleRate, channels } = await decodeAmr(bytes, outline);
	return { ...outline, sampleRate, samples: channels[0] };
}

/** How much two series rise and fall together: 1 when they do so in every step. */
function correlate(left: number[], right: number[]): number {
	const center = (values: number[]) => {
		const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
		return values.map((value) => value - mean);
	};
	const [a, b] = [center(left), center(right)];
	const dot = (x: number[], y: number[]) => x.reduce((sum, value, n) => sum + value * y[n], 0);
	return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** Loudness and zero crossings of each frame of 20 ms, with samples of 16 bits. */
function describeFrames(samples: Float32Array, sampleRate: number) {
	const size = sampleRate / 50;
	const frames = Array.from({ length: samples.length / size }, (_, n) =>
		[...samples.subarray(n * size, (n + 1) * size)].map((sample) => Math.round(sample * 0x8000)),
	);
	return {
		loudness: frames.map((frame) => Math.sqrt(frame.reduce((sum, s) => sum + s * s, 0) / size)),
		crossings: frames.map(
			(frame) => frame.filter((s, n) => n > 0 && s < 0 !== frame[n - 1] < 0).length,
		),
	};
}

test.each<[VoiceName, number]>([
	['narrow', 8000],
	['wide', 16_000],
])('%s: pauses keep their length, and the sound is that of libopencore', async (name, rate) => {
	const { sampleRate, seconds, samples, isBroken } = await decode(readVoice(name));
	expect({ sampleRate, seconds, isBroken }).toEqual({
		sampleRate: rate,
		seconds: SECONDS,
		isBroken: false,
	});
	expect(samples).toHaveLength(SECONDS * rate);
	const { loudness, crossings } = describeFrames(samples, rate);
	expect(correlate(loudness, opencore[name].loudness)).toBeGreaterThan(0.9999);
	expect(correlate(crossings, opencore[name].crossings)).toBeGreaterThan(0.99);
});

test('a minute is decoded in slices, and other work gets its turn between them', async () => {
	let turns = 0;
	const count = () => {
		turns++;
		timer = setImmediate(count);
	};
	let timer = setImmediate(count);
	const { samples } = await decode(readVoice('narrow', 12));
	clearImmediate(timer);
	expect(samples).toHaveLength(60 * 8000);
	expect(turns).toBeGreaterThanOrEqual(11);
});

test.each<VoiceName>(['narrow', 'wide'])(
	'%s: a minute of nothing but pause lasts one',
	async (name) => {
		const head = readVoice(name).subarray(0, HEADERS[name]);
		const { samples, sampleRate } = await decode(
			Buffer.concat([head, Buffer.alloc(3000, NO_DATA)]),
		);
		expect(samples.length / sampleRate).toBe(60);
		expect(Math.max(...samples.subarray(0, 1000))).toBeLessThan(0.01);
	},
);

describe('what is damaged', () => {
	test('a voice that is cut within a frame is played up to there', async () => {
		const voice = readVoice('narrow').subarray(0, HEADERS.narrow + 32 * 50 + 10);
		const { seconds, isBroken, samples } = await decode(voice);
		expect({ seconds, isBroken }).toEqual({ seconds: 1, isBroken: true });
		expect(samples).toHaveLength(8000);
	});

	// RFC 4867, table 1a: the types 12 to 14 are for future use, so nobody knows where the next frame begins.
	test('a voice goes on to the first frame of an unknown type', async () => {
		const voice = Buffer.from(readVoice('narrow'));
		voice[HEADERS.narrow + 32 * 100] = 13 << 3;
		const { seconds, isBroken } = await decode(voice);
		expect({ seconds, isBroken }).toEqual({ seconds: 2, isBroken: true });
	});

	test.each(['#!AMR\n', '#!AMR\n\x3c', '#!AMR-WB\n'])(
		'nothing to be played: %j',
		async (bytes) =>
			await expect(decode(Buffer.from(bytes, 'latin1'))).rejects.toThrow(
				'The voice is empty or cut: not one piece of it can be played',
			),
	);

	test('half a megabyte of pauses is three hours, and is refused', async () => {
		const voice = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(540_000, NO_DATA)]);
		await expect(decode(voice)).rejects.toThrow('The voice lasts 10800 seconds; up to 300 are');
	});

	// RFC 4867, 5.1: files of several channels have headers of their own.
	test.each(['', 'RIFF', '#!AMR_MC1.0\n\0\0\0\x02', '#!SILK_V3'])('%j is none', (bytes) =>
		expect(readAmrOutline(Buffer.from(bytes))).toBeUndefined(),
	);
});
