import { adviceOn } from './advice';

const WECHAT = 'WeChat';

/** Something that the person at the editor can mend. Pure: knows nothing of n8n and holds no secret. */
export class Problem extends Error {
	constructor(
		message: string,
		/** What to do about it. */
		readonly advice?: string,
	) {
		super(message);
		this.name = 'Problem';
	}
}

/** WeChat said no, or could not be reached; another server where a subclass names it. */
export class WechatError extends Problem {
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
		const known = server === WECHAT ? adviceOn(code, path) : undefined;
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
