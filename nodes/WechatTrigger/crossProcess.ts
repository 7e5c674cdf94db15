import type { IWebhookFunctions } from 'n8n-workflow';
import { createStateSection, type SectionEntries, type StateSection } from '../api/state';
import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';
import { toCredentialType } from '../n8n/credentials';
import { createStateStore } from '../n8n/stateStore';
import type { PushResponse } from '../push/reply';
import { createRedisClaims, type RedisClaims } from '../redis/redisClaims';
import { isInTime, type Claim, type Claims, type PushDelivery } from './pushDelivery';
import { logFailure, type ReceivedPush } from './receivedPush';

/*
 * WeChat delivers a push up to three times, so several processes of n8n may get it. One of them starts the run, and the
 * others answer with its reply. They agree on it in Redis (redis/redisClaims.ts) when the credential chooses it, or else
 * through the credential, which all of them read.
 */

/** A retry comes after five seconds. The others must know by then, even if writing takes a second or two. */
const ANNOUNCE_AFTER_MS = 3000;
/** Each write stores the whole credential. */
const WRITE_EVERY_MS = 1000;
const LOOK_EVERY_MS = 500;
/** Each reading decrypts the whole credential: all who ask within this time wait for the same one. */
const READ_EVERY_MS = 250;
/** Twice as long as WeChat asks. Each push reads all that is stored, so it is not kept longer. */
const STORED_MS = 30_000;
/**
 * A process that ends before it has answered a push or started its run loses it after this time. WeChat delivers it
 * again as late.
 */
const LEASE_MS = 5000;
const MAX_CREDENTIALS = 200;
const MINUTE_MS = 60_000;

/** The section of the credential's state. */
const SECTION = 'pushes';

type OpenClaims = (context: IWebhookFunctions, received: ReceivedPush) => Claims;

/** Which pushes a process agrees on with others. */
export interface Sharing {
	/** About every push, as soon as it comes. */
	onArrival: OpenClaims;
	/** About a push that waits for a run. */
	onWait: OpenClaims;
}

/**
 * Chooses how this process agrees on pushes with others: in Redis on every push. Through the credential it depends on the
 * kind of the process. Several processes of `n8n webhook`
 * usually run behind a load balancer: they agree on every push. Any other process agrees on slow pushes only, so that
 * quick ones cost nothing.
 */
export function createSharing(clock: Clock, isWebhook: boolean): Sharing {
	const outboxes = createCache<Outbox>({ max: MAX_CREDENTIALS });
	const readings = createCache<ReadClaims>({ max: MAX_CREDENTIALS });
	const openCredentialClaims: OpenClaims = (context, received) => {
		const { id } = received.credential;
		const section = openSection(context, received);
		return createCredentialClaims({
			clock,
			context,
			section,
			readClaims: readings.get(id) ?? readings.set(id, createReading(clock)),
			outbox: outboxes.get(id) ?? outboxes.set(id, { entries: {}, writtenAt: 0 }),
			isEager: isWebhook,
		});
	};
	const failures = createCache<true>({ max: MAX_CREDENTIALS, ttl: MINUTE_MS, now: clock.now });
	/** What goes wrong in Redis goes wrong for each push: it is told once a minute. */
	function openRedis(context: IWebhookFunctions, { credential }: ReceivedPush) {
		const { id, openSpace } = credential;
		const fail = (error: unknown) => {
			if (!failures.get(id)) logFailure(context, error);
			failures.set(id, true);
		};
		return openSpace && createPushClaims({ openSpace, clock, fail });
	}
	const openLocalClaims: OpenClaims = () => LOCAL_CLAIMS;
	const [onArrival, onWait] = isWebhook
		? [openCredentialClaims, openLocalClaims]
		: [openLocalClaims, openCredentialClaims];
	return {
		onArrival: (...about) => openRedis(...about)?.onArrival ?? onArrival(...about),
		onWait: (...about) => openRedis(...about)?.onWait ?? onWait(...about),
	};
}

/** Creates claims of a push in Redis. */
export function createPushClaims({
	clock,
	...others
}: Pick<RedisClaims<PushDelivery>, 'openSpace' | 'clock' | 'fail'>): Record<keyof Sharing, Claims> {
	const canAnswer = (claimed: { since: number }) => isInTime(claimed, clock);
	return createRedisClaims<PushResponse, PushDelivery>({
		...others,
		clock,
		leaseMs: LEASE_MS,
		canWait: canAnswer,
		canRetell: canAnswer,
	});
}

