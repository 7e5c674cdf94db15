import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';
import { mapWithLimit } from '../base/mapWithLimit';
import type { Message } from '../push/message';
import { toChatInput } from '../push/chatFields';

/** What the item of a push has beside WeChat's keys. */
export interface PushContent {
	json: IDataObject;
	binary?: IBinaryKeyData;
}

const MAX_DOWNLOADS = 5;

/**
 * Reads what several messages of one person say: their texts as lines, each message under WeChat's keys, and their files
 * as `data`, `data1` and so on, in the order of the messages. `binaryField` of a message names its file.
 */
export async function readJoinedContent(
	messages: Message[],
	download: (message: Message) => Promise<PushContent>,
): Promise<PushContent> {
	const contents = await mapWithLimit(messages, MAX_DOWNLOADS, download);
	const files: IBinaryKeyData = {};
	const listed = contents.map(({ json, binary }, at) => {
		const count = Object.keys(files).length;
		const binaryField = count === 0 ? 'data' : `data${count}`;
		if (binary) files[binaryField] = binary.data;
		return { ...messages[at], ...json, ...(binary && { binaryField }) };
	});
	const chatInput = messages.map(toChatInput).filter(Boolean).join('\n');
	const binary = Object.keys(files).length > 0 ? files : undefined;
	return { json: { ...(chatInput && { chatInput }), messages: listed }, binary };
}
