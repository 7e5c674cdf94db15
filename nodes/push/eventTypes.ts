import pushes from './pushes.json';

/** One thing WeChat can push. `value` is what a message's kind is called everywhere in the pack. */
export interface EventType {
	name: string;
	value: string;
	description: string;
}

/** In the order of use, as menus and the documentation show them: what accounts need most is first. */
export const PUSHES: EventType[] = pushes;

const listPushes = (prefix: string): EventType[] =>
	PUSHES.filter(({ value }) => value.startsWith(prefix));

/** What users send, by MsgType. */
export const MESSAGES = listPushes('message.');

/** What happens to the account, by Event. A name begins with its group, such as "Shop:". */
export const EVENTS = listPushes('event.');

/**
 * What WeChat pushes to the address of a third-party platform itself, by InfoType. Everybody sees these in one menu, so
 * each name says whom it is for.
 */
export const AUTHORIZATIONS = listPushes('authorization.');

/** A browser that WeChat sent back from an authorization link. */
export const ACCOUNT_AUTHORIZED = listPushes('visit.authorized')[0];

/** A browser that WeChat sent back from a link for web authorization. */
export const USER_SIGNED_IN = listPushes('visit.signedin')[0];

/** Anything that the lists above do not know. */
export const OTHER: EventType = {
	name: 'Other',
	value: 'other',
	description:
		'When WeChat pushes something that is not in this list, with the type in MsgType, Event or InfoType',
};

/** One thing under two names: WeChat's samples and the libraries of others disagree on these. */
const ALIASES: ReadonlyMap<string, string> = new Map([
	['authorization.wxa_nickname_audit', 'event.wxa_nickname_audit'],
	['event.freepublishjobfinish', 'event.publishjobfinish'],
]);

const KNOWN: ReadonlySet<string> = new Set(PUSHES.map(({ value }) => value));

/**
 * The kind of a push: from InfoType, else Event, else MsgType. WeChat writes some names in capitals
 * and mixes case between accounts, so case does not count. A name that is not listed makes a kind of
 * its own, such as `event.something_new`; a push without any name is `other`.
 */
export function toEventType(message: Readonly<Record<string, unknown>>): string {
	const infoType = normalizeName(message.InfoType);
	if (infoType) return resolveAlias(`authorization.${infoType}`);
	const event = normalizeName(message.Event);
	if (event) return resolveAlias(`event.${event}`);
	const type = normalizeName(message.MsgType);
	return type && type !== 'event' ? `message.${type}` : OTHER.value;
}

/** Whether `kind` is one that the lists above know. */
export function isKnownEventType(kind: string): boolean {
	return KNOWN.has(kind);
}

function normalizeName(value: unknown): string {
	// Some official samples have white space around the CDATA.
	return typeof value === 'string' ? value.trim().toLowerCase() : '';
}

function resolveAlias(kind: string): string {
	return ALIASES.get(kind) ?? kind;
}
