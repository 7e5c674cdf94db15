import { UserError } from './userError';

/** The field of a credential that holds the address of a server. */
interface AddressField {
	name: string;
	/** e.g. https://relay.example.com. */
	example: string;
	/** What to do about a wrong one. */
	hint: string;
	/** Whether the address must begin with https://. */
	needsTls?: true;
}

/**
 * Creates the address of a path on a server. The server may lie in a folder; `?` and `#`, which the address of a page
 * ends in, are ignored.
 *
 * @throws {UserError} when it is no address, or has a user name and password in it. A call would go without them, and the
 * field is not one that hides what it holds.
 */
export function toServerUrl(baseUrl: string, path: string, field: AddressField): URL {
	const scheme = field.needsTls ? /^https:\/\/[^/]/i : /^https?:\/\/[^/]/i;
	if (!scheme.test(baseUrl) || !URL.canParse(baseUrl))
		throw new UserError(
			`"${field.name}" is not an address such as ${field.example}`,
			field.hint,
			`“${field.name}”不是 ${field.example} 这样的地址：请在凭据中更正。`,
		);
	const { origin, pathname, username, password } = new URL(baseUrl);
	if (username || password)
		throw new UserError(
			`"${field.name}" has a user name or password in it, which would not be sent`,
			`Take what stands before @ out of ${field.name} in the credential. Let the server know this n8n by its address instead.`,
			`“${field.name}”中含有不会被发送的用户名或密码：请删去 @ 之前的部分，改由服务器按 IP 地址识别此 n8n。`,
		);
	return new URL(origin + pathname.replace(/\/+$/, '') + path);
}
