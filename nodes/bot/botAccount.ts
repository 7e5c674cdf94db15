import { randomBytes } from 'node:crypto';
import type { Services } from '../api/services';
import { createSessionSeal, type SessionSeal } from '../api/sessionSeal';
import { createStateSection, type StateSection, type Store } from '../api/state';
import { toTimeAfter } from '../base/clock';
import { UserError } from '../base/userError';
import { createBotClient, type BotClient } from './botClient';
import type { BotServer } from './botHost';
import { CONTEXTS, createContexts, type Contexts } from './contexts';
import type { LoggedInBot } from './login';
import { createOutbox, OUTBOX, type Outbox } from './outbox';
import type { PollState } from './poller';
import { createQuotes, QUOTES, type Quotes } from './quotes';

/** A bot that is logged in. */
export interface LoggedIn extends LoggedInBot {
	/** When it was, in milliseconds. */
	at: number;
}

/** The page on which a bot is logged in: what its links are sealed with, and where it is. */
interface LoginPlace {
	key: string;
	/** The production URLs of triggers that are published, the newest last. */
	addresses?: string[];
}

/** The bot of a credential, and what is saved of it. */
export interface BotAccount {
	readonly server: BotServer;
	readonly services: Services;
	/** The login; undefined before the first one, and after it was removed. */
	readLogin(): Promise<LoggedIn | undefined>;
	/** Replaces the login. Of the same bot, what was read stays read. */
	saveLogin(login: LoggedInBot): Promise<void>;
	removeLogin(): Promise<void>;
	/** How far the messages of a bot were read; undefined when it was another bot. */
	readPoll(botId: string): Promise<PollState | undefined>;
	savePoll(botId: string, state: PollState): Promise<void>;
	/** Makes the key of the page when there is none. */
	readPlace(): Promise<LoginPlace>;
	saveAddress(address: string): Promise<void>;
	/** There is no page any more at this address. */
	removeAddress(address: string): Promise<void>;
	/** What else is kept with it. */
	section(name: string): StateSection;
	readonly contexts: Contexts;
	readonly outbox: Outbox;
	readonly quotes: Quotes;
}

/** Names of entries in the section `bot`. */
const LOGIN = 'login';
const POLL = 'poll';
const PLACE = 'page';
/** Of the workflows that were published last. */
const MAX_ADDRESSES = 10;

/** Opens what is saved of a bot. */
export function createBotAccount(server: BotServer, store: Store, services: Services): BotAccount {
	const { now } = services.clock;
	const section = createStateSection(store, 'bot');
	const read = async <T>(name: string) => (await section.get(name))?.value as T | undefined;
	const put = async (name: string, value?: unknown) => await putEntry(section, name, value, now());
	const readPlace = async (): Promise<LoginPlace> => {
		const known = await read<LoginPlace>(PLACE);
		if (known) return known;
		const made = { key: randomBytes(32).toString('base64url') };
		await put(PLACE, made);
		return made;
	};
	async function changeAddresses(
		change: (others: string[]) => string[],
		address: string,
	): Promise<void> {
		const place = await readPlace();
		const { addresses = [] } = place;
		const changed = change(addresses.filter((one) => one !== address));
		if (changed.join() !== addresses.join()) await put(PLACE, { ...place, addresses: changed });
	}
	return {
		server,
		services,
		readLogin: async () => await read<LoggedIn>(LOGIN),
		saveLogin: async (login) => await put(LOGIN, { ...login, at: now() }),
		removeLogin: async () => await put(LOGIN),
		async readPoll(botId) {
			const saved = await read<PollState & { botId: string }>(POLL);
			return saved?.botId === botId ? saved : undefined;
		},
		savePoll: async (botId, state) => await put(POLL, { ...state, botId }),
		readPlace,
		saveAddress: async (address) =>
			await changeAddresses((others) => [...others, address].slice(-MAX_ADDRESSES), address),
		removeAddress: async (address) => await changeAddresses((others) => others, address),
		section: (name) => createStateSection(store, name),
		contexts: createContexts(createStateSection(store, CONTEXTS), now),
		outbox: createOutbox(createStateSection(store, OUTBOX), now),
		quotes: createQuotes(createStateSection(store, QUOTES), now),
	};
}

async function putEntry(
	section: StateSection,
	name: string,
	value: unknown,
	now: number,
): Promise<void> {
	const at = toTimeAfter((await section.get(name))?.at, now);
	await section.put({ [name]: value === undefined ? { at } : { at, value } });
}

/** Reads the login of a bot. @throws {UserError} when there is none. */
export async function checkLoggedIn(account: BotAccount): Promise<LoggedIn> {
	const login = await account.readLogin();
	if (login) return login;
	throw new UserError(
		'The bot is not logged in',
		'Run WeChat Bot with Login: Get Link, open the link in a browser, and scan the code there with WeChat.',
		'机器人尚未登录：请运行 WeChat Bot 的“获取登录链接”（Login: Get Link），在浏览器中打开链接，用微信扫码。',
	);
}

/** The client of a bot. @throws {UserError} when it is not logged in. */
export const openBotClient = async (account: BotAccount): Promise<BotClient> =>
	createLoggedInClient(account, await checkLoggedIn(account));

export const createLoggedInClient = (
	{ server, services }: BotAccount,
	{ token, baseUrl }: LoggedIn,
): BotClient => createBotClient({ ...server, token, baseUrl }, services);

/** What seals the links of the page of a bot. */
export const createLoginSeal = ({ key }: LoginPlace): SessionSeal =>
	createSessionSeal(key, 'WeChat Bot');
