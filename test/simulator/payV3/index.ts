import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isObject, parseJson, printJson, type JsonObject } from '../http/json';
import type { Authority, Certified } from '../pay/certificates';
import { checkAuthorization } from './authorization';
import { BILLS, type BillKind } from './bills';
import { addComplaint, COMPLAINTS } from './complaints';
import { linesOf, signBytes } from './crypt';
import {
	checkFields,
	findEndpoints,
	makeSample,
	readParams,
	replaceTexts,
	type PayEndpoint,
} from './fields';
import { makeKeys } from './keys';
import { MEDIA, readUpload } from './media';
import { createNotification, type Notification, type NotificationOptions } from './notifications';
import { endRefund, payOrder, PAYMENTS, refundedOf, type Payment, type Refund } from './payments';
import { chooseKey, findSealKey, PLATFORM, unseal } from './platform';
import { PayV3Refusal, wrongField } from './refusal';
import { endTransfer, TRANSFERS, type Transfer } from './transfers';
import type { Answer, Behavior, Movement, World } from './world';

export interface PayV3Options {
	mchId: string;
	/** APIv3密钥, 32 bytes. */
	apiV3Key: string;
	/** Accounts that are bound to the merchant. */
	appIds: string[];
	/** Fen that the merchant has. */
	balance: number;
	/** Whether WeChat Pay has a public key, platform certificates, or both while a merchant changes. */
	signsWith: 'publicKey' | 'certificate' | 'change';
	/** How many platform certificates there are; the last one is the newest, and signs. */
	certificates: number;
	/** The serial number of the merchant's certificate, in hexadecimal. */
	merchantSerial?: string;
	now: () => number;
}

/** What goes wrong with the next call of a path, or of any. The words are those of the red packets' server. */
export interface PayV3Fault {
	/** As it was sent or with braces, with its method before it or without. */
	path?: string;
	times?: number;
	/**
	 * What was done by then: nothing, all of it, or it is done when the next call comes (`late`) or has been answered
	 * (`later`). Default: nothing.
	 */
	work?: 'none' | 'done' | 'late' | 'later';
	/** The connection ends before the call is read, when it is read, or in the middle of the answer. */
	cut?: 'unread' | 'read' | 'half';
	/** Answered in place of what is true, with that status (400 without one). */
	code?: string;
	status?: number;
	body?: string;
	answer?: object;
	/** What is wrong with the signature of the answer; `true` is a signature of another key. */
	isForged?: true | 'unsigned' | 'probe' | 'old' | 'unknownSerial';
	delayMs?: number;
}

export interface PayV3CallRecord {
	method: string;
	path: string;
	query: Record<string, string>;
	/** With its sealed fields opened. */
	body: unknown;
	headers: IncomingMessage['headers'];
	/** Path and query, and the body, as they came. */
	target: string;
	bytes: Buffer;
	/** Empty when it was answered as it asked. */
	code: string;
}

export interface PayV3Server {
	url: string;
	mchId: string;
	appId: string;
	apiV3Key: string;
	authority: Authority;
	/** The merchant's certificate and key. */
	client: Certified;
	merchantSerial: string;
	publicKey: { id: string; pem: string };
	platformCertificates: Array<{ serial: string; cert: string }>;
	readonly calls: PayV3CallRecord[];
	count(path: string): number;
	fault(fault: PayV3Fault): void;
	clearFaults(): void;
	setClock(now: () => number): void;

	/** The ledger. */
	readonly payments: Map<string, Payment>;
	readonly refunds: Map<string, Refund>;
	readonly transfers: Map<string, Transfer>;
	readonly movements: Movement[];
	readonly echoes: JsonObject[];
	/** Fen that a user got by transfers. */
	paidTo(openid: string): number;
	/** How many transfers to a user were taken, whether confirmed or not. */
	transfersTo(openid: string): number;
	/** Fen of the refunds of an order. */
	refundedOf(outTradeNo: string): number;
	readonly balance: number;
	setBalance(fen: number): void;

	/** What users do, and WeChat. Each answers the resource of its notification. */
	pay(outTradeNo: string, openid?: string): JsonObject;
	finishRefund(outRefundNo: string, status?: 'SUCCESS' | 'CLOSED' | 'ABNORMAL'): JsonObject;
	confirmTransfer(outBillNo: string): JsonObject;
	failTransfer(outBillNo: string, failReason: string): JsonObject;
	addComplaint(fields?: JsonObject): JsonObject;
	/** The bill of a day (2026-11-28); without a text there is none. */
	setBill(kind: BillKind, day: string, text: string, options?: { isDamaged?: boolean }): void;
	setKeys(signsWith: PayV3Options['signsWith']): void;

	/** A notification to be delivered, and delivered again. */
	createNotification(
		eventType: string,
		resource: JsonObject | string,
		options?: NotificationOptions & { url?: string },
	): Notification;
	close(): Promise<void>;
}

