import type { AccountClient } from '../api/accountClient';
import type { AccountKind } from '../api/app';
import { createCache } from '../base/cache';
import { countWrites } from '../n8n/stateStore';
import { toRuleSection, listRules } from '../replyRules/ruleStore';
import { createMatcher, type Matcher } from '../replyRules/matcher';

/** How long a change by another process may take to be noticed; one by this process counts at once. */
const KEPT_MS = 2000;
const MAX_ACCOUNTS = 500;

/** What answers the users of an account by itself. */
export interface Answering {
	matcher: Matcher;
	kind: AccountKind;
}

interface Kept extends Answering {
	/** What it was made of: it is made anew only when that has changed. */
	text: string;
	writes: number;
	until: number;
}

const kept = createCache<Kept>({ max: MAX_ACCOUNTS });

/** The rules of an account, which are in the credential of that ID. */
export async function rulesFor(
	credentialId: string,
	appId: string,
	client: () => Promise<AccountClient>,
	now: () => number = Date.now,
): Promise<Answering> {
	const key = `${credentialId} ${appId}`;
	const writes = countWrites(credentialId);
	const known = kept.get(key);
	if (known && known.writes === writes && known.until > now()) return known;
	const account = await client();
	const kind = await account.kind();
	const shelf = await account.section(toRuleSection(appId)).read();
	const text = JSON.stringify(shelf);
	const matcher = known?.text === text ? known.matcher : createMatcher(listRules(shelf));
	kept.set(key, { matcher, kind, text, writes, until: now() + KEPT_MS });
	return { matcher, kind };
}
