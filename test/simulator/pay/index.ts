import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../http/json';
import type { Call } from '../types';
import { parseXml, printXml } from '../http/xml';
import { OrderBook, type Order } from './orderBook';
import { checkValues, GET, isKnown, signatureOf, type Values } from './calls';
import { newAuthority, type Authority, type Certified } from './certificates';
import { PayRefusal } from './refusal';

export interface PayOptions {
	mchId: string;
	apiKey: string;
	/** Official accounts that are bound to the merchant. */
	appIds: string[];
	/** Fen that the merchant has. */
	balance: number;
	/** 每日同一用户领取本商户红包个数. */
	packetsPerDay: number;
	/** Whether answers are signed; WeChat's pages list no sign in them. */
	signs: boolean;
	/** Whether a certificate that is missing or of another authority ends the TLS handshake, or is answered with CA_ERROR. */
	endsTls: boolean;
}

/** What goes wrong with the next call of a path, or of any. */
export interface PayFault {
	path?: string;
	times?: number;
	/** What was done by then: nothing, all of it, or it is done when the next call comes. Default: nothing. */
	work?: 'none' | 'done' | 'late';
	/** The connection ends before the call is read, when it is read, or in the middle of the answer. */
	cut?: 'unread' | 'read' | 'half';
	/** Answered in place of what is true. */
	errCode?: string;
	status?: number;
	body?: string;
	answer?: object;
	/** The signature of the answer is wrong. */
	isForged?: boolean;
	delayMs?: number;
}

export interface PayServer extends Pick<PayOptions, 'mchId' | 'apiKey'> {
	url: string;
	appId: string;
	/** Of the server and of the merchant. */
	authority: Authority;
	client: Certified;
	readonly calls: Call[];
	count(path: string): number;
	fault(fault: PayFault): void;
	clearFaults(): void;
	readonly orders: Map<string, Order>;
	/** How often a user was paid. */
	paymentsTo(openid: string): number;
	setBalance(fen: number): void;
	close(): Promise<void>;
}

const DEFAULTS: PayOptions = {
	mchId: '1900000109',
	apiKey: 'Zb9TestKeyOfTheMerchant0123456xy',
	appIds: ['wxd222ec9daccce0b9'],
	balance: 1_000_000_00,
	packetsPerDay: 10,
	signs: false,
	endsTls: true,
};

