import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONTENT_TYPES, signAnswer, tell, tellRefusal, type Told } from './answers';
import { addComplaint } from './complaints';
import { findEndpoints } from './fields';
import { makeKeys } from './keys';
import { createNotification } from './notifications';
import { endRefund, payOrder, refundedOf } from './payments';
import { PayV3Refusal } from './refusal';
import { serialIn, understand, type Exchange } from './requests';
import { endTransfer } from './transfers';
import type { PayV3CallRecord, PayV3Fault, PayV3Options, PayV3Server } from './types';
import type { Answer, World } from './world';

export type { PayV3CallRecord, PayV3Fault, PayV3Options, PayV3Server } from './types';

const DEFAULTS: PayV3Options = {
	mchId: '1900000109',
	apiV3Key: 'Zb9TestKeyOfTheMerchantV3-01234x',
	appIds: ['wxd678efh567hg6787', 'wxd222ec9daccce0b9'],
	balance: 1_000_000_00,
	signsWith: 'publicKey',
	certificates: 1,
	now: Date.now,
};

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