const DEFAULTS: PayV3Options = {
	mchId: '1900000109',
	apiV3Key: 'Zb9TestKeyOfTheMerchantV3-01234x',
	appIds: ['wxd678efh567hg6787', 'wxd222ec9daccce0b9'],
	balance: 1_000_000_00,
	signsWith: 'publicKey',
	certificates: 1,
	now: Date.now,
};

const BEHAVIORS: Record<string, Behavior> = {
	...PAYMENTS,
	...TRANSFERS,
	...BILLS,
	...COMPLAINTS,
	...MEDIA,
	...PLATFORM,
};

/** What was made of a request so far. */
interface Exchange {
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

/** Starts a WeChat Pay (API v3) on 127.0.0.1, which knows one merchant and takes nothing that WeChat would not. */
export async function startPayV3Server(
	overrides: Partial<PayV3Options> = {},
): Promise<PayV3Server> {
	const options = { ...DEFAULTS, ...overrides };
	const keys = makeKeys(options.mchId, options.certificates, options.merchantSerial);
	const world = createWorld(options, keys);
	const calls: PayV3CallRecord[] = [];
	let faults: Array<PayV3Fault & { left: number }> = [];
	const late: Array<() => void> = [];
	const later: Array<() => void> = [];

	function takeFault(method: string, path: string): PayV3Fault {
		const fault = faults.find((one) => isCalled(one.path, method, path));
		if (fault && --fault.left <= 0) faults = faults.filter((one) => one !== fault);
		return fault ?? {};
	}

	/** Does what a call asks for, or puts it off. */
	function perform(work: () => Answer, { fault }: Exchange): Answer {
		const { code, status, body, answer, cut } = fault;
		const isOverridden = code ?? status ?? body ?? answer ?? cut;
		const when = fault.work ?? (isOverridden === undefined ? 'done' : 'none');
		if (when === 'late') late.push(() => void attempt(work));
		if (when === 'later') later.push(() => void attempt(work));
		const done = when === 'done' ? work() : { json: {} };
		if (code !== undefined) throw new PayV3Refusal(status ?? 400, code, `${code}的说明`);
		return answer && 'json' in done ? { json: { ...done.json, ...answer } } : done;
	}

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		for (const work of late.splice(0)) work();
		const afterwards = later.splice(0);
		const target = request.url ?? '';
		const { pathname: path, searchParams } = new URL(target, world.url);
		const method = request.method ?? '';
		const fault = takeFault(method, path);
		const record: PayV3CallRecord = {
			method,
			path,
			query: Object.fromEntries(searchParams),
			body: undefined,
			headers: request.headers,
			target,
			bytes: Buffer.alloc(0),
			code: '',
		};
		calls.push(record);
		if (fault.cut === 'unread') return void request.socket.destroy();
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const { query, headers } = record;
		const bytes = (record.bytes = Buffer.concat(chunks));
		const exchange = { method, path, target, query, headers, bytes, fault, isAllowed: false };
		const { status, content, type, code } = answerTo(exchange);
		record.body = (exchange as Exchange).body;
		record.code = code;
		for (const work of afterwards) work();
		if (fault.delayMs) await sleep(fault.delayMs);
		if (fault.cut === 'read') return void request.socket.destroy();
		const isSigned = exchange.isAllowed && type !== 'file';
		response.writeHead(status, {
			...(content.length > 0 && { 'content-type': CONTENT_TYPES[type] }),
			...(status !== 204 && { 'content-length': content.length }),
			...(exchange.isAllowed && { 'request-id': randomUUID() }),
			...(isSigned && signAnswer(world, content, serialIn(headers), fault)),
		});
		if (fault.cut !== 'half') return void response.end(content);
		response.write(content.subarray(0, content.length >> 1), () => request.socket.destroy());
	}

	function answerTo(exchange: Exchange): Told {
		const { fault } = exchange;
		let told: Told;
		try {
			told = tell(perform(understand(exchange, world), exchange));
		} catch (error) {
			if (!(error instanceof PayV3Refusal)) throw error;
			told = tellRefusal(error);
		}
		if (!exchange.isAllowed) return told;
		const { status = told.status, body } = fault;
		const isPlain = body !== undefined || fault.status !== undefined;
		if (isPlain && !fault.code)
			told = {
				...told,
				content: Buffer.from(body ?? ''),
				type: body?.startsWith('<') ? 'page' : 'json',
			};
		return { ...told, status };
	}

