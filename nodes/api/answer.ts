import { WechatError } from './errors';
import type { HttpResponse } from './http';
import { readJson } from './json';

export type Answer = Record<string, unknown>;

/**
 * Turns a response into WeChat's answer, or throws {@link WechatError}. WeChat reports errors with HTTP
 * 200 and often calls its JSON text/plain, so only the body counts. `secrets` are cut out of messages.
 */
export function judge(response: HttpResponse, path: string, secrets: string[] = []): Answer {
	const answer = readAnswer(response);
	if (!answer)
		throw new WechatError(`HTTP ${response.status}`, 'the answer is not from WeChat', path);
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
	const isFile = response.disposition.includes('attachment') || response.body[0] !== 0x7b; // `{`
	if (isFile && response.status === 200 && response.body.length > 0) return undefined;
	return judge(response, path, secrets);
}

function readAnswer({ status, body }: HttpResponse): Answer | undefined {
	if (status !== 200) return undefined;
	try {
		const answer = readJson(body.toString('utf8'));
		return typeof answer === 'object' && answer !== null ? (answer as Answer) : undefined;
	} catch {
		return undefined;
	}
}

function redact(text: string, secrets: string[]): string {
	return secrets.filter(Boolean).reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
