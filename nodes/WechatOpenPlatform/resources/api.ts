import { defineResource, type Field } from '../../engine/define';
import { callFields, runCall } from '../../engine/callOperation';
import { optionalAccount } from '../../n8n/credentials';
import { definePlatformRequest } from '../fields/account';

const tokenOf = {
	displayName: 'Token Of (令牌来源)',
	name: 'tokenOf',
	type: 'options',
	wire: false,
	options: [
		{
			name: 'Account (授权方)',
			value: 'account',
			description: 'Authorizer_access_token of the account below',
		},
		{
			name: 'As the Call Says',
			value: 'auto',
			description:
				'Of the platform for calls that are about the platform itself, else of the account',
		},
		{
			name: 'Platform (第三方平台)',
			value: 'component',
			description: 'Component_access_token',
		},
	],
	default: 'auto',
	description: 'Whose token allows the call',
} as const satisfies Field;

export const api = defineResource('API (任意接口)', 'api', [
	definePlatformRequest({
		name: 'Call',
		value: 'call',
		action: 'Call API',
		chinese: '调用任意接口',
		description:
			'Make any call of api.weixin.qq.com as the platform, or for an account that authorized it. Token, errors and quota are taken care of.',
		path: '/',
		effect: 'write',
		ifLost: 'Before you send it again, see at WeChat whether it was carried out.',
		fields: [
			tokenOf,
			{
				...optionalAccount,
				wire: false,
				displayOptions: { show: { tokenOf: ['auto', 'account'] } },
				description:
					'Which authorized account (授权方) to act for. Not needed for calls of the platform.',
			},
			...callFields,
		],
		run: async (run) =>
			await runCall(run, run.params.tokenOf === 'auto' ? undefined : run.params.tokenOf),
	}),
]);
