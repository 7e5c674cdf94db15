import { defineRequestFor, defineResource, type Field } from '../../engine/define';
import { describeTransfer } from '../../payV3/orderStates';
import { createTransfer, showTransfer } from '../../payV3/transferOrder';
import { merchantAppId, notifyUrl, PAY_PAGES } from '../fields/merchantFields';
import { claimNumber, type PayContext } from '../payContext';

const defineTransferRequest = defineRequestFor<PayContext>();

const transferNumber = {
	displayName: 'Transfer Number (商户单号)',
	name: 'out_bill_no',
	type: 'string',
	default: '',
	placeholder: 'e.g. commission2026113',
	pattern: {
		allows: /^[0-9A-Za-z]{1,32}$/,
		problem: 'must be 1 to 32 letters and digits, and is {value}',
		chinese: '应为 1 至 32 位字母或数字，而不是 {value}',
	},
	description:
		'Number of the transfer in your books, at most 32 letters and digits. WeChat transfers a number once, however often it is sent.',
} as const satisfies Field;

/** Shown while there is neither a number nor an expression for one. */
const transferNumberNotice = {
	displayName:
		'Enter a Transfer Number of your own to have it paid once. Without one, the node makes a number for each execution: n8n’s Retry On Fail pays once, but a second run of the workflow or a loop back to the node pays again. An AI agent cannot use the node as a tool without one.',
	name: 'transferNumberNotice',
	type: 'notice',
	displayOptions: { hide: { out_bill_no: [{ _cnd: { exists: true } }] } },
	default: '',
} as const satisfies Field;

