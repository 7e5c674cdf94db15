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

/**
 * Checks the path of a call that somebody entered. The server is always that of the credential.
 *
 * @throws {UserError} when it is more or other than a path, or the call is refused
 */
export function checkEnteredPath(path: string): void {
	const [, problem = 'holds characters that no path of WeChat has'] =
		PROBLEMS.find(([pattern]) => pattern.test(path)) ?? [];
	if (!isPlainPath(path))
		throw new UserError(
			`"Path" ${problem}`,
			'Enter only the path, such as /cgi-bin/tags/get. The credential says where it goes; what stands behind a question mark belongs under Query.',
		);
	checkIsAllowed(path);
}

/** Whether a path has nothing in it that a server could read in another way than {@link checkIsAllowed} does. */
export const isPlainPath = (path: string): boolean => PATH.test(path);

/** @throws {UserError} when this pack does not make the call */
export function checkIsAllowed(path: string): void {
	const refusal = findRefusal(path);
	if (refusal) throw new UserError(`${path} is refused: ${refusal.reason}`, refusal.instead);
}
