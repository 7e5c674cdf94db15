const ENTITIES: Record<string, string | undefined> = {
	amp: '&',
	gt: '>',
	lt: '<',
	nbsp: ' ',
	quot: '"',
	'#39': "'",
};

/** What WeChat says as HTML, in lines of text: reasons of the review of code come with `<br>` between them. */
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
