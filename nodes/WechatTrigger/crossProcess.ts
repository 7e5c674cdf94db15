import type { IWebhookFunctions } from 'n8n-workflow';
import { createStateSection, type SectionEntries, type StateSection } from '../api/state';
import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';
import { OFFICIAL_ACCOUNT, OPEN_PLATFORM } from '../n8n/credentials';
import { createStateStore } from '../n8n/stateStore';
import type { Claim, Claims, PushDelivery } from './pushDelivery';
import { logFailure, type ReceivedPush } from './receivedPush';

/*
 * One push may reach several processes of n8n: WeChat delivers it up to three times. What they tell each other about
 * it stands in the credential, and starts one run.
 */

/** A retry comes after five seconds: until then the others have to know, also where writing takes a second or two. */
const ANNOUNCE_AFTER_MS = 3000;
/** Each write is one of the whole credential. */
const WRITE_EVERY_MS = 1000;
const READ_EVERY_MS = 500;
/** WeChat asks for half of that. Each push reads all of them. */
const STORED_MS = 30_000;
const MAX_CREDENTIALS = 200;

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
 * Chooses what a process tells others. Of those of `n8n webhook` there usually are several behind a load balancer: each
 * tells about all pushes. Otherwise it is about those only that take long, and what is quick costs nothing.
 */
export function createSharing(clock: Clock, isWebhook: boolean): Sharing {
	const outboxes = createCache<Outbox>({ max: MAX_CREDENTIALS });
	const openCredentialClaims: OpenClaims = (context, received) => {
		const { id } = received.credential;
		return createCredentialClaims({
			clock,
			context,
			section: openSection(context, received),
			outbox: outboxes.get(id) ?? outboxes.set(id, { entries: {}, writtenAt: 0 }),
			isEager: isWebhook,
		});
	};
	const openLocalClaims: OpenClaims = () => LOCAL_CLAIMS;
	return isWebhook
		? { onArrival: openCredentialClaims, onWait: openLocalClaims }
		: { onArrival: openLocalClaims, onWait: openCredentialClaims };
}

/** Whether this is a process of `n8n webhook`. */
export const isWebhookProcess = (): boolean =>
	// eslint-disable-next-line @n8n/community-nodes/no-restricted-globals -- n8n tells nodes nothing about it
	process.argv[2] === 'webhook';

/** This process alone: its inbox knows what it has. */
const LOCAL_CLAIMS: Claims = {
	claim: async () => undefined,
	announce() {},
	follow() {},
};

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
	outbox: Outbox;
	/** Tells about each push at once, and always how it was answered. */
	isEager: boolean;
}

/** All processes that read the credential. It has no lock: two that ask within the time of a write both get the push. */
function createCredentialClaims({
	clock,
	context,
	section,
	outbox,
	isEager,
}: CredentialClaims): Claims {
	const read = async (key: string) => (await section.read())[key]?.value as Claim | undefined;

	function runLater(ms: number, work: () => Promise<void>): void {
		clock.later(ms, () => void work().catch((error: unknown) => logFailure(context, error)));
	}

	/** Writes at most every so many milliseconds, with what else is to be told by then. */
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
		if (delivery.isSettled() || clock.now() > delivery.replyBefore) return;
		runLater(READ_EVERY_MS, async () => {
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

/** That of the account or platform whose state the credential holds. */
function openSection(context: IWebhookFunctions, { credential }: ReceivedPush): StateSection {
	const type = credential.isPlatform ? OPEN_PLATFORM : OFFICIAL_ACCOUNT;
	return createStateSection(createStateStore(context, type, credential.secrets.appId), SECTION);
}
