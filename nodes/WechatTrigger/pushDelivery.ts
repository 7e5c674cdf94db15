import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';
import { REPLY_CONTENT_TYPE } from '../n8n/replyContentType';
import { MAX_SHOP_AGE_MS, MAX_SKEW_MS, type Push, type PushSecrets } from '../push/openPush';
import { encryptReply, SUCCESS, type PushResponse, type Reply } from '../push/reply';
import type { Claim as SharedClaim, Claims as SharedClaims } from '../redis/redisClaims';
import { writeResponse, type Response } from '../n8n/webhookResponse';

/*
 * WeChat waits five seconds for the answer to a push, hangs up and delivers it again, three times in all (总共重试三次).
 * Then it tells the user that the service is out of order (该公众号提供的服务出现故障，请稍后再试).
 *
 *   0 s         5 s          10 s            14 s  14.2 s  15 s
 *    |-- first --|-- second --|-- third ---------|----|-------|
 *    |----------- a run can reply ---------------|    |       out of order
 *                                                     last moment: success
 *
 * All connections of a push share one PushDelivery. They start one run and get one answer, on whichever is open.
 *
 *             claim()              waitForRun()
 *     new ────────────▶ claimed ─────────────────▶ waiting      the run replies: n8n ends the response
 *      │                 │   │                        │
 *      │ another process │   │ acknowledge()          │ replyWith(), or acknowledge() without a reply
 *      │ has it          │   │ replyWith()            │
 *      └───▶ followed ◀──┘   └─────▶ answered ◀───────┘
 *               │                        ▲
 *               └────────────────────────┘ answerWith() what the other process answers
 *
 *     forget() in any state but answered ─▶ forgotten: the next connection is that of a new push
 */
type DeliveryState = 'new' | 'claimed' | 'followed' | 'waiting' | 'answered' | 'forgotten';

/** One push, and the connections on which WeChat waits for its answer. */
export interface PushDelivery {
	/** Names the push in all processes. */
	readonly key: string;
	readonly state: DeliveryState;
	/** When its first connection came to this process or the one that is followed, in milliseconds. */
	readonly since: number;
	/** Until when a run can reply, in milliseconds. */
	readonly replyBefore: number;
	/** How long it may come again and be accepted, in milliseconds. */
	readonly acceptedMs: number;
	/** Whether there is nothing more to do: the push is answered or forgotten. */
	isSettled(): boolean;
	/** Takes the push for this process. Returns false when another one has it, whose answer it then gets. */
	claim(claims: Claims): Promise<boolean>;
	/** Answers "received, nothing to say". */
	acknowledge(): void;
	/** Answers with what the user sees. */
	replyWith(reply: Reply): void;
	/** Answers all connections, those to come too. Later answers count for nothing. */
	answerWith(answer: PushResponse): void;
	/**
	 * Leaves the answer to the run that starts. Returns false when another process has claimed the push.
	 * `showTyping` is called when the run takes longer than a second.
	 */
	waitForRun(claims: Claims, showTyping?: () => void): Promise<boolean>;
	/** Takes the next connection for that of a new push: this one failed. */
	forget(): void;
	/** Sets who hears how the push ends. */
	onSettled(listener: SettledListener): void;
	/** Calls when the first connection is closed: WeChat delivers the push again at once. */
	onHangUp(listener: () => void): void;
}

/** Gets the answer, and whether a connection took it: WeChat may have hung up on all. Neither when it was forgotten. */
type SettledListener = (answer?: PushResponse, isTaken?: boolean) => void;

/** What the processes of n8n agree on, of which each may get a connection of one push. */
export type Claims = SharedClaims<PushResponse, PushDelivery>;
export type Claim = SharedClaim<PushResponse>;

/** The pushes that reach a process. */
export interface PushInbox {
	/** Takes a connection. Returns the push when it is its first one, to be worked on; others get the same answer. */
	accept(key: string, opened: OpenedPush, response: Response): PushDelivery | undefined;
}

/** What a reply is encrypted for. */
interface OpenedPush {
	push: Push;
	secrets: PushSecrets;
}

