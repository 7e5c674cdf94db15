import { UserError } from '../base/userError';
import { findRefusal } from './refusedCalls';

/** Segments of plain characters: whatever a server could read as a host, a query or another path is not in it. */
const PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9_.~-]*)+$/;

const PROBLEMS: Array<[RegExp, string]> = [
	[/^\s*$/, 'is empty'],
	[/\p{Cc}/u, 'holds a control character, such as a line break'],
	[/^[\\/]{2}|^[a-z][a-z\d+.-]*:|@|\\/i, 'names a server'],
	[/\?/, 'holds a question mark'],
	[/#/, 'holds a #'],
	[/%/, 'holds a %'],
	[/(?:^|\/)\.+(?:\/|$)/, 'leaves its folder'],
	[/^[^/]/, 'does not begin with a slash'],
	[/\/\/|\/$/, 'has a slash too many'],
];

/** Of WeChat Pay: numbers of orders may hold a `*`, `|` or `@`, and some paths end in a slash. */
const PAY_PATH = /^\/v3(?:\/[A-Za-z0-9_*|@-][A-Za-z0-9_.~*|@-]*)+\/?$/;

/**
 * Checks the path of a call that somebody entered. The server is always that of the credential.
 *
 * @throws {UserError} when it is more or other than a path, or the call is refused
 */
export const checkEnteredPath = (path: string): void =>
	checkPath(
		path,
		PATH,
		'Enter only the path, such as /cgi-bin/tags/get. The credential says where it goes; what stands behind a question mark belongs under Query.',
	);

/**
 * The same for a call of WeChat Pay, with the values that belong into its path.
 *
 * @throws {UserError} when it is more or other than a path, or the call is refused
 */
export const checkEnteredPayPath = (path: string): void =>
	checkPath(
		path,
		PAY_PATH,
		'Enter only the path, which begins with /v3/, with its values in place of what stands in braces, such as /v3/refund/domestic/refunds/1217752501. The credential says where it goes; what stands behind a question mark belongs under Query.',
	);

function checkPath(path: string, allowed: RegExp, hint: string): void {
	const [, problem = 'holds characters that no path of WeChat has'] =
		PROBLEMS.find(([pattern]) => pattern.test(path)) ?? [];
	if (!allowed.test(path)) throw new UserError(`"Path" ${problem}`, hint);
	checkIsAllowed(path);
}

/** Whether a path has nothing in it that a server could read in another way than {@link checkIsAllowed} does. */
export const isPlainPath = (path: string): boolean => PATH.test(path);

/** @throws {UserError} when this pack does not make the call */
export function checkIsAllowed(path: string): void {
	const refusal = findRefusal(path);
	if (refusal) throw new UserError(`${path} is refused: ${refusal.reason}`, refusal.instead);
}
