import { createHash } from 'node:crypto';
import type { Answer } from '../api/response';
import type { Clock } from '../base/clock';
import type { BotClient } from './botClient';
import { BotError } from './botError';
import { readBotMessage, type BotMessage } from './messages';

/** What a poller has to know after a restart, as plain JSON of at most 10 kB. */
export interface PollState {
	/** `get_updates_buf`; empty to start anew. */
	cursor: string;
	/** The newest ids of messages that were received. */
	seen: string[];
	/** A session that is dead, and until when it is left alone, in milliseconds. Another login ends it. */
	paused?: { session: string; until: number };
}

/** What happens to a poller beside messages. */
export type PollEvent =
	| { kind: 'failed'; error: unknown; failures: number; pauseMs: number }
	/** WeChat answers again, also after it had ended the session. */
	| { kind: 'recovered' }
	| { kind: 'sessionDead'; error: BotError; until: number };

interface PollerOptions {
	client: BotClient;
	read(): Promise<PollState | undefined>;
	/** Keeps the state: after each message that was received, and when the cursor has moved. */
	write(state: PollState): Promise<void>;
	/**
	 * Takes a message over. What it throws makes the same message come again: also for ever. A process that ends between
	 * this and `write` gets the message once more, so claim it by its id.
	 */
	receive(message: BotMessage): Promise<void>;
	report?(event: PollEvent): void;
	signal: AbortSignal;
}

const MAX_SEEN = 200;
const POLL_MS = 35_000;
/** Within what one call may last, see base/http. */
const LONGEST_POLL_MS = 90_000;
const SHORTEST_POLL_MS = 1000;
const RETRY_MS = 2000;
const BACKOFF_MS = 30_000;
const FAILURES_IN_A_ROW = 3;
const DEAD_MS = 3_600_000;

/**
 * Receives the messages of a bot until the signal ends it. One poller for each bot: several take messages from each
 * other, and nobody notices.
 *
 * Never fails: what goes wrong is reported, and tried again after 2 seconds, every third time after 30. When the session
 * is dead, nothing is called for an hour, as Tencent's own client does it.
 */
export async function runPoller({
	client,
	read,
	write,
	receive,
	report = () => {},
	signal,
}: PollerOptions): Promise<void> {
	const { clock } = client.services;
	const session = toSession(client.bot.token);
	let state: PollState | undefined;
	let timeoutMs = POLL_MS;
	let failures = 0;

	async function save(change: Partial<PollState>): Promise<void> {
		state = { cursor: '', seen: [], ...state, ...change };
		await write(state);
	}

	/** @returns how many were new; undefined when it was ended before the last. */
	async function receiveNew(messages: Answer[]): Promise<number | undefined> {
		let received = 0;
		for (const raw of messages) {
			const message = readBotMessage(raw);
			const key = message && (message.id || toDigest(raw));
			const seen = state?.seen ?? [];
			if (!key || seen.includes(key)) continue;
			if (signal.aborted) return undefined;
			await receive(message);
			await save({ seen: [...seen, key].slice(-MAX_SEEN) });
			received++;
		}
		return received;
	}

	async function poll(): Promise<void> {
		state ??= (await read()) ?? { cursor: '', seen: [] };
		const { paused, cursor } = state;
		if (paused?.session === session && paused.until > clock.now())
			return await wait(clock, paused.until - clock.now(), signal);
		const began = clock.now();
		const updates = await client.getUpdates(cursor, { timeoutMs, signal });
		timeoutMs = toPollTime(updates.timeoutMs ?? timeoutMs);
		if (failures > 0 || paused) report({ kind: 'recovered' });
		failures = 0;
		const received = await receiveNew(updates.messages);
		if (received === undefined) return;
		const isMoved = updates.cursor !== '' && updates.cursor !== cursor;
		if (isMoved || paused) await save({ cursor: updates.cursor || cursor, paused: undefined });
		// Whatever answers at once, and has nothing to say, is not asked without end.
		if (received === 0 && clock.now() - began < SHORTEST_POLL_MS)
			await wait(clock, SHORTEST_POLL_MS, signal);
	}

	async function pause(error: unknown): Promise<void> {
		if (error instanceof BotError && error.isSessionDead) {
			const until = clock.now() + DEAD_MS;
			failures = 0;
			report({ kind: 'sessionDead', error, until });
			await save({ paused: { session, until } }).catch((problem: unknown) =>
				report({ kind: 'failed', error: problem, failures, pauseMs: DEAD_MS }),
			);
			return;
		}
		failures++;
		const pauseMs = failures % FAILURES_IN_A_ROW === 0 ? BACKOFF_MS : RETRY_MS;
		report({ kind: 'failed', error, failures, pauseMs });
		await wait(clock, pauseMs, signal);
	}

	while (!signal.aborted)
		try {
			await poll();
		} catch (error) {
			if (!signal.aborted) await pause(error);
		}
}

const toPollTime = (ms: number) => Math.min(Math.max(ms, SHORTEST_POLL_MS), LONGEST_POLL_MS);

/** Whether WeChat has said that the session of a token is dead. */
export const isSessionOver = (state: PollState | undefined, token: string): boolean =>
	state?.paused?.session === toSession(token);

/** Names a session without revealing its token. */
const toSession = (token: string) =>
	createHash('sha256').update(token).digest('base64url').slice(0, 16);

/** Names a message that has no id. */
const toDigest = (raw: Answer) =>
	createHash('sha256').update(JSON.stringify(raw)).digest('base64url').slice(0, 22);

/** Waits, at most until the signal. */
async function wait({ later }: Clock, ms: number, signal: AbortSignal): Promise<void> {
	await new Promise<void>((done) => {
		const cancel = later(ms, finish);
		function finish() {
			cancel();
			signal.removeEventListener('abort', finish);
			done();
		}
		signal.addEventListener('abort', finish);
	});
}
