/** Something that the person at the editor can mend. Knows nothing of n8n and holds no secret. */
export class UserError extends Error {
	/** Whether it is about a call that is not to be repeated unseen: it may be done. */
	readonly mayBeDone: boolean = false;

	constructor(
		message: string,
		/** What to do about it, and where. */
		readonly hint?: string,
	) {
		super(message);
		this.name = 'UserError';
	}

	/** Creates the same error in other words, where a caller knows more than the code that threw it. */
	with(words: { message?: string; hint?: string }): this {
		const copy = Object.create(Object.getPrototypeOf(this) as object) as this;
		const { message, stack } = this;
		return Object.assign(copy, this, { message, stack }, words);
	}
}

/** A text is not in the format that it should have, such as XML that is broken. */
export class FormatError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'FormatError';
	}
}
