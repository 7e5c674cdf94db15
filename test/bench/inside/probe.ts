import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../e2e/services/eventually';
import type { RunningN8n } from '../../e2e/n8n/startN8n';

/** What an n8n that was started with {@link PROBE} holds on to after a garbage collection. */
export interface Held {
	/** Megabytes. */
	heap: number;
	rss: number;
	/** Of the whole process, as `process.getActiveResourcesInfo()` counts them. */
	sockets: number;
	timers: number;
}

/** Loaded into n8n's process: tells on SIGUSR2 what is left after a garbage collection. */
export const PROBE = `
const v8 = require('node:v8');
v8.setFlagsFromString('--expose_gc');
const collect = require('node:vm').runInNewContext('gc');
let asked = 0;
process.on('SIGUSR2', async () => {
	for (let turn = 0; turn < 3; turn++) {
		collect();
		await new Promise((resolve) => setImmediate(resolve));
	}
	const { heapUsed, external, rss } = process.memoryUsage();
	const resources = process.getActiveResourcesInfo();
	const count = (name) => resources.filter((one) => one === name).length;
	const held = { heap: (heapUsed + external) / 2 ** 20, rss: rss / 2 ** 20, sockets: count('TCPSocketWrap'), timers: count('Timeout') };
	process.stdout.write('\\nprobe ' + ++asked + ' ' + JSON.stringify(held) + '\\n');
});
`;

const LINES = /^probe \d+ (\{.*\})$/gm;

async function heldBy(n8n: RunningN8n): Promise<Held> {
	const lines = () => [...n8n.log().matchAll(LINES)];
	const before = lines().length;
	process.kill(n8n.pid(), 'SIGUSR2');
	await eventually(() => {
		if (lines().length === before) throw new Error('n8n tells nothing about its memory.');
	}, 30_000);
	return JSON.parse(lines().at(-1)?.[1] ?? '') as Held;
}

/** Seconds of CPU time that a process has used (Linux). */
export function cpuOf(pid: number): number {
	const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
	const fields = rest.split(' ');
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Each query that waits for n8n's database has a timer; without work there are about twenty. */
const TIMERS_AT_REST = 60;
/** Thousands of runs may be left to do. */
const LONGEST_MS = 600_000;

/**
 * Comes back when all runs are over, with what n8n holds then, and the CPU time that it had used before it was
 * asked. A process that waits for its disk seems idle, too.
 */
export async function heldAtRest(n8n: RunningN8n): Promise<Held & { cpu: number }> {
	for (const end = Date.now() + LONGEST_MS; Date.now() < end;) {
		await untilIdle(n8n.pid());
		const cpu = cpuOf(n8n.pid());
		const held = await heldBy(n8n);
		if (held.timers <= TIMERS_AT_REST) return { ...held, cpu };
	}
	throw new Error('n8n does not come to rest.');
}

/** Comes back when the process uses no CPU time. */
async function untilIdle(pid: number): Promise<void> {
	for (let quiet = 0, before = cpuOf(pid); quiet < 2;) {
		await sleep(150);
		const now = cpuOf(pid);
		quiet = now - before <= 0.03 ? quiet + 1 : 0;
		before = now;
	}
}
