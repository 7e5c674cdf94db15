import type { Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import { principalOf } from './authorizerInfo';
import { newAppId, type ApiCall, type Behavior } from './behavior';

const MAX_ACCOUNTS = 100;

/** What was bound or unbound by API, by account; `undefined` stands for unbound. */
const bindings = new WeakMap<Account, string | undefined>();

/** The open platform account (开放平台帐号) that an account belongs to. */
export const openAppIdOf = (account: Account): string | undefined =>
	bindings.has(account) ? bindings.get(account) : account.settings.openAppId;

/** The body names the account that the token is of. */
function checkAppId({ settings }: Account, { body }: ApiCall): void {
	if (body.appid !== settings.appId) throw new ApiError(40013);
}

/** Open platform accounts that were made by hand are closed to the API. */
const isMadeByHand = (openAppId: string, { accounts }: ApiCall['state']) =>
	accounts.some(({ settings }) => settings.openAppId === openAppId);

const membersOf = (openAppId: string, { accounts }: ApiCall['state']) =>
	accounts.filter((account) => openAppIdOf(account) === openAppId);

export const openAccountBehaviors: Record<string, Behavior> = {
	'open.create': (account, call) => {
		checkAppId(account, call);
		if (openAppIdOf(account) !== undefined) throw new ApiError(89000);
		const open_appid = newAppId();
		bindings.set(account, open_appid);
		return { open_appid };
	},

	'open.bind': (account, call) => {
		checkAppId(account, call);
		const openAppId = String(call.body.open_appid);
		if (openAppIdOf(account) !== undefined) throw new ApiError(89000);
		if (isMadeByHand(openAppId, call.state)) throw new ApiError(89003);
		const members = membersOf(openAppId, call.state);
		if (members.length === 0) throw new ApiError(40013);
		if (members.length >= MAX_ACCOUNTS) throw new ApiError(89004);
		const isOther = principalOf(members[0].settings) !== principalOf(account.settings);
		if (isOther) throw new ApiError(89001);
		bindings.set(account, openAppId);
		return {};
	},

	'open.unbind': (account, call) => {
		checkAppId(account, call);
		const bound = openAppIdOf(account);
		if (bound === undefined) throw new ApiError(89002);
		if (bound !== call.body.open_appid) throw new ApiError(40013);
		if (isMadeByHand(bound, call.state)) throw new ApiError(89003);
		bindings.set(account, undefined);
		return {};
	},

	'open.get': (account, call) => {
		checkAppId(account, call);
		const open_appid = openAppIdOf(account);
		if (open_appid === undefined) throw new ApiError(89002);
		return { open_appid };
	},

	'open.have': (account) => ({ have_open: openAppIdOf(account) !== undefined }),

	/** Whether the account belongs to the legal entity of its open platform account. */
	'open.sameentity': (account, { state }) => {
		const bound = openAppIdOf(account);
		if (bound === undefined) throw new ApiError(89002);
		const [first] = membersOf(bound, state);
		return { same_entity: principalOf(first.settings) === principalOf(account.settings) };
	},
};
