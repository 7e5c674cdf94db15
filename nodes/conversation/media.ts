import { toLogLine } from '../base/logLine';
import type { IBinaryKeyData, IDataObject, IWebhookFunctions } from 'n8n-workflow';
import type { Client } from '../api/apiClient';
import type { Download } from '../api/download';
import { toMediaFile } from '../api/mediaFile';
import { toBinaryData } from '../n8n/binaryFile';
import type { Message } from '../push/message';
import { convertVoice, type VoiceFormat } from '../voice/convertVoice';

/** A file, and what the item says of it. */
interface Media {
	file: Download;
	json: IDataObject;
}

const WITH_FILE: ReadonlySet<unknown> = new Set(['image', 'voice', 'video', 'shortvideo']);

/**
 * Downloads the file of an image, voice or video message. WeChat keeps it for three days. When it
 * cannot be downloaded, the item has the reason as `mediaError`. A voice that cannot be converted comes as it is.
 */
export async function downloadMedia(
	{ helpers, logger }: IWebhookFunctions,
	message: Message,
	openClient: () => Promise<Client>,
	voiceFormat: VoiceFormat = 'amr',
): Promise<{ json: IDataObject; binary?: IBinaryKeyData }> {
	const { MsgType, MediaId, MediaId16K } = message;
	if (!WITH_FILE.has(MsgType) || typeof MediaId !== 'string') return { json: {} };
	const log = (reason: string) =>
		logger.warn(toLogLine(`WeChat Trigger could not download media: ${reason}`));
	try {
		const client = await openClient();
		const { file, json } =
			MsgType === 'voice'
				? await downloadVoice(client, [MediaId16K, MediaId], voiceFormat)
				: { file: await downloadFile(client, MediaId), json: {} };
		if (json.mediaError) log(String(json.mediaError));
		return { json, binary: { data: await toBinaryData(helpers, file) } };
	} catch (error) {
		const reason = (error as Error).message;
		log(reason);
		return { json: { mediaError: reason } };
	}
}

async function downloadFile({ download, fetch }: Client, mediaId: string): Promise<Download> {
	const query = { media_id: mediaId };
	const answer = await download({ method: 'GET', path: '/cgi-bin/media/get', query });
	return await toMediaFile(answer, mediaId, fetch);
}

/**
 * Downloads a voice, and converts it. Code bases have both AMR and Speex for the voice at 16 kHz; what cannot be read is
 * taken at 8 kHz. Unconverted, it is always the one at 8 kHz.
 */
async function downloadVoice(
	client: Client,
	[wideId, mediaId]: [unknown, string],
	format: VoiceFormat,
): Promise<Media> {
	const convert = async (id: string): Promise<Media> => {
		const file = await downloadFile(client, id);
		try {
			const { bytes, ...json } = await convertVoice(file.bytes, format);
			return { file: { ...file, bytes }, json };
		} catch (error) {
			return { file, json: { mediaError: (error as Error).message } };
		}
	};
	if (format !== 'amr' && typeof wideId === 'string' && wideId) {
		const wide = await convert(wideId).catch(() => undefined);
		if (wide?.json.voiceSeconds !== undefined) return wide;
	}
	return await convert(mediaId);
}
