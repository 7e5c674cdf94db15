import { prepareN8n } from '../support/n8n';
import { randomFrom } from '../support/random';
import { useSimulator } from '../support/simulator';
import {
	act,
	flaw,
	mend,
	OPERATIONS,
	OPTIONS,
	ownAccount,
	platform,
	restart,
	SKEWS,
	wasted,
	wechat,
	type Operation,
} from './support';

/**
 * Faults at random, mixed: `FAULTS_SEED` repeats a run, `FAULTS_SCHEDULES` makes it longer (each takes
 * 30 to 100 ms). A failure says which seed and schedule it was.
 */
const SEED = Number(process.env.FAULTS_SEED ?? Date.now() % 1e9);
const SCHEDULES = Number(process.env.FAULTS_SCHEDULES ?? 80);
/** A whole schedule; calls that are repeated do not wait here. */
const HANGS_MS = 20_000;
let made = 0;

prepareN8n();
const simulator = useSimulator({ ...OPTIONS, rotateRefreshTokens: SEED % 2 === 1 });

describe.each(
	Object.entries({ 'an account of its own': ownAccount, 'accounts of a platform': platform }),
)('%s', (_, way) => {
	test(
		`${SCHEDULES} schedules: each item has its result or a clear error (FAULTS_SEED=${SEED})`,
		async () => {
			const ends = { fine: 0, failed: 0 };
			for (let schedule = 0; schedule < SCHEDULES; schedule++) {
				const about = `FAULTS_SEED=${SEED}, schedule ${schedule}`;
				const problems = await inTime(play(schedule, ends));
				expect({ about, problems }).toEqual({ about, problems: [] });
			}
			// The schedules are neither too easy nor too hard.
			expect(ends.fine).toBeGreaterThan(ends.failed);
			expect(ends.failed).toBeGreaterThan(SCHEDULES / 10);
		},
		60_000 + SCHEDULES * 500,
	);

	async function play(schedule: number, ends: { fine: number; failed: number }) {
		const random = randomFrom(SEED + schedule * 7919);
		const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
		const upTo = (most: number) => Math.floor(random() * (most + 1));
		const problems: string[] = [];
		let starts = 1;

		restart();
		const credentials = await way.enter(simulator());
		simulator().calls.length = 0;
		simulator().messages.length = 0;
		for (let turn = 0; turn < 3; turn++) {
			for (let count = upTo(4); count > 0; count--) plan();
			happen();
			await Promise.all(Array.from({ length: 1 + upTo(2) }, run));
		}
		// When all is well again, all is well.
		await mend(simulator());
		for (const operation of Object.keys(OPERATIONS) as Operation[])
			problems.push(...(await outcomes(operation)).map((error) => `afterwards: ${error}`));
		problems.push(wasted(way, simulator(), starts) ?? '');
		return problems.filter(Boolean);

		function plan(): void {
			const [path, troubles] = oneOf(Object.entries(way.troubles));
			const times = random() < 0.05 ? 9 : 1 + upTo(1);
			simulator().fault({ path, times, ...oneOf(Object.values(troubles)) });
		}

		/** What is in nobody's hands. Whatever ends tokens is a reason to ask for others. */
		function happen(): void {
			const ahead = oneOf(SKEWS);
			if (ahead !== wechat.aheadMs) starts++;
			wechat.aheadMs = ahead;
			const { platform: behind, expireTokens, revokeTokens } = simulator();
			// A stable token is not stored, so a process that starts asks for it.
			const restartWithoutToken = () => {
				restart();
				starts++;
			};
			const happenings =
				way === ownAccount
					? [restartWithoutToken, () => expireTokens(), () => revokeTokens()]
					: [
							restart,
							() => behind.expireTokens(),
							() => behind.revokeTokens(),
							() => behind.loseRefreshToken(oneOf(way.appIds)),
						];
			if (random() < 0.5) oneOf(happenings)();
		}

		async function run(): Promise<void> {
			const errors = await outcomes(oneOf(Object.keys(OPERATIONS) as Operation[]), true);
			ends.failed += errors.length;
		}

		/** The errors of a run, once each item is looked at. */
		async function outcomes(operation: Operation, mayFail = false): Promise<string[]> {
			const items = Array.from({ length: 1 + upTo(6) }, () => {
				const appId = oneOf(way.appIds);
				const openid = oneOf(simulator().openids(appId));
				return { appId, openid, content: `${++made}` };
			});
			const output = await act(way, operation, credentials, items);
			if (output.length !== items.length)
				problems.push(`${items.length} items, ${output.length} results`);
			for (const [index, item] of items.entries()) {
				const problem = output[index] && flaw(simulator(), operation, item, output[index]);
				if (problem) problems.push(problem);
			}
			const errors = output.flatMap(({ json }) => (json.error ? [String(json.error)] : []));
			ends.fine += mayFail ? output.length - errors.length : 0;
			return errors;
		}
	}
});

async function inTime<T>(work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`Hangs: not over after ${HANGS_MS} ms`)), HANGS_MS);
	});
	return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
