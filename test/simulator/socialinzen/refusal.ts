/** An answer that says no. The document lists no codes: these are made up after those of HTTP. */
export class Refusal extends Error {
	constructor(
		readonly errcode: 400 | 401 | 404 | 409 | 413 | 415,
		msg: string,
	) {
		super(msg);
	}
}
