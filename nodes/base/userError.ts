/** Something that the person at the editor can mend. Pure: knows nothing of n8n and holds no secret. */
export class UserError extends Error {
	constructor(
		message: string,
		/** What to do about it. */
		readonly advice?: string,
	) {
		super(message);
		this.name = 'Problem';
	}
}

/** A text is not in the form that it should have, such as XML that is broken. */
export class FormatError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'FormatError';
	}
}
