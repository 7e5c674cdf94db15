import { createCache } from '../base/cache';
import { writeResponse, type Response } from '../n8n/webhookResponse';
import type { Clock } from '../base/clock';
import type { Claim, Claims } from '../redis/redisClaims';

/** What WeChat Pay gets. */
export interface NotificationAnswer {
	status: number;
	/** Why it is not accepted, for the log that WeChat keeps. */
	message?: string;
}

/**
 * Sends an answer, unless WeChat has hung up or was answered before. A notification that is accepted is answered without a
 * body, any other one with code and message.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012071382
 */
export function sendAnswer(response: Response, { status, message }: NotificationAnswer): void {
	const headers = { 'content-type': 'application/json; charset=utf-8' };
	const body = message === undefined ? '' : JSON.stringify({ code: 'FAIL', message });
	if (!writeResponse(response, { status, headers, body })) return;
	// n8n, too, answers when a run is over, which may be later.
	const keep = () => response;
	Object.assign(response, { setHeader: keep, appendHeader: keep, removeHeader: keep });
}

/*
 * WeChat Pay waits five seconds for the answer to a notification. Unless it is 200 or 204, the notification comes again:
 * after 15 s, 15 s, 30 s, 3 min … 15 times in 24 hours and 4 minutes, to whichever process of n8n gets it.
 *
 *             claim()
 *     new ────────────▶ claimed ── acknowledge(), or the run succeeds ──▶ answered: 200 to all that come
 *      │                   │
 *      │ another           │ the run fails, or nothing could be started
 *      │ process has it    ▼
 *      └──────────────▶ forgotten: the next delivery starts a run
 *
 * Connections that come while it is claimed wait for the same run, each no longer than WeChat does.
 */
type DeliveryState = 'new' | 'claimed' | 'answered' | 'forgotten';

/** As long as WeChat repeats a notification, with a minute for clocks that differ. */
export const REMEMBERED_MS = (24 * 60 + 5) * 60_000;
/** Before WeChat hangs up on a connection: a busy n8n and the network take their time, too. */
const LAST_MOMENT_MS = 4500;
/** About 20 MB: more than one in a second, all day. */
const MAX_DELIVERIES = 100_000;

/** As the documents have it: no body. */
const RECEIVED: NotificationAnswer = { status: 200 };
const BUSY: NotificationAnswer = { status: 500, message: '处理中' };
const FAILED: NotificationAnswer = { status: 500, message: '处理失败' };

/** One notification, and the connections on which WeChat waits for its answer. */
export interface NotificationDelivery {
	/** Names it in all processes. */
	readonly key: string;
	readonly state: DeliveryState;
	/** When its first connection came to this process, in milliseconds. */
	readonly since: number;
	readonly acceptedMs: number;
	/** When it was answered or forgotten, in milliseconds. */
	readonly settledAt: number;
	/** Whether it is answered or forgotten. */
	isSettled(): boolean;
	/** Takes it for this process. Returns false when another one has it, and WeChat was answered. */
	claim(claims: NotificationClaims): Promise<boolean>;
	/** Answers that all is well. */
	acknowledge(): void;
	/** Answers all connections, those to come too. */
	answerWith(answer: NotificationAnswer): void;
	/** Leaves the answer to the run that starts: n8n ends the response when it is over. */
	waitForRun(): void;
	/** Answers that it failed. The next delivery is worked on as if it were the first. */
	forget(): void;
	onSettled(listener: (answer?: NotificationAnswer) => void): void;
}

export type NotificationClaims = Claims<NotificationAnswer, NotificationDelivery>;

/** The notifications that reach a process. */
export interface NotificationInbox {
	/** Takes a connection. Returns the notification when it has to be worked on; others get the same answer. */
	accept(key: string, response: Response): NotificationDelivery | undefined;
}

type OpenDelivery = {
	-readonly [K in keyof NotificationDelivery]: NotificationDelivery[K];
} & { connect(response: Response): void };

/** Creates an inbox that remembers the newest 100,000 notifications for a day. */
export function createNotificationInbox(clock: Clock): NotificationInbox {
	const entries = createCache<OpenDelivery | 'answered'>({
		max: MAX_DELIVERIES,
		ttl: REMEMBERED_MS,
		now: () => clock.now(),
	});
	return {
		accept(key, response) {
			const entry = entries.get(key);
			if (entry === 'answered') sendAnswer(response, RECEIVED);
			else if (entry) entry.connect(response);
			if (entry) return undefined;
			const delivery = createDelivery(key, response, clock, (isAnswered) => {
				// Of an answered one only that is left, which takes little room.
				if (isAnswered) entries.set(key, 'answered');
				else entries.delete(key);
			});
			entries.set(key, delivery);
			return delivery;
		},
	};
}

function createDelivery(
	key: string,
	first: Response,
	clock: Clock,
	settle: (isAnswered: boolean) => void,
): OpenDelivery {
	/** Those on which WeChat still waits. */
	const connections = new Set<Response>();
	let listener: ((answer?: NotificationAnswer) => void) | undefined;

	const isSettled = () => delivery.state === 'answered' || delivery.state === 'forgotten';

	function connect(response: Response): void {
		connections.add(response);
		response.once('close', () => connections.delete(response));
		// WeChat takes it for what it is: not done yet. It asks again.
		clock.later(LAST_MOMENT_MS, () => {
			if (connections.delete(response)) sendAnswer(response, BUSY);
		});
	}

	function end(state: 'answered' | 'forgotten', toWeChat: NotificationAnswer): void {
		if (isSettled()) return;
		Object.assign(delivery, { state, settledAt: clock.now() });
		settle(state === 'answered');
		for (const response of connections) sendAnswer(response, toWeChat);
		connections.clear();
		listener?.(state === 'answered' ? toWeChat : undefined);
	}

	const delivery: OpenDelivery = {
		key,
		state: 'new',
		since: clock.now(),
		acceptedMs: REMEMBERED_MS,
		settledAt: Infinity,
		connect,
		isSettled,
		async claim(claims) {
			const other: Claim<NotificationAnswer> | undefined = await claims.claim(delivery);
			if (!other) {
				delivery.state = 'claimed';
				claims.announce(delivery);
				return true;
			}
			// A run of the other process that takes longer than WeChat waits: the next delivery asks again.
			if (other.answer) end('answered', other.answer);
			else end('forgotten', BUSY);
			return false;
		},
		acknowledge: () => end('answered', RECEIVED),
		answerWith: (answer) => end('answered', answer),
		/**
		 * n8n ends the response of the connection that it gave to the node, also when the run is a worker's, and also when
		 * WeChat was answered before: with status 200 when the run has succeeded, else with 500.
		 */
		waitForRun() {
			first.end = (() => {
				if (first.statusCode < 300) end('answered', RECEIVED);
				else end('forgotten', FAILED);
				return first;
			}) as Response['end'];
		},
		forget: () => end('forgotten', FAILED),
		onSettled: (notify) => void (listener = notify),
	};
	connect(first);
	return delivery;
}
