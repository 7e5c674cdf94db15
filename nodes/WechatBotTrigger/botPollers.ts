import type { Services } from '../api/services';
import { createLoggedInClient, type BotAccount, type LoggedIn } from '../bot/botAccount';
import type { BotClient } from '../bot/botClient';
import type { BotMessage } from '../bot/messages';
import { isSessionOver, runPoller, type PollEvent } from '../bot/poller';
import { readItemText, sendOne } from '../bot/sendBotMessage';
import { takeBotResponse } from '../conversation/botQuestions';

/** A message that a bot got. */
export interface ReceivedMessage {
	account: BotAccount;
	login: LoggedIn;
	client: BotClient;
	message: BotMessage;
	/** What the message quotes, when it was read or sent here. */
	quotedText?: string;
}

/** A workflow that listens to a bot. Nothing that goes wrong in one may keep a message from the others. */
export interface BotListener {
	open(): Promise<BotAccount>;
	receive(received: ReceivedMessage): Promise<void>;
	/** WeChat has ended the login. */
	endSession(account: BotAccount, login: LoggedIn): Promise<void>;
	log(line: string): void;
}

/** The bots that a process reads: one poller for each, whatever the number of workflows. */
export interface BotPollers {
	/** Listens to the bot of a credential. Returns what stops it, and waits until the last poll has ended. */
	listen(credentialId: string, listener: BotListener): () => Promise<void>;
	/** Whether somebody in this process listens to the bot of a credential. */
	has(credentialId: string): boolean;
	/** Looks at the login of a credential now, because it has changed. */
	wake(credentialId: string): void;
}

/** How often a login is looked for that another process may have made. */
const LOOK_MS = 10_000;
/** Of these looks, one in so many is made while the login works: each reads n8n's database. */
const LOOKS_WHILE_READING = 6;

const SESSION_OVER =
	'WeChat has ended the login of the bot: log in again by a link of WeChat Bot (Login: Get Link)';

interface Poller {
	listeners: Set<BotListener>;
	stop: AbortController;
	/** Ends the pause until the next look. */
	wake(): void;
	ended: Promise<void>;
}

export function createBotPollers(services: Services): BotPollers {
	const pollers = new Map<string, Poller>();
	/** When the last poller of a credential has ended: a message may still be on its way to a workflow then. */
	const ends = new Map<string, Promise<void>>();
	/** Which credential a bot is read with: two readers would take each other's messages. */
	const readers = new Map<string, string>();

	function start(id: string): Poller {
		const poller: Poller = {
			listeners: new Set(),
			stop: new AbortController(),
			wake: () => {},
			ended: Promise.resolve(),
		};
		pollers.set(id, poller);
		return poller;
	}

	async function run(id: string, poller: Poller): Promise<void> {
		const { signal } = poller.stop;
		const say = createSay(poller);
		while (!signal.aborted) {
			const opened = await open(poller).catch((error: Error) => {
				say(`could not read its credential: ${error.message}`);
				return undefined;
			});
			const login = opened?.login;
			const reader = login && (readers.get(login.botId) ?? id);
			if (!opened || !login || reader !== id) {
				if (login) say(`waits: another credential of this n8n reads the same bot`);
				await pause(poller, services);
				continue;
			}
			readers.set(login.botId, id);
			try {
				await readBot(poller, { ...opened, login }, services, say);
			} finally {
				readers.delete(login.botId);
			}
		}
	}

	return {
		listen(id, listener) {
			const known = pollers.get(id);
			const poller = known ?? start(id);
			poller.listeners.add(listener);
			if (!known) {
				const before = ends.get(id) ?? Promise.resolve();
				poller.ended = before.then(async () => await run(id, poller));
				ends.set(id, poller.ended);
			}
			return async () => {
				poller.listeners.delete(listener);
				if (poller.listeners.size > 0) return;
				if (pollers.get(id) === poller) pollers.delete(id);
				poller.stop.abort();
				poller.wake();
				await poller.ended;
			};
		},
		has: (id) => pollers.has(id),
		wake: (id) => pollers.get(id)?.wake(),
	};
}

/** Logs through the workflow that has listened longest, and nothing twice in a row. */
function createSay(poller: Poller): (line: string) => void {
	let last = '';
	return (line) => {
		if (line === last) return;
		last = line;
		const [first] = poller.listeners;
		first?.log(line);
	};
}

async function open({
	listeners,
}: Poller): Promise<{ account: BotAccount; login?: LoggedIn } | undefined> {
	const [first] = listeners;
	if (!first) return undefined;
	const account = await first.open();
	return { account, login: await account.readLogin() };
}

