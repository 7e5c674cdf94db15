import type { ChildProcess } from 'node:child_process';

/**
 * What this script started must not outlive it: neither after an error, nor after Ctrl-C.
 * First our processes end, then the rest is cleaned up, newest first.
 */
type CleanUp = () => void | Promise<void>;

const cleanUps: CleanUp[] = [];
const children = new Set<ChildProcess>();
let ending: Promise<void> | undefined;
let listening = false;

export function atEnd(cleanUp: CleanUp): void {
	listen();
	cleanUps.push(cleanUp);
}

/** A process of ours. */
export function adopt(child: ChildProcess): void {
	listen();
	children.add(child);
	child.once('exit', () => children.delete(child));
}

export async function endAll(): Promise<void> {
	ending ??= runAll();
	await ending;
}

/** Asks first: n8n closes its database and its task runner when asked. */
export async function stopChild(child: ChildProcess, limitMs = 20_000): Promise<void> {
	if (child.pid === undefined || hasEnded(child)) return;
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGTERM');
	const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
	await ended;
	clearTimeout(timer);
}

export function hasEnded(child: ChildProcess): boolean {
	return child.exitCode !== null || child.signalCode !== null;
}

async function runAll(): Promise<void> {
	await Promise.all([...children].map(async (child) => await stopChild(child)));
	for (let next = cleanUps.pop(); next; next = cleanUps.pop()) {
		try {
			await next();
		} catch (error) {
			process.stderr.write(`While cleaning up: ${String(error)}\n`);
		}
	}
}

function listen(): void {
	if (listening) return;
	listening = true;
	const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
	for (const [signal, status] of Object.entries(signals)) {
		process.on(signal, () => void endAll().finally(() => process.exit(status)));
	}
	// The last resort, where nothing can be awaited.
	process.on('exit', () => children.forEach((child) => child.kill('SIGTERM')));
}
