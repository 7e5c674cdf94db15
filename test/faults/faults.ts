import type { Fault } from '../simulator';

/** What can come in place of WeChat's answer. */
export type Trouble = Omit<Fault, 'path' | 'times'>;

const HTML = { 'content-type': 'text/html' };
const page: Trouble = { status: 502, body: '<html><h1>502 Bad Gateway</h1></html>', headers: HTML };
const refusal = (errcode: number): Trouble => ({ answer: { errcode, errmsg: 'refused rid: 1-2' } });

/** The call may have been carried out. */
export const LOST: Record<string, Trouble> = {
	reset: { drop: true },
	'reset afterwards': { drop: true, work: true },
	'cut in the middle': { cut: true },
	'a page of a relay': page,
	'a page of a relay afterwards': { ...page, work: true },
	'an error of a relay in JSON': { status: 502, body: '{"message":"Bad Gateway"}' },
	'an empty body': { body: '' },
	'an empty body afterwards': { body: '', work: true },
	'truncated JSON': { body: '{"errcode":0,"errm', work: true },
	'no connections for a moment': { downMs: 3 },
	'no connections afterwards': { downMs: 3, work: true },
};

/** WeChat says so itself, and has not carried the call out. Source: 全局返回码. */
export const REFUSED: Record<string, Trouble> = {
	'-1 busy': refusal(-1),
	'45011 too many in this minute': refusal(45011),
	'45009 too many today': refusal(45009),
	'40001 token replaced': refusal(40001),
	'42001 token expired': refusal(42001),
};

/** The call is carried out and answered. */
export const HARMLESS: Record<string, Trouble> = {
	slow: { delayMs: 10 },
	'wrong content type': { headers: HTML },
};

/** The calls that get tokens have some of their own. */
export const TICKET_EXPIRED: Record<string, Trouble> = { '61005 ticket expired': refusal(61005) };
export const REFRESH_TOKEN_DEAD: Record<string, Trouble> = {
	'61023 refresh token dead': refusal(61023),
};
