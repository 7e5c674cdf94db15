import {
	describeWindows,
	findOpener,
	openWindow,
	type MessageWindow,
	type SendingLimit,
} from '../api/messageWindow';
import type { Services } from '../api/services';
import { openWindowStore } from '../n8n/windowStore';
import { readText } from '../push/message';
import type { ReceivedPush } from './receivedPush';

/**
 * Notes that a user has done something after which messages may be sent. Nothing waits for it but what is said in the
 * item: a message begins a window of its own, for an event the windows before it are read.
 */
export async function rememberWindow(
	services: Services,
	{ push, eventType, accountAppId, credential }: ReceivedPush,
): Promise<SendingLimit | undefined> {
	const opener = findOpener(eventType);
	const openid = readText(push.message, 'FromUserName');
	if (!opener || !openid || !accountAppId) return undefined;
	const store = openWindowStore(services, accountAppId, credential.openSpace);
	const at = store.now();
	const open = (before: MessageWindow[]) => openWindow(before, opener, at);
	if (opener !== 'message')
		return describeWindows((await store.change(openid, open)) ?? open([]), at);
	const windows = open([]);
	void store.put(openid, windows);
	return describeWindows(windows, at);
}