/** As long as a push is accepted: nobody who has seen one can start a second run with it. */
const REMEMBERED_MS = 2 * MAX_SKEW_MS;
/** The same for pushes of shops, which WeChat delivers again for hours. */
const SHOP_REMEMBERED_MS = MAX_SHOP_AGE_MS + MAX_SKEW_MS;
/** About 15 MB of keys: seven pushes of shops a second for four hours. */
const MAX_SHOP_KEYS = 100_000;
/** Twice as long as WeChat asks: answers are kept for one or two of these. */
const SLICE_MS = 30_000;
const LAST_CONNECTION = 3;
/** WeChat delivers again as soon as it has hung up. */
const RETRY_MS = 5000;
/** Before WeChat hangs up on a connection: a busy n8n and the network take their time, too. */
export const LAST_MOMENT_MS = 4200;
/** How long a run can reply: a little less than until the last moment of the third connection. */
const REPLY_MS = 14_000;
/** When a user who waits is shown that somebody types. */
const TYPING_AFTER_MS = 1000;

/** Whether a run can still reply to a push whose first connection came at `since`. */
export const isInTime = ({ since }: { since: number }, clock: Clock): boolean =>
	clock.now() < since + REPLY_MS;

type Send = (response: Response, answer: PushResponse) => boolean;

/** Sends an answer, unless WeChat has hung up or was answered before; returns whether it did. */
export const sendResponse: Send = (response, { body, type }) =>
	writeResponse(response, {
		headers: {
			'content-type': `${type}; charset=utf-8`,
			// What is given back may come from the query (echostr): no browser may take it for a page.
			'x-content-type-options': 'nosniff',
		},
		body,
	});

/** As the inbox sees it. Plain properties: with getters V8 would make a hidden class for each push. */
type OpenDelivery = {
	-readonly [K in keyof PushDelivery]: PushDelivery[K];
} & { connect(response: Response): void };

/** Of an answered push only its answer is left, which takes little room. */
type Entry = OpenDelivery | PushResponse;

/** The pushes that came within half a minute. */
interface Slice {
	/** Until when they came, in milliseconds. */
	until: number;
	keys: Set<string>;
	/** Empty as soon as WeChat does not ask any more. */
	entries: Map<string, Entry>;
}

/**
 * Creates an inbox that remembers for ten minutes which pushes came, however many, by keys of 16 characters. It gives up
 * answers after a minute: a delivery that comes later is answered "success". The last 100,000 pushes of shops it
 * remembers for 4 hours and 5 minutes.
 */
export function createPushInbox(clock: Clock, send: Send = sendResponse): PushInbox {
	const createSlice = (): Slice => ({
		until: clock.now() + SLICE_MS,
		keys: new Set(),
		entries: new Map(),
	});
	/** The latest first. */
	let slices = [createSlice()];
	const shopKeys = createCache<true>({
		max: MAX_SHOP_KEYS,
		ttl: SHOP_REMEMBERED_MS,
		now: () => clock.now(),
	});

	function dropOld(): void {
		const now = clock.now();
		if (now < slices[0].until) return;
		slices = [createSlice(), ...slices.filter(({ until }) => now < until + REMEMBERED_MS)];
		for (const slice of slices) if (now >= slice.until + SLICE_MS) slice.entries = new Map();
	}
	const findSlice = (key: string) => slices.find(({ keys }) => keys.has(key));

	function settle(delivery: OpenDelivery, answer?: PushResponse): void {
		const { key } = delivery;
		const slice = findSlice(key);
		const entry = slice?.entries.get(key);
		// Another push has its key by now.
		if (entry && entry !== delivery) return;
		// Without its key nobody finds the entry, which goes with the others of its slice.
		if (!answer) {
			slice?.keys.delete(key);
			shopKeys.delete(key);
		} else if (entry) slice?.entries.set(key, answer);
	}

	return {
		accept(key, opened, response) {
			dropOld();
			const slice = findSlice(key);
			const entry = slice?.entries.get(key) ?? SUCCESS;
			if (slice) {
				if ('body' in entry) send(response, entry);
				else entry.connect(response);
				return undefined;
			}
			const { isFromShop } = opened.push;
			if (isFromShop && shopKeys.get(key)) {
				send(response, SUCCESS);
				return undefined;
			}
			if (isFromShop) shopKeys.set(key, true);
			const delivery = createPushDelivery(key, opened, response, { clock, send, settle });
			slices[0].keys.add(key);
			slices[0].entries.set(key, delivery);
			return delivery;
		},
	};
}

