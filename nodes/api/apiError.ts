import { UserError } from '../base/userError';
import { findTemplateHint } from './templateValues';

/** What the pack does by itself about a return code: asks for another token, or waits and repeats the call. */
type Remedy = 'renew' | 'wait';

interface ReturnCode {
	hint: string;
	/** The hint for readers of Chinese. */
	chinese: string;
	do?: Remedy;
}

interface Table {
	codes: Record<string, ReturnCode | undefined>;
	/** By the end of the path of a call. */
	contexts: Record<string, Record<string, ReturnCode | undefined>>;
}

let table: Table | undefined;

/** The table is read on the first error, not when n8n starts. */
function readTable(): Table {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- synchronous, and on demand
	return (table ??= require('./errcodes.json') as Table);
}

/**
 * Finds what a person can do about a return code (全局返回码). In some calls a code means something else, or has another
 * cure: `path` says which call it was.
 *
 * @see https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html
 */
export function findHint(
	errcode: number,
	path = '',
): Pick<ReturnCode, 'hint' | 'chinese'> | undefined {
	const { codes, contexts } = readTable();
	const context = Object.keys(contexts).find((end) => path.endsWith(end)) ?? '';
	return contexts[context]?.[errcode] ?? codes[errcode];
}

/** Finds what the pack does about an error by itself; undefined when it is left to the person at the editor. */
export const findRemedy = (error: unknown): Remedy | undefined =>
	error instanceof ApiError ? readTable().codes[error.errcode]?.do : undefined;

interface Refusal {
	/** WeChat's number for what is wrong. */
	errcode: number;
	/** WeChat's own words. */
	errmsg: string;
	/** The path that was called. */
	path: string;
	/** What to do, where more is known than the code says. */
	hint?: string;
	/** What else WeChat said. */
	details?: Record<string, unknown>;
}

/** WeChat said no. */
export class ApiError extends UserError {
	readonly errcode: number;
	readonly errmsg: string;
	/** Without query. */
	readonly path: string;
	/** WeChat's number for this very call; the account can look it up for seven days. */
	readonly rid: string | undefined;
	/** What else the answer said, such as the `msg_id` of a message that was sent before (45065). */
	readonly details: Record<string, unknown>;

	constructor({ errcode, errmsg, path, hint, details = {} }: Refusal) {
		const [bare] = path.split('?');
		const said = errmsg.replace(/,?\s*(rid|hint): .*$/s, '');
		const found = findHint(errcode, bare);
		const known = errcode === 47003 ? findTemplateHint(errmsg) : undefined;
		super(
			`WeChat refused the call: ${said} (errcode ${errcode})`,
			hint ?? known ?? found?.hint,
			found?.chinese,
		);
		this.name = 'ApiError';
		this.errcode = errcode;
		this.errmsg = errmsg;
		this.path = bare;
		this.details = details;
		this.rid = /rid: ([\w-]+)/.exec(errmsg)?.[1];
	}
}
