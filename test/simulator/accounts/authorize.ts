import type { Account } from './account';
import type { ApiRequest } from '../http/api';
import type { SimulatorState } from '../behaviors/behavior';
import type { Endpoint } from '../http/endpoints';
import { ApiError } from '../http/errors';
import { unknownField } from '../http/schema';
import { looksLikeToken } from './tokens';

const COMPONENT_TOKEN = 'component_access_token';

/** Old pages name the component's token so, current ones write access_token for the same calls. */
export function tokenParameters({ token, path }: Endpoint): string[] {
	if (token === false) return [];
	if (token !== 'component') return ['access_token'];
	return path.startsWith('/sns/') ? [COMPONENT_TOKEN] : [COMPONENT_TOKEN, 'access_token'];
}

/** The account that a call acts on; calls without its token act on none. */
export function authorize(
	endpoint: Endpoint,
	request: ApiRequest,
	state: SimulatorState,
): Account | undefined {
	if (endpoint.token === false) return undefined;
	const token = readToken(endpoint, request.query);
	if (endpoint.token === 'component') return checkComponentToken(token, request.ip, state);
	return ownerOf(token, endpoint, request.ip, state);
}

function readToken(endpoint: Endpoint, query: URLSearchParams): string {
	const [name, other] = tokenParameters(endpoint).filter((parameter) => query.has(parameter));
	if (other !== undefined) throw unknownField(`${other} (beside ${name})`);
	const token = query.get(name ?? '');
	if (!token) throw new ApiError(41001);
	if (!looksLikeToken(token)) throw new ApiError(40014);
	return token;
}

function checkComponentToken(token: string, ip: string, state: SimulatorState): undefined {
	const { component, accounts } = state;
	const isAccounts = accounts.some(({ tokens }) => tokens.owns(token));
	if (isAccounts || component.grants.byToken(token)) throw new ApiError(61014);
	component.tokens.check(token);
	checkPlatformIp(ip, state);
}

/** By the account's own token, or by one it granted the platform. */
function ownerOf(
	token: string,
	{ permissions }: Endpoint,
	ip: string,
	state: SimulatorState,
): Account {
	const account = state.accounts.find(({ tokens }) => tokens.owns(token));
	if (account) {
		account.tokens.check(token);
		return account;
	}
	const { component } = state;
	if (component.tokens.owns(token)) throw new ApiError(61015);
	const grant = component.grants.byToken(token);
	if (!grant) throw new ApiError(40001);
	grant.tokens.check(token);
	checkPlatformIp(ip, state);
	if (permissions) grant.require(permissions);
	return grant.account;
}

/** 白名单IP地址列表 of the platform. */
export function checkPlatformIp(ip: string, { options: { allowedIps } }: SimulatorState): void {
	if (allowedIps && !allowedIps.includes(ip)) {
		throw new ApiError(61004, `access clientip is not registered requestIP: ${ip}`);
	}
}
