import { defineResource } from '../../engine/define';
import { openid, defineSocialinzenRequest } from '../fields/common';

/** Source: 微信关注者管理. */
export const follower = defineResource('Follower (关注者)', 'follower', [
	defineSocialinzenRequest({
		name: 'Set Remark',
		value: 'setRemark',
		action: 'Set remark of follower',
		chinese: '修改关注者备注',
		description: 'Set the name under which the account knows a follower (更新关注者备注)',
		path: '/apis/wxplatform/updateRemark',
		effect: 'write',
		fields: [
			openid,
			{
				displayName: 'Remark (备注)',
				name: 'remark',
				type: 'string',
				sendEmpty: true,
				maxBytes: 29,
				default: '',
				placeholder: 'e.g. Regular customer',
				description: 'Less than 30 bytes, which is 9 Chinese characters. Leave empty to remove it.',
			},
		],
	}),
]);
