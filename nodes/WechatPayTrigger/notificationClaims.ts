import type { IWebhookFunctions } from 'n8n-workflow';
import { createStateSection, type SectionEntries, type Store } from '../api/state';
import { createCache } from '../base/cache';
import { toTimeAfter, type Clock } from '../base/clock';
import { toLogLine } from '../base/logLine';
import { createRedisClaims } from '../redis/redisClaims';
import type { RedisSpace } from '../redis/redisSpace';
import {
	REMEMBERED_MS,
	type NotificationAnswer,
	type NotificationClaims,
	type NotificationDelivery,
} from './notificationDelivery';

/** Where it is kept which notifications were answered. */
export interface NotificationState {
	/** Of the credential; empty when n8n has not saved it. */
	id: string;
	store: Store;
	/** Missing when the credential does not choose Redis. */
	openSpace?(): Promise<RedisSpace>;
}

/** Opens what the processes of n8n agree on about notifications. */
export type OpenClaims = (
	context: IWebhookFunctions,
	state: NotificationState,
) => NotificationClaims;

/** A process that ends during a run leaves it to the next delivery, which comes after 15 seconds. */
const LEASE_MS = 15_000;
/** How long a delivery waits for the process that works on the notification. */
const WAIT_MS = 4000;
/** How long Redis is told again what it has not taken. */
const RETELL_MS = 60_000;
const MINUTE_MS = 60_000;
const MAX_CREDENTIALS = 200;

/** The section of the credential's state. */
const SECTION = 'notifications';
/** About 40 KB: each write stores the whole credential. */
const MAX_SAVED = 500;

/**
 * Creates what opens claims: in Redis, one process has a notification for a day. Without it the newest 500 that were
 * answered are in the credential, so that a restart does not forget them; two processes that get one notification at the
 * same moment both have it.
 */
export function createNotificationClaims(clock: Clock): OpenClaims {
	const failures = createCache<true>({ max: MAX_CREDENTIALS, ttl: MINUTE_MS, now: clock.now });
	const outboxes = createCache<Outbox>({ max: MAX_CREDENTIALS });
	return (context, { id, store, openSpace }) => {
		/** What goes wrong goes wrong for each notification: it is told once a minute. */
		function fail(error: unknown): void {
			if (!failures.get(id))
				context.logger.warn(
					toLogLine(
						`"${context.getNode().name}" could not note which notifications came: ${(error as Error).message}`,
					),
				);
			failures.set(id, true);
		}
		if (!openSpace) {
			const outbox = outboxes.get(id) ?? outboxes.set(id, { entries: {} });
			return createSavedClaims({ clock, store, outbox, fail });
		}
		return createRedisClaims<NotificationAnswer, NotificationDelivery>({
			openSpace,
			clock,
			leaseMs: LEASE_MS,
			canWait: (_, { since }) => clock.now() < since + WAIT_MS,
			canRetell: ({ settledAt }) => clock.now() < settledAt + RETELL_MS,
			fail,
		}).onArrival;
	};
}

/** What a process has to write to a credential. */
interface Outbox {
	entries: SectionEntries;
	/** The write under way. */
	writing?: Promise<void>;
}

interface SavedClaims {
	clock: Clock;
	store: Store;
	outbox: Outbox;
	fail(error: unknown): void;
}

/** Creates claims out of what is saved in the credential: which notifications were answered. */
function createSavedClaims({ clock, store, outbox, fail }: SavedClaims): NotificationClaims {
	const section = createStateSection(store, SECTION);

	/** Writes what has come together until now; what comes meanwhile goes along with the next write. */
	async function write(): Promise<void> {
		while (Object.keys(outbox.entries).length > 0) {
			const { entries } = outbox;
			outbox.entries = {};
			const saved = await section.read();
			await section.put({ ...findSurplus({ ...saved, ...entries }, clock.now()), ...entries });
		}
	}

	return {
		async claim({ key }) {
			try {
				const entry = await section.get(key);
				const isKnown = entry?.value !== undefined && clock.now() < (entry.until ?? 0);
				return isKnown ? { since: entry.at, answer: entry.value as NotificationAnswer } : undefined;
			} catch (error) {
				fail(error);
				return undefined;
			}
		},
		announce(delivery) {
			delivery.onSettled((answer) => {
				if (!answer) return;
				const at = clock.now();
				outbox.entries[delivery.key] = { at, value: answer, until: at + REMEMBERED_MS };
				outbox.writing ??= write()
					.catch(fail)
					.finally(() => void (outbox.writing = undefined));
			});
		},
		follow() {},
	};
}

/** Finds the oldest entries above {@link MAX_SAVED}, and lets them end now. */
function findSurplus(entries: SectionEntries, now: number): SectionEntries {
	const newest = Object.entries(entries).sort(([, one], [, other]) => other.at - one.at);
	return Object.fromEntries(
		newest
			.slice(MAX_SAVED)
			.map(([name, entry]) => [name, { ...entry, at: toTimeAfter(entry.at, now), until: now }]),
	);
}
