import { join } from 'node:path';
import { killRepeatedly } from '../../e2e/actors/killRepeatedly';
import { prepareFiles } from '../../e2e/testEnvironment';
import { numberOption, textOption } from '../options';
import { say } from '../results';
import { progress } from './environment';

/** n8n is killed again and again: `--kills N` (50), `--seed N` repeats the moments. */
export async function benchKill(): Promise<void> {
	const kills = numberOption('kills', 50);
	const seed = numberOption('seed', 1 + (Date.now() % 1e9));
	const { n8nFiles, folder, tarball } = await prepareFiles(progress, textOption('n8n'));
	const userFolder = join(folder, 'user');
	const { tickets, authorizations, rules, orders, repeated } = await killRepeatedly(
		{ n8nFiles, tarball, userFolder },
		{ kills, seed, say: progress },
	);
	say(
		`n8n ${n8nFiles.version} killed (kill -9) ${kills} times at random moments (--seed ${seed}): of ${tickets} tickets, ${authorizations} authorizations and ${rules} changes of rules that were acknowledged none was lost; of ${orders} red packets, payments, refunds and transfers and ${repeated} that were under way and were sent again each was made once`,
	);
}
