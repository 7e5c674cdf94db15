import type { IncomingMessage } from 'node:http';
import { isObject, parseJson, type JsonObject } from '../http/json';
import { checkAuthorization } from './authorization';
import { BILLS } from './bills';
import { COMPLAINTS } from './complaints';
import {
	checkFields,
	findEndpoints,
	makeSample,
	readParams,
	replaceTexts,
	type PayEndpoint,
} from './fields';
import { MEDIA, readUpload } from './media';
import { PAYMENTS } from './payments';
import { findSealKey, PLATFORM, unseal } from './platform';
import { PayV3Refusal, wrongField } from './refusal';
import { TRANSFERS } from './transfers';
import type { PayV3Fault } from './types';
import type { Answer, Behavior, World } from './world';

/** From the bytes of a request to what it asks for. */

const BEHAVIORS: Record<string, Behavior> = {
	...PAYMENTS,
	...TRANSFERS,
	...BILLS,
	...COMPLAINTS,
	...MEDIA,
	...PLATFORM,
};

/** What was made of a request so far. */
export interface Exchange {
	method: string;
	path: string;
	target: string;
	query: Record<string, string>;
	headers: IncomingMessage['headers'];
	bytes: Buffer;
	fault: PayV3Fault;
	/** With its sealed fields opened. */
	body?: unknown;
	endpoint?: PayEndpoint;
	isAllowed: boolean;
}

export const serialIn = (headers: IncomingMessage['headers']) =>
	headers['wechatpay-serial'] as string | undefined;

const UNNAMED = new PayV3Refusal(400, 'INVALID_REQUEST', 'Http头缺少Accept或User-Agent');

/** Checks a request from its path to its fields. What is left is to do it. */
export function understand(exchange: Exchange, world: World): () => Answer {
	const { method, path, query, headers, bytes } = exchange;
	const found = findEndpoints(path);
	// Others found an empty body with these two.
	if (found.length === 0) throw new PayV3Refusal(404, '', '');
	const endpoint = found.find((one) => one.method === method);
	if (!endpoint) throw new PayV3Refusal(405, '', '');
	exchange.endpoint = endpoint;
	if (!headers['user-agent'] || !/application\/json|\*\/\*/.test(headers.accept ?? ''))
		throw UNNAMED;
	const contentType = headers['content-type'] ?? '';
	const upload = endpoint.record.upload ? readUpload(contentType, bytes) : undefined;
	const signed = upload ? Buffer.from(upload.meta) : bytes;
	const request = {
		method,
		target: exchange.target,
		authorization: headers.authorization,
		signed,
	};
	checkAuthorization(request, world.mchId, world.keys.merchant, world.now());
	exchange.isAllowed = true;
	if (!upload && bytes.length > 0 && !/^application\/json\b/.test(contentType))
		throw new PayV3Refusal(400, 'INVALID_REQUEST', 'Http头Content-Type应为application/json');
	const body = upload?.body ?? readBody(endpoint, bytes);
	exchange.body = body;
	checkFields(endpoint, query, body);
	for (const [field, value, location] of [
		['/mchid', body.mchid, 'body'],
		['mchid', query.mchid, 'query'],
	] as const)
		if (value !== undefined && value !== world.mchId)
			throw wrongField(field, 'is not the merchant who signed', location, value);
	openSealed(endpoint, body, serialIn(headers), world);
	const params = readParams(path, endpoint);
	const call = { key: endpoint.key, params, query, body, file: upload?.file };
	const behavior = BEHAVIORS[endpoint.key] ?? answerSample(endpoint);
	return () => behavior(structuredClone(call), world);
}

function readBody({ method }: PayEndpoint, bytes: Buffer): JsonObject {
	if (bytes.length === 0) return {};
	if (method === 'GET') throw new PayV3Refusal(400, 'INVALID_REQUEST', 'GET请求不应有请求体');
	let value: unknown;
	try {
		value = parseJson(bytes.toString());
	} catch {
		throw new PayV3Refusal(400, 'PARAM_ERROR', '请求体不是合法的JSON');
	}
	if (!isObject(value)) throw wrongField('', 'is no object');
	return value;
}

function openSealed(
	{ record }: PayEndpoint,
	body: JsonObject,
	serial: string | undefined,
	world: World,
): void {
	const paths = record.sealed?.body ?? [];
	if (replaceTexts(body, paths, (text) => text) === 0) return;
	const key = findSealKey(world, serial);
	replaceTexts(body, paths, (text, pointer) => unseal(key, text, pointer));
}

/** A call that nothing remembers. */
const answerSample =
	(endpoint: PayEndpoint): Behavior =>
	(_, { keys }) => {
		const { record } = endpoint;
		if (record.download) return { bytes: Buffer.from('a file of WeChat Pay'), type: 'text/plain' };
		const answer = makeSample(endpoint, keys.merchant.publicKey);
		return Object.keys(answer).length === 0 ? { status: 204 } : { json: answer };
	};
