/** Longer than any sentence of this pack, in characters. */
const MAX_LENGTH = 500;

/**
 * Makes one short line of text that somebody else had a part in, such as a server or a stranger: it cannot pass for another
 * entry of the log, and cannot command a terminal.
 */
export const toLogLine = (text: string): string =>
	text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, MAX_LENGTH);
