import { isKnown, OTHER } from '../push/kinds';
import type { Message } from '../push/tree';

export const ALL = 'all';

export interface Filter {
	/** Kinds, or {@link ALL}. */
	kinds: string[];
	openIds?: string;
	eventKeys?: string;
}

const QR_PREFIX = 'qrscene_';

/** Whether a push is one that the workflow asked for. Empty lists ask for everything. */
export function isWanted(message: Message, kind: string, filter: Filter): boolean {
	const { kinds, openIds = '', eventKeys = '' } = filter;
	const listed =
		kinds.length === 0 ||
		[ALL, isKnown(kind) ? kind : OTHER.value].some((one) => kinds.includes(one));
	return listed && isFrom(message, entries(openIds)) && hasKey(message, entries(eventKeys));
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
