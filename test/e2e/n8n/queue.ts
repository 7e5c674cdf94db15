import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUpAtEnd, stopChild } from '../services/cleanup';
import type { N8n } from './install';
import { startN8n, type RunningN8n } from './startN8n';
import { installPack } from './pack';
import { LOOPBACK, freePorts } from '../services/ports';
import { POSTGRES, startPostgres } from '../services/postgres';
import { findOrInstall } from '../services/programs';
import { REDIS, startRedis } from '../services/redis';
import { openSession, type Session } from './session';

/** n8n in queue mode: processes that share a database and a queue, and nothing else. */
export interface Queue {
	/** Serves the editor and registers webhooks. */
	main: RunningN8n;
	/** Runs the workflows. */
	worker: RunningN8n;
	/** Takes what WeChat pushes. */
	webhook: RunningN8n;
	/** All workers and webhook processes; the ones above come first. */
	workers: RunningN8n[];
	webhooks: RunningN8n[];
	/** All of them as if they were one, for what does not care how n8n runs. */
	n8n: RunningN8n;
	session: Session;
	/** The Redis of the queue. */
	redisUrl: string;
	stop(): Promise<void>;
}

export interface QueueOptions {
	n8nFiles: N8n;
	tarball: string;
	say: (line: string) => void;
	/** How many workers and webhook processes; one each by default. */
	workers?: number;
	webhooks?: number;
	/** How many runs a worker has under way at most. */
	concurrency?: number;
}

export async function startQueue({
	n8nFiles,
	tarball,
	say,
	concurrency = 50,
	...counts
}: QueueOptions): Promise<Queue> {
	const workerNames = named('worker', counts.workers);
	const webhookNames = named('webhook', counts.webhooks);
	const [postgresPrograms = '', redisPrograms = ''] = await findOrInstall([POSTGRES, REDIS], say);
	const folder = temporaryFolder();
	const began = Date.now();

	const userFolder = (name: string) => join(folder, name);
	const [postgres, redis, [webhookPort = 0]] = await Promise.all([
		startPostgres(postgresPrograms, folder),
		startRedis(redisPrograms, folder),
		freePorts(1),
		// As separate containers would have it.
		...['main', ...workerNames, ...webhookNames].map((name) =>
			installPack(userFolder(name), tarball),
		),
	]);

	const env = {
		...postgres.env,
		...redis.env,
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		// Ten by default, and slow runs wait for much of their time.
		N8N_CONCURRENCY_PRODUCTION_LIMIT: String(concurrency),
		WEBHOOK_URL: `http://${LOOPBACK}:${webhookPort}/`,
	};
	const start = async (command: 'start' | 'webhook' | 'worker', name: string, port?: number) =>
		await startN8n({ n8n: n8nFiles, userFolder: userFolder(name), command, port, env });
	// The others find the tables that the first one makes.
	const main = await start('start', 'main');
	const [session, workers, webhooks] = await Promise.all([
		openSession(main.url),
		Promise.all(workerNames.map(async (name) => await start('worker', name))),
		Promise.all(
			webhookNames.map(
				async (name, index) => await start('webhook', name, index === 0 ? webhookPort : undefined),
			),
		),
	]);
	const [[worker], [webhook]] = [workers, webhooks];
	say(`  n8n's queue mode is up after ${((Date.now() - began) / 1000).toFixed(1)} s`);

	const of = (names: string[], all: RunningN8n[]) =>
		Object.fromEntries(names.map((name, index) => [name, all[index]]));
	const n8n = together(webhook.url, {
		main,
		...of(workerNames, workers),
		...of(webhookNames, webhooks),
	});
	return {
		main,
		worker,
		webhook,
		workers,
		webhooks,
		n8n,
		session,
		redisUrl: redis.url,
		stop: async () => {
			await n8n.stop();
			await Promise.all([stopChild(postgres.child), stopChild(redis.child)]);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** The user that PostgreSQL runs as has to find its folder in it. */
function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'wechat-queue-'));
	cleanUpAtEnd(() => rmSync(folder, { recursive: true, force: true }));
	chmodSync(folder, 0o711);
	return folder;
}

const named = (name: string, count = 1) =>
	Array.from({ length: count }, (_, index) => (index === 0 ? name : `${name}${index + 1}`));

function together(url: string, processes: Record<string, RunningN8n>): RunningN8n {
	const all = Object.entries(processes);
	const texts = (textOf: (one: RunningN8n) => string) =>
		all.map(([name, one]) => `${name}:\n${textOf(one)}`).join('\n');
	return {
		url,
		log: () => texts((one) => one.log()),
		recentLog: () => texts((one) => one.recentLog()),
		stop: async () => void (await Promise.all(all.map(async ([, one]) => await one.stop()))),
		pid: () => processes.main.pid(),
		kill: async () => void (await Promise.all(all.map(async ([, one]) => await one.kill()))),
		restart: async () => void (await Promise.all(all.map(async ([, one]) => await one.restart()))),
	};
}
