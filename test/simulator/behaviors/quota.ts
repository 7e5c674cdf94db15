import { ApiError } from '../http/errors';
import { accountOf, type ApiCall, type Behavior, type OpenBehavior, type World } from './behavior';

const CLEARINGS_A_MONTH = 10;
const BEIJING_MS = 8 * 3_600_000;

/** How often an account, or the platform, has cleared its quota this month. */
const clearings = new WeakMap<object, { month: string; count: number }>();

function clear(owner: object, { options }: World) {
	const month = new Date(options.now() + BEIJING_MS).toISOString().slice(0, 7);
	const known = clearings.get(owner);
	const count = known?.month === month ? known.count : 0;
	if (count >= CLEARINGS_A_MONTH) throw new ApiError(48006);
	clearings.set(owner, { month, count: count + 1 });
	return {};
}

/** 使用AppSecret重置: the page shows both parameters in the query as well as in the body. */
function clearBySecret({ query, body, world }: ApiCall) {
	const { appid, appsecret } = { ...query, ...body };
	const account = accountOf(world, appid);
	if (account.settings.secret !== appsecret) throw new ApiError(40125);
	return clear(account, world);
}

export const quotaBehaviors: Record<string, Behavior> = {
	'quota.clear': (account, { body, world }) => {
		if (body.appid !== account.settings.appId) throw new ApiError(40013);
		return clear(account, world);
	},
	'quota.clearApi': (account, { world }) => clear(account, world),
};

export const openQuotaBehaviors: Record<string, OpenBehavior> = {
	'quota.clearV2': clearBySecret,
	'quota.clearV2Query': clearBySecret,

	'component.clearQuota': ({ body, world }) => {
		world.component.checkAppId(body.component_appid);
		return clear(world.component, world);
	},

	/** `appid` is an account's, or the platform's own. */
	'component.clearQuotaV2': ({ body, world }) => {
		const { component } = world;
		component.checkAppId(body.component_appid);
		if (body.appsecret !== component.settings.secret) throw new ApiError(40125);
		if (body.appid === component.settings.appId) return clear(component, world);
		accountOf(world, body.appid);
		return clear(component.grants.require(String(body.appid)).account, world);
	},
};
