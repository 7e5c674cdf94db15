import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startDaemon } from '../services/daemon';
import { stopChild } from '../services/cleanup';
import { createN8nVariables } from './environmentVariables';
import type { N8n } from './install';
import { readLog, tail } from '../services/log';
import { LOOPBACK, freePorts, checkPortIsFree } from '../services/ports';

export interface RunningN8n {
	url: string;
	/** What n8n has written so far. */
	log(): string;
	/** The end of it. */
	recentLog(): string;
	/** Its process, for those who measure it. */
	pid(): number;
	stop(): Promise<void>;
	/** As a power cut does it: n8n has no moment left. */
	kill(): Promise<void>;
	/** Same port, same user folder, same log file. Sessions stay valid. */
	restart(): Promise<void>;
}

export interface StartOptions {
	n8n: N8n;
	userFolder: string;
	command?: Command;
	port?: number;
	env?: Record<string, string>;
}

type Command = 'start' | 'webhook' | 'worker';

/**
 * What has to answer, and how: readiness is announced early. The editor's page comes after n8n has looked for runs that
 * it was at when it ended; those that begin before that are taken for some of them, and stopped.
 */
const ROUTES: Record<Command, Record<string, string>> = {
	start: { '/healthz/readiness': '200 application/json', '/': '200 text/html' },
	webhook: {
		'/healthz/readiness': '200 application/json',
		'/webhook/none': '404 application/json',
	},
	worker: { '/healthz/readiness': '200 application/json' },
};

export async function startN8n(options: StartOptions): Promise<RunningN8n> {
	const [freePort = 0, brokerPort = 0] = await freePorts(2);
	const port = options.port ?? freePort;
	await checkPortIsFree(port);

	const { n8n, userFolder, command = 'start' } = options;
	mkdirSync(userFolder, { recursive: true });
	const url = `http://${LOOPBACK}:${port}`;
	const logFile = join(userFolder, 'n8n.log');
	const log = () => readLog(logFile);

	const start = async () =>
		await startDaemon({
			name: `n8n ${command}`,
			command: n8n.node,
			args: [n8n.bin, command],
			env: { ...createN8nVariables(n8n, userFolder, port, brokerPort), ...options.env },
			logFile,
			isReady: async () => await answersAll(url, ROUTES[command]),
		});

	let child = await start();
	return {
		url,
		log,
		recentLog: () => tail(log()),
		pid: () => child.pid ?? 0,
		stop: async () => await stopChild(child),
		kill: async () => await stopChild(child, { signal: 'SIGKILL' }),
		restart: async () => {
			await stopChild(child);
			child = await start();
		},
	};
}

async function answersAll(url: string, routes: Record<string, string>): Promise<boolean> {
	for (const [route, expected] of Object.entries(routes))
		if ((await answerOf(url + route)) !== expected) return false;
	return true;
}

/** Status and type. */
async function answerOf(url: string): Promise<string> {
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
		await response.arrayBuffer();
		const [type] = (response.headers.get('content-type') ?? '').split(';');
		return `${response.status} ${type}`;
	} catch {
		return 'nothing';
	}
}
