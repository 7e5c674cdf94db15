import { UserError } from '../base/userError';

const WECHAT = 'WeChat';

/** WeChat said no, or could not be reached; another server where a subclass names it. */
export class ApiError extends UserError {
	/** Whether the same call may succeed later without anybody changing anything. */
	readonly retryable: boolean;
	/** WeChat's number for this very call; the account can look it up for seven days. */
	readonly rid: string | undefined;

	constructor(
		/** WeChat's errcode, or the name of a failure below it such as `ECONNREFUSED` or `HTTP 502`. */
		readonly code: number | string,
		/** WeChat's errmsg, or what went wrong below it. */
		readonly reply: string,
		/** The path that was called, without query. */
		readonly path: string,
		/** What to do, where more is known than the code tells. */
		advice?: string,
		server = WECHAT,
	) {
		const said = reply.replace(/,?\s*(rid|hint): .*$/s, '');
		// The codes of another server mean something else.
		const known = server === WECHAT ? findAdvice(code, path) : undefined;
		super(
			typeof code === 'number'
				? `${server[0].toUpperCase()}${server.slice(1)} refused the call: ${said} (errcode ${code})`
				: `No answer from ${server}: ${said} (${code})`,
			advice ?? known?.hint,
		);
		this.name = 'WechatError';
		this.rid = /rid: ([\w-]+)/.exec(reply)?.[1];
		this.retryable = known?.retryable ?? typeof code === 'string';
	}
}

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
export function findAdvice(code: number | string, path = ''): Advice | undefined {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- synchronous, and on demand
	table ??= require('./errcodes.json') as Table;
	const context = Object.keys(table.contexts).find((end) => path.endsWith(end)) ?? '';
	return table.contexts[context]?.[code] ?? table.codes[code];
}
