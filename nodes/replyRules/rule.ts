import type { Reply } from '../push/reply';

/** What a rule answers to. */
export type RuleWhen =
	/** A text message. */
	| 'keyword'
	/** A tap on a menu item (CLICK). */
	| 'menuKey'
	/** A user followed the account. */
	| 'subscribe'
	/** A message that no other rule answers to. */
	| 'noMatch';

export type MatchMode = 'exact' | 'contains' | 'startsWith' | 'wildcard';

/** One answer that an account gives by itself (回复规则). */
export interface Rule {
	when: RuleWhen;
	/** The keyword, or the key of the menu item; empty for the other two. */
	request: string;
	/** How a keyword is compared. */
	match: MatchMode;
	reply: Reply;
	/** Media ID of a video's preview picture. Customer service messages need one, passive replies do not. */
	thumbMediaId?: string;
	enabled: boolean;
	/** When several rules match, the one with the highest priority answers. */
	priority: number;
}

export const WHENS: readonly RuleWhen[] = ['keyword', 'menuKey', 'subscribe', 'noMatch'];
export const MATCH_MODES: readonly MatchMode[] = ['exact', 'startsWith', 'wildcard', 'contains'];

/** Ignores case and character width: phones write both forms. */
export const normalizeText = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** Names a rule. A keyword has one answer, so there is one rule of each name. */
export function toRuleName({ when, request }: Pick<Rule, 'when' | 'request'>): string {
	if (when === 'keyword') return `keyword ${normalizeText(request)}`;
	return when === 'menuKey' ? `menuKey ${request.trim()}` : when;
}