/** Waits for the next look at the login. Returns whether it was woken before. */
async function pause(poller: Poller, { clock }: Pick<Services, 'clock'>): Promise<boolean> {
	if (poller.stop.signal.aborted) return false;
	const isWoken = await new Promise<boolean>((resolve) => {
		const cancel = clock.later(LOOK_MS, () => resolve(false));
		poller.wake = () => {
			cancel();
			resolve(true);
		};
	});
	poller.wake = () => {};
	return isWoken;
}

/** Reads a bot until its login changes, or nobody listens any more. */
async function readBot(
	poller: Poller,
	opened: { account: BotAccount; login: LoggedIn },
	services: Services,
	say: (line: string) => void,
): Promise<void> {
	const { login } = opened;
	let { account } = opened;
	const session = new AbortController();
	const signal = AbortSignal.any([poller.stop.signal, session.signal]);
	const client = createLoggedInClient(account, login);
	const poll = await account.readPoll(login.botId).catch(() => undefined);
	let isDead = isSessionOver(poll, login.token);
	if (isDead) say(SESSION_OVER);

	/** The page in this process tells of a new login. What others have changed is found by looking. */
	async function watchCredential(): Promise<void> {
		for (let looks = 1; !signal.aborted; looks++) {
			const isWoken = await pause(poller, services);
			if (!isWoken && !isDead && looks % LOOKS_WHILE_READING > 0) continue;
			const latest = await open(poller).catch(() => undefined);
			if (!latest) continue;
			const isSame =
				latest.login?.token === login.token &&
				JSON.stringify(latest.account.server) === JSON.stringify(account.server);
			if (!isSame) return session.abort();
			// Where its state is kept may be another place by now.
			({ account } = latest);
		}
	}

	function report(event: PollEvent): void {
		switch (event.kind) {
			case 'failed':
				say(
					`could not read the bot's messages, and tries again: ${(event.error as Error).message}`,
				);
				return;
			case 'recovered':
				isDead = false;
				say(`reads the bot's messages again`);
				return;
			case 'sessionDead': {
				if (isDead) return;
				isDead = true;
				say(SESSION_OVER);
				for (const listener of poller.listeners)
					void listener
						.endSession(account, login)
						.catch((error: Error) => listener.log(error.message));
			}
		}
	}

	async function receive(message: BotMessage): Promise<void> {
		const { contexts, quotes } = account;
		await contexts.note(message.from, message.contextToken, message.at);
		// What could not be delivered is older than the answer to this message.
		await sendWaiting(message).catch((error: Error) =>
			say(`could not send what waited for a person: ${error.message}`),
		);
		const quotedText =
			message.quote && (message.quote.text ?? (await quotes.find(message.quote.messageId)));
		if (!(await takeBotResponse({ account, login, client, message, log: say })))
			await startWorkflows({ account, login, client, message, quotedText });
		// Last, so that no run waits for it.
		const { Content = '', Recognition = '' } = message.message;
		await quotes
			.remember(message.id, String(Content || Recognition))
			.catch((error: Error) => say(`will not know a message when it is quoted: ${error.message}`));
	}

	/** Starts all workflows at once, so that none waits for the files of another one. */
	async function startWorkflows(received: ReceivedMessage): Promise<void> {
		const listeners = [...poller.listeners];
		// The next one to listen gets it.
		if (listeners.length === 0) throw new Error('Nobody listens any more');
		await Promise.all(
			listeners.map(
				async (listener) =>
					await listener
						.receive(received)
						.catch((error: Error) =>
							listener.log(`could not start with a message: ${error.message}`),
						),
			),
		);
	}

	async function sendWaiting({ from, contextToken }: BotMessage): Promise<void> {
		const { outbox, quotes } = account;
		if ((await outbox.count(from)) === 0) return;
		const { sent, refused, error } = await outbox.flush(
			from,
			async (one) => await sendOne(client, { ...one, contextToken }),
		);
		for (const { message, messageId } of sent)
			await quotes.remember(messageId, readItemText(message));
		for (const one of refused)
			say(`WeChat takes a message never that waited: ${one.error.message}`);
		if (error) throw error;
	}

	await client.notifyStart().catch(() => {});
	const watching = watchCredential();
	await runPoller({
		client,
		read: async () => await account.readPoll(login.botId),
		write: async (state) => await account.savePoll(login.botId, state),
		receive,
		report,
		signal,
	});
	poller.wake();
	await watching;
	await client.notifyStop().catch(() => {});
}
