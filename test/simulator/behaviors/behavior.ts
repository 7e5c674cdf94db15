import { randomBytes } from 'node:crypto';
import type { Account } from '../accounts/account';
import type { Component } from '../component/component';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { FilePart } from '../http/multipart';
import type { OAuth } from '../accounts/oauth';
import type { SimulatorOptions } from '../types';

/** A call that has passed every check of its page. */
export interface ApiCall {
	query: Record<string, string>;
	body: JsonObject;
	files: Record<string, FilePart>;
	texts: Record<string, string>;
	ip: string;
	state: SimulatorState;
}

/** What a call may need beside its own account. */
export interface SimulatorState {
	options: SimulatorOptions;
	url: string;
	accounts: Account[];
	component: Component;
	oauth: OAuth;
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
export type Behavior = (account: Account, call: ApiCall) => Answer;
/** The same for an API without a token, or with the platform's. */
export type OpenBehavior = (call: ApiCall) => Answer;

export function accountOf({ accounts }: SimulatorState, appId: unknown): Account {
	const account = accounts.find(({ settings }) => settings.appId === appId);
	if (!account) throw new ApiError(40013);
	return account;
}

export const newAppId = (): string => `wx${randomBytes(8).toString('hex')}`;

export const seconds = (ms: number): number => Math.floor(ms / 1000);
