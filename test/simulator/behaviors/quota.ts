import { ApiError } from '../http/errors';
import {
	accountOf,
	type ApiCall,
	type Behavior,
	type OpenBehavior,
	type SimulatorState,
} from './behavior';

const CLEARINGS_A_MONTH = 10;
const BEIJING_MS = 8 * 3_600_000;

/** How often an account, or the platform, has cleared its quota this month. */
const clearings = new WeakMap<object, { month: string; count: number }>();

function clear(owner: object, { options }: SimulatorState) {
	const month = new Date(options.now() + BEIJING_MS).toISOString().slice(0, 7);
	const known = clearings.get(owner);
	const count = known?.month === month ? known.count : 0;
	if (count >= CLEARINGS_A_MONTH) throw new ApiError(48006);
	clearings.set(owner, { month, count: count + 1 });
	return {};
}

/** 使用AppSecret重置: the page shows both parameters in the query as well as in the body. */
function clearBySecret({ query, body, state }: ApiCall) {
	const { appid, appsecret } = { ...query, ...body };
	const account = accountOf(state, appid);
	if (account.settings.secret !== appsecret) throw new ApiError(40125);
	return clear(account, state);
}

export const quotaBehaviors: Record<string, Behavior> = {
	'quota.clear': (account, { body, state }) => {
		if (body.appid !== account.settings.appId) throw new ApiError(40013);
		return clear(account, state);
	},
	'quota.clearApi': (account, { state }) => clear(account, state),
};

export const openQuotaBehaviors: Record<string, OpenBehavior> = {
	'quota.clearV2': clearBySecret,
	'quota.clearV2Query': clearBySecret,

	'component.clearQuota': ({ body, state }) => {
		state.component.checkAppId(body.component_appid);
		return clear(state.component, state);
	},

	/** `appid` is an account's, or the platform's own. */
	'component.clearQuotaV2': ({ body, state }) => {
		const { component } = state;
		component.checkAppId(body.component_appid);
		if (body.appsecret !== component.settings.secret) throw new ApiError(40125);
		if (body.appid === component.settings.appId) return clear(component, state);
		accountOf(state, body.appid);
		return clear(component.grants.require(String(body.appid)).account, state);
	},
};
