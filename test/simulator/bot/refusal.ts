/** What the simulator refuses, and why: the words are for whoever reads a test that fails. */
export class BotRefusal extends Error {
	constructor(
		readonly ret: number,
		words: string,
		readonly status = 200,
	) {
		super(words);
	}
}

/** A call that WeChat's own client would never make. */
export const refuseCall = (words: string): never => {
	throw new BotRefusal(-1, words, 400);
};
