import type { JsonObject } from '../http/json';
import type { Keys } from './keys';
import type { Complaint } from './complaints';
import type { Payment, Refund } from './payments';
import type { Transfer } from './transfers';

/** Money that went from one to another, once each. */
export interface Movement {
	kind: 'payment' | 'refund' | 'transfer';
	/** The merchant's number: out_trade_no, out_refund_no or out_bill_no. */
	number: string;
	fen: number;
	openid: string;
}

export interface BillFile {
	text: string;
	/** Whether what is downloaded is not what was hashed. */
	isDamaged: boolean;
}

/** What WeChat Pay remembers of a merchant. */
export interface World {
	mchId: string;
	appIds: string[];
	apiV3Key: string;
	keys: Keys;
	signsWith: 'publicKey' | 'certificate' | 'change';
	url: string;
	balance: number;
	now: () => number;
	payments: Map<string, Payment>;
	refunds: Map<string, Refund>;
	transfers: Map<string, Transfer>;
	movements: Movement[];
	complaints: Map<string, Complaint>;
	/** By `trade 2026-11-28`, or `fundflow 2026-11-28`. */
	bills: Map<string, BillFile>;
	/** Where bills can be downloaded, by their token. */
	downloads: Map<string, { bytes: Buffer; until: number }>;
	/** Uploaded pictures and videos by media_id. */
	media: Map<string, { fileName: string; bytes: Buffer }>;
	/** What was asked of the self-test. */
	echoes: JsonObject[];
	/** A number of WeChat's, 28 digits. */
	nextNumber(start: string): string;
}

/** A call that was understood, and allowed. */
export interface PayV3Call {
	key: string;
	params: Record<string, string>;
	query: Record<string, string>;
	/** With its sealed fields opened. */
	body: JsonObject;
	file?: { fileName: string; bytes: Buffer };
}

/** `bytes` are a file: it is not signed. */
export type Answer = { json: JsonObject } | { status: 204 } | { bytes: Buffer; type: string };

export type Behavior = (call: PayV3Call, world: World) => Answer;

/** As WeChat writes times. */
export const toTime = (ms: number): string =>
	new Date(ms + 28_800_000).toISOString().replace(/\.\d+Z$/, '+08:00');
