import type { Token } from './tokens';

/**
 * What has to outlive the process. It is changed by putting a few new entries over it, never by writing
 * it anew: then changes of several processes can be applied in any order, and again, with the same end.
 */
export interface State {
	/** Whose state this is, see fingerprint(). */
	of: string;
	/** Of an account with its own secret, or of a third-party platform (component_access_token). */
	token?: Token;
	/** The newest component_verify_ticket. */
	ticket?: Ticket;
	/** The accounts that authorized the platform, by AppID. */
	accounts?: Record<string, Grant>;
}

/** WeChat pushes one every 10 minutes; each lives 12 hours. */
export interface Ticket {
	value: string;
	/** When it came, in milliseconds. */
	at: number;
}

/** One authorization of one account. A newer one replaces it, tokens and all. */
export interface Grant {
	/** When it was given, in milliseconds. */
	at: number;
	/** It was taken back, or forgotten. Kept for an hour, so that no late writer brings it back. */
	gone?: true;
	/** Lives until the account authorizes again. Without it the account has no API rights. */
	refreshToken?: string;
	token?: Token;
	/** A digest of the code that it came from: a code can be exchanged once, but arrives twice. */
	code?: string;
	profile?: Profile;
	/** The errcode that says that the account must authorize again. */
	problem?: { code: number; at: number };
}

export interface Profile {
	name: string;
	/** The original ID (原始ID), gh_…, by which messages are addressed. */
	userName: string;
	kind: 'officialAccount' | 'miniProgram';
}

/** Where state outlives the process. Reading is always fresh. */
export interface Store {
	read(): Promise<State>;
	/** Puts `change` over what is there. */
	save(change: Omit<State, 'of'>): Promise<void>;
}

/** What still stands between the platform and this account: a token that came later has settled it. */
export const problemOf = ({ problem, token }: Grant) =>
	problem && problem.at >= (token?.askedAt ?? 0) ? problem : undefined;

const GONE_MS = 3_600_000;

/** Newer entries win, whichever side they are on. */
export function merge(state: State, change: State): State {
	if (state.of !== change.of) return change;
	const merged: State = { ...state, ...change };
	merged.token = newer(state.token, change.token, ({ askedAt }) => askedAt);
	merged.ticket = newer(state.ticket, change.ticket, ({ at }) => at);
	if (change.accounts) {
		merged.accounts = { ...state.accounts };
		for (const [appId, grant] of Object.entries(change.accounts))
			merged.accounts[appId] = mergeGrants(merged.accounts[appId], grant);
	}
	return merged;
}

/** Drops what was remembered only because somebody might still write it. */
export function tidy(state: State, now: number): State {
	if (!state.accounts) return state;
	const kept = Object.entries(state.accounts).filter(
		([, { gone, at }]) => !gone || at > now - GONE_MS,
	);
	return { ...state, accounts: Object.fromEntries(kept) };
}

function mergeGrants(one: Grant | undefined, other: Grant): Grant {
	if (!one) return other;
	const isLater = other.at > one.at || (other.at === one.at && !one.gone);
	const [older, latest] = isLater ? [one, other] : [other, one];
	if (latest.gone) return latest;
	if (older.at < latest.at) return defined({ ...latest, profile: latest.profile ?? older.profile });
	const token = newer(one.token, other.token, ({ askedAt }) => askedAt);
	return defined({
		...one,
		...other,
		token,
		// A refresh token comes along with the token that it was told with.
		refreshToken: (token === other.token && other.refreshToken) || one.refreshToken,
		problem: newer(one.problem, other.problem, ({ at }) => at),
	});
}

function newer<T>(one: T | undefined, other: T | undefined, age: (entry: T) => number) {
	if (!one || !other) return one ?? other;
	return age(other) >= age(one) ? other : one;
}

/** So that equal states are written equally. */
const defined = <T extends object>(entry: T): T =>
	Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as T;
