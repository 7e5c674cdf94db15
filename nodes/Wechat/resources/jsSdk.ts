import { signCard, signPage } from '../../api/jsTicket';
import type { Client } from '../../api/apiClient';
import { defineLocal, defineResource } from '../../engine/define';

/** Only this account can use the ticket. It signs, and never appears in an item. */
const ticket = {
	method: 'GET',
	path: '/cgi-bin/ticket/getticket',
	doc: 'service/guide/h5/jssdk.html',
} as const;

/** @see https://developers.weixin.qq.com/doc/service/guide/h5/jssdk.html */
export const jsSdk = defineResource('JS-SDK', 'jsSdk', [
	defineLocal<Client>()({
		name: 'Get Signature',
		value: 'get',
		action: 'Get signature for web page',
		chinese: '获取 JS-SDK 签名',
		description:
			'Get what a web page needs for wx.config, so that it may use JS-SDK in WeChat (JS-SDK使用权限签名)',
		...ticket,
		fields: [
			{
				displayName: 'URL (链接)',
				name: 'url',
				type: 'string',
				wire: false,
				required: true,
				default: '',
				placeholder: 'e.g. https://example.com/page?ID=42',
				description:
					'Address of the page as the browser shows it, with everything behind the question mark: let the page send location.href. Its domain must be entered as JS API Domain (JS接口安全域名) of the account, or as Official Account Development Domain (公众号开发域名) of the platform.',
			},
		],
		run: async (params, client) => await signPage(client, params.url),
	}),
	defineLocal<Client>()({
		name: 'Get Card Signature',
		value: 'getCardSignature',
		action: 'Get signature for card',
		chinese: '获取卡券签名',
		description:
			'Get an entry of cardList for wx.addCard, with which a page gives a card or coupon (卡券) to its visitor. Each works once.',
		...ticket,
		fields: [
			{
				displayName: 'Card ID (卡券ID)',
				name: 'card_id',
				type: 'string',
				wire: false,
				required: true,
				default: '',
				placeholder: 'e.g. pjZ8Yt1XGILfi-FUsewpnnolGgZk',
				description: 'ID of the card or coupon',
			},
			{
				displayName: 'Restrictions',
				name: 'restrictions',
				type: 'collection',
				wire: false,
				placeholder: 'Add restriction',
				default: {},
				options: [
					{
						displayName: 'Code',
						name: 'code',
						type: 'string',
						check: true,
						default: '',
						description: 'Needed for cards with codes of your own (use_custom_code)',
					},
					{
						displayName: 'OpenID',
						name: 'openid',
						type: 'string',
						check: true,
						default: '',
						placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
						description: 'Needed for cards that only one user may take (bind_openid)',
					},
				],
			},
		],
		async run(params, client) {
			return await signCard(client, { cardId: params.card_id, ...params.restrictions });
		},
	}),
]);
