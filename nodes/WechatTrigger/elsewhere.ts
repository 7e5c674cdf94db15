import type { IWebhookFunctions } from 'n8n-workflow';
import { createCache } from '../base/cache';
import { createStateSection, type StateSection, type SectionEntries } from '../api/state';
import { OFFICIAL_ACCOUNT, OPEN_PLATFORM } from '../n8n/credentials';
import { createStateStore } from '../n8n/stateStore';
import { SUCCESS, type PushResponse } from '../push/reply';
import { complain, later } from './later';
import type { Received } from './received';

/*
 * One push may reach several processes of n8n: WeChat delivers it up to three times. What they tell each other
 * about it is in the credential, and starts one run.
 */

/** How long WeChat asks for a reply: three deliveries of five seconds, the last of which is answered a little earlier. */
export const PATIENCE_MS = 14_000;

/** A retry comes after five seconds: until then the others have to know, also where writing takes a second or two. */
const TELL_AFTER_MS = 3000;
/** Each write is one of the whole credential. */
const TELL_EVERY_MS = 1000;
const LOOK_EVERY_MS = 500;
/** WeChat asks for half of that. Each push reads all of them. */
const TOLD_MS = 30_000;
const MAX_CREDENTIALS = 200;

const SHELF = 'pushes';

/** A push that a process has taken. */
interface Told {
	/** When its first delivery came, in milliseconds. */
	since: number;
	/** Missing as long as a run works on it. */
	answer?: PushResponse;
}

/**
 * Whether this is a process of `n8n webhook`, of which there usually are several behind a load balancer: they tell
 * each other about all pushes. Otherwise it is about those only that take long, and what is quick costs nothing.
 */
export const isOneOfMany = (): boolean =>
	// eslint-disable-next-line @n8n/community-nodes/no-restricted-globals -- n8n tells nodes nothing about it
	process.argv[2] === 'webhook';

/**
 * Whether this process is the one that works on the push: the others are told then. Else its deliveries here get what
 * the other process answers, as long as WeChat asks.
 */
export async function claim(context: IWebhookFunctions, received: Received): Promise<boolean> {
	try {
		const told = await look(context, received);
		if (told) {
			received.known.began(received.key, told.since, SUCCESS);
			follow(context, received, told);
			return false;
		}
	} catch (error) {
		complain(context, error);
	}
	tellOthers(context, received);
	return true;
}

function follow(context: IWebhookFunctions, received: Received, told: Told | undefined): void {
	const { key, known } = received;
	if (told?.answer) known.answer(key, told.answer);
	if (!told || known.isAnswered(key) || Date.now() > told.since + PATIENCE_MS) return;
	later(LOOK_EVERY_MS, context, async () =>
		follow(context, received, await look(context, received)),
	);
}

function tellOthers(context: IWebhookFunctions, received: Received): void {
	const { key, known, response, at: since } = received;
	const many = isOneOfMany();
	let isTold = many;
	const waits = () => {
		if (isTold || known.isAnswered(key)) return;
		isTold = true;
		tell(context, received, { since }, 0);
	};
	if (many) tell(context, received, { since });
	else later(TELL_AFTER_MS, context, async () => waits());
	// A connection that breaks brings the retry at once.
	if (response.destroyed) waits();
	else response.once('close', waits);
	known.whenOver(key, (answer, isTaken) => {
		if (!isTold || (isTaken && !many)) return;
		tell(context, received, answer && { since, answer }, isTaken ? TELL_EVERY_MS : 0);
	});
}

async function look(context: IWebhookFunctions, received: Received): Promise<Told | undefined> {
	const entries = await shelfOf(context, received).read();
	return entries[received.key]?.value as Told | undefined;
}

/** What a process has to tell, by credential. */
const outboxes = createCache<Outbox>({ max: MAX_CREDENTIALS });

interface Outbox {
	entries: SectionEntries;
	/** When something was told last, in milliseconds. */
	last: number;
}

/** Writes `value` in time: `every` so many milliseconds, with what else is to be told by then. */
function tell(
	context: IWebhookFunctions,
	received: Received,
	value: Told | undefined,
	every = TELL_EVERY_MS,
): void {
	const at = Date.now();
	const outbox = outboxOf(received);
	outbox.entries[received.key] = { at, value, until: at + TOLD_MS };
	later(Math.max(0, outbox.last + every - at), context, async () => {
		const { entries } = outbox;
		if (Object.keys(entries).length === 0) return;
		Object.assign(outbox, { entries: {}, last: Date.now() });
		await shelfOf(context, received).put(entries);
	});
}

const outboxOf = ({ credentialId: id }: Received): Outbox =>
	outboxes.get(id) ?? outboxes.set(id, { entries: {}, last: 0 });

/** In the credential of the account or platform, whose state it is. */
function shelfOf(context: IWebhookFunctions, { platform, secrets }: Received): StateSection {
	const type = platform ? OPEN_PLATFORM : OFFICIAL_ACCOUNT;
	return createStateSection(createStateStore(context, type, secrets.appId), SHELF);
}
