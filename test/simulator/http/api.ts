import type { IncomingHttpHeaders } from 'node:http';
import type { Account } from '../accounts/account';
import { authorize, tokenParameters } from '../accounts/authorize';
import { behaviors, openBehaviors } from '../behaviors';
import { Bytes, type Answer, type ApiCall, type SimulatorState } from '../behaviors/behavior';
import { endpointsAt, type Endpoint } from './endpoints';
import { ApiError } from './errors';
import { hasCharacterEscape, parseJson, printJson, type JsonObject } from './json';
import { checkFile, parseForm, type Form } from './multipart';
import { check, checkTexts, missing, unknownField } from './schema';

export interface ApiRequest {
	method: string;
	path: string;
	query: URLSearchParams;
	headers: IncomingHttpHeaders;
	body: Buffer;
	ip: string;
}

export interface ApiAnswer {
	status: number;
	headers: Record<string, string | string[]>;
	content: Buffer;
	errcode: number;
}

type Content = Pick<ApiCall, 'query' | 'body' | 'files' | 'texts'>;

/** Answers one call; the checks come in the order WeChat is seen to make them. */
export function answerApi(request: ApiRequest, state: SimulatorState): ApiAnswer {
	const candidates = endpointsAt(request.path);
	if (candidates.length === 0) return textAnswer(404, `No API at ${request.path}`);
	try {
		const account = authorize(candidates[0], request, state);
		checkMethod(request.method, candidates[0].method);
		const { endpoint, content } = firstFitting(candidates, request);
		const answer = perform(endpoint, account, { ...content, ip: request.ip, state });
		if (answer === undefined) {
			return textAnswer(501, `The simulator has no behavior for ${endpoint.id}`);
		}
		if (answer instanceof Bytes) return { ...answer, errcode: 0 };
		return jsonAnswer(endpoint.okOmitsErrcode ? answer : { errcode: 0, errmsg: 'ok', ...answer });
	} catch (error) {
		if (error instanceof ApiError) return jsonAnswer(error.toAnswer());
		throw error;
	}
}

/** Every API but showqrcode answers HTTP 200; the header says encoding where it means charset. */
export function jsonAnswer(value: object): ApiAnswer {
	const { errcode } = value as { errcode?: unknown };
	return {
		status: 200,
		headers: { 'content-type': 'application/json; encoding=utf-8' },
		content: Buffer.from(printJson(value)),
		errcode: typeof errcode === 'number' ? errcode : 0,
	};
}

function textAnswer(status: number, text: string): ApiAnswer {
	const headers = { 'content-type': 'text/plain' };
	return { status, headers, content: Buffer.from(text), errcode: 0 };
}

function checkMethod(method: string, wanted: string): void {
	if (method !== wanted) throw new ApiError(wanted === 'POST' ? 43002 : 43001);
}

function firstFitting(candidates: Endpoint[], request: ApiRequest) {
	const errors: unknown[] = [];
	for (const endpoint of sameAction(candidates, request.query)) {
		try {
			return { endpoint, content: readContent(endpoint, request) };
		} catch (error) {
			errors.push(error);
		}
	}
	throw errors[0];
}

/** Some paths do several things, told apart by ?action=. */
function sameAction(candidates: Endpoint[], query: URLSearchParams): Endpoint[] {
	const action = query.get('action') ?? undefined;
	const same = candidates.filter((endpoint) => endpoint.action === action);
	return same.length > 0 ? same : candidates;
}

function readContent(endpoint: Endpoint, request: ApiRequest): Content {
	const { errcodes = [] } = endpoint;
	const query = readQuery(endpoint, request.query);
	const content: Content = { query, body: {}, files: {}, texts: {} };
	if (endpoint.request === 'json') {
		content.body = readJson(endpoint, request.body);
	} else if (endpoint.request === 'multipart') {
		Object.assign(content, readForm(endpoint, request));
	} else if (endpoint.request === 'raw') {
		if (request.body.length === 0) throw new ApiError(44001);
	} else if (request.body.length > 0) {
		throw new ApiError(47003, `argument invalid! ${endpoint.path} takes no body`);
	}
	checkTexts(query, endpoint.query, errcodes);
	if (endpoint.request === 'json') check(content.body, endpoint.body, errcodes);
	return content;
}

function readQuery(endpoint: Endpoint, query: URLSearchParams): Record<string, string> {
	const names = [...query.keys()];
	const repeated = names.find((name, index) => names.indexOf(name) !== index);
	if (repeated !== undefined) throw unknownField(`${repeated} (given twice)`);
	const values = Object.fromEntries(query);
	for (const name of tokenParameters(endpoint)) delete values[name];
	if (endpoint.action !== undefined) {
		if (values.action !== endpoint.action) throw missing(`action=${endpoint.action}`, []);
		delete values.action;
	}
	return values;
}

function readJson({ body: tree, needsBody }: Endpoint, bytes: Buffer): JsonObject {
	if (bytes.length === 0) {
		if (tree.fields.size === 0 && !needsBody) return {};
		throw new ApiError(44002);
	}
	let text: string;
	let value: unknown;
	try {
		text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		value = parseJson(text);
	} catch {
		throw new ApiError(47001);
	}
	if (hasCharacterEscape(text)) throw new ApiError(40033);
	return value as JsonObject;
}

function readForm({ parts, errcodes = [] }: Endpoint, { headers, body }: ApiRequest): Form {
	// Uploads without Content-Length are reported to be refused.
	if (headers['content-length'] === undefined) throw new ApiError(41005);
	const form = parseForm(headers['content-type'] ?? '', body);
	for (const name of Object.keys(form.files)) {
		if (parts.fields.get(name)?.type !== 'file') throw unknownField(name);
	}
	for (const [name, { type }] of parts.fields) {
		if (type === 'file') checkFile(form.files[name]);
	}
	checkTexts(form.texts, parts, errcodes);
	return form;
}

function perform(
	endpoint: Endpoint,
	account: Account | undefined,
	call: ApiCall,
): Answer | undefined {
	const answer = account
		? behaviors[endpoint.id]?.(account, call)
		: openBehaviors[endpoint.id]?.(call);
	return answer ?? endpoint.sample;
}
