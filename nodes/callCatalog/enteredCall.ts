import { UserError, type Hints } from '../base/userError';
import { findRefusal } from './refusedCalls';

/** Segments of plain characters: whatever a server could read as a host, a query or another path is not in it. */
const PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9_.~-]*)+$/;

const PROBLEMS: Array<[pattern: RegExp, english: string, chinese: string]> = [
	[/^\s*$/, 'is empty', '没有填写'],
	[/\p{Cc}/u, 'holds a control character, such as a line break', '含有换行等控制字符'],
	[/^[\\/]{2}|^[a-z][a-z\d+.-]*:|@|\\/i, 'names a server', '含有服务器地址'],
	[/\?/, 'holds a question mark', '含有问号'],
	[/#/, 'holds a #', '含有 #'],
	[/%/, 'holds a %', '含有 %'],
	[/(?:^|\/)\.+(?:\/|$)/, 'leaves its folder', '含有 . 或 .. 目录'],
	[/^[^/]/, 'does not begin with a slash', '不是以斜杠开头'],
	[/\/\/|\/$/, 'has a slash too many', '有多余的斜杠'],
];

/** Of WeChat Pay: numbers of orders may hold a `*`, `|` or `@`, and some paths end in a slash. */
const PAY_PATH = /^\/v3(?:\/[A-Za-z0-9_*|@-][A-Za-z0-9_.~*|@-]*)+\/?$/;

/**
 * Checks the path of a call that somebody entered. The server is always that of the credential.
 *
 * @throws {UserError} when it is more or other than a path, or the call is refused
 */
export const checkEnteredPath = (path: string): void =>
	checkPath(path, PATH, {
		hint: 'Enter only the path, such as /cgi-bin/tags/get. The credential says where it goes; what stands behind a question mark belongs under Query.',
		chinese:
			'请只填写路径，如 /cgi-bin/tags/get；服务器由凭据决定，问号之后的内容请填在“查询参数”中',
	});

/**
 * The same for a call of WeChat Pay, with the values that belong into its path.
 *
 * @throws {UserError} when it is more or other than a path, or the call is refused
 */
export const checkEnteredPayPath = (path: string): void =>
	checkPath(path, PAY_PATH, {
		hint: 'Enter only the path, which begins with /v3/, with its values in place of what stands in braces, such as /v3/refund/domestic/refunds/1217752501. The credential says where it goes; what stands behind a question mark belongs under Query.',
		chinese:
			'请只填写以 /v3/ 开头的路径，花括号处换成实际的值，如 /v3/refund/domestic/refunds/1217752501；服务器由凭据决定，问号之后的内容请填在“查询参数”中',
	});

function checkPath(path: string, allowed: RegExp, { hint, chinese }: Hints): void {
	const [
		,
		problem = 'holds characters that no path of WeChat has',
		problemInChinese = '含有微信接口路径中没有的字符',
	] = PROBLEMS.find(([pattern]) => pattern.test(path)) ?? [];
	if (!allowed.test(path))
		throw new UserError(`"Path" ${problem}`, hint, `“路径”${problemInChinese}：${chinese}。`);
	checkIsAllowed(path);
}

/** Whether a path has nothing in it that a server could read in another way than {@link checkIsAllowed} does. */
export const isPlainPath = (path: string): boolean => PATH.test(path);

/** @throws {UserError} when this pack does not make the call */
export function checkIsAllowed(path: string): void {
	const refusal = findRefusal(path);
	if (refusal)
		throw new UserError(
			`${path} is refused: ${refusal.reason}`,
			refusal.instead,
			`不允许调用 ${path}：${refusal.chinese}`,
		);
}
