import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { adopt, hasEnded, stopChild } from './ending';
import { n8nEnvironment } from './environment';
import type { N8n } from './install';
import { LOOPBACK, freePorts, mustBeFree } from './ports';

export { setUpOwner, type Session } from './session';

export interface RunningN8n {
	url: string;
	readonly pid: number;
	logFile: string;
	/** What n8n has written so far. */
	log(): string;
	stop(): Promise<void>;
	/** Same port, same user folder, same log file. Sessions stay valid. */
	restart(): Promise<void>;
}

export interface StartOptions {
	n8n: N8n;
	userFolder: string;
	port?: number;
	env?: Record<string, string>;
}

const START_LIMIT_MS = 120_000;

export async function startN8n(options: StartOptions): Promise<RunningN8n> {
	const [freePort = 0, brokerPort = 0] = await freePorts(2);
	const port = options.port ?? freePort;
	await mustBeFree(port);

	const { userFolder } = options;
	mkdirSync(userFolder, { recursive: true });
	const url = `http://${LOOPBACK}:${port}`;
	const logFile = join(userFolder, 'n8n.log');
	const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
	const env = { ...n8nEnvironment(options.n8n, userFolder, port, brokerPort), ...options.env };

	const start = async (): Promise<ChildProcess> => {
		const child = spawnInto(logFile, options.n8n.bin, env);
		try {
			await untilReady(child, url);
			return child;
		} catch (error) {
			await stopChild(child);
			throw new Error(`${String(error)}\nThe end of ${logFile}:\n${tail(log())}`);
		}
	};

	let child = await start();
	return {
		url,
		get pid() {
			return child.pid ?? 0;
		},
		logFile,
		log,
		stop: async () => await stopChild(child),
		restart: async () => {
			await stopChild(child);
			child = await start();
		},
	};
}

export function tail(text: string, lines = 15): string {
	return text.trimEnd().split('\n').slice(-lines).join('\n');
}

function spawnInto(logFile: string, bin: string, env: Record<string, string>): ChildProcess {
	const log = openSync(logFile, 'a');
	const child = spawn(process.execPath, [bin, 'start'], { env, stdio: ['ignore', log, log] });
	closeSync(log);
	adopt(child);
	return child;
}

/** Readiness is announced before the editor's routes exist: also wait for settings in JSON. */
async function untilReady(child: ChildProcess, url: string): Promise<void> {
	const giveUpAt = Date.now() + START_LIMIT_MS;
	while (!(await answers(`${url}/healthz/readiness`)) || !(await answers(`${url}/rest/settings`))) {
		if (hasEnded(child)) {
			throw new Error(`n8n ended while starting (${child.exitCode ?? child.signalCode}).`);
		}
		if (Date.now() > giveUpAt) {
			throw new Error(`n8n was not ready after ${START_LIMIT_MS / 1000} seconds.`);
		}
		await sleep(150);
	}
}

async function answers(url: string): Promise<boolean> {
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
		await response.json();
		return response.ok;
	} catch {
		return false;
	}
}
