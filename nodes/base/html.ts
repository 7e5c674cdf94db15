/** The names that XML has for characters, and one that texts in HTML often use. */
const CHARACTERS = new Map([
	['amp', '&'],
	['apos', "'"],
	['gt', '>'],
	['lt', '<'],
	['nbsp', ' '],
	['quot', '"'],
]);

/** Reads references such as `&#65;`, `&#x41;` and `&lt;`. What refers to no character stays as it is. */
export const readReferences = (text: string): string =>
	text.replace(
		/&(?:#(x[\da-f]+|\d+)|(\w+));/gi,
		(all, code?: string, name?: string) =>
			(code ? toCharacter(Number(code.replace(/^x/i, '0x'))) : CHARACTERS.get(name ?? '')) ?? all,
	);

/** Neither NUL nor half of a pair is a character of XML; other control characters are read, as they are when raw. */
const toCharacter = (code: number): string | undefined =>
	code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)
		? undefined
		: String.fromCodePoint(code);

/** Turns HTML into lines of text: a line for each `<br>` and each block. */
export function toPlainText(html: string): string {
	const lines = html
		.replace(/<br\s*\/?>|<\/(p|div|li)>/gi, '\n')
		// Without < inside, or a text of nothing but beginnings would take minutes.
		.replace(/<\/?[a-z][^<>]*>/gi, '');
	return readReferences(lines)
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean)
		.join('\n');
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text for the content or a quoted attribute of HTML or XML. */
export const escapeMarkup = (text: string): string =>
	text.replace(/[&<>"]/g, (character) => ESCAPES[character]);
