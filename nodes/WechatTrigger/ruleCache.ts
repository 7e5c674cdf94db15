import type { AccountClient } from '../api/accountClient';
import type { AccountKind } from '../api/app';
import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';
import { countWrites } from '../n8n/stateStore';
import { createMatcher, type Matcher } from '../replyRules/matcher';
import { listRules, toRuleSection } from '../replyRules/ruleStore';

/** How long a change by another process may take to be noticed; one by this process counts at once. */
const MAX_AGE_MS = 2000;
const MAX_ACCOUNTS = 500;

/** What answers the users of an account by itself. */
interface AccountRules {
	matcher: Matcher;
	kind: AccountKind;
}

/** The rules of accounts, ready to match. */
export interface RuleCache {
	/** Reads the rules of an account, which are in the credential of that ID. */
	read(
		credentialId: string,
		appId: string,
		openClient: () => Promise<AccountClient>,
	): Promise<AccountRules>;
}

interface Entry extends AccountRules {
	/** What the matcher was made of: it is made anew only when that has changed. */
	text: string;
	writes: number;
	readAt: number;
}

/** Creates a cache of the rules of 500 accounts, those that were used last. */
export function createRuleCache(clock: Clock): RuleCache {
	const cache = createCache<Entry>({ max: MAX_ACCOUNTS });
	return {
		async read(credentialId, appId, openClient) {
			const key = `${credentialId} ${appId}`;
			const writes = countWrites(credentialId);
			const cached = cache.get(key);
			const isFresh = (entry: Entry) =>
				entry.writes === writes && Math.abs(clock.now() - entry.readAt) < MAX_AGE_MS;
			if (cached && isFresh(cached)) return cached;
			const account = await openClient();
			const kind = await account.kind();
			const section = await account.section(toRuleSection(appId)).read();
			const text = JSON.stringify(section);
			const matcher = cached?.text === text ? cached.matcher : createMatcher(listRules(section));
			return cache.set(key, { matcher, kind, text, writes, readAt: clock.now() });
		},
	};
}
