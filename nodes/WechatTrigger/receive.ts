import { hash } from 'node:crypto';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { toEventType } from '../push/eventTypes';
import { toDedupeKey } from '../push/message';
import type { Push } from '../push/openPush';
import { SUCCESS } from '../push/reply';
import { deliveries } from './deliveries';
import { claim, isOneOfMany } from './elsewhere';
import { receiveEvent } from './events';
import { receiveMessage } from './messages';
import { DONE, type Arrival, type Received } from './received';
import { send } from './respond';

const known = deliveries(send);

/** Recognises the deliveries of one push; the first one is worked on. */
export async function receive(
	context: IWebhookFunctions,
	push: Push,
	arrival: Arrival,
): Promise<IWebhookResponseData> {
	const { message } = push;
	const kind = toEventType(message);
	const dedupeKey = toDedupeKey(message);
	const node = [context.getWorkflow().id, context.getNode().id, context.getMode()];
	const named = [...node, String(message.ToUserName ?? ''), dedupeKey].join(' ');
	// There may be many of them.
	const key = hash('sha256', named, 'base64url');

	const isFirst = known.isFirst(key);
	known.wait(key, arrival.response, SUCCESS);
	if (!isFirst) return DONE;

	const received: Received = { ...arrival, push, kind, dedupeKey, key, known, at: Date.now() };
	if (isOneOfMany() && !(await claim(context, received))) return DONE;
	const isOfPlatform = arrival.platform && kind.startsWith('authorization.');
	return await (isOfPlatform ? receiveEvent : receiveMessage)(context, received);
}
