import { MAX_SKEW_MS } from '../push/openPush';
import type { PushResponse } from '../push/reply';
import type { Response } from './respond';

/**
 * WeChat sends a push again when it got no answer within five seconds, three times in all ("总共重试三次").
 * All deliveries of one push share what is kept here, so that they start one run and get one answer.
 */
interface Entry {
	/** Deliveries that wait for the answer. */
	waiting: Response[];
	count: number;
	/** When the first delivery came, in milliseconds. */
	since: number;
	isOver?: Listener;
}

/** What is left of most pushes is how they were answered, which takes little room. */
type Known = Map<string, Entry | PushResponse>;
const none = (): Known => new Map();

/** Gets the answer, and whether a delivery took it; neither when the push was forgotten. */
type Listener = (answer?: PushResponse, isTaken?: boolean) => void;

export interface Deliveries {
	/** Whether this is the first delivery of the push, which is the one to work on. */
	isFirst(key: string): boolean;
	/** Answers this delivery once there is an answer; the last delivery gets `fallback` in time. */
	wait(key: string, response: Response, fallback: PushResponse): void;
	/** Answers all deliveries of the push, those to come too. Later answers count for nothing. */
	answer(key: string, answer: PushResponse): void;
	isAnswered(key: string): boolean;
	/** Hears how the push is answered. WeChat may have hung up on all deliveries that came so far. */
	whenOver(key: string, listener: Listener): void;
	/**
	 * The first delivery came to another process, at a time in milliseconds: the one that waits here may be the
	 * last, which gets `fallback` in time.
	 */
	began(key: string, since: number, fallback: PushResponse): void;
	/** Takes the next delivery for the first: this one failed. */
	forget(key: string): void;
}

/** At least as long as a signature is accepted: who has seen a push must not start a second run with it. */
const REMEMBERED_MS = 2 * MAX_SKEW_MS;
const MAX_ENTRIES = 20_000;
const LAST_DELIVERY = 3;
/** WeChat delivers again as soon as it has hung up. */
const RETRY_MS = 5000;
/** Before WeChat hangs up: a busy n8n and the network take their time, too. */
const LAST_MOMENT_MS = 4200;

export function deliveries(
	send: (response: Response, answer: PushResponse) => boolean,
	now: () => number = Date.now,
): Deliveries {
	let recent = none();
	let older = none();
	let until = 0;

	/** All that was known before is dropped when the recent ones are old. */
	function forgetOld(): void {
		if (now() < until && recent.size < MAX_ENTRIES / 2) return;
		older = now() < until + REMEMBERED_MS ? recent : none();
		recent = none();
		until = now() + REMEMBERED_MS;
	}
	const find = (key: string) => recent.get(key) ?? older.get(key);
	const isAnswer = (known: Entry | PushResponse): known is PushResponse => 'body' in known;
	/** Of a push that is not answered yet. */
	function entryOf(key: string): Entry | undefined {
		const known = find(key);
		return known && !isAnswer(known) ? known : undefined;
	}

	/** A delivery comes when WeChat has hung up on the one before, however late a busy n8n notices. */
	function sendLast(
		response: Response,
		arrived: number,
		since: number,
		answer: PushResponse,
	): void {
		const came = Math.min(arrived, since + (LAST_DELIVERY - 1) * RETRY_MS);
		// eslint-disable-next-line @n8n/community-nodes/no-restricted-globals -- nothing else is in time
		setTimeout(send, came + LAST_MOMENT_MS - now(), response, answer).unref();
	}

	/** Some deliveries may have gone to other processes. */
	const isLast = ({ count, since }: Entry) =>
		Math.max(count, 1 + Math.round((now() - since) / RETRY_MS)) >= LAST_DELIVERY;

	return {
		isFirst(key) {
			forgetOld();
			const known = find(key);
			if (!known) recent.set(key, { waiting: [], count: 1, since: now() });
			else if (!isAnswer(known)) known.count++;
			return !known;
		},
		wait(key, response, fallback) {
			const known = find(key) ?? fallback;
			if (isAnswer(known)) return void send(response, known);
			known.waiting.push(response);
			if (isLast(known)) sendLast(response, now(), known.since, fallback);
		},
		answer(key, answer) {
			const entry = entryOf(key);
			if (!entry) return;
			recent.set(key, answer);
			const taken = entry.waiting.map((response) => send(response, answer));
			entry.isOver?.(answer, taken.some(Boolean));
		},
		isAnswered(key) {
			const known = find(key);
			return known !== undefined && isAnswer(known);
		},
		whenOver(key, listener) {
			const entry = entryOf(key);
			if (entry) entry.isOver = listener;
		},
		began(key, since, fallback) {
			const entry = entryOf(key);
			if (!entry) return;
			const arrived = entry.since;
			entry.since = since;
			entry.count++;
			if (!isLast(entry)) return;
			for (const response of entry.waiting) sendLast(response, arrived, since, fallback);
		},
		forget(key) {
			entryOf(key)?.isOver?.();
			recent.delete(key);
			older.delete(key);
		},
	};
}
