import { readWav, writeWav } from '../../nodes/voice/wav';
import { createTone } from '../support/voices';

/** The heads of files as programs write them into a pipe, where they cannot know the length yet. */
const HEADS = {
	// sox -t wav -: format 1, 16 bits; SoX knows the length of its input.
	'16 bits of SoX':
		'52494646a438010057415645666d74201000000001000100401f0000803e0000020010006461746180380100',
	// ffmpeg -f wav -: RIFF and data have the length 0xffffffff, and a LIST is between.
	'16 bits of ffmpeg':
		'52494646ffffffff57415645666d74201000000001000100401f0000803e0000020010004c4953541a000000494e464f495346540e0000004c61766635392e32372e3130300064617461ffffffff',
	'8 bits of ffmpeg':
		'52494646ffffffff57415645666d74201000000001000100401f0000401f0000010008004c4953541a000000494e464f495346540e0000004c61766635392e32372e3130300064617461ffffffff',
	'24 bits of ffmpeg, WAVE_FORMAT_EXTENSIBLE':
		'52494646ffffffff57415645666d742028000000feff0100401f0000c05d00000300180016001800040000000100000000001000800000aa00389b714c4953541a000000494e464f495346540e0000004c61766635392e32372e3130300064617461ffffffff',
	'32 bits of ffmpeg, two channels':
		'52494646ffffffff57415645666d742028000000feff0200401f000000fa00000800200016002000030000000100000000001000800000aa00389b714c4953541a000000494e464f495346540e0000004c61766635392e32372e3130300064617461ffffffff',
	'floating point of ffmpeg, WAVE_FORMAT_EXTENSIBLE':
		'52494646ffffffff57415645666d742028000000feff0100401f0000007d00000400200016002000040000000300000000001000800000aa00389b714c4953541a000000494e464f495346540e0000004c61766635392e32372e3130300064617461ffffffff',
	'floating point of SoX, with a fact':
		'524946463271020057415645666d74201200000003000100401f0000007d00000400200000006661637404000000409c00006461746100710200',
};

type Writer = (file: Buffer, sample: number, at: number) => void;
const WRITERS: Record<string, [bytes: number, write: Writer]> = {
	'8 bits': [1, (file, sample, at) => file.writeUInt8(Math.round(sample * 127) + 128, at)],
	'16 bits': [2, (file, sample, at) => file.writeInt16LE(Math.round(sample * 32767), at)],
	'24 bits': [3, (file, sample, at) => file.writeIntLE(Math.round(sample * 8388607), at, 3)],
	'32 bits': [4, (file, sample, at) => file.writeInt32LE(Math.round(sample * 2147483647), at)],
	'floating point': [4, (file, sample, at) => file.writeFloatLE(sample, at)],
};

const tone = createTone(1, 8000);

/** The tone behind a head, in all channels. */
function fill(head: Buffer, kind: string, channels = 1): Buffer {
	const [bytes, write] = WRITERS[kind];
	const data = Buffer.alloc(tone.length * bytes * channels);
	tone.forEach((sample, n) => {
		for (let channel = 0; channel < channels; channel++)
			write(data, sample, (n * channels + channel) * bytes);
	});
	return Buffer.concat([head, data]);
}

const distanceTo = (samples: Float32Array) =>
	Math.max(...samples.map((sample, n) => Math.abs(sample - tone[n])));

test.each(Object.entries(HEADS))('%s', (name, hex) => {
	const head = Buffer.from(hex, 'hex');
	// The files were five seconds long; the head of a file that knows it says one here.
	const [kind] = Object.keys(WRITERS).filter((one) => name.startsWith(one));
	const channels = name.includes('two') ? 2 : 1;
	if (head.readUInt32LE(head.length - 4) !== 0xffffffff)
		head.writeUInt32LE(8000 * WRITERS[kind][0], head.length - 4);
	const { sound, seconds } = readWav(fill(head, kind, channels), 60);
	expect(sound.sampleRate).toBe(8000);
	expect(seconds).toBe(1);
	expect(sound.channels).toHaveLength(1);
	expect(sound.channels[0]).toHaveLength(8000);
	expect(distanceTo(sound.channels[0])).toBeLessThan(kind === '8 bits' ? 0.01 : 0.0001);
});

describe('a WAV that is written', () => {
	const sound = { sampleRate: 16_000, channels: [tone] };

	// http://soundfile.sapp.org/doc/WaveFormat: 44 bytes, then samples of 16 bits.
	test('has the head that all programs know', () =>
		expect(writeWav(sound).toString('hex', 0, 44)).toBe(
			'52494646a43e000057415645666d74201000000001000100803e0000007d0000020010006461746180' +
				'3e0000',
		));

	test('is read as it was', () =>
		expect(distanceTo(readWav(writeWav(sound), 60).sound.channels[0])).toBeLessThan(0.0001));

	test('has no sample that turns over', () => {
		const [loud] = readWav(
			writeWav({ sampleRate: 8000, channels: [new Float32Array([1.5, -1.5, 1, -1])] }),
			1,
		).sound.channels;
		expect([...loud]).toEqual([expect.closeTo(1, 4), -1, expect.closeTo(1, 4), -1]);
	});
});

/** Where the length of the samples stands in what this pack writes. */
const LENGTH_AT = 40;

// 0: heads that are never completed; the others: espeak-ng, SoX, and models that stream.
test.each([0, 0x7ffff000, 0x7fffffff, 0xffffffff])('the length %d says nothing', (length) => {
	const file = writeWav({ sampleRate: 8000, channels: [tone] });
	file.writeUInt32LE(length, LENGTH_AT);
	expect(readWav(file, 60).seconds).toBe(1);
});

test('what is behind the samples is no sound', () => {
	const file = Buffer.concat([
		writeWav({ sampleRate: 8000, channels: [tone] }),
		Buffer.from('LIST\x04\0\0\0INFO', 'latin1'),
	]);
	expect(readWav(file, 60).seconds).toBe(1);
});

test('no more is read than wanted, but all of it is counted', () => {
	const { sound, seconds } = readWav(writeWav({ sampleRate: 8000, channels: [tone] }), 0.25);
	expect(seconds).toBe(1);
	expect(sound.channels[0]).toHaveLength(2000);
});

describe('what is damaged', () => {
	const whole = writeWav({ sampleRate: 8000, channels: [tone] });
	const change = (at: number, value: number) => {
		const file = Buffer.from(whole);
		file.writeUInt16LE(value, at);
		return file;
	};

	test.each<[string, Buffer, RegExp]>([
		['cut', whole.subarray(0, 44 + 8000), /^a WAV sound that is cut: 0\.5 of 1\.0 seconds/],
		['cut in its head', whole.subarray(0, 30), /^a WAV sound that is damaged/],
		['without samples', whole.subarray(0, 36), /^a WAV sound that is damaged/],
		['of µ-law', change(20, 7), /not read here \(format 7, 16 bits, 1 channels, 8000 Hz\)$/],
		['of 12 bits', change(34, 12), /format 1, 12 bits/],
		['of no channel', change(22, 0), /0 channels/],
		['of no rate', change(24, 0), /0 Hz/],
	])('a WAV %s is refused', (_, file, message) => expect(() => readWav(file, 60)).toThrow(message));

	test('no number is silence', () => {
		const head = Buffer.from(HEADS['floating point of SoX, with a fact'], 'hex');
		head.writeUInt32LE(8, head.length - 4);
		const samples = Buffer.from('0000c07f0000803f', 'hex');
		expect([...readWav(Buffer.concat([head, samples]), 1).sound.channels[0]]).toEqual([0, 1]);
	});
});
