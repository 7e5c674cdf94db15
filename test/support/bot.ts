import { createServices, type Services } from '../../nodes/api/services';
import {
	createRecordStore,
	createStateSection,
	mergeStates,
	removeExpired,
	type State,
	type StateSection,
} from '../../nodes/api/state';
import { createBotClient, type BotClient } from '../../nodes/bot/botClient';
import { startBotServer, type BotServer, type BotServerOptions } from '../simulator/bot';
import type { LoggedIn } from '../simulator/bot/types';
import { createTestClock, type TestClock } from './clock';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const ANNA = 'anna@im.wechat';
export const BEN = 'ben@im.wechat';

/** A server of bots, a clock for both sides, and a bot that is logged in. */
export interface BotScene {
	server: BotServer;
	clock: TestClock;
	services: Services;
	bot: LoggedIn;
	client: BotClient;
}

const closers: Array<() => Promise<void>> = [];

/** Ends what {@link openScene} has started. */
export async function closeScenes(): Promise<void> {
	for (const close of closers.splice(0)) await close();
}

export async function openScene(options: Partial<BotServerOptions> = {}): Promise<BotScene> {
	const clock = createTestClock(Date.UTC(2026, 10, 29, 9));
	const server = await startBotServer({ clock, ...options });
	closers.push(server.close);
	const services = createServices({ clock });
	const bot = server.addBot(ANNA);
	const client = createBotClient({ token: bot.token, apiBaseUrl: server.url }, services);
	return { server, clock, services, bot, client };
}

/** Lets what is on its way arrive, until something is so. */
export async function waitUntil(isSo: () => boolean): Promise<void> {
	for (let turns = 0; !isSo(); turns++) {
		if (turns > 20_000) throw new Error('It never came to that');
		await new Promise((done) => setImmediate(done));
	}
}

/** Turns the clock on in small steps until something has come of it. */
export async function turnUntil<T>(clock: TestClock, work: Promise<T>, step = 500): Promise<T> {
	let isDone = false;
	const end = () => void (isDone = true);
	work.then(end, end);
	for (let turns = 0; !isDone; turns++) {
		if (turns > 20_000) throw new Error('It never came to an end');
		await new Promise((done) => setImmediate(done));
		if (turns % 20 === 19) clock.turn(step);
	}
	return await work;
}

/** A section of a state that is merged, and loses what expires, as a saved one. */
export function createSection(now: () => number): StateSection & { size(): number } {
	let state: State = { of: 'bot' };
	const store = createRecordStore({
		read: async () => state,
		// What is saved is JSON.
		save: async (change) =>
			void (state = removeExpired(
				JSON.parse(JSON.stringify(mergeStates(state, { of: 'bot', ...change }))) as State,
				now(),
			)),
	});
	return Object.assign(createStateSection(store, 'section'), {
		size: () => JSON.stringify(state).length,
	});
}
