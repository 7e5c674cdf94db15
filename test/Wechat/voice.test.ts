import type { IBinaryData } from 'n8n-workflow';
import { computeMp3Seconds } from '../../nodes/voice/mp3';
import { readWav, writeWav } from '../../nodes/voice/wav';
import { prepareN8n, runNode } from '../support/n8n';
import { readSample } from '../support/samples';
import { credentialsFor, useSimulator } from '../support/simulator';
import { createTone, expectMp3Of, readVoice } from '../support/voices';

prepareN8n();
const simulator = useSimulator();

async function run(
	parameters: Record<string, string>,
	file?: Buffer,
	declared?: Partial<IBinaryData>,
) {
	const data = { data: file?.toString('base64') ?? '', mimeType: 'audio/wav', ...declared };
	const item = { json: {}, ...(file && { binary: { data } }) };
	const credentials = credentialsFor(simulator());
	return await runNode('wechat', { resource: 'material', ...parameters }, credentials, [item]);
}

describe('Get Temporary', () => {
	const get = async (bytes: Buffer, name: string, voiceFormat?: string) => {
		const media_id = simulator().addMedia(bytes, name);
		const format: Record<string, string> = voiceFormat ? { voiceFormat } : {};
		const { output } = await run({ operation: 'getTemporary', media_id, ...format });
		const [{ json, binary }] = output;
		return { json, file: binary?.data, bytes: Buffer.from(binary?.data.data ?? '', 'base64') };
	};

	test('gives AMR unless it is told otherwise', async () => {
		const { json, bytes } = await get(readVoice('narrow'), 'voice.amr');
		expect(bytes).toEqual(readVoice('narrow'));
		expect(json.voiceSeconds).toBe(5);
	});

	test('gives WAV', async () => {
		const { file, bytes } = await get(readVoice('wide'), 'voice.amr', 'wav');
		expect(file).toMatchObject({ fileExtension: 'wav', mimeType: 'audio/wav' });
		expect(readWav(bytes, 60)).toMatchObject({ sound: { sampleRate: 16_000 }, seconds: 5 });
	});

	test('gives MP3', async () => {
		const { file, bytes } = await get(readVoice('narrow'), 'voice.amr', 'mp3');
		expect(file).toMatchObject({ fileExtension: 'mp3', mimeType: 'audio/mpeg' });
		expectMp3Of(5, computeMp3Seconds(bytes));
	});

	test('leaves pictures alone', async () => {
		const { json, bytes } = await get(readSample('png'), 'picture.png', 'wav');
		expect(bytes).toEqual(readSample('png'));
		expect(json).not.toHaveProperty('mediaNote');
	});
});

describe('a voice that is uploaded', () => {
	const wavOf = (seconds: number, sampleRate = 24_000) =>
		writeWav({ sampleRate, channels: [createTone(seconds, sampleRate)] });
	const upload = async (file: Buffer, operation = 'uploadTemporary', declared = {}) =>
		await run({ operation, type: 'voice' }, file, { fileName: 'speech.wav', ...declared });
	const sent = () => {
		const { files } = simulator().calls.at(-1)?.body as { files: Array<{ fileName: string }> };
		return files[0].fileName;
	};

	test('becomes MP3 when it is WAV', async () => {
		const { error, output } = await upload(wavOf(3));
		expect(error).toBeUndefined();
		expect(sent()).toBe('speech.mp3');
		const { output: back } = await run({
			operation: 'getTemporary',
			media_id: String(output[0].json.media_id),
		});
		expectMp3Of(3, back[0].json.voiceSeconds);
	});

	// As speech models stream it: nothing in its head tells the length.
	test('may be a WAV without a length, and without a name', async () => {
		const file = wavOf(3);
		file.writeUInt32LE(0xffffffff, 4);
		file.writeUInt32LE(0xffffffff, 40);
		const { error } = await upload(file, 'uploadTemporary', { fileName: undefined });
		expect(error).toBeUndefined();
		expect(sent()).toBe('file.mp3');
	});

	test('stays WAV as permanent material, unless it is over 2 MB', async () => {
		expect((await upload(wavOf(3), 'addPermanent')).error).toBeUndefined();
		expect(sent()).toBe('speech.wav');
		expect((await upload(wavOf(50), 'addPermanent')).error).toBeUndefined();
		expect(sent()).toBe('speech.mp3');
	});

	test.each<[string, Buffer, RegExp]>([
		[
			'too long',
			wavOf(61),
			/"Input Data Field Name" holds a voice of 61\.0 seconds; WeChat takes 60/,
		],
		['cut', wavOf(2).subarray(0, 50_000), /holds a WAV sound that is cut: 1\.0 of 2\.0 seconds/],
		['Ogg', readSample('ogg'), /holds an Ogg sound; WeChat takes AMR, MP3 here/],
		['FLAC', readSample('flac'), /holds a FLAC sound; WeChat takes AMR, MP3 here/],
		['AAC', readSample('aac'), /holds an AAC sound; WeChat takes AMR, MP3 here/],
	])('and is %s is refused before anything is sent', async (_, file, message) => {
		const before = simulator().calls.length;
		const { error } = await upload(file);
		expect(error?.message).toMatch(message);
		expect(simulator().calls).toHaveLength(before);
	});

	test.each(['ogg', 'flac', 'aac'])('as %s is told which format to choose', async (name) => {
		const { error } = await upload(readSample(name));
		expect(error?.description).toMatch(/As the format of a speech model choose mp3 or wav/);
	});
});
