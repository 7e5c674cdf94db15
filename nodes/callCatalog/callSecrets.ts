import { UserError } from '../base/userError';

/** Without capitals, `_` and `-`, in which servers may see no difference. */
const SECRETS: ReadonlySet<string> = new Set([
	'accesstoken',
	'appsecret',
	'authorizeraccesstoken',
	'authorizerrefreshtoken',
	'componentaccesstoken',
	'componentappsecret',
	'componentsecret',
	'componentverifyticket',
	'refreshtoken',
	'secret',
]);

/** Whether a field of this name holds a token or secret of an account or platform. */
const isSecret = (name: string) => SECRETS.has(name.toLowerCase().replace(/[^a-z]/g, ''));

/**
 * Checks the names in a query or body, at every depth: the token of a call is that of the credential, and no secret
 * leaves it.
 *
 * @throws {UserError} when one names a token or secret
 */
export function checkHasNoSecret(entered: unknown): void {
	if (Array.isArray(entered)) return entered.forEach(checkHasNoSecret);
	if (typeof entered !== 'object' || entered === null || Buffer.isBuffer(entered)) return;
	for (const [name, value] of Object.entries(entered)) {
		if (isSecret(name))
			throw new UserError(
				`"${name}" is a token or secret, and must not be entered`,
				'Take it out. The node adds the token of the account or platform that the credential is of.',
				`“${name}”是令牌或密钥，不能填写：请移除，节点会自动添加凭据所属账号或平台的令牌。`,
			);
		checkHasNoSecret(value);
	}
}

/** Leaves the tokens out of an answer: that of api_get_authorizer_info has the refresh token of the account. */
export const removeSecrets = (answer: object): object =>
	Array.isArray(answer)
		? answer.map(removeFromValue)
		: Object.fromEntries(
				Object.entries(answer).map(([name, value]) => [
					name,
					isSecret(name) ? '***' : removeFromValue(value),
				]),
			);

const removeFromValue = (value: unknown): unknown =>
	typeof value === 'object' && value !== null ? removeSecrets(value) : value;
