export interface Advice {
	hint: string;
	retryable?: boolean;
	/** The token is at fault: a new one may help. */
	token?: boolean;
}

interface Table {
	codes: Record<string, Advice | undefined>;
	/** By the end of the path of a call. */
	contexts: Record<string, Record<string, Advice | undefined>>;
}

let table: Table | undefined;

/**
 * What is known about a return code (全局返回码). The table is read on the first error, not when n8n
 * starts. Some codes mean something else, or have another cure, in one call: `path` says which it is.
 */
export function adviceOn(code: number | string, path = ''): Advice | undefined {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- synchronous, and on demand
	table ??= require('./errcodes.json') as Table;
	const context = Object.keys(table.contexts).find((end) => path.endsWith(end)) ?? '';
	return table.contexts[context]?.[code] ?? table.codes[code];
}
