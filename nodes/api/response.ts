import { ApiError } from './apiError';
import type { HttpResponse } from '../base/http';
import { parseJson } from '../base/json';

export type Answer = Record<string, unknown>;

/**
 * Turns a response into WeChat's answer, or throws {@link ApiError}. WeChat reports errors with HTTP
 * 200 and often calls its JSON text/plain, so only the body counts. `secrets` are cut out of messages.
 */
export function parseResponse(
	response: HttpResponse,
	path: string,
	secrets: string[] = [],
): Answer {
	const answer = response.status === 200 ? parseJsonBody(response.body) : undefined;
	if (!answer)
		throw new ApiError(`HTTP ${response.status}`, 'something else answered in its place', path);
	const { errcode, errmsg, ...rest } = answer;
	if (errcode) throw new ApiError(Number(errcode), redact(String(errmsg ?? ''), secrets), path);
	return rest;
}

/** A file, when that is what came: WeChat's errors look like files that hold JSON. */
export function parseFileResponse(
	response: HttpResponse,
	path: string,
	secrets: string[] = [],
): Answer | undefined {
	const { status, disposition, contentType, body } = response;
	// A page is not a file of WeChat's: some relay or proxy has answered.
	const isFile = body[0] !== 0x7b /* { */ && !contentType.startsWith('text/html');
	if (status === 200 && body.length > 0 && (isFile || disposition.includes('attachment')))
		return undefined;
	return parseResponse(response, path, secrets);
}

/** The object or list in a body, if it holds one. */
export function parseJsonBody(body: Buffer): Answer | undefined {
	try {
		const answer = parseJson(body.toString('utf8'));
		return typeof answer === 'object' && answer !== null ? (answer as Answer) : undefined;
	} catch {
		return undefined;
	}
}

/** Cuts secrets out of what a server says. */
export function redact(text: string, secrets: string[]): string {
	return secrets.filter(Boolean).reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
