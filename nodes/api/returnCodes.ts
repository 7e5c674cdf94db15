import { ApiError } from './apiError';

/*
 * Return codes that make the pack take another way. What is done about a code by every call (a new token, a pause)
 * is `do` in errcodes.json. What a person can do about it is `hint` there.
 */

const toSet = (...list: number[]): ReadonlySet<number> => new Set(list);

/** The refresh token of an authorizer is dead (authorizer_refresh_token). */
export const REFRESH_TOKEN_DEAD = toSet(61023);
/** The account took its authorization back, or its tokens cannot be renewed. */
export const UNAUTHORIZED = toSet(61003, 61007, 61023);
/** The verify ticket has expired, or WeChat knows a newer one (component_verify_ticket). */
export const TICKET_REFUSED = toSet(61005, 61006);
/** The authorization code was exchanged before, or its time is over (api_query_auth). */
export const CODE_SPENT = toSet(61009, 61010);
/** A user token is over, was replaced, or is not of this user (sns/auth). */
export const SESSION_OVER = toSet(40001, 40003, 40014, 42001);
/** A session key is over, or a newer login has replaced it (wxa/checksession). */
export const SESSION_KEY_OVER = toSet(87009);
/** The calls of the day are used up. */
export const QUOTA_REACHED = toSet(45009);
/** The file of an upload is not one that WeChat takes (media/uploadimg, material/add_material). */
export const FILE_REFUSED = toSet(40004, 40005, 40006, 40009, 40113, 40137, 45001);
/** One entry of a list is wrong; the others are right. */
export const ONE_ENTRY_WRONG = toSet(40003, 45059, 45171, 49003);
/** An administrator has to confirm a mass message first (message/mass/get). */
export const WAITING_FOR_ADMINISTRATOR = toSet(89504, 89505);
/** The check of privacy APIs is not over (wxa/submit_audit). */
export const PRIVACY_CHECK_RUNNING = toSet(61039);
/** No server domain changed: all are set, or none is one of the platform's (wxa/modify_domain). */
export const NO_SERVER_DOMAIN_CHANGED = toSet(85017);
/** No business domain changed (wxa/setwebviewdomain). */
export const NO_BUSINESS_DOMAIN_CHANGED = toSet(89019);
/** Nothing was handed in for review yet (wxa/get_latest_auditstatus). */
export const NEVER_SUBMITTED = toSet(85058);
/** The account has no menu (menu/get). */
export const NO_MENU = toSet(46003);
/** A media ID is of nothing, or of something that was deleted (draft/add). */
export const MEDIA_GONE = toSet(40007);
/** The user talks to no agent (kfsession/close). */
export const NO_SESSION = toSet(65413);
/** The user talks to another agent (kfsession/create). */
export const OTHER_AGENT = toSet(65414);

/** Whether WeChat refused a call with one of these codes. */
export const hasCode = (error: unknown, list: ReadonlySet<number>): error is ApiError =>
	error instanceof ApiError && list.has(error.errcode);
