/** What to do about a problem, and where, in both languages. */
export interface Hints {
	hint: string;
	/** With what happened: a sentence of its own. */
	chinese: string;
}

/** Something that the person at the editor can mend. Knows nothing of n8n and holds no secret. */
export class UserError extends Error {
	/** Whether it is about a call that is not to be repeated unseen: it may be done. */
	readonly mayBeDone: boolean = false;

	constructor(
		message: string,
		/** What to do about it, and where. */
		readonly hint: string | undefined,
		/** What happened and what to do about it, in Chinese: a sentence of its own. */
		readonly chinese: string | undefined,
	) {
		super(message);
		this.name = 'UserError';
	}

	/** What to do about it, in both languages: a line each. */
	get hints(): string | undefined {
		return [this.hint, this.chinese].filter(Boolean).join('\n') || undefined;
	}

	/** Creates the same error in other words, where a caller knows more than the code that threw it. */
	with(words: { message?: string; hint?: string; chinese?: string }): this {
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
