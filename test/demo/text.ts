/** A piece of a message: plain text, or a link when it has an address. */
export interface Part {
	text: string;
	href?: string;
}

/** The one tag that WeChat heeds in a text message; everything else is shown as it was written. */
const LINK = /<a\s(?:[^>]*?\s)?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([^]*?)<\/a>/gi;

/** A text message as WeChat shows it. Links lead to http and https only; others are shown as text. */
export function partsOf(message: string): Part[] {
	const parts: Part[] = [];
	let at = 0;
	for (const match of message.matchAll(LINK)) {
		const [whole, doubleQuoted, singleQuoted, text] = match;
		const href = webAddress((doubleQuoted ?? singleQuoted).replaceAll('&amp;', '&'));
		if (href === undefined) continue;
		if (match.index > at) parts.push({ text: message.slice(at, match.index) });
		parts.push({ text, href });
		at = match.index + whole.length;
	}
	if (at < message.length) parts.push({ text: message.slice(at) });
	return parts;
}

/** The address, if it is one that a browser may open. */
export function webAddress(value: unknown): string | undefined {
	const text = String(value ?? '').trim();
	if (!URL.canParse(text)) return undefined;
	const { href, protocol } = new URL(text);
	return ['http:', 'https:'].includes(protocol) ? href : undefined;
}