function createPushDelivery(
	key: string,
	{ push, secrets }: OpenedPush,
	first: Response,
	{
		clock,
		send,
		settle,
	}: { clock: Clock; send: Send; settle(delivery: OpenDelivery, answer?: PushResponse): void },
): OpenDelivery {
	/** Those on which WeChat still waits. */
	const connections = new Set<Response>();
	/** Connections here, and at another process that is followed. */
	let count = 1;
	let listener: SettledListener | undefined;

	const isSettled = () => delivery.state === 'answered' || delivery.state === 'forgotten';

	/** Counts connections by time as well: some may have gone to other processes. */
	const isLast = () =>
		Math.max(count, 1 + Math.round((clock.now() - delivery.since) / RETRY_MS)) >= LAST_CONNECTION;

	/** Answers before WeChat hangs up. A busy n8n may notice late that the connection came. */
	function acknowledgeInTime(response: Response, arrived: number): void {
		const came = Math.min(arrived, delivery.since + (LAST_CONNECTION - 1) * RETRY_MS);
		clock.later(came + LAST_MOMENT_MS - clock.now(), () => send(response, SUCCESS));
	}

	function hold(response: Response): void {
		connections.add(response);
		response.once('close', () => connections.delete(response));
	}
	hold(first);

	function connect(response: Response): void {
		count++;
		hold(response);
		if (isLast()) acknowledgeInTime(response, clock.now());
	}

	/** The push came to another process before: a connection that waits here may be the last one. */
	function follow({ since }: Claim): void {
		const arrived = delivery.since;
		Object.assign(delivery, { state: 'followed', since, replyBefore: since + REPLY_MS });
		count++;
		if (!isLast()) return;
		for (const response of connections) acknowledgeInTime(response, arrived);
	}

	async function claim(claims: Claims): Promise<boolean> {
		const other = await claims.claim(delivery);
		if (other) {
			follow(other);
			claims.follow(delivery, other);
			return false;
		}
		delivery.state = 'claimed';
		claims.announce(delivery);
		return true;
	}

	function answerWith(answer: PushResponse): void {
		if (isSettled()) return;
		delivery.state = 'answered';
		settle(delivery, answer);
		const taken = [...connections].map((response) => send(response, answer));
		connections.clear();
		listener?.(answer, taken.includes(true));
	}
	const acknowledge = () => answerWith(SUCCESS);
	const replyWith = (reply: Reply) => answerWith(encryptReply(reply, push, secrets, clock.now()));

	/**
	 * Catches what n8n answers when the run is over. n8n ends the response with whatever WeChat Reply gave to
	 * `sendResponse`, also when the run is a worker's, and also when WeChat has hung up on it; with an empty JSON answer
	 * when no node replied; and with status 500 when the run failed. Only the first may reach WeChat: anything else that
	 * is not `success` shows the fault notice to the user.
	 */
	function catchReply(): void {
		first.end = ((chunk?: unknown) => {
			// n8n ends it once more, with nothing, after a reply.
			if (isSettled()) return first;
			const reply = readReply(first, chunk);
			if (reply) replyWith(reply);
			else acknowledge();
			return first;
		}) as Response['end'];
	}

	const now = clock.now();
	const delivery: OpenDelivery = {
		key,
		state: 'new',
		since: now,
		replyBefore: now + REPLY_MS,
		acceptedMs: push.isFromShop ? SHOP_REMEMBERED_MS : REMEMBERED_MS,
		connect,
		isSettled,
		claim,
		acknowledge,
		replyWith,
		answerWith,
		async waitForRun(claims, showTyping) {
			if (!(await claim(claims))) return false;
			delivery.state = 'waiting';
			if (showTyping)
				clock.later(TYPING_AFTER_MS, () => {
					if (!isSettled()) showTyping();
				});
			catchReply();
			return true;
		},
		forget() {
			if (isSettled()) return;
			delivery.state = 'forgotten';
			connections.clear();
			settle(delivery);
			listener?.();
		},
		onSettled(notify) {
			listener = notify;
		},
		onHangUp(notify) {
			if (first.destroyed) notify();
			else first.once('close', notify);
		},
	};
	return delivery;
}

function readReply(response: Response, body: unknown): Reply | undefined {
	const type = String(response.getHeader('content-type') ?? '');
	if (!type.startsWith(REPLY_CONTENT_TYPE)) return undefined;
	const reply = JSON.parse(String(body)) as Partial<Reply>;
	return reply.MsgType ? (reply as Reply) : undefined;
}
