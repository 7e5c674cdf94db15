import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { Behavior } from './behavior';

const ACTIONS: Record<string, JsonObject> = {
	apply: {},
	list: {
		plugin_list: [
			{ appid: 'wx00000000000000bb', status: 1, nickname: '插件', headimgurl: 'https://x' },
		],
	},
	unbind: {},
	dev_agree: {},
	dev_apply_list: { apply_list: [] },
	dev_delete: {},
	dev_refuse: {},
};

/** One path does several things, which the field `action` tells apart. */
const act: Behavior = (_, { body }) => {
	const action = String(body.action);
	if (!Object.hasOwn(ACTIONS, action)) throw new ApiError(40097);
	return ACTIONS[action];
};

export const pluginBehaviors: Record<string, Behavior> = {
	'plugin.use': act,
	'plugin.develop': act,
};
