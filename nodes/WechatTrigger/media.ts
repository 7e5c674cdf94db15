import { toLogLine } from '../base/logLine';
import type { IBinaryKeyData, IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { isDownload, type Client, type Download } from '../api/apiClient';
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
		const { bytes, fileName } = await fetchFile(await openClient(), MediaId);
		// Without a MIME type n8n looks at the bytes: WeChat's header is often wrong.
		const data = await helpers.prepareBinaryData(bytes, fileName || MediaId);
		return { json: {}, binary: { data } };
	} catch (error) {
		const reason = (error as Error).message;
		logger.warn(toLogLine(`WeChat Trigger could not download media: ${reason}`));
		return { json: { mediaError: reason } };
	}
}

/** Pictures and voices come as they are, videos as an address. Source: "Get temporary media" (获取临时素材). */
async function fetchFile(client: Client, media_id: string): Promise<Download> {
	const answer = await client.download({
		method: 'GET',
		path: '/cgi-bin/media/get',
		query: { media_id },
	});
	if (isDownload(answer)) return answer;
	return { ...(await client.fetch(String(answer.video_url))), fileName: `${media_id}.mp4` };
}
