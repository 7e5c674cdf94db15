import type { IncomingMessage } from 'node:http';
import type { JsonObject } from '../http/json';
import type { Authority, Certified } from '../pay/certificates';
import type { BillKind } from './bills';
import type { Notification, NotificationOptions } from './notifications';
import type { Payment, Refund } from './payments';
import type { Transfer } from './transfers';
import type { Movement } from './world';

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
