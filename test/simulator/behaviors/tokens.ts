import type { Tokens } from '../accounts/tokens';
import { ApiError } from '../http/errors';
import { accountOf, type ApiCall, type OpenBehavior } from './behavior';

/** The parameters of both token pages: grant_type, appid and secret; then the IP白名单. */
function tokensFor({ ip, state }: ApiCall, params: Record<string, unknown>): Tokens {
	if (params.grant_type !== 'client_credential') throw new ApiError(40002);
	if (params.appid === state.component.settings.appId) throw new ApiError(61024);
	const account = accountOf(state, params.appid);
	if (account.settings.secret !== params.secret) throw new ApiError(40125);
	const { allowedIps } = state.options;
	if (allowedIps && !allowedIps.includes(ip)) {
		throw new ApiError(40164, `invalid ip ${ip} ipv6 ::ffff:${ip}, not in whitelist`);
	}
	return account.tokens;
}

export const tokenBehaviors: Record<string, OpenBehavior> = {
	'token.get': (call) => ({ ...tokensFor(call, call.query).issue() }),
	'token.stable': (call) => {
		const tokens = tokensFor(call, call.body);
		// Which code mobile apps are refused with is unconfirmed.
		const { kind } = accountOf(call.state, call.body.appid).settings;
		if (kind === 'mobileApp') throw new ApiError(48001);
		return { ...tokens.issueStable(call.body.force_refresh === true) };
	},
};
