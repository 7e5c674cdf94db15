export interface Advice {
	hint: string;
	retryable?: boolean;
	/** The token is at fault: a new one may help. */
	token?: boolean;
}

interface Table {
	codes: Record<string, Advice | undefined>;
	contexts: Record<string, Record<string, Advice | undefined> | undefined>;
}

let table: Table | undefined;

/**
 * What is known about a return code (全局返回码). The table is read on the first error, not when n8n
 * starts. Some codes mean something else for one family of calls: name that family as `context`.
 */
export function adviceOn(code: number | string, context = ''): Advice | undefined {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- synchronous, and on demand
	table ??= require('./errcodes.json') as Table;
	return table.contexts[context]?.[code] ?? table.codes[code];
}