/** Money to users (商家转账), in the form since January 2025. */
export const transfer = defineResource<PayContext>('Transfer (商家转账)', 'transfer', [
	defineTransferRequest({
		name: 'Create',
		value: 'create',
		action: 'Create transfer',
		chinese: '发起转账',
		description:
			'Transfer money to a user, who must confirm it within 24 hours on a page or in a mini program: that hands transferParams of the result to wx.requestMerchantTransfer',
		doc: `${PAY_PAGES}4012716434`,
		path: '/v3/fund-app/mch-transfer/transfer-bills',
		effect: 'write',
		fields: [
			merchantAppId,
			{
				displayName: 'OpenID',
				name: 'openid',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
				description: 'Who gets the money, as a user of the account of AppID (收款用户OpenID)',
			},
			{
				displayName: 'Amount (金额)',
				name: 'transfer_amount',
				type: 'number',
				as: 'fen',
				required: true,
				default: 100,
				hint: 'In fen (分): 100 is 1 yuan, 1000 is 10 yuan. From 2,000 yuan on, add Receiver Name.',
				description: 'What the user gets in whole fen (转账金额)',
			},
			{ ...transferNumber, check: true },
			transferNumberNotice,
			{
				displayName: 'Scene (场景)',
				name: 'transfer_scene_id',
				type: 'options',
				options: [
					{ name: 'Administrative Subsidy (行政补贴)', value: '1002' },
					{ name: 'Charity (公益补助)', value: '1013' },
					{ name: 'Commission (佣金报酬)', value: '1005' },
					{ name: 'Company Compensation (企业赔付)', value: '1011' },
					{ name: 'Insurance Claim (保险理赔)', value: '1004' },
					{ name: 'Marketing (现金营销)', value: '1000' },
					{ name: 'Purchase (采购货款)', value: '1009' },
					{ name: 'Second-Hand Goods (二手回收)', value: '1010' },
				],
				default: '1000',
				description:
					'What it is for (转账场景); the merchant must have the scene: pay.weixin.qq.com > Product Center (产品中心) > Transfer (商家转账)',
			},
			{
				displayName: 'Report Info (转账场景报备信息)',
				name: 'transfer_scene_report_infos',
				type: 'fixedCollection',
				required: true,
				typeOptions: { multipleValues: true },
				placeholder: 'Add row',
				default: {},
				description:
					'What WeChat wants to know of it (转账场景报备信息), one row for each type of the scene. Marketing takes 活动名称 and 奖励说明, Commission 岗位类型 and 报酬说明; the error names those of other scenes.',
				options: [
					{
						displayName: 'Row',
						name: 'rows',
						values: [
							{
								displayName: 'Type',
								name: 'info_type',
								type: 'string',
								required: true,
								maxLength: 15,
								default: '',
								placeholder: 'e.g. 活动名称',
								description: 'In exactly the words of WeChat (信息类型)',
							},
							{
								displayName: 'Content (内容)',
								name: 'info_content',
								type: 'string',
								required: true,
								maxLength: 32,
								default: '',
								placeholder: 'e.g. 新会员有礼',
								description: 'Your own words (信息内容); at most 32 characters',
							},
						],
					},
				],
			},
			{
				displayName: 'Remark (备注)',
				name: 'transfer_remark',
				type: 'string',
				required: true,
				maxLength: 32,
				default: '',
				placeholder: 'e.g. Commission of November',
				description: 'What the user reads (转账备注); at most 32 characters',
			},
			{
				displayName: 'Additional Fields (其他字段)',
				name: 'additionalFields',
				type: 'collection',
				placeholder: 'Add Field',
				default: {},
				options: [
					notifyUrl,
					{
						displayName: 'Receiver Name (收款用户姓名)',
						name: 'user_name',
						type: 'string',
						encrypted: true,
						check: true,
						default: '',
						placeholder: 'e.g. 张三',
						description:
							'Real name of the user, which WeChat compares; needed from 2,000 yuan on. It is sent encrypted.',
					},
					{
						displayName: 'Style (收款样式)',
						name: 'style',
						type: 'options',
						wire: 'user_recv_style.type',
						options: [
							{ name: 'Confirmation Page (确认收款页)', value: 'CONFIRM_PAGE' },
							{
								name: 'Red Packet (红包)',
								value: 'RED_PACKET',
								description: 'At most 200 yuan',
							},
						],
						default: 'CONFIRM_PAGE',
						description: 'What the user confirms it on (收款样式)',
					},
					{
						displayName: 'Title (标题)',
						name: 'user_recv_perception',
						type: 'string',
						default: '',
						placeholder: 'e.g. 现金奖励',
						description:
							'What the user sees it as (用户收款感知), one of the titles that WeChat allows for the scene; without it, the usual one',
					},
				],
			},
		],
		run: async ({ client, call }) => {
			const names = {
				label: 'Transfer Number',
				labelInChinese: '商户单号',
				refusal: 'makes no transfer',
				refusalInChinese: '不转账',
			};
			return await createTransfer(client, claimNumber(client, call, 'out_bill_no', names));
		},
	}),
	defineTransferRequest({
		name: 'Get',
		value: 'get',
		action: 'Get transfer',
		chinese: '查询转账单',
		description:
			'Get what became of a transfer, for 30 days: state SUCCESS is received. Amounts are in fen.',
		doc: `${PAY_PAGES}4012716437`,
		path: '/v3/fund-app/mch-transfer/transfer-bills/{by}/{number}',
		method: 'GET',
		effect: 'read',
		fields: [
			{
				displayName: 'By',
				name: 'by',
				type: 'options',
				in: 'path',
				options: [
					{ name: 'Transfer ID (微信转账单号)', value: 'transfer-bill-no' },
					{ name: 'Transfer Number (商户单号)', value: 'out-bill-no' },
				],
				default: 'out-bill-no',
				description: 'Which number names it',
			},
			{
				...transferNumber,
				required: true,
				in: 'path',
				wire: 'number',
				displayOptions: { show: { by: ['out-bill-no'] } },
			},
			{
				displayName: 'Transfer ID (微信转账单号)',
				name: 'transfer_bill_no',
				type: 'string',
				required: true,
				in: 'path',
				wire: 'number',
				displayOptions: { show: { by: ['transfer-bill-no'] } },
				default: '',
				placeholder: 'e.g. 1330000071100999991182020050700019480001',
				description: "WeChat's number of the transfer",
			},
		],
		run: async ({ client, call }) => await showTransfer(client, await client.send(call)),
	}),
	defineTransferRequest({
		name: 'Cancel',
		value: 'cancel',
		action: 'Cancel transfer',
		chinese: '撤销转账',
		description:
			'Ask WeChat to cancel a transfer that the user has not confirmed. Get tells when it is done.',
		doc: `${PAY_PAGES}4012716458`,
		path: '/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel',
		effect: 'write',
		isRepeatable: true,
		fields: [{ ...transferNumber, required: true, in: 'path' }],
		present: describeTransfer,
	}),
]);
