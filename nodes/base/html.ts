const ENTITIES: Record<string, string | undefined> = {
	amp: '&',
	gt: '>',
	lt: '<',
	nbsp: ' ',
	quot: '"',
	'#39': "'",
};

/** Turns HTML into lines of text: a line for each `<br>` and each block. */
export function toPlainText(html: string): string {
	return (
		html
			.replace(/<br\s*\/?>|<\/(p|div|li)>/gi, '\n')
			// Without < inside, or a text of nothing but beginnings would take minutes.
			.replace(/<\/?[a-z][^<>]*>/gi, '')
			.replace(/&(#?\w+);/g, (all, name: string) => ENTITIES[name] ?? all)
			.split('\n')
			.map((line) => line.trim())
			.filter(Boolean)
			.join('\n')
	);
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text for the content or a quoted attribute of HTML or XML. */
export const escapeMarkup = (text: string): string =>
	text.replace(/[&<>"]/g, (character) => ESCAPES[character]);
