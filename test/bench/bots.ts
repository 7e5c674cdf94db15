import '../support/env';
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { createServices } from '../../nodes/api/services';
import { createBotClient } from '../../nodes/bot/botClient';
import { readOwner } from '../../nodes/n8n/credentials';
import { WechatBotTrigger } from '../../nodes/WechatBotTrigger/WechatBotTrigger.node.js';
import { trackProcess } from '../e2e/services/cleanup';
import type { LoggedIn } from '../simulator/bot/types';
import { listenToBot } from '../support/botTrigger';
import { Credentials } from '../support/credentials';
import { setN8nServices } from '../support/n8n';
import type { BotServerNews, BotServerOrder } from './botServerProcess';
import { median } from './measure';
import { decryptAsN8n } from './questions';
import { say } from './results';

/**
 * `npm run bench -- --bots`: what 50 bots cost a process in which nobody writes to them, beside the same process before
 * that; and how long a message takes until its item is there, beside a poll alone. Credentials are read as n8n reads
 * them, without its database.
 */

const BOTS = 50;
const SETTLED_MS = 40_000;
/** Two polls each, of 35 s. */
const IDLE_MS = 70_000;
const MESSAGES = 60;
/** One way, in each direction: Tencent is not next door. */
const WAY_MS = 25;
const TARGETS = { sockets: 60, heapMb: 20, cpuPercent: 1, ratio: 1.2 };
const TYPE = 'wechatBotApi';

/** @throws when one of the targets is missed. */
export async function benchBots(): Promise<void> {
	setN8nServices();
	const near = await startServer(BOTS, 0);
	const missed = await benchIdle(near);
	near.stop();
	for (const wayMs of [0, WAY_MS]) {
		const server = await startServer(2, wayMs);
		const ratio = await benchMessages(server, wayMs);
		// Next door, a poll takes no time that anything could be compared with.
		if (wayMs > 0 && ratio > TARGETS.ratio) missed.push('ratio');
		server.stop();
	}
	if (missed.length > 0) throw new Error(`above the targets: ${missed.join(', ')}`);
}

interface Server {
	url: string;
	bots: LoggedIn[];
	/** Somebody writes. Returns when, in nanoseconds. */
	write(botId: string, text: string): Promise<bigint>;
	stop(): void;
}

async function startServer(bots: number, wayMs: number): Promise<Server> {
	const child = fork(join(__dirname, 'botServerProcess.ts'), [String(bots), String(wayMs)]);
	trackProcess(child);
	const started = await hear(child, (news) => ('url' in news ? news : undefined));
	return {
		...started,
		async write(botId, text) {
			const order: BotServerOrder = { botId, text };
			const wrote = hear(child, (news) =>
				'wroteAt' in news && news.text === text ? news : undefined,
			);
			child.send(order);
			return BigInt((await wrote).wroteAt);
		},
		stop: () => child.disconnect(),
	};
}

const hear = async <T>(
	child: ChildProcess,
	read: (news: BotServerNews) => T | undefined,
): Promise<T> =>
	await new Promise((resolve) => {
		const listen = (news: BotServerNews) => {
			const found = read(news);
			if (found === undefined) return;
			child.off('message', listen);
			resolve(found);
		};
		child.on('message', listen);
	});

/** A credential in which a bot is logged in. */
function createCredentials(url: string, bot: LoggedIn): Credentials {
	const data = { baseUrl: url };
	const at = Date.now();
	const login = { at, value: { ...bot, baseUrl: url, at } };
	const state = JSON.stringify({ of: readOwner(TYPE, data), shelves: { bot: { login } } });
	return decryptAsN8n(new Credentials({ ...data, state }, TYPE));
}

/** Publishes a workflow for each bot. Returns what ends them. */
async function listenToAll({ url, bots }: Server) {
	const services = createServices();
	const type = new WechatBotTrigger(services);
	return await Promise.all(
		bots.map(async (bot) => await listenToBot(services, createCredentials(url, bot), { type })),
	);
}

const countSockets = () =>
	process.getActiveResourcesInfo().filter((one) => one === 'TCPSocketWrap').length;

