/** Why something that was asked on the page is not done; the page has a sentence for each code. */
export class Refusal extends Error {
	override name = 'Refusal';

	constructor(
		readonly code: string,
		/** What the sentence is about, such as the type of a menu button. */
		readonly detail = '',
	) {
		super(`${code} ${detail}`.trim());
	}
}
