/** WeChat Pay says no, with its err_code. */
export class PayRefusal extends Error {
	constructor(
		readonly code: string,
		readonly words: string,
	) {
		super(words);
	}
}
