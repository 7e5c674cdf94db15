import { createHash, randomUUID } from 'node:crypto';
import { ConnectionError, describeLostAnswer } from '../base/connectionError';
import { retry } from '../base/retry';
import { UserError } from '../base/userError';
import { splitText } from '../push/splitText';
import { SEND_PATH, type BotClient, type OutgoingItem, type OutgoingMessage } from './botClient';
import { BotError, UNDELIVERED } from './botError';
import type { Contexts } from './contexts';
import type { Outbox } from './outbox';
import type { Quotes } from './quotes';

/** In UTF-8; secondary sources only. */
export const MAX_BOT_TEXT_BYTES = 16 * 1024;

/** What is to be sent to a person. */
interface BotContent {
	/** Goes first; longer ones in several messages. */
	text?: string;
	/** A file, see uploadBotMedia(). */
	item?: OutgoingItem;
}

/**
 * Makes messages of one item each: WeChat takes no more in one call.
 *
 * @param seed What names this sending, when it may have to be repeated: the same seed makes the same client ids.
 * @throws {UserError} when there is nothing to send.
 */
export function prepareMessages(
	to: string,
	{ text = '', item }: BotContent,
	seed: string = randomUUID(),
): OutgoingMessage[] {
	const texts = text.trim() === '' ? [] : splitText(text, MAX_BOT_TEXT_BYTES);
	const items: OutgoingItem[] = [
		...texts.map((part) => ({ type: TEXT_TYPE, text_item: { text: part } })),
		...(item ? [item] : []),
	];
	if (items.length === 0)
		throw new UserError(
			'There is nothing to send',
			'Enter a text, or choose a file.',
			'没有可发送的内容：请填写文字，或选择文件。',
		);
	return items.map((one, index) => ({ clientId: toClientId(seed, index), to, item: one }));
}

const TEXT_TYPE = 1;

const toClientId = (seed: string, index: number) =>
	`n8n-${createHash('sha256').update(`${seed}\n${index}`).digest('hex').slice(0, 32)}`;

/** What sending needs to know, and keeps up to date. */
interface SendingParts {
	contexts: Contexts;
	/** Where messages wait that are not delivered. Without it they are an error. */
	outbox?: Outbox;
	quotes?: Quotes;
}

interface SentBotMessages {
	sent: Array<{ clientId: string; messageId: string }>;
	/** How many wait until the person writes. */
	waiting: number;
	/** Why they wait. */
	reason?: string;
}

/**
 * Sends messages to one person, in order, in the newest context of that person. What stands behind messages that wait
 * already waits, too.
 *
 * @throws {BotError} when a message is not delivered, and there is no outbox. It says how many were sent before.
 * @throws {ConnectionError} when there is no answer; then the message may have arrived.
 */
export async function sendBotMessages(
	client: BotClient,
	messages: readonly OutgoingMessage[],
	{ contexts, outbox, quotes }: SendingParts,
): Promise<SentBotMessages> {
	const [{ to }] = messages;
	const before = (await outbox?.count(to)) ?? 0;
	const sent: SentBotMessages['sent'] = [];
	const send = createSender(client, contexts, to);
	try {
		if (before > 0) throw createBehindError(before);
		for (const message of messages) {
			const { messageId } = await send(message);
			sent.push({ clientId: message.clientId, messageId });
			// It is sent, and would be sent again if this failed.
			await quotes?.remember(messageId, readItemText(message)).catch(() => {});
		}
		return { sent, waiting: 0 };
	} catch (error) {
		const rest = messages.slice(sent.length);
		if (!outbox || !(error instanceof BotError) || !error.isUndelivered)
			throw describeSent(error, sent.length, messages.length);
		await outbox.keep(rest).catch((problem: unknown) => {
			throw describeSent(problem, sent.length, messages.length);
		});
		return { sent, waiting: rest.length, reason: error.message };
	}
}

/** Sends a text to one person, at once or not at all. @throws as {@link sendBotMessages} does without an outbox */
export async function sendBotText(
	client: BotClient,
	to: string,
	text: string,
	{ contexts, quotes }: SendingParts,
): Promise<void> {
	await sendBotMessages(client, prepareMessages(to, { text }), { contexts, quotes });
}

/**
 * When a newer context is looked for. Two processes of n8n that save at once leave what one of them has saved out of the
 * credential, until that one looks: see CHECKS_MS in n8n/stateStore.
 */
const LOOKS_MS = [300, 700, 1500];

/** Sends to one person in the newest context; in a newer one when WeChat wants no message in it any more. */
function createSender(client: BotClient, contexts: Contexts, to: string) {
	let token: string | undefined;

	async function findNewer(): Promise<string | undefined> {
		for (const pause of LOOKS_MS) {
			await client.services.clock.sleep(pause);
			const known = await contexts.get(to);
			if (known && known.token !== token) return known.token;
		}
		return undefined;
	}

	const send = async (message: OutgoingMessage) => {
		if (!token) throw createUnknownError();
		return await sendOne(client, { ...message, contextToken: token });
	};

	return async (message: OutgoingMessage) => {
		token ??= (await contexts.get(to))?.token;
		return await send(message).catch(async (error: unknown) => {
			const newer = error instanceof BotError && error.isUndelivered && (await findNewer());
			if (!newer) throw error;
			token = newer;
			return await send(message);
		});
	};
}

/** Nothing was sent: without a context, WeChat takes a message and shows it to nobody (secondary sources only). */
const createUnknownError = () =>
	new BotError({
		code: UNDELIVERED,
		words: 'no message of this person is known that could be answered',
		path: SEND_PATH,
	});

const createBehindError = (before: number) =>
	new BotError({
		code: UNDELIVERED,
		words: `${before} messages wait already until this person writes, and this one behind them`,
		path: SEND_PATH,
	});

const TRIES = 3;
const PAUSE_MS = 1000;

/** Sends one message. It is sent again, under the same client id, only when it is known that nothing has arrived. */
export async function sendOne(
	client: Pick<BotClient, 'sendMessage' | 'services'>,
	message: OutgoingMessage,
): Promise<{ messageId: string }> {
	return await retry(
		async () => await client.sendMessage(message),
		(error, failed) =>
			error instanceof ConnectionError && error.isUnsent && failed < TRIES
				? PAUSE_MS * failed
				: undefined,
		client.services.clock,
	).catch((error: unknown) => {
		throw describeLostAnswer(error);
	});
}

/** Tried again, all of them would be sent: n8n's Retry On Fail leaves such an error as it is. */
function describeSent(error: unknown, sent: number, all: number): unknown {
	if (sent === 0 || !(error instanceof UserError)) return error;
	const message = `${error.message}. ${sent} of ${all} messages were sent before`;
	const chinese = `${error.chinese ?? ''}此前已发送 ${sent} 条消息，共 ${all} 条。`;
	return Object.assign(error.with({ message, chinese }), { mayBeDone: true });
}

/** What a message says; empty for a file. */
export function readItemText({ item }: Pick<OutgoingMessage, 'item'>): string {
	const { text } = (item.text_item ?? {}) as { text?: unknown };
	return typeof text === 'string' ? text : '';
}
