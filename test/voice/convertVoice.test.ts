import { detectFileType } from '../../nodes/base/fileType';
import { convertVoice } from '../../nodes/voice/convertVoice';
import { computeMp3Seconds } from '../../nodes/voice/mp3';
import { readWav } from '../../nodes/voice/wav';
import { readSample } from '../support/samples';
import { expectMp3Of, readVoice } from '../support/voices';

test.each([
	['narrow', 8000],
	['wide', 16_000],
] as const)('%s AMR becomes WAV of its length', async (name, sampleRate) => {
	const { bytes, ...told } = await convertVoice(readVoice(name), 'wav');
	expect(told).toEqual({ voiceSeconds: 5 });
	const { sound, seconds } = readWav(bytes, 60);
	expect([sound.sampleRate, seconds]).toEqual([sampleRate, 5]);
});

test('AMR becomes MP3 of its length', async () => {
	const { bytes, ...told } = await convertVoice(readVoice('narrow'), 'mp3');
	expect(told).toEqual({ voiceSeconds: 5 });
	expect(detectFileType(bytes)?.extension).toBe('mp3');
	expectMp3Of(5, computeMp3Seconds(bytes));
});

test('AMR that stays AMR tells its length as well', async () => {
	const voice = readVoice('narrow');
	expect(await convertVoice(voice, 'amr')).toEqual({ bytes: voice, voiceSeconds: 5 });
});

test('of a voice that is cut, what is there is converted, and it says so', async () => {
	const { bytes, ...told } = await convertVoice(readVoice('narrow').subarray(0, -3000), 'wav');
	expect(told.mediaNote).toBe(
		`The voice is cut or damaged; ${told.voiceSeconds} seconds of it are there.`,
	);
	expect(told.voiceSeconds).toBeGreaterThan(1);
	expect(told.voiceSeconds).toBeLessThan(5);
	expect(readWav(bytes, 60).seconds).toBe(told.voiceSeconds);
});

test('MP3 stays MP3', async () => {
	const bytes = readSample('mp3');
	expect(await convertVoice(bytes, 'mp3')).toEqual({ bytes, voiceSeconds: 0.22 });
	expect(await convertVoice(bytes, 'wav')).toEqual({
		bytes,
		voiceSeconds: 0.22,
		mediaNote: 'The voice is MP3, and stays as it is.',
	});
});

test.each(['jpg', 'mp4', 'ogg'])('a file of kind %s is none of its business', async (name) => {
	const bytes = readSample(name);
	expect(await convertVoice(bytes, 'wav')).toEqual({ bytes });
});

test('Speex says what to do', async () => {
	const bytes = readSample('speex');
	expect(await convertVoice(bytes, 'amr')).toEqual({ bytes });
	const { mediaNote, ...rest } = await convertVoice(bytes, 'wav');
	expect(rest).toEqual({ bytes });
	expect(mediaNote).toMatch(/perhaps Speex\. Use the MediaId of the message/);
});
