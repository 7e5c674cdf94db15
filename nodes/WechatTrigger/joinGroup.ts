import { readText, type Message } from '../push/message';

/*
 * Several short messages of one person become one run. Each call of the webhook adds its message to the group of the
 * person and waits. The call of the latest message runs all of them when its time is over, and the others end.
 *
 *   0 s        2 s           5 s
 *    |-- hello  |             |
 *    |          |-- where is  |
 *    |          |   my order? ├─ run: both           (3 seconds, nothing newer)
 *
 * WeChat gets no answer before the run starts, so that it delivers again what a process that ends has left behind.
 */

/** After this time WeChat would give up the first message soon: it asks for 15 seconds. */
export const LONGEST_MS = 12_000;
/** More messages than this make two runs: a model has to read them, and their files are downloaded at once. */
const MOST_MESSAGES = 20;
/** When another call takes the place of the latest one, whose process must have ended. */
const GRACE_MS = 500;
/** What nobody has run after this time belongs to processes that have ended: WeChat delivers it again. */
const STALE_MS = 3000;
/** More than two groups: whoever waits in one of them learns that it has been run. */
const MOST_DONE = 3 * MOST_MESSAGES;

/** A message that waits for others. */
interface Waiting {
	message: Message;
	/** When it came, in milliseconds. */
	at: number;
}

/** What one person has just written, by the keys of the pushes. */
export interface JoinGroup {
	waiting: Record<string, Waiting>;
	/** The pushes that were run, the latest last. */
	done: string[];
}

/** What a call has to do about its message. */
type JoinStep =
	| { kind: 'run'; keys: string[]; messages: Message[] }
	/** Another call has run it. */
	| { kind: 'done' }
	| { kind: 'wait'; ms: number };

/** Adds a message, once. */
export function addMessage(
	group: JoinGroup | undefined,
	key: string,
	one: Waiting,
	windowMs: number,
): JoinGroup {
	const { waiting = {}, done = [] } = group ?? {};
	if (group && (key in waiting || done.includes(key))) return group;
	const isStale = one.at > findEnd(waiting, windowMs) + STALE_MS;
	return { waiting: { ...(!isStale && waiting), [key]: one }, done };
}

/** Notes that messages were run. */
export function removeMessages(group: JoinGroup | undefined, keys: string[]): JoinGroup {
	const { waiting = {}, done = [] } = group ?? {};
	const left = Object.entries(waiting).filter(([key]) => !keys.includes(key));
	return { waiting: Object.fromEntries(left), done: [...done, ...keys].slice(-MOST_DONE) };
}

/** Decides what is due. A message that the group has lost is run alone. */
export function findStep(
	group: JoinGroup | undefined,
	key: string,
	own: Waiting,
	windowMs: number,
	now: number,
): JoinStep {
	const { waiting = {}, done = [] } = group ?? {};
	if (done.includes(key)) return { kind: 'done' };
	if (!(key in waiting)) return { kind: 'run', keys: [key], messages: [own.message] };
	const [latest] = listByTime(waiting).at(-1) ?? [];
	const left = findEnd(waiting, windowMs) + (latest === key ? 0 : GRACE_MS) - now;
	if (left > 0) return { kind: 'wait', ms: left };
	const keys = Object.keys(waiting);
	return { kind: 'run', keys, messages: sortMessages(Object.values(waiting)) };
}

/** When the group is run, in milliseconds. */
function findEnd(waiting: JoinGroup['waiting'], windowMs: number): number {
	const times = listByTime(waiting).map(([, { at }]) => at);
	const [first = 0] = times;
	const last = times.at(-1) ?? 0;
	return times.length >= MOST_MESSAGES ? last : Math.min(last + windowMs, first + LONGEST_MS);
}

const listByTime = (waiting: JoinGroup['waiting']) =>
	Object.entries(waiting).toSorted(([, one], [, other]) => one.at - other.at);

/** As the person wrote them: WeChat counts seconds, and its MsgId grows. Connections may overtake each other. */
function sortMessages(waiting: Waiting[]): Message[] {
	const toOrder = (message: Message) =>
		['CreateTime', 'MsgId'].map((name) => readText(message, name).padStart(20, '0')).join(' ');
	return waiting
		.map(({ message }) => ({ message, order: toOrder(message) }))
		.toSorted((one, other) => (one.order < other.order ? -1 : Number(one.order > other.order)))
		.map(({ message }) => message);
}