	const server: Server = createServer(keys.server, (request, response) => {
		serve(request, response).catch((error: Error) => {
			if (!response.headersSent) response.writeHead(500);
			response.end(`The simulator failed: ${error.stack}`);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	world.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

	return {
		url: world.url,
		mchId: options.mchId,
		appId: options.appIds[0],
		apiV3Key: options.apiV3Key,
		authority: keys.authority,
		client: keys.merchant.client,
		merchantSerial: keys.merchant.serial,
		publicKey: { id: keys.publicKey.serial, pem: keys.publicKey.pem },
		platformCertificates: keys.certificates.map(({ serial, cert }) => ({ serial, cert })),
		calls,
		count: (spec) => calls.filter(({ method, path }) => isCalled(spec, method, path)).length,
		fault: (fault) => void faults.push({ ...fault, left: fault.times ?? 1 }),
		clearFaults: () => void (faults = []),
		setClock: (now) => void (world.now = now),
		payments: world.payments,
		refunds: world.refunds,
		transfers: world.transfers,
		movements: world.movements,
		echoes: world.echoes,
		paidTo: (openid) =>
			world.movements
				.filter((one) => one.kind === 'transfer' && one.openid === openid)
				.reduce((sum, { fen }) => sum + fen, 0),
		transfersTo: (openid) =>
			[...world.transfers.values()].filter(({ values }) => values.openid === openid).length,
		refundedOf: (outTradeNo) => refundedOf(outTradeNo, world),
		get balance() {
			return world.balance;
		},
		setBalance: (fen) => void (world.balance = fen),
		pay: (outTradeNo, openid) => payOrder(outTradeNo, world, openid),
		finishRefund: (outRefundNo, status = 'SUCCESS') => endRefund(outRefundNo, status, world),
		confirmTransfer: (outBillNo) => endTransfer(outBillNo, world),
		failTransfer: (outBillNo, failReason) => endTransfer(outBillNo, world, failReason),
		addComplaint: (fields) => addComplaint(world, fields),
		setBill: (kind, day, text, { isDamaged = false } = {}) =>
			void world.bills.set(`${kind} ${day}`, { text, isDamaged }),
		setKeys: (signsWith) => void (world.signsWith = signsWith),
		createNotification: (eventType, resource, { url, ...rest } = {}) =>
			createNotification(world, eventType, resource, rest, url),
		close: async () =>
			await new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function createWorld(options: PayV3Options, keys: World['keys']): World {
	let numbers = 0;
	return {
		...options,
		keys,
		url: '',
		payments: new Map(),
		refunds: new Map(),
		transfers: new Map(),
		movements: [],
		complaints: new Map(),
		bills: new Map(),
		downloads: new Map(),
		media: new Map(),
		echoes: [],
		nextNumber: (start) => start + String(++numbers).padStart(28 - start.length, '0'),
	};
}

/** What was put off is done for nobody: what WeChat says of it is lost. */
function attempt(work: () => Answer): void {
	try {
		work();
	} catch (error) {
		if (!(error instanceof PayV3Refusal)) throw error;
	}
}

/** Whether `spec` names a call: a path as it was sent or with braces, maybe with a method before it. */
function isCalled(spec: string | undefined, method: string, path: string): boolean {
	if (spec === undefined) return true;
	const [wanted, template = wanted] = spec.split(' ');
	if (template !== wanted && wanted !== method) return false;
	if (template === path) return true;
	return findEndpoints(path).some((one) => one.path === template);
}

const serialIn = (headers: IncomingMessage['headers']) =>
	headers['wechatpay-serial'] as string | undefined;

const UNNAMED = new PayV3Refusal(400, 'INVALID_REQUEST', 'Http头缺少Accept或User-Agent');

/** Checks a request from its path to its fields. What is left is to do it. */
function understand(exchange: Exchange, world: World): () => Answer {
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

interface Told {
	status: number;
	content: Buffer;
	type: keyof typeof CONTENT_TYPES;
	code: string;
}

const CONTENT_TYPES = {
	json: 'application/json; charset=utf-8',
	file: 'application/octet-stream',
	page: 'text/html',
};

function tell(answer: Answer): Told {
	if ('bytes' in answer) return { status: 200, content: answer.bytes, type: 'file', code: '' };
	if ('status' in answer) return { status: 204, content: Buffer.alloc(0), type: 'json', code: '' };
	return { status: 200, content: Buffer.from(printJson(answer.json)), type: 'json', code: '' };
}

function tellRefusal({ status, code, words, detail }: PayV3Refusal): Told {
	const text = code === '' ? '' : printJson({ code, message: words, ...(detail && { detail }) });
	return { status, content: Buffer.from(text), type: 'json', code: code || `HTTP ${status}` };
}

const OLD_MS = 301_000;

function signAnswer(
	world: World,
	content: Buffer,
	asked: string | undefined,
	{ isForged }: PayV3Fault,
): Record<string, string> {
	if (isForged === 'unsigned') return {};
	const { serial, privateKey } = chooseKey(world, asked);
	const ms = world.now() - (isForged === 'old' ? OLD_MS : 0);
	const time = String(Math.floor(ms / 1000));
	const nonce = randomBytes(16).toString('hex');
	const key = isForged === true ? world.keys.merchant.privateKey : privateKey;
	const signature = signBytes(key, linesOf(time, nonce, content));
	const probe = 'WECHATPAY/SIGNTEST/';
	return {
		'Wechatpay-Timestamp': time,
		'Wechatpay-Nonce': nonce,
		'Wechatpay-Signature': isForged === 'probe' ? probe + signature.slice(probe.length) : signature,
		'Wechatpay-Serial': isForged === 'unknownSerial' ? `${serial.slice(0, -1)}X` : serial,
		'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
	};
}
