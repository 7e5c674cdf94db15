import { toEventType } from '../push/eventTypes';
import { readText, type Message } from '../push/message';
import { MATCH_MODES, toRuleName, normalizeText, type Rule } from './rule';

/** Finds the rule that answers a message, if there is one. */
export type Matcher = (message: Message) => Rule | undefined;

/** Sorts rules as they are tried: by priority, then by how exactly they match, then the longer keyword first. */
export function sortRules(rules: Rule[]): Rule[] {
	const rank = ({ match }: Rule) => MATCH_MODES.indexOf(match);
	return [...rules].sort(
		(a, b) =>
			b.priority - a.priority ||
			rank(a) - rank(b) ||
			b.request.length - a.request.length ||
			(toRuleName(a) < toRuleName(b) ? -1 : 1),
	);
}

/**
 * Prepares rules once, to match many messages. Thousands of rules take less than a millisecond, and no pattern takes
 * longer than its length times the length of the text.
 */
export function createMatcher(rules: Rule[]): Matcher {
	const enabled = sortRules(rules.filter((rule) => rule.enabled));
	const named = new Map(enabled.map((rule) => [toRuleName(rule), rule]));
	const place = new Map(enabled.map((rule, index) => [rule, index]));
	const patterns = enabled
		.filter(({ when, match }) => when === 'keyword' && match !== 'exact')
		.map((rule) => ({ rule, fits: createTest(rule) }));

	function byKeyword(content: string): Rule | undefined {
		const text = normalizeText(content);
		const found = named.get(`keyword ${text}`);
		const exact = found?.match === 'exact' ? found : undefined;
		const first = exact ? Number(place.get(exact)) : Infinity;
		for (const { rule, fits } of patterns) {
			if (Number(place.get(rule)) > first) break;
			if (fits(text)) return rule;
		}
		return exact;
	}

	return (message) => {
		const type = toEventType(message);
		if (type === 'event.subscribe') return named.get('subscribe');
		if (type === 'event.click') return named.get(`menuKey ${readText(message, 'EventKey').trim()}`);
		if (!type.startsWith('message.')) return undefined;
		const found = type === 'message.text' ? byKeyword(readText(message, 'Content')) : undefined;
		return found ?? named.get('noMatch');
	};
}

function createTest({ match, request }: Rule): (text: string) => boolean {
	const keyword = normalizeText(request);
	if (match === 'contains') return (text) => text.includes(keyword);
	if (match === 'startsWith') return (text) => text.startsWith(keyword);
	return createWildcardTest(keyword);
}

/**
 * `*` stands for any text, `?` for one character. Backtracks to the last star only. That is enough, because each star
 * matches as little as it can.
 */
function createWildcardTest(pattern: string): (text: string) => boolean {
	const wanted = [...pattern];
	const longest = pattern
		.split(/[*?]/)
		.reduce((best, part) => (part.length > best.length ? part : best), '');
	return (text) => {
		if (!text.includes(longest)) return false;
		const given = [...text];
		let [at, next, star, taken] = [0, 0, -1, 0];
		while (at < given.length)
			if (wanted[next] === '*') {
				star = next++;
				taken = at;
			} else if (next < wanted.length && (wanted[next] === '?' || wanted[next] === given[at])) {
				next++;
				at++;
			} else if (star >= 0) {
				next = star + 1;
				at = ++taken;
			} else return false;
		while (wanted[next] === '*') next++;
		return next === wanted.length;
	};
}
