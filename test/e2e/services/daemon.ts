import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { User } from './command';
import { trackProcess, hasEnded, stopChild, type EndOptions } from './cleanup';
import { readLog, tail } from './log';

/** A program that runs until it is told to end. */
export interface Daemon {
	/** What to call it in messages. */
	name: string;
	command: string;
	args: string[];
	env: NodeJS.ProcessEnv;
	cwd?: string;
	logFile: string;
	isReady(): Promise<boolean>;
	user?: User;
	leave?: EndOptions;
}

const START_LIMIT_MS = 120_000;

/** Comes back when it is ready. */
export async function startDaemon(daemon: Daemon): Promise<ChildProcess> {
	const child = spawnIntoLog(daemon);
	try {
		await once(child, 'spawn');
		await untilReady(child, daemon);
		return child;
	} catch (error) {
		await stopChild(child);
		const { logFile } = daemon;
		throw new Error(`${String(error)}\nThe end of ${logFile}:\n${tail(readLog(logFile))}`);
	}
}

function spawnIntoLog({ command, args, env, cwd, logFile, user, leave }: Daemon): ChildProcess {
	const log = openSync(logFile, 'a');
	const child = spawn(command, args, {
		env,
		cwd,
		...user,
		// The terminal tells all of a group at once; what others work with has to hear it from us.
		detached: leave?.afterOthers,
		stdio: ['ignore', log, log],
	});
	closeSync(log);
	trackProcess(child, leave);
	return child;
}

async function untilReady(child: ChildProcess, { name, isReady }: Daemon): Promise<void> {
	const giveUpAt = Date.now() + START_LIMIT_MS;
	while (!(await isReady())) {
		if (hasEnded(child)) {
			throw new Error(`${name} ended while starting (${child.exitCode ?? child.signalCode}).`);
		}
		if (Date.now() > giveUpAt) {
			throw new Error(`${name} was not ready after ${START_LIMIT_MS / 1000} seconds.`);
		}
		await sleep(150);
	}
}
