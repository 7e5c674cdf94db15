import { defineResource } from '../../engine/define';
import { appId, defineSocialinzenRequest } from '../fields/common';

/** Source: 微信网页jssdk签名获取. */
export const jsSdk = defineResource('JS-SDK', 'jsSdk', [
	defineSocialinzenRequest({
		name: 'Get Signature',
		value: 'get',
		action: 'Get signature for web page',
		chinese: '获取 JS-SDK 签名',
		description: 'Get what a web page needs for wx.config, so that it may use JS-SDK in WeChat',
		path: '/apis/wxplatform/jsticket',
		effect: 'read',
		fields: [
			appId,
			{
				displayName: 'URL (链接)',
				name: 'url',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. https://example.com/page?ID=42',
				description:
					'Address of the page as the browser shows it, with everything behind the question mark, without what follows #',
			},
		],
	}),
]);