function readHeap(): number {
	for (let times = 0; times < 3; times++) global.gc?.();
	return process.memoryUsage().heapUsed / 2 ** 20;
}

/** Of one processor, in percent, while nothing happens. */
async function measureCpu(ms: number): Promise<number> {
	const before = process.cpuUsage();
	await sleep(ms);
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 10 / ms;
}

/** @returns the targets that were missed */
async function benchIdle(server: Server): Promise<string[]> {
	// What is loaded and compiled once is not what bots cost.
	const [first] = await listenToAll({ ...server, bots: server.bots.slice(0, 1) });
	await sleep(3000);
	await first.stop();
	await sleep(1000);
	const [sockets, heap] = [countSockets(), readHeap()];
	const cpu = await measureCpu(IDLE_MS / 3);
	const listening = await listenToAll(server);
	// The first poll ends with the first cursor, which is saved.
	await sleep(SETTLED_MS);
	const cpuWith = await measureCpu(IDLE_MS);
	const more = {
		sockets: countSockets() - sockets,
		heapMb: readHeap() - heap,
		cpuPercent: cpuWith - cpu,
	};
	say(
		`${BOTS} bots to which nobody writes: ${more.sockets} sockets (at most ${TARGETS.sockets}), ${more.heapMb.toFixed(1)} MB of heap (${TARGETS.heapMb}), ${more.cpuPercent.toFixed(2)} % of a processor (${TARGETS.cpuPercent}) more than without; it had ${cpu.toFixed(2)} %`,
	);
	await Promise.all(listening.map(async ({ stop }) => await stop()));
	return (['sockets', 'heapMb', 'cpuPercent'] as const).filter(
		(name) => more[name] > TARGETS[name],
	);
}

/** Messages in turn: to a bot that is polled and nothing else, and to one with a workflow. */
async function benchMessages(server: Server, wayMs: number): Promise<number> {
	const { url, bots } = server;
	const [polled, listened] = bots;
	const arrivals = new Map<string, (at: bigint) => void>();
	const arrive = (text: string) => arrivals.get(text)?.(process.hrtime.bigint());
	const stop = new AbortController();
	void pollAlone(url, polled, arrive, stop.signal).catch(() => {});
	const [{ items, stop: stopListening }] = await listenToAll({ ...server, bots: [listened] });
	const push = items.push.bind(items);
	items.push = (...added: IDataObject[]) => {
		for (const { Content } of added) arrive(String(Content));
		return push(...added);
	};
	const times = { polled: [] as number[], listened: [] as number[] };
	for (let message = 0; message < MESSAGES; message++)
		for (const [name, { botId }] of [
			['polled', polled],
			['listened', listened],
		] as const) {
			// The next poll is held by then, and the saved state looked at.
			await sleep(300);
			const text = `${name} ${message}`;
			const arrived = new Promise<bigint>((resolve) => arrivals.set(text, resolve));
			const wroteAt = await server.write(botId, text);
			const took = Number((await arrived) - wroteAt) / 1e6;
			// V8 compiles in the first ones.
			if (message >= 10) times[name].push(took);
		}
	stop.abort();
	await stopListening();
	const [alone, item] = [median(times.polled), median(times.listened)];
	const way = wayMs > 0 ? `${wayMs} ms away` : 'next door';
	say(
		`A message in to an item out, the server ${way}: ${item.toFixed(1)} ms, a poll alone ${alone.toFixed(1)} ms: ratio ${(item / alone).toFixed(2)}${wayMs > 0 ? ` (at most ${TARGETS.ratio})` : ''}`,
	);
	return item / alone;
}

async function pollAlone(
	url: string,
	bot: LoggedIn,
	arrive: (text: string) => void,
	signal: AbortSignal,
): Promise<void> {
	const client = createBotClient({ ...bot, apiBaseUrl: url }, createServices());
	for (let cursor = ''; !signal.aborted;) {
		const updates = await client.getUpdates(cursor, { timeoutMs: 35_000, signal });
		for (const { item_list: items } of updates.messages)
			for (const item of items as Array<{ text_item: { text: string } }>)
				arrive(item.text_item.text);
		({ cursor } = updates);
	}
}
