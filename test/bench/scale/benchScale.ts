import { textOption } from '../options';
import { benchManyAccounts } from './accounts';
import { benchClaims } from './claims';
import { benchKills } from './kills';
import { benchRenewals } from './renewals';
import { benchWebhooks } from './webhooks';
import { benchQueue } from './queue';

const PARTS: Record<string, () => Promise<void>> = {
	accounts: benchManyAccounts,
	claims: benchClaims,
	renewals: benchRenewals,
	kills: benchKills,
	queue: benchQueue,
	webhooks: benchWebhooks,
};

/** What state in Redis is for, part by part; `--only claims,accounts` chooses some of them. */
export async function benchScale(): Promise<void> {
	const chosen = textOption('only')?.split(',') ?? Object.keys(PARTS);
	for (const name of chosen) {
		if (!(name in PARTS))
			throw new Error(`--only takes some of ${Object.keys(PARTS).join(', ')}, not "${name}".`);
	}
	const failures: unknown[] = [];
	// Each says what it has measured; the others are worth knowing, too.
	for (const name of chosen) await PARTS[name]().catch((error: unknown) => failures.push(error));
	if (failures.length > 0) throw new AggregateError(failures, failures.join('\n'));
}
