import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../e2e/services/eventually';
import { ACCOUNT_TYPE, toAccountCredential } from '../../e2e/n8n/credentials';
import { startRedisServer } from '../../support/redisServer';
import { startSimulator } from '../../simulator';
import { numberOption } from '../options';
import { say } from '../results';
import { startProcesses, type PackProcess } from './processes';

const TOKEN = '/cgi-bin/stable_token';
const TIMES = numberOption('times', 50);
const TIMES_OF_DEFAULT = 10;
const PROCESSES = 4;

/** A token that dies under busy processes. */
export async function benchRenewals(): Promise<void> {
	const redis = await startRedisServer();
	const without = await countRenewals({}, TIMES_OF_DEFAULT);
	const shared = { sharedState: 'redis', redisUrl: redis.url };
	const renewals = await countRenewals(shared, TIMES);
	say(
		`A token that dies under ${PROCESSES} busy processes, ${TIMES} times: ${renewals} renewals: ratio ${(renewals / TIMES).toFixed(2)} (in the credential: ${without} for ${TIMES_OF_DEFAULT}: ${(without / TIMES_OF_DEFAULT).toFixed(2)})`,
	);
	await redis.stop();
	if (renewals !== TIMES) throw new Error(`${TIMES} dead tokens took ${renewals} renewals.`);
}

async function countRenewals(shared: Record<string, string>, times: number): Promise<number> {
	const simulator = await startSimulator({ latencyMs: 10, followers: 1 });
	const [openid] = simulator.openids();
	const credential = { ...toAccountCredential(simulator), ...shared };
	const { all, stop } = await startProcesses({
		credential: credential as never,
		type: ACCOUNT_TYPE,
		count: PROCESSES,
		parameters: {},
		runMs: 0,
		busy: { parameters: { resource: 'user', operation: 'get', openid }, sideBySide: 3 },
	});
	/**
	 * Until each process has used the token that there is now, and no run is left that began with one before: a call
	 * that meets two deaths fails.
	 */
	async function work(): Promise<void> {
		// What was done before is told by then.
		await sleep(200);
		const before = all.map(({ done }) => done);
		const isIdle = ({ done }: PackProcess, index: number) =>
			done.length === 0 || done.some((runs, row) => runs < (before[index][row] ?? 0) + 2);
		await eventually(() => {
			if (all.some(isIdle))
				throw new Error(
					`A process does nothing. ${all.flatMap(({ failures }) => failures)[0] ?? ''}`,
				);
		}, 60_000);
	}
	await work();
	const before = simulator.count(TOKEN);
	for (let time = 0; time < times; time++) {
		simulator.revokeTokens();
		await work();
	}
	const renewals = simulator.count(TOKEN) - before;
	await stop();
	await simulator.close();
	const [failure] = all.flatMap(({ failures }) => failures);
	if (failure) throw new Error(`A run failed: ${failure}`);
	return renewals;
}
