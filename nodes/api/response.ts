import { ADDRESS_HINTS, createStatusError, type Peer } from '../base/connectionError';
import type { HttpResponse } from '../base/http';
import { parseJson } from '../base/json';
import type { Redact } from '../base/redact';
import { ApiError } from './apiError';

/** WeChat's JSON to a call, without errcode and errmsg. */
export type Answer = Record<string, unknown>;

/** Whom calls go to, as errors name it. */
export const WECHAT: Peer = {
	name: 'WeChat',
	...ADDRESS_HINTS,
};

/**
 * Reads a response as WeChat's answer. WeChat reports errors with HTTP 200 and often calls its JSON text/plain, so only
 * the body counts. Errors hold what `redact` leaves of the answer.
 *
 * @throws {ApiError} when WeChat refused the call.
 * @throws {ConnectionError} when something else answered, such as the page of a proxy.
 */
export function parseResponse(response: HttpResponse, path: string, redact: Redact): Answer {
	const answer = response.status === 200 ? parseJsonBody(response.body) : undefined;
	if (!answer) throw createStatusError(response, { peer: WECHAT, path });
	const { errcode: code = 0, errmsg, ...rest } = answer;
	// Some relays write it as a text.
	const errcode = Number(code);
	if (errcode !== 0)
		throw new ApiError({
			errcode,
			errmsg: redact(String(errmsg ?? '')),
			path,
			details: redact(rest),
		});
	return rest;
}

/** Like {@link parseResponse}; undefined when a file came. WeChat's errors look like files that hold JSON. */
export function parseFileResponse(
	response: HttpResponse,
	path: string,
	redact: Redact,
): Answer | undefined {
	const { status, disposition, contentType, body } = response;
	// A page is not a file of WeChat's: some relay or proxy has answered.
	const isFile = body[0] !== 0x7b /* { */ && !contentType.startsWith('text/html');
	if (status === 200 && body.length > 0 && (isFile || disposition.includes('attachment')))
		return undefined;
	return parseResponse(response, path, redact);
}

/** Reads a list in an answer; WeChat leaves an empty one out, or writes null. */
export const readList = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);

/** Reads an object in an answer; WeChat leaves an empty one out, or writes null. */
export const readObject = (value: unknown): Answer =>
	typeof value === 'object' && value !== null ? (value as Answer) : {};

/** The object or list in a body, if it holds one. */
export function parseJsonBody(body: Buffer): Answer | undefined {
	try {
		const answer = parseJson(body.toString('utf8'));
		return typeof answer === 'object' && answer !== null ? (answer as Answer) : undefined;
	} catch {
		return undefined;
	}
}
