import { systemShared } from '../../../nodes/n8n/sharedState';
import { startRedisServer } from '../../support/redisServer';
import { platformWith, type Subject } from '../accounts';
import { ratioOf } from '../measure';
import { say } from '../results';

const MANY = 10_000;
const ROUNDS = 15;
type Work = 'run' | 'save' | 'takeTicket';
/** What is measured, how often in a round, and how many times as much it may take with many accounts. */
const WORKS: Record<Work, { name: string; times: number; most: number }> = {
	save: { name: 'saving a token', times: 200, most: 1.5 },
	takeTicket: { name: 'taking a ticket', times: 200, most: 1.5 },
	run: { name: "a node's run", times: 200, most: 1.2 },
};

/** CPU of this process, with n8n's own cipher and a real Redis; n8n's database comes on top. */
export async function benchManyAccounts(): Promise<void> {
	const [few, many] = [await startRedisServer(), await startRedisServer()];
	const inRedis = [platformWith(1, few.url), platformWith(MANY, many.url)];
	const inCredential = [platformWith(1), platformWith(MANY)];
	const failures: string[] = [];
	for (const [work, { name, times, most }] of Object.entries(WORKS)) {
		const shared = await compareAccounts(inRedis, work as Work, times, ROUNDS);
		const stored = await compareAccounts(inCredential, work as Work, 3, 3);
		say(
			`CPU of ${name} with ${MANY.toLocaleString('en')} accounts: ${shared.text}; at most ${most} (in the credential: ${stored.text})`,
		);
		if (shared.ratio > most) failures.push(`${name}: ${shared.ratio.toFixed(2)}`);
	}
	systemShared.connections.close();
	await Promise.all([few.stop(), many.stop()]);
	if (failures.length > 0) throw new Error(`More than it may be: ${failures.join(', ')}`);
}

async function compareAccounts(
	[few, many]: Subject[],
	work: Work,
	times: number,
	rounds: number,
): Promise<{ ratio: number; text: string }> {
	const took: Record<'few' | 'many', number[]> = { few: [], many: [] };
	for (let round = 0; round <= rounds; round++)
		for (const [which, subject] of Object.entries({ few, many })) {
			const ms = await measureCpu(subject[work], times);
			// The first one moves the state to where it is kept, and warms up.
			if (round > 0) took[which as 'few' | 'many'].push(ms);
		}
	const { median: ratio, low, high } = ratioOf(took.many, took.few);
	const [one, all] = [took.few, took.many].map((values) =>
		ratioOf(
			values,
			values.map(() => 1),
		),
	);
	return {
		ratio,
		text: `${all.median.toFixed(2)} ms, with 1 ${one.median.toFixed(2)} ms: ratio ${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
	};
}

/** Milliseconds of CPU of one of so many calls. */
async function measureCpu(work: () => Promise<void>, times: number): Promise<number> {
	const before = process.cpuUsage();
	for (let time = 0; time < times; time++) await work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000 / times;
}
