import type { Addresses, PushResult, Simulator, StepResult } from './index';

export interface PlatformSettings extends Addresses {
	/** Which pair of test accounts to run the release test with. */
	pair?: 1 | 2 | 3 | 4 | 5;
}

interface Values {
	events?: string;
	messages?: string;
	'release-test'?: string;
}

/** undefined when no platform was named. */
export function readPlatform(values: Values): PlatformSettings | undefined {
	const { events, messages, 'release-test': pair } = values;
	if (pair !== undefined && !/^[1-5]$/.test(pair)) throw new Error('--release-test takes 1 to 5');
	if (events !== undefined && messages !== undefined) {
		return { events, messages, pair: pair === undefined ? pair : (Number(pair) as 1) };
	}
	if ((events ?? messages ?? pair) === undefined) return undefined;
	throw new Error('a platform takes --events as well as --messages');
}

/** Whether everything that was pushed was taken well. */
export async function runPlatform(
	{ platform, accounts }: Simulator,
	{ pair, ...addresses }: PlatformSettings,
	say: (line: string) => void,
): Promise<boolean> {
	const { appId, secret, token, encodingAESKey } = platform.settings;
	say(`Platform AppID   ${appId}`);
	say(`Platform secret  ${secret}`);
	say(`Platform token   ${token}`);
	say(`Platform key     ${encodingAESKey}`);
	platform.connect(addresses);
	if (pair !== undefined) return reportSteps(await platform.releaseTest(pair), say);
	const results = [await platform.pushTicket()];
	say(`ticket: ${describe(results[0])}`);
	for (const { appId: account } of accounts.slice(0, 2)) {
		const { code, result } = await platform.authorize(account);
		if (!result) continue;
		results.push(result);
		say(`${account} authorized with ${code}: ${describe(result)}`);
	}
	return results.every(({ outcome }) => outcome === 'success');
}

const describe = ({ outcome, deliveries }: PushResult) =>
	`${outcome} after ${deliveries[0].ms} ms ${deliveries[0].problem ?? ''}`.trim();

function reportSteps(steps: StepResult[], say: (line: string) => void): boolean {
	for (const { step, ok, problem } of steps) say(`${step}: ${ok ? 'passed' : problem}`);
	return steps.every(({ ok }) => ok);
}
