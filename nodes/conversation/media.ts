import { toLogLine } from '../base/logLine';
import type { IBinaryKeyData, IDataObject, IWebhookFunctions } from 'n8n-workflow';
import type { Client } from '../api/apiClient';
import { toMediaFile } from '../api/mediaFile';
import { toBinaryData } from '../n8n/binaryFile';
import type { Message } from '../push/message';

const WITH_FILE: ReadonlySet<unknown> = new Set(['image', 'voice', 'video', 'shortvideo']);

/**
 * Downloads the file of an image, voice or video message. WeChat keeps it for three days. When it
 * cannot be downloaded, the item has the reason as `mediaError`.
 */
export async function downloadMedia(
	{ helpers, logger }: IWebhookFunctions,
	{ MsgType, MediaId }: Message,
	openClient: () => Promise<Client>,
): Promise<{ json: IDataObject; binary?: IBinaryKeyData }> {
	if (!WITH_FILE.has(MsgType) || typeof MediaId !== 'string') return { json: {} };
	try {
		const { download, fetch } = await openClient();
		const query = { media_id: MediaId };
		const answer = await download({ method: 'GET', path: '/cgi-bin/media/get', query });
		const file = await toMediaFile(answer, MediaId, fetch);
		return { json: {}, binary: { data: await toBinaryData(helpers, file) } };
	} catch (error) {
		const reason = (error as Error).message;
		logger.warn(toLogLine(`WeChat Trigger could not download media: ${reason}`));
		return { json: { mediaError: reason } };
	}
}