/** Starts a WeChat Pay (API v2, red packets) on 127.0.0.1, which speaks TLS with its merchant only. */
export async function startPay(overrides: Partial<PayOptions> = {}): Promise<PayServer> {
	const options = { ...DEFAULTS, ...overrides };
	const { mchId, apiKey, appIds } = options;
	const authority = newAuthority('WeChat Pay of the tests');
	const book = new OrderBook(options.balance, options.packetsPerDay);
	const calls: Call[] = [];
	const counts = new Map<string, number>();
	let faults: Array<PayFault & { left: number }> = [];

	function takeFault(path: string): PayFault {
		const fault = faults.find((one) => (one.path ?? path) === path);
		if (fault && --fault.left <= 0) faults = faults.filter((one) => one !== fault);
		return fault ?? {};
	}

	/** Does what a call asks for. */
	function perform(path: string, values: Values, isLate: boolean): JsonObject {
		checkValues(path, values);
		if (!appIds.includes(values.wxappid ?? values.appid) && path !== GET)
			throw new PayRefusal('ILLEGAL_APPID', '公众号的appid错误');
		if (path === GET) return book.look(values.mch_billno);
		const { listId } = book.send(path, values, isLate);
		const { mch_billno, mch_id, wxappid, re_openid, total_amount } = values;
		return { mch_billno, mch_id, wxappid, re_openid, total_amount, send_listid: listId };
	}

	/** Whom the certificate names. */
	function merchantOf(request: IncomingMessage): string | undefined {
		const socket = request.socket as TLSSocket;
		return socket.authorized ? String(socket.getPeerCertificate().subject.CN) : undefined;
	}

	function answerTo(path: string, body: string, merchant: string | undefined, fault: PayFault) {
		let values: Values = {};
		try {
			if (!isKnown(path)) return { status: 404, content: 'Not Found', code: 'HTTP 404' };
			values = read(body);
			if (merchant === undefined || merchant !== values.mch_id || merchant !== mchId)
				throw new PayRefusal('CA_ERROR', 'CA证书出错,请登录微信支付商户平台下载证书');
			if (values.sign !== signatureOf(values, apiKey))
				throw new PayRefusal('SIGN_ERROR', '签名错误');
			const isOverridden = fault.errCode || fault.answer || fault.status || fault.body || fault.cut;
			const work = fault.work ?? (isOverridden ? 'none' : 'done');
			const done = work === 'none' ? {} : perform(path, values, work === 'late');
			if (fault.errCode) throw new PayRefusal(fault.errCode, `${fault.errCode}的说明`);
			return { content: write({ ...OK, ...done, ...fault.answer }, fault), code: '', values };
		} catch (error) {
			if (!(error instanceof PayRefusal)) throw error;
			const isOfCall = ['SIGN_ERROR', 'XML_ERROR', 'CA_ERROR'].includes(error.code);
			const no = {
				return_code: isOfCall ? 'FAIL' : 'SUCCESS',
				return_msg: error.words,
				result_code: 'FAIL',
				err_code: error.code,
				err_code_des: error.words,
				...(values.mch_billno && { mch_billno: values.mch_billno }),
			};
			return { content: write(no, fault), code: error.code, values };
		}
	}

	function write(answer: JsonObject, { isForged }: PayFault): string {
		if (!options.signs && !isForged) return printXml('xml', answer);
		const texts = Object.entries(answer).filter(([, value]) => typeof value === 'string');
		const sign = signatureOf(Object.fromEntries(texts) as Values, isForged ? 'forged' : apiKey);
		return printXml('xml', { ...answer, sign });
	}

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		book.settle();
		const path = request.url ?? '';
		counts.set(path, (counts.get(path) ?? 0) + 1);
		const fault = takeFault(path);
		if (fault.cut === 'unread') return void request.socket.destroy();
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const body = Buffer.concat(chunks).toString();
		const { content, code, values } = answerTo(path, body, merchantOf(request), fault);
		const { nonce_str, sign, ...rest } = values ?? {};
		void [nonce_str, sign];
		calls.push({
			method: request.method ?? '',
			path,
			query: {},
			body: rest,
			errcode: code === '' ? 0 : -1,
		});
		if (fault.delayMs) await sleep(fault.delayMs);
		if (fault.cut === 'read') return void request.socket.destroy();
		const text = fault.body ?? content;
		response.writeHead(fault.status ?? (code === 'HTTP 404' ? 404 : 200), {
			'content-type': 'text/plain',
			'content-length': Buffer.byteLength(text),
		});
		if (fault.cut !== 'half') return void response.end(text);
		response.write(text.slice(0, text.length >> 1), () => request.socket.destroy());
	}

	const server: Server = createServer(
		{
			...authority.issue('127.0.0.1'),
			ca: authority.ca,
			requestCert: true,
			rejectUnauthorized: options.endsTls,
		},
		(request, response) => {
			serve(request, response).catch((error: Error) => {
				if (!response.headersSent) response.writeHead(500);
				response.end(`The simulator failed: ${error.stack}`);
			});
		},
	);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

	return {
		mchId,
		apiKey,
		appId: appIds[0],
		url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
		authority,
		client: authority.issue(mchId),
		calls,
		count: (path) => counts.get(path) ?? 0,
		fault: (fault) => void faults.push({ ...fault, left: fault.times ?? 1 }),
		clearFaults: () => void (faults = []),
		orders: book.orders,
		paymentsTo: (openid) =>
			[...book.orders.values()]
				.filter(({ values }) => values.re_openid === openid)
				.reduce((sum, { payments }) => sum + payments, 0),
		setBalance: (fen) => void (book.balance = fen),
		close: async () =>
			await new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** As in WeChat's samples. */
const OK = {
	return_code: 'SUCCESS',
	return_msg: '发放成功',
	result_code: 'SUCCESS',
	err_code: 'SUCCESS',
	err_code_des: '发放成功',
};

function read(body: string): Values {
	try {
		return parseXml(body) as Values;
	} catch {
		throw new PayRefusal('XML_ERROR', '请求的xml格式错误,或者post的数据为空');
	}
}
