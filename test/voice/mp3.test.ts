import { createMp3Encoder } from 'wasm-media-encoders';
import { computeMp3Seconds, encodeMp3 } from '../../nodes/voice/mp3';
import { detectFileType } from '../../nodes/base/fileType';
import { readSample } from '../support/samples';
import { createTone, expectMp3Of } from '../support/voices';

// What it adds at the ends: 60.19 s of 60 s at 8 kHz. LAME makes 48 kHz of 96.
test.each([8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000])(
	'%d Hz becomes an MP3 of its length',
	async (sampleRate) => {
		const file = await encodeMp3({ sampleRate, channels: [createTone(4, sampleRate)] });
		expect(detectFileType(file)?.extension).toBe('mp3');
		const seconds = computeMp3Seconds(file);
		expectMp3Of(4, seconds);
		// A constant bit rate: the size tells the length, too.
		const bytesPerSecond = (sampleRate <= 16_000 ? 32_000 : 64_000) / 8;
		expect(file.length / bytesPerSecond).toBeCloseTo(seconds, 1);
	},
);

test('slices make the same file as one piece', async () => {
	const tone = createTone(10, 16_000);
	const encoder = await createMp3Encoder();
	encoder.configure({ sampleRate: 16_000, channels: 1, bitrate: 32 });
	const whole = Buffer.concat([
		Buffer.from(encoder.encode([tone])),
		Buffer.from(encoder.finalize()),
	]);
	expect((await encodeMp3({ sampleRate: 16_000, channels: [tone] })).equals(whole)).toBe(true);
});

// FFmpeg 5.1.9: three frames of 576 samples at 8 kHz each, of which the tagged file has one more that only informs.
test.each(['mp3', 'mp3 with a tag'])('the length of %s', (name) =>
	expect(computeMp3Seconds(readSample(name))).toBeCloseTo(0.216, 6),
);

describe('frames', () => {
	/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes, 1152 samples. */
	const frame = Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(413)]);

	test('each of 1152 samples', () =>
		expect(computeMp3Seconds(Buffer.concat(Array.from({ length: 10 }, () => frame)))).toBeCloseTo(
			(10 * 1152) / 44_100,
			6,
		));

	test('in a tag do not count', () => {
		const tag = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x03\x21', 'latin1'), frame]);
		expect(computeMp3Seconds(Buffer.concat([tag, frame]))).toBeCloseTo(1152 / 44_100, 6);
	});

	test('behind what is none are found', () =>
		expect(computeMp3Seconds(Buffer.concat([frame, Buffer.from('junk'), frame]))).toBeCloseTo(
			(2 * 1152) / 44_100,
			6,
		));

	// Bit rate 0 (free) and 15, rate 3 and version 1 are none.
	test.each(['fffb0000', 'fffbf000', 'fffb9c00', 'ffeb9000', 'ffff', ''])('%s is none', (hex) =>
		expect(computeMp3Seconds(Buffer.from(hex, 'hex'))).toBe(0),
	);
});
