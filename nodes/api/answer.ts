import { WechatError } from './errors';
import type { HttpResponse } from './http';
import { readJson } from './json';

export type Answer = Record<string, unknown>;

/**
 * Turns a response into WeChat's answer, or throws {@link WechatError}. WeChat reports errors with HTTP
 * 200 and often calls its JSON text/plain, so only the body counts. `secrets` are cut out of messages.
 */
export function judge(response: HttpResponse, path: string, secrets: string[] = []): Answer {
	const answer = response.status === 200 ? readAnswer(response.body) : undefined;
	if (!answer)
		throw new WechatError(`HTTP ${response.status}`, 'something else answered in its place', path);
	const { errcode, errmsg, ...rest } = answer;
	if (errcode) throw new WechatError(Number(errcode), redact(String(errmsg ?? ''), secrets), path);
	return rest;
}

/** A file, when that is what came: WeChat's errors look like files that hold JSON. */
export function judgeFile(
	response: HttpResponse,
	path: string,
	secrets: string[] = [],
): Answer | undefined {
	const { status, disposition, contentType, body } = response;
	// A page is not a file of WeChat's: some relay or proxy has answered.
	const isFile = body[0] !== 0x7b /* { */ && !contentType.startsWith('text/html');
	if (status === 200 && body.length > 0 && (isFile || disposition.includes('attachment')))
		return undefined;
	return judge(response, path, secrets);
}

/** The object or list in a body, if it holds one. */
export function readAnswer(body: Buffer): Answer | undefined {
	try {
		const answer = readJson(body.toString('utf8'));
		return typeof answer === 'object' && answer !== null ? (answer as Answer) : undefined;
	} catch {
		return undefined;
	}
}

/** Cuts secrets out of what a server says. */
export function redact(text: string, secrets: string[]): string {
	return secrets.filter(Boolean).reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