/** Whether this is a process of `n8n webhook`. */
export const isWebhookProcess = (): boolean =>
	// eslint-disable-next-line @n8n/community-nodes/no-restricted-globals -- n8n has no other way to say it
	process.argv[2] === 'webhook';

/** Claims of a push that no other process asks about. */
const LOCAL_CLAIMS: Claims = {
	claim: async () => undefined,
	announce() {},
	follow() {},
};

/** What all processes have told, read after the call began. */
type ReadClaims = (section: StateSection) => Promise<SectionEntries>;

/** Creates a reading that is shared by all who ask before it begins. */
function createReading(clock: Clock): ReadClaims {
	let next: Promise<SectionEntries> | undefined;
	let startedAt = -Infinity;
	async function start(section: StateSection): Promise<SectionEntries> {
		const pause = startedAt + READ_EVERY_MS - clock.now();
		await (pause > 0 ? clock.sleep(pause) : undefined);
		startedAt = clock.now();
		next = undefined;
		return await section.read();
	}
	return async (section) => await (next ??= start(section));
}

/** What a process has to write to a credential. */
interface Outbox {
	entries: SectionEntries;
	/** When it wrote last, in milliseconds. */
	writtenAt: number;
}

interface CredentialClaims {
	clock: Clock;
	context: IWebhookFunctions;
	section: StateSection;
	readClaims: ReadClaims;
	outbox: Outbox;
	/** Announces each push at once, and always how it was answered. */
	isEager: boolean;
}

/**
 * Creates claims that all processes see that read the credential. It has no lock: two processes that ask within the
 * time of a write both get the push.
 */
function createCredentialClaims({
	clock,
	context,
	section,
	readClaims,
	outbox,
	isEager,
}: CredentialClaims): Claims {
	const read = async (key: string) => (await readClaims(section))[key]?.value as Claim | undefined;

	function runLater(ms: number, work: () => Promise<void>): void {
		clock.later(ms, () => void work().catch((error: unknown) => logFailure(context, error)));
	}

	/** Writes at most once in `every` milliseconds; what is written meanwhile goes along. */
	function write(key: string, value: Claim | undefined, every: number): void {
		const at = clock.now();
		outbox.entries[key] = { at, value, until: at + STORED_MS };
		runLater(Math.max(0, outbox.writtenAt + every - at), async () => {
			const { entries } = outbox;
			if (Object.keys(entries).length === 0) return;
			Object.assign(outbox, { entries: {}, writtenAt: clock.now() });
			await section.put(entries);
		});
	}

	function follow(delivery: PushDelivery, claim: Claim): void {
		if (claim.answer) delivery.answerWith(claim.answer);
		if (delivery.isSettled() || !isInTime(delivery, clock)) return;
		runLater(LOOK_EVERY_MS, async () => {
			const next = await read(delivery.key);
			if (next) follow(delivery, next);
		});
	}

	return {
		async claim({ key }) {
			try {
				return await read(key);
			} catch (error) {
				logFailure(context, error);
				return undefined;
			}
		},
		announce(delivery) {
			const { key, since } = delivery;
			let isAnnounced = false;
			function announceOnce(every: number): void {
				if (isAnnounced || delivery.isSettled()) return;
				isAnnounced = true;
				write(key, { since }, every);
			}
			if (isEager) announceOnce(WRITE_EVERY_MS);
			else clock.later(ANNOUNCE_AFTER_MS, () => announceOnce(0));
			// A connection that breaks brings the retry at once.
			delivery.onHangUp(() => announceOnce(0));
			delivery.onSettled((answer, isTaken) => {
				if (!isAnnounced || (isTaken && !isEager)) return;
				write(key, answer && { since, answer }, isTaken ? WRITE_EVERY_MS : 0);
			});
		},
		follow,
	};
}

/** Opens the section in the state of the account or platform. */
function openSection(context: IWebhookFunctions, { credential }: ReceivedPush): StateSection {
	const type = toCredentialType(credential.isPlatform);
	return createStateSection(createStateStore(context, type, credential.secrets.appId), SECTION);
}
