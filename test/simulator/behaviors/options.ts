import type { Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import { grantFor } from './authorizers';
import type { Behavior, OpenBehavior } from './behavior';

/** 选项设置: what each option may be; the first value is where it starts. */
const values: Record<string, string[]> = {
	location_report: ['0', '1', '2'],
	voice_recognize: ['0', '1'],
	customer_service: ['0', '1'],
};

const optionsOf = new WeakMap<Account, Map<string, string>>();

function valuesOf(name: string): string[] {
	if (!Object.hasOwn(values, name)) throw new ApiError(61012);
	return values[name];
}

function get(account: Account, option_name: string) {
	const [initial] = valuesOf(option_name);
	return { option_name, option_value: optionsOf.get(account)?.get(option_name) ?? initial };
}

function set(account: Account, name: string, value: string) {
	if (!valuesOf(name).includes(value)) throw new ApiError(61013);
	optionsOf.set(account, (optionsOf.get(account) ?? new Map<string, string>()).set(name, value));
	return {};
}

/** Current spelling: the token tells the account. */
export const optionBehaviors: Record<string, Behavior> = {
	'option.get': (account, { body }) => get(account, String(body.option_name)),
	'option.set': (account, { body }) =>
		set(account, String(body.option_name), String(body.option_value)),
};

/** Legacy spelling: the body names the account. */
export const componentOptionBehaviors: Record<string, OpenBehavior> = {
	'component.getOption': (call) => {
		const { account } = grantFor(call);
		const authorizer_appid = account.settings.appId;
		return { authorizer_appid, ...get(account, String(call.body.option_name)) };
	},
	'component.setOption': (call) => {
		const { option_name, option_value } = call.body;
		return set(grantFor(call).account, String(option_name), String(option_value));
	},
};
