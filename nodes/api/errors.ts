import { adviceOn } from './advice';

/** WeChat said no, or could not be reached. Pure: knows nothing of n8n and holds no secret. */
export class WechatError extends Error {
	/** What to do about it, for the person at the editor. */
	readonly advice: string | undefined;
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
	) {
		const said = reply.replace(/,?\s*(rid|hint): .*$/s, '');
		super(
			typeof code === 'number'
				? `WeChat refused the call: ${said} (errcode ${code})`
				: `No answer from WeChat: ${said} (${code})`,
		);
		this.name = 'WechatError';
		this.rid = /rid: ([\w-]+)/.exec(reply)?.[1];
		const known = adviceOn(code);
		this.advice = known?.hint;
		this.retryable = known?.retryable ?? typeof code === 'string';
	}
}
