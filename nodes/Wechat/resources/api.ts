import { defineRequest, defineResource } from '../../engine/define';
import { callFields, runCall } from '../../engine/callOperation';

export const api = defineResource('API (任意接口)', 'api', [
	defineRequest({
		name: 'Call',
		value: 'call',
		action: 'Call API',
		chinese: '调用任意接口',
		description:
			'Make any call of api.weixin.qq.com, also one that has no operation here. Token, errors and quota are taken care of.',
		path: '/',
		effect: 'write',
		ifLost: 'Before you send it again, see at WeChat whether it was carried out.',
		fields: callFields,
		run: async (run) => await runCall(run),
	}),
]);
