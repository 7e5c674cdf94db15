import { readWav } from '../../nodes/voice/wav';
import { buildPush } from '../simulator/push/buildPush';
import type { PushMessage } from '../simulator/types';
import { logged, prepareN8n } from '../support/n8n';
import { readSample } from '../support/samples';
import { credentialsFor, useSimulator } from '../support/simulator';
import { readVoice } from '../support/voices';
import { callWebhook } from '../support/webhook';

prepareN8n();
const simulator = useSimulator();
let id = 0;

/** The item of a voice message, for the options of the trigger. */
async function hear(voice: PushMessage, pushOptions: { voiceFormat?: string }) {
	const message = { FromUserName: 'oUser', MsgType: 'voice', MsgId: String(++id), ...voice };
	const { result } = await callWebhook(
		{ method: 'POST', ...buildPush(simulator().account, message) },
		{ kinds: ['all'], respond: 'onReceived', pushOptions: { downloadMedia: true, ...pushOptions } },
		credentialsFor(simulator()),
	);
	const [item] = result.workflowData?.[0] ?? [];
	const bytes = Buffer.from(item.binary?.data.data ?? '', 'base64');
	return { json: item.json, file: item.binary?.data, bytes };
}

const addVoice = (bytes: Buffer) => simulator().addMedia(bytes, 'voice.amr');

test('a voice comes as WeChat sends it, with its length', async () => {
	const MediaId = addVoice(readVoice('narrow'));
	const MediaId16K = addVoice(readVoice('wide'));
	const { json, file, bytes } = await hear({ MediaId, MediaId16K, Format: 'amr' }, {});
	expect(bytes).toEqual(readVoice('narrow'));
	expect(file).toMatchObject({ fileName: `${MediaId}.amr`, mimeType: 'audio/amr' });
	expect(json).toMatchObject({ voiceSeconds: 5, MediaId16K });
});

test('as WAV it is made of the voice at 16 kHz', async () => {
	const MediaId = addVoice(readVoice('narrow'));
	const MediaId16K = addVoice(readVoice('wide'));
	const { json, file, bytes } = await hear({ MediaId, MediaId16K }, { voiceFormat: 'wav' });
	expect(file).toMatchObject({ fileName: `${MediaId16K}.wav`, mimeType: 'audio/wav' });
	expect(readWav(bytes, 60)).toMatchObject({ sound: { sampleRate: 16_000 }, seconds: 5 });
	expect(json.voiceSeconds).toBe(5);
});

test('as MP3 it has the name and the type of one', async () => {
	const MediaId = addVoice(readVoice('narrow'));
	const { file } = await hear({ MediaId }, { voiceFormat: 'mp3' });
	expect(file).toMatchObject({ fileName: `${MediaId}.mp3`, mimeType: 'audio/mpeg' });
});

// Code bases have seen both AMR and Speex behind MediaId16K.
test.each<[string, () => string]>([
	['is Speex', () => addVoice(readSample('speex'))],
	['is gone', () => 'gone'],
	['cannot be played', () => addVoice(Buffer.from('#!AMR-WB\n'))],
	['is empty', () => ''],
])('where the voice at 16 kHz %s, that at 8 kHz counts', async (_, createId) => {
	const MediaId = addVoice(readVoice('narrow'));
	const { json, bytes } = await hear({ MediaId, MediaId16K: createId() }, { voiceFormat: 'wav' });
	expect(readWav(bytes, 60)).toMatchObject({ sound: { sampleRate: 8000 }, seconds: 5 });
	expect(json).not.toHaveProperty('mediaError');
	expect(logged).toEqual([]);
});

test('what cannot be converted comes as it is, with the reason', async () => {
	const MediaId = addVoice(Buffer.from('#!AMR\n\x3c'));
	const { json, file } = await hear({ MediaId }, { voiceFormat: 'wav' });
	expect(json.mediaError).toMatch(/^The voice is empty or cut/);
	expect(file?.fileName).toBe(`${MediaId}.amr`);
	expect(logged).toEqual([expect.stringContaining('The voice is empty or cut')]);
});

test('a voice that is cut comes as far as it goes, with a note', async () => {
	const MediaId = addVoice(readVoice('narrow').subarray(0, 1000));
	const { json, bytes } = await hear({ MediaId }, { voiceFormat: 'wav' });
	expect(json.mediaNote).toBe('The voice is cut or damaged; 0.62 seconds of it are there.');
	expect(readWav(bytes, 60).seconds).toBe(json.voiceSeconds);
});
