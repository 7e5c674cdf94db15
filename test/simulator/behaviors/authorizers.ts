import type { Grant } from '../component/grants';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import { type ApiCall, type OpenBehavior, seconds } from './behavior';
import { profileOf } from './authorizerInfo';

const MAX_PAGE = 500;
/** Set 24 is the one seen with confirm_info although it needs no confirmation. */
const WITH_CONFIRM_INFO = 24;

function funcInfo(grant: Grant): JsonObject[] {
	return grant.permissions.map((id) => {
		const funcscope_category = { id };
		const isDoubtful = grant.account.settings.unconfirmed?.includes(id);
		if (id !== WITH_CONFIRM_INFO && !isDoubtful) return { funcscope_category };
		const awaits = Number(grant.awaitsConfirmation(id));
		const already_confirm = Number(grant.confirmed.has(id));
		const confirm_info = { need_confirm: awaits, already_confirm, can_confirm: awaits };
		return { funcscope_category, confirm_info };
	});
}

/** The account that a call about one account names. */
export function grantFor({ body, state: { component } }: ApiCall): Grant {
	component.checkAppId(body.component_appid);
	return component.grants.require(String(body.authorizer_appid));
}

function newTokens(grant: Grant): JsonObject {
	const { access_token, expires_in } = grant.tokens.issue();
	return {
		authorizer_access_token: access_token,
		expires_in,
		authorizer_refresh_token: grant.refreshToken,
	};
}

function checkConfirmable(grant: Grant, id: number): void {
	if (!grant.permissions.includes(id)) throw new ApiError(61017);
	if (grant.confirmed.has(id)) throw new ApiError(61018);
	if (!grant.awaitsConfirmation(id)) throw new ApiError(61019);
}

export const authorizerBehaviors: Record<string, OpenBehavior> = {
	'component.queryAuth': ({ body, state: { component } }) => {
		component.checkAppId(body.component_appid);
		const code = String(body.authorization_code);
		const refusals = { unknown: 61009, expired: 61010, spent: 61010 };
		const grant = component.grants.require(component.authCodes.look(code, refusals));
		component.authCodes.spend(code);
		grant.replaceRefreshToken();
		const authorizer_appid = grant.account.settings.appId;
		const func_info = funcInfo(grant);
		return { authorization_info: { authorizer_appid, ...newTokens(grant), func_info } };
	},

	'component.refresh': (call) => {
		const grant = grantFor(call);
		if (call.body.authorizer_refresh_token !== grant.refreshToken) throw new ApiError(61023);
		if (call.state.options.rotateRefreshTokens) grant.replaceRefreshToken();
		return newTokens(grant);
	},

	'component.authorizerInfo': (call) => {
		const grant = grantFor(call);
		const { settings } = grant.account;
		return {
			authorizer_info: profileOf(settings),
			authorization_info: { authorizer_appid: settings.appId, func_info: funcInfo(grant) },
		};
	},

	'component.authorizerList': ({ body, state: { component } }) => {
		component.checkAppId(body.component_appid);
		const [offset, count] = [Number(body.offset), Number(body.count)];
		if (offset < 0 || count < 1 || count > MAX_PAGE) throw new ApiError(61020);
		const { current } = component.grants;
		const list = current.slice(offset, offset + count).map((grant) => ({
			authorizer_appid: grant.account.settings.appId,
			refresh_token: grant.refreshToken,
			auth_time: seconds(grant.authTime),
		}));
		return { total_count: current.length, list };
	},

	'component.confirm': (call) => {
		const grant = grantFor(call);
		const { funscope_category_id, confirm_value } = call.body;
		const id = Number(funscope_category_id);
		checkConfirmable(grant, id);
		if (confirm_value === 1) grant.confirmed.add(id);
		else if (confirm_value === 2) grant.permissions = grant.permissions.filter((set) => set !== id);
		else throw new ApiError(61020);
		return {};
	},
};
