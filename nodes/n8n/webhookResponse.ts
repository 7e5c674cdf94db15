import type { ServerResponse } from 'node:http';

/** n8n's response object is Node's. */
export type Response = ServerResponse;

/** What is sent instead of what n8n would send. */
interface Sent {
	/** Default: 200. */
	status?: number;
	/** By their names in lower case. */
	headers: Record<string, string>;
	body?: string;
}

/** Sends an answer, unless the other side has hung up or was answered before; returns whether it did. */
export function writeResponse(
	response: Response,
	{ status = 200, headers, body = '' }: Sent,
): boolean {
	if (response.headersSent || response.destroyed) return false;
	for (const name of response.getHeaderNames()) response.removeHeader(name);
	response.statusCode = status;
	// n8n compresses what is ended through its own `end`, and calls it compressed in any case but no-transform.
	response.setHeader('cache-control', 'no-transform');
	response.setHeader('content-length', Buffer.byteLength(body));
	for (const name in headers) response.setHeader(name, headers[name]);
	// The real one lies below the one that a waiting delivery puts there, such as in pushDelivery.ts.
	const { end } = Object.getPrototypeOf(response) as Response;
	end.call(response, body, 'utf8');
	return true;
}
