import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUpAtEnd } from './cleanup';

/**
 * Runs the work while no other process holds the lock folder. Making a folder either succeeds or
 * fails, on every file system. A holder that died leaves its folder behind: its process id tells.
 */
export async function withLock<T>(
	folder: string,
	say: (line: string) => void,
	work: () => Promise<T>,
): Promise<T> {
	for (let waits = 0; !take(folder); waits++) {
		if (removeIfStale(folder)) continue;
		if (waits % 10 === 0)
			say(`Waiting for process ${holder(folder) ?? '?'}, which holds ${folder}`);
		await sleep(1000);
	}

	let held = true;
	const release = () => {
		if (held) rmSync(folder, { recursive: true, force: true });
		held = false;
	};
	cleanUpAtEnd(release);
	try {
		return await work();
	} finally {
		release();
	}
}

function take(folder: string): boolean {
	try {
		mkdirSync(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
	writeFileSync(join(folder, 'pid'), String(process.pid));
	return true;
}

function holder(folder: string): number | undefined {
	try {
		return Number(readFileSync(join(folder, 'pid'), 'utf8')) || undefined;
	} catch {
		return undefined;
	}
}

/** Renaming first: of two processes that find the same dead holder only one gets the folder. */
function removeIfStale(folder: string): boolean {
	const pid = holder(folder);
	if (pid === undefined ? ageMs(folder) < 10_000 : isAlive(pid)) return false;
	const aside = `${folder}.stale-${process.pid}`;
	try {
		renameSync(folder, aside);
	} catch {
		return true; // someone else was faster; try to take the lock again
	}
	rmSync(aside, { recursive: true, force: true });
	return true;
}

/** Between making the folder and writing the process id there is a moment without one. */
function ageMs(folder: string): number {
	const made = statSync(folder, { throwIfNoEntry: false });
	return made ? Date.now() - made.mtimeMs : 0;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
