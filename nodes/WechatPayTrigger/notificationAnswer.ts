import type { ServerResponse } from 'node:http';

/** n8n's response object is Node's. */
export type Response = ServerResponse;

/** What WeChat Pay gets. */
export interface NotificationAnswer {
	status: number;
	/** Why it is not accepted, for the log that WeChat keeps. */
	message?: string;
}

/**
 * Sends an answer, unless WeChat has hung up or was answered before. A notification that is accepted is answered without a
 * body, any other one with code and message.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012071382
 */
export function sendAnswer(response: Response, { status, message }: NotificationAnswer): void {
	if (response.headersSent || response.destroyed) return;
	const body = message === undefined ? '' : JSON.stringify({ code: 'FAIL', message });
	for (const name of response.getHeaderNames()) response.removeHeader(name);
	response.statusCode = status;
	response.setHeader('content-type', 'application/json; charset=utf-8');
	response.setHeader('content-length', Buffer.byteLength(body));
	// n8n compresses what is ended through its own `end`, and calls it compressed in any case but this.
	response.setHeader('cache-control', 'no-transform');
	// The real one lies below the one that a waiting notification puts there (notificationDelivery.ts).
	const { end } = Object.getPrototypeOf(response) as Response;
	end.call(response, body, 'utf8');
	// n8n, too, answers when a run is over, which may be later.
	const keep = () => response;
	Object.assign(response, { setHeader: keep, appendHeader: keep, removeHeader: keep });
}
