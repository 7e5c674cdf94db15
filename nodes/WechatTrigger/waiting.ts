import type { IWebhookFunctions } from 'n8n-workflow';
import type { AccountClient } from '../api/account';
import type { Entry } from '../api/state';
import { SUCCESS, type Answer } from '../push/reply';
import { TYPING_PATH } from '../replies/late';
import type { Deliveries } from './deliveries';
import type { Response } from './respond';

/** How long WeChat asks for a reply: three deliveries of five seconds, the last of which is answered a little earlier. */
export const PATIENCE_MS = 14_000;

/** When a user who waits is shown that somebody types. */
const TYPING_AFTER_MS = 1000;
/** A retry comes after five seconds, maybe to another process: until then that one has to know, also where writing takes a second or two. */
const TELL_AFTER_MS = 3000;
const LOOK_EVERY_MS = 500;
/** WeChat asks for a minute at most. */
const TOLD_MS = 60_000;

const SHELF = 'pushes';

/** A push that waits for its reply, as the processes of n8n tell each other about it. */
interface Told {
	/** When its first delivery came, in milliseconds. */
	since: number;
	/** Once it is there and none of the deliveries to its process could take it. */
	answer?: Answer;
}

/** One push that a run works on. */
export interface Waiting {
	key: string;
	openid: string;
	/** When it came, in milliseconds. */
	since: number;
	known: Deliveries;
	response: Response;
	client(): Promise<AccountClient>;
	context: IWebhookFunctions;
}

/**
 * Sees to a push for which a run in this process works on a reply. What is quick costs nothing: the other processes
 * are told of those only that WeChat may ask for again. Returns how to answer it.
 */
export function expectReply(waiting: Waiting, typing: boolean): (answer: Answer) => void {
	const { key, since, known, response, client, openid, context } = waiting;
	let isTold = false;
	const isOpen = () => !known.isAnswered(key);
	if (typing)
		later(TYPING_AFTER_MS, context, async () => {
			if (!isOpen()) return;
			const account = await client();
			const path = TYPING_PATH[await account.kind()];
			await account.send({ path, body: { touser: openid, command: 'Typing' } });
		});
	const tellOthers = (ms: number) =>
		later(ms, context, async () => {
			if (isTold || !isOpen()) return;
			isTold = true;
			await tell(waiting, { since });
		});
	tellOthers(TELL_AFTER_MS);
	// A connection that breaks brings the retry at once.
	if (response.destroyed) tellOthers(0);
	else response.once('close', () => tellOthers(0));
	return (answer) => {
		const isTaken = known.answer(key, answer);
		if (isTaken || !isTold) return;
		later(0, context, async () => await tell(waiting, { since, answer }));
	};
}

/**
 * Whether a run in another process works on this push. Then its deliveries wait here for what that process tells,
 * as long as WeChat asks.
 */
export async function isElsewhere(waiting: Waiting): Promise<boolean> {
	const { context } = waiting;
	try {
		const told = await look(waiting);
		if (!told) return false;
		waiting.known.began(waiting.key, told.since, SUCCESS);
		follow(waiting, told);
		return true;
	} catch (error) {
		complain(context, error);
		return false;
	}
}

function follow(waiting: Waiting, told: Told | undefined): void {
	const { key, known, context } = waiting;
	if (told?.answer) known.answer(key, told.answer);
	if (!told || known.isAnswered(key) || Date.now() > told.since + PATIENCE_MS) return;
	later(LOOK_EVERY_MS, context, async () => follow(waiting, await look(waiting)));
}

async function look({ key, client }: Waiting): Promise<Told | undefined> {
	const shelf = await (await client()).shelf(SHELF).read();
	return shelf[key]?.value as Told | undefined;
}

async function tell({ key, client }: Waiting, value: Told): Promise<void> {
	const at = Date.now();
	const entry: Entry = { at, value, until: at + TOLD_MS };
	await (await client()).shelf(SHELF).put({ [key]: entry });
}

/** Nothing waits for it, and a process may end before it. */
function later(ms: number, context: IWebhookFunctions, work: () => Promise<void>): void {
	const run = () => void work().catch((error: unknown) => complain(context, error));
	// eslint-disable-next-line @n8n/community-nodes/no-restricted-globals -- there is no other clock
	setTimeout(run, ms).unref();
}

function complain(context: IWebhookFunctions, error: unknown): void {
	context.logger.warn(
		`"${context.getNode().name}", while a push waited for its reply: ${(error as Error).message}`,
	);
}
