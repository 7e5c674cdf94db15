import type { ApiAnswer, ApiRequest } from './api';
import { isObject, parseJson } from './json';
import { parseForm } from './multipart';
import type { Call } from '../types';

const KEPT = 10_000;

/** Parameters and fields whose values would give access to something. */
const SECRETS = [
	'access_token',
	'component_access_token',
	'password',
	'secret',
	'appsecret',
	'component_secret',
	'component_appsecret',
	'component_verify_ticket',
	'refresh_token',
	'authorizer_refresh_token',
];

/** What was called, for tests to look at. */
export class CallLog {
	readonly calls: Call[] = [];
	private readonly counts = new Map<string, number>();

	count(path: string): void {
		this.counts.set(path, this.countOf(path) + 1);
	}

	countOf(path: string): number {
		return this.counts.get(path) ?? 0;
	}

	/** No answer that a client could read is logged as system error -1. */
	add(request: ApiRequest, answer: ApiAnswer | undefined): void {
		this.calls.push({
			method: request.method,
			path: request.path,
			query: withoutSecrets(Object.fromEntries(request.query)),
			body: describe(request),
			errcode: answer?.errcode ?? -1,
		});
		if (this.calls.length > KEPT) this.calls.shift();
	}
}

function describe({ body, headers }: ApiRequest): unknown {
	if (body.length === 0) return undefined;
	const contentType = headers['content-type'] ?? '';
	try {
		if (contentType.startsWith('application/x-www-form-urlencoded'))
			return withoutSecrets(Object.fromEntries(new URLSearchParams(body.toString())));
		return contentType.startsWith('multipart/')
			? describeForm(contentType, body)
			: withoutSecrets(parseJson(body.toString()));
	} catch {
		return body.toString();
	}
}

function withoutSecrets<T>(value: T): T {
	if (!isObject(value)) return value;
	const rest = Object.entries(value).filter(([name]) => !SECRETS.includes(name));
	return Object.fromEntries(rest) as T;
}

function describeForm(contentType: string, body: Buffer): unknown {
	const { texts, files } = parseForm(contentType, body);
	const sizes = Object.entries(files).map(([name, { bytes, ...file }]) => ({
		name,
		...file,
		bytes: bytes.length,
	}));
	return { texts, files: sizes };
}
