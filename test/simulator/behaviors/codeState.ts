import type { Account } from '../accounts/account';
import type { JsonObject } from '../http/json';
import type { Template } from './codeLibrary';

/** Code of a template with the settings of one mini program. */
export interface Version {
	template: Template;
	ext: JsonObject;
	pages: string[];
	user_version: string;
	user_desc: string;
	/** Milliseconds. */
	committedAt: number;
}

export const PASSED = 0;
export const REJECTED = 1;
export const REVIEWING = 2;
export const WITHDRAWN = 3;
export const DELAYED = 4;

export interface Audit {
	auditid: number;
	version: Version;
	status: number;
	reason: string;
	screenshot: string;
	/** Milliseconds. */
	submittedAt: number;
	isFast: boolean;
}

export interface Release extends Version {
	app_version: number;
}

export interface GrayPlan {
	/** 1 running, 4 deleted. */
	status: number;
	create_timestamp: number;
	gray_percentage: number;
	support_debuger_first: boolean;
	support_experiencer_first: boolean;
}

export const SERVER_LISTS = [
	'requestdomain',
	'wsrequestdomain',
	'uploaddomain',
	'downloaddomain',
	'udpdomain',
	'tcpdomain',
];

/** Where the code of a mini program stands, and what belongs to it. */
export class CodeState {
	trial?: Version;
	readonly audits: Audit[] = [];
	/** Oldest first. */
	readonly releases: Release[] = [];
	/** Of those, the one that users see. */
	current?: Release;
	plan?: GrayPlan;
	isVisible = true;
	readonly domains: Record<string, string[]> = Object.fromEntries(
		SERVER_LISTS.map((list) => [list, []]),
	);
	business: string[] = [];
	/** userstr by WeChat ID. */
	readonly testers = new Map<string, string>();
	readonly privacy = new Map<unknown, JsonObject>();
	readonly files = new Set<string>();
	/** When reviews were withdrawn, in milliseconds. */
	readonly withdrawals: number[] = [];
	readonly quota = { rest: 20, limit: 20, speedup_rest: 1, speedup_limit: 1 };

	get latest(): Audit | undefined {
		return this.audits.at(-1);
	}

	/** The one that waits for its end. */
	get running(): Audit | undefined {
		return this.audits.find(({ status }) => status === REVIEWING || status === DELAYED);
	}
}

const states = new WeakMap<Account, CodeState>();

export function codeOf(account: Account): CodeState {
	const state = states.get(account) ?? new CodeState();
	states.set(account, state);
	return state;
}
