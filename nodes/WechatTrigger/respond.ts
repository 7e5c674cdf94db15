import type { ServerResponse } from 'node:http';
import { REPLY_CONTENT_TYPE } from '../n8n/replyContentType';
import type { PushResponse, Reply } from '../push/reply';

/** n8n's response object is Node's. */
export type Response = ServerResponse;

/** Sends an answer, unless WeChat has hung up or was answered before; returns whether it did. */
export function send(response: Response, { body, type }: PushResponse): boolean {
	if (response.headersSent || response.destroyed) return false;
	for (const name of response.getHeaderNames()) response.removeHeader(name);
	response.statusCode = 200;
	response.setHeader('content-type', `${type}; charset=utf-8`);
	// What is given back may come from the query (echostr): no browser may take it for a page.
	response.setHeader('x-content-type-options', 'nosniff');
	// n8n compresses what is ended through its own `end`, and calls it compressed in any case but this.
	response.setHeader('cache-control', 'no-transform');
	response.setHeader('content-length', Buffer.byteLength(body));
	end(response, body);
	return true;
}

/**
 * Catches what n8n answers when the run is over. n8n ends the response with whatever WeChat Reply gave
 * to `sendResponse`, also when the run is a worker's; with an empty JSON answer when no node replied; and
 * with status 500 when the run failed. Only the first may reach WeChat: anything else that is not
 * `success` shows "service is out of order" (该公众号提供的服务出现故障) to the user.
 */
export function catchReply(response: Response, found: (reply: Reply | undefined) => void): void {
	let isCaught = false;
	response.end = ((chunk?: unknown) => {
		// n8n ends it once more, with nothing, after a reply.
		if (isCaught || response.headersSent) return response;
		isCaught = true;
		const type = String(response.getHeader('content-type') ?? '');
		const reply = type.startsWith(REPLY_CONTENT_TYPE)
			? (JSON.parse(String(chunk)) as Reply)
			: undefined;
		found(reply?.MsgType ? reply : undefined);
		return response;
	}) as ServerResponse['end'];
}

/** The real `end`, which is below the one that catchReply puts there. */
export function end(response: Response, body: string): void {
	const { end: original } = Object.getPrototypeOf(response) as ServerResponse;
	original.call(response, body, 'utf8');
}
