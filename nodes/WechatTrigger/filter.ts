import { isKnownEventType, OTHER } from '../push/eventTypes';
import type { Message } from '../push/message';

export const ALL = 'all';
export const TICKET = 'authorization.component_verify_ticket';

export interface Filter {
	/** Kinds, or {@link ALL}. */
	kinds: string[];
	/** AppIDs of accounts behind a platform. */
	accounts?: string[];
	openIds?: string;
	eventKeys?: string;
}

const QR_PREFIX = 'qrscene_';

/** Whether a push is one that the workflow asked for. Empty lists ask for everything. */
export function isWanted(
	message: Message,
	{ kind, accountAppId }: { kind: string; accountAppId: string },
	filter: Filter,
): boolean {
	const { kinds, accounts = [], openIds = '', eventKeys = '' } = filter;
	return (
		isWantedKind(kind, kinds) &&
		(accounts.length === 0 || accountAppId === '' || accounts.includes(accountAppId)) &&
		isFrom(message, entries(openIds)) &&
		hasKey(message, entries(eventKeys))
	);
}

/** Tickets come every ten minutes, and are kept without a run: only who names them gets them. */
export function isWantedKind(kind: string, kinds: string[]): boolean {
	if (kind === TICKET) return kinds.includes(kind);
	return (
		kinds.length === 0 ||
		[ALL, isKnownEventType(kind) ? kind : OTHER.value].some((one) => kinds.includes(one))
	);
}

const isFrom = ({ FromUserName }: Message, openIds: string[]) =>
	openIds.length === 0 || openIds.includes(String(FromUserName));

/** A new follower's scan has the prefix, a follower's has not; one entry is for both. `*` at the end stands for any rest. */
function hasKey({ EventKey = '' }: Message, keys: string[]): boolean {
	if (keys.length === 0) return true;
	const given = String(EventKey);
	const bare = given.startsWith(QR_PREFIX) ? given.slice(QR_PREFIX.length) : given;
	return keys.some((key) =>
		key.endsWith('*')
			? [given, bare].some((text) => text.startsWith(key.slice(0, -1)))
			: [given, bare].includes(key),
	);
}

const entries = (list: string) =>
	list
		.split(/[,，\n]+/)
		.map((entry) => entry.trim())
		.filter(Boolean);
