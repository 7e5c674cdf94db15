import type { ChildProcess } from 'node:child_process';

/**
 * What this script started must not outlive it: neither after an error, nor after Ctrl-C.
 * First our processes end, those that others work with last; then the rest is cleaned up, newest first.
 */
type CleanUp = () => void | Promise<void>;

/** How a process is told to end, and whether others work with it. */
export interface EndOptions {
	signal?: NodeJS.Signals;
	afterOthers?: boolean;
}

const cleanUps: CleanUp[] = [];
const children = new Map<ChildProcess, EndOptions>();
let ending: Promise<void> | undefined;
let listening = false;

export function cleanUpAtEnd(cleanUp: CleanUp): void {
	listen();
	cleanUps.push(cleanUp);
}

/** A process of ours. */
export function trackProcess(child: ChildProcess, leave: EndOptions = {}): void {
	listen();
	children.set(child, leave);
	child.once('exit', () => children.delete(child));
}

/** What is started later is ended by the next call. */
export async function endAll(): Promise<void> {
	ending ??= runAll().finally(() => (ending = undefined));
	await ending;
}

/** Asks first: n8n closes its database and its task runner when asked. */
export async function stopChild(
	child: ChildProcess,
	{
		signal = signalFor(child),
		limitMs = 20_000,
	}: { signal?: NodeJS.Signals; limitMs?: number } = {},
): Promise<void> {
	if (child.pid === undefined || hasEnded(child)) return;
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.kill(signal);
	const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
	await ended;
	clearTimeout(timer);
}

export function hasEnded(child: ChildProcess): boolean {
	return child.exitCode !== null || child.signalCode !== null;
}

const signalFor = (child: ChildProcess) => children.get(child)?.signal ?? 'SIGTERM';

async function runAll(): Promise<void> {
	const served = [...children.keys()].filter((child) => !children.get(child)?.afterOthers);
	await stopAll(served);
	await stopAll([...children.keys()]);
	for (let next = cleanUps.pop(); next; next = cleanUps.pop()) {
		try {
			await next();
		} catch (error) {
			process.stderr.write(`While cleaning up: ${String(error)}\n`);
		}
	}
}

async function stopAll(some: ChildProcess[]): Promise<void> {
	await Promise.all(some.map(async (child) => await stopChild(child)));
}

function listen(): void {
	if (listening) return;
	listening = true;
	const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
	for (const [signal, status] of Object.entries(signals)) {
		process.on(signal, () => void endAll().finally(() => process.exit(status)));
	}
	// The last resort, where nothing can be awaited.
	process.on('exit', () => children.forEach((_, child) => child.kill(signalFor(child))));
}
