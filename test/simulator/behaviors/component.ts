import { checkPlatformIp } from '../accounts/authorize';
import { ApiError } from '../http/errors';
import type { OpenBehavior } from './behavior';

const PRE_AUTH_SECONDS = 1800;

/** The calls of the third-party platform about itself. */
export const componentBehaviors: Record<string, OpenBehavior> = {
	'component.startPushTicket': ({ body, state: { component } }) => {
		component.checkAppId(body.component_appid);
		if (body.component_secret !== component.settings.secret) throw new ApiError(40125);
		const errmsg = component.isPushing ? 'in a normal state' : 'ok';
		component.isPushing = true;
		return { errmsg };
	},

	'component.token': ({ body, ip, state }) => {
		const { component } = state;
		component.checkAppId(body.component_appid);
		if (body.component_appsecret !== component.settings.secret) throw new ApiError(40125);
		checkPlatformIp(ip, state);
		component.checkTicket(String(body.component_verify_ticket));
		const { access_token, expires_in } = component.tokens.issue();
		return { component_access_token: access_token, expires_in };
	},

	'component.preAuthCode': ({ body, state: { component } }) => {
		component.checkAppId(body.component_appid);
		const pre_auth_code = component.preAuthCodes.issue(undefined);
		return { pre_auth_code, expires_in: PRE_AUTH_SECONDS };
	},
};
