import { defineRequest, defineResource, type Field } from '../../engine/define';
import { agent } from '../fields/agent';
import { inputFile } from '../../engine/fields';

const nickname = {
	displayName: 'Nickname (昵称)',
	name: 'nickname',
	type: 'string',
	required: true,
	maxLength: 16,
	default: '',
	placeholder: 'e.g. Helen',
	description: 'The name that users see, at most 16 characters',
} as const satisfies Field;

/**
 * Only the paths of the two lists begin with /cgi-bin.
 * @see https://developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_addkfaccount.html
 */
export const customerServiceAgent = defineResource(
	'Customer Service Agent (客服)',
	'customerServiceAgent',
	[
		defineRequest({
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many customer service agents',
			chinese: '获取客服列表',
			description:
				'Get many agents (客服账号) with nickname, picture, and the person bound to each or invited',
			method: 'GET',
			path: '/cgi-bin/customservice/getkflist',
			effect: 'read',
			doc: 'service/api/customer/servicermanage/api_getkflist.html',
			page: { items: 'kf_list' },
		}),
		defineRequest({
			name: 'Get Many Online',
			value: 'getAllOnline',
			action: 'Get many customer service agents that are online',
			chinese: '获取在线客服列表',
			description:
				'Get the agents that are online (在线客服), with the number of users each is talking to',
			method: 'GET',
			path: '/cgi-bin/customservice/getonlinekflist',
			effect: 'read',
			doc: 'service/api/customer/servicermanage/api_getonlinekflist.html',
			page: { items: 'kf_online_list' },
		}),
		defineRequest({
			name: 'Add',
			value: 'add',
			action: 'Add customer service agent',
			chinese: '添加客服',
			description:
				'Add an agent (客服账号), at most 100; the account must have a WeChat ID (微信号). Invite a person afterwards, who then answers as this agent.',
			path: '/customservice/kfaccount/add',
			effect: 'write',
			doc: 'service/api/customer/servicermanage/api_addkfaccount.html',
			fields: [
				{
					displayName: 'Account',
					name: 'kf_account',
					type: 'string',
					required: true,
					maxLength: 41,
					default: '',
					placeholder: 'e.g. helen@example',
					description:
						'A name of at most 10 letters, digits or underscores, then @ and the WeChat ID of the official account',
				},
				nickname,
			],
		}),
		defineRequest({
			name: 'Invite',
			value: 'invite',
			action: 'Invite person to be customer service agent',
			chinese: '邀请绑定客服',
			description:
				'Ask a person to answer as an agent (邀请绑定客服账号). The invitation comes in WeChat; Get Many shows as invite_status what became of it.',
			path: '/customservice/kfaccount/inviteworker',
			effect: 'write',
			doc: 'service/api/customer/servicermanage/api_invitekfworker.html',
			fields: [
				agent,
				{
					displayName: 'WeChat ID (微信号)',
					name: 'invite_wx',
					type: 'string',
					required: true,
					default: '',
					placeholder: 'e.g. helen_1990',
					description: 'WeChat ID of the person, as in their settings; neither nickname nor OpenID',
				},
			],
		}),
		defineRequest({
			name: 'Update',
			value: 'update',
			action: 'Update customer service agent',
			chinese: '修改客服昵称',
			description: 'Give an agent another nickname (修改客服账号)',
			path: '/customservice/kfaccount/update',
			effect: 'write',
			doc: 'service/api/customer/servicermanage/api_updatekfaccount.html',
			fields: [agent, nickname],
		}),
		defineRequest({
			name: 'Upload Picture',
			value: 'uploadPicture',
			action: 'Upload picture of customer service agent',
			chinese: '设置客服头像',
			description: 'Set the picture of an agent that users see',
			path: '/customservice/kfaccount/uploadheadimg',
			effect: 'write',
			doc: 'service/api/customer/servicermanage/api_uploadkfheadimg.html',
			fields: [
				{ ...agent, in: 'query' },
				{
					...inputFile,
					accepts: { extensions: ['jpg'], maxBytes: 5 * 1024 * 1024 },
					description: 'A JPG of at most 5 MB, best 640 × 640 pixels',
				},
			],
		}),
		defineRequest({
			name: 'Delete',
			value: 'delete',
			action: 'Delete customer service agent',
			chinese: '删除客服',
			description: 'Delete an agent (删除客服账号)',
			path: '/customservice/kfaccount/del',
			effect: 'write',
			doc: 'service/api/customer/servicermanage/api_delkfaccount.html',
			done: { deleted: true },
			// WeChat wants the agent in the body; by its earlier page, in the address.
			fields: [{ ...agent, in: 'both' }],
		}),
	],
);
