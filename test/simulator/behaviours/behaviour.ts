import type { Account } from '../account';
import type { JsonObject } from '../json';
import type { FilePart } from '../multipart';
import type { SimulatorOptions } from '../types';

/** A call that has passed every check of its page. */
export interface ApiCall {
	query: Record<string, string>;
	body: JsonObject;
	files: Record<string, FilePart>;
	texts: Record<string, string>;
	ip: string;
	world: World;
}

/** What a call may need beside its own account. */
export interface World {
	options: SimulatorOptions;
	url: string;
	accounts: Account[];
	messages: { appId: string; body: JsonObject }[];
}

/** An answer that is not JSON. */
export class Bytes {
	constructor(
		readonly content: Buffer,
		readonly headers: Record<string, string>,
		readonly status = 200,
	) {}
}

export type Answer = JsonObject | Bytes;

/** What an API does; errcode 0 and errmsg are added by the caller. Throws an ApiError to refuse. */
export type Behaviour = (account: Account, call: ApiCall) => Answer;
/** The same for an API without access_token. */
export type OpenBehaviour = (call: ApiCall) => Answer;

export const seconds = (ms: number): number => Math.floor(ms / 1000);
