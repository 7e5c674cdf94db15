import { setTimeout as sleep } from 'node:timers/promises';
import { activateWorkflow } from '../../e2e/workflows/activeWorkflow';
import { HARMLESS, LOST, REFUSED } from '../../faults/faults';
import { FAULT_NOTICE } from '../../simulator';
import { randomFrom } from '../../support/random';
import { numberOption } from '../options';
import { say } from '../results';
import { prepareBench, progress } from './environment';
import { heldAtRest, type Held } from './probe';
import { echoBot } from '../../e2e/workflows/exampleWorkflows';

const PATHS = ['/cgi-bin/user/info', '/cgi-bin/stable_token'];
const TROUBLES = Object.values({ ...LOST, ...REFUSED, ...HARMLESS });
const MINUTE = 60_000;
/** What the garbage collector and n8n itself may differ by. */
const FLAT_MB = 15;

/**
 * Messages are answered by a workflow that asks WeChat, at a steady rate with faults all the time: `--minutes N`
 * (10), `--rate N` messages a second (5), `--seed N`.
 */
export async function benchSoak(): Promise<void> {
	const minutes = numberOption('minutes', 10);
	const rate = numberOption('rate', 5);
	const seed = numberOption('seed', 1 + (Date.now() % 1e9));
	const random = randomFrom(seed);
	const oneOf = <T>(list: T[]): T => list[Math.floor(random() * list.length)];
	const { simulator, start, engines } = await prepareBench();
	// The one that docs/scaling-out.md advises: a processor works out a few runs a second with the others.
	const environment = await start(engines.at(-1));
	const workflow = { ...echoBot, settings: { saveDataSuccessExecution: 'none' } };
	const { url } = await activateWorkflow(environment, workflow);
	const { n8n } = environment;

	const counts = { pushes: 0, replies: 0, notices: 0 };
	const held: Held[] = [];
	const open = new Set<Promise<void>>();
	async function visit(): Promise<void> {
		const FromUserName = oneOf(simulator.openids());
		const message = { FromUserName, MsgType: 'text', Content: `hello ${counts.pushes++}` };
		const { outcome, shown } = await simulator.push(url, message);
		counts.replies += Number(outcome === 'reply');
		counts.notices += Number(shown === FAULT_NOTICE);
	}

	const end = Date.now() + minutes * MINUTE;
	// The first figures are those of a warm n8n.
	for (let next = Date.now() + Math.min(MINUTE, (minutes * MINUTE) / 4); Date.now() < end;) {
		if (random() < 0.3) simulator.fault({ path: oneOf(PATHS), ...oneOf(TROUBLES) });
		if (random() < 0.01) simulator.revokeTokens();
		const visited = visit().finally(() => open.delete(visited));
		open.add(visited);
		await sleep(1000 / rate);
		if (Date.now() < next) continue;
		await measure();
		next += MINUTE;
	}
	await measure();
	const [first, last] = [held[0], held[held.length - 1]];
	const highest = Math.max(...held.map(({ heap }) => heap));
	say(
		`${minutes} minutes, ${counts.pushes} messages with faults at random (--seed ${seed}): ${counts.replies} replies, ${counts.notices} times WeChat's notice of a fault`,
	);
	say(
		`n8n holds, after a garbage collection, at the beginning and at the end: heap ${first.heap.toFixed(0)} and ${last.heap.toFixed(0)} MB (at most ${highest.toFixed(0)}), RSS ${first.rss.toFixed(0)} and ${last.rss.toFixed(0)} MB, ${first.sockets} and ${last.sockets} sockets, ${first.timers} and ${last.timers} timers`,
	);
	await n8n.stop();
	if (last.heap - first.heap > FLAT_MB) throw new Error('Memory grows.');
	if (last.sockets > first.sockets + 10 || last.timers > first.timers + 10)
		throw new Error('Sockets or timers are left over.');
	if (counts.notices > 0) throw new Error('Somebody saw that the service is unavailable.');

	async function measure(): Promise<void> {
		simulator.clearFaults();
		await Promise.all(open);
		// Kept-alive connections are let go within a few seconds.
		await sleep(6000);
		held.push(await heldAtRest(n8n));
		progress(JSON.stringify({ ...counts, ...held.at(-1) }));
	}
}
