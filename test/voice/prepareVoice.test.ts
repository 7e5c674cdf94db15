import { computeMp3Seconds } from '../../nodes/voice/mp3';
import { prepareVoice } from '../../nodes/voice/prepareVoice';
import { writeWav } from '../../nodes/voice/wav';
import { readSample } from '../support/samples';
import { createTone, expectMp3Of, readVoice } from '../support/voices';

const wavOf = (seconds: number, sampleRate: number) =>
	writeWav({ sampleRate, channels: [createTone(seconds, sampleRate)] });

// What speech models answer: OpenAI 24 kHz, others 16, 22.05, 44.1 and 48.
test.each([8000, 16_000, 22_050, 24_000, 44_100, 48_000])(
	'WAV of %d Hz becomes MP3',
	async (sampleRate) => expectMp3Of(2, computeMp3Seconds(await prepareVoice(wavOf(2, sampleRate)))),
);

// Encoders add up to 0.2 s, and WeChat takes 60.
test.each([8000, 24_000])('a WAV of a minute at %d Hz is a minute as MP3', async (sampleRate) => {
	const seconds = computeMp3Seconds(await prepareVoice(wavOf(60, sampleRate)));
	expect(seconds).toBeGreaterThan(59.7);
	expect(seconds).toBeLessThanOrEqual(60);
});

test.each(['mp3', 'mp3 with a tag', 'ogg', 'flac', 'aac', 'jpg'])(
	'%s stays as it is',
	async (name) => {
		const bytes = readSample(name);
		expect(await prepareVoice(bytes)).toBe(bytes);
	},
);

test('AMR stays as it is', async () => {
	const voice = readVoice('narrow', 12);
	expect(await prepareVoice(voice)).toBe(voice);
});

test.each<[string, () => Buffer, string]>([
	['a WAV', () => wavOf(75.25, 8000), 'a voice of 75.3 seconds; WeChat takes 60'],
	['AMR', () => readVoice('narrow', 13), 'a voice of 65.0 seconds; WeChat takes 60'],
	[
		'an MP3',
		// 417 bytes and 1152 samples at 44.1 kHz each.
		() =>
			Buffer.alloc(417 * 2400, Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(413)])),
		'a voice of 62.7 seconds; WeChat takes 60',
	],
])(
	'%s that is too long is refused with its length',
	async (_, create, message) =>
		await expect(prepareVoice(create())).rejects.toMatchObject({
			message,
			hint: expect.stringContaining('several voices') as string,
		}),
);

test('a WAV without samples is refused', async () =>
	await expect(prepareVoice(wavOf(0, 8000))).rejects.toThrow('a WAV sound without samples'));
