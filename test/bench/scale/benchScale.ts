import { runParts } from '../options';
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
export const benchScale = async (): Promise<void> => await runParts(PARTS);
