import { defineRequest, defineResource } from '../../engine/define';

const MAX_SECONDS = 2_592_000;

/** @see https://developers.weixin.qq.com/doc/service/api/qrcode/shorten/api_genshortkey.html */
export const shortKey = defineResource('Short Key (短Key托管)', 'shortKey', [
	defineRequest({
		name: 'Create',
		value: 'create',
		action: 'Create short key',
		chinese: '长信息转短 Key',
		description:
			'Keep a text at WeChat under a key of 15 letters and digits (短key托管), for instance to put it into a QR code',
		path: '/cgi-bin/shorten/gen',
		effect: 'write',
		doc: 'service/api/qrcode/shorten/api_genshortkey.html',
		fields: [
			{
				displayName: 'Text (文字)',
				name: 'long_data',
				type: 'string',
				typeOptions: { rows: 3 },
				required: true,
				maxBytes: 4096,
				default: '',
				placeholder: 'e.g. {"table": 12, "coupon": "SUMMER"}',
				description:
					'At most 4096 bytes, which is 1365 Chinese characters. Not a link: the key opens nothing.',
			},
			{
				displayName: 'Valid for (Seconds)',
				name: 'expire_seconds',
				type: 'number',
				required: true,
				typeOptions: { minValue: 1, maxValue: MAX_SECONDS },
				default: MAX_SECONDS,
				description: 'At most 2,592,000 seconds, which is 30 days',
			},
		],
	}),
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get text of short key',
		chinese: '短 Key 还原长信息',
		description: 'Get the text that is kept under a short key (短key), while the key is valid',
		path: '/cgi-bin/shorten/fetch',
		effect: 'read',
		doc: 'service/api/qrcode/shorten/api_fetchshorten.html',
		fields: [
			{
				displayName: 'Short Key (短Key)',
				name: 'short_key',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. iTqRJFSEqk9RvPk',
				description:
					'What Create returned as short_key. Only the account that made it can read it.',
			},
		],
	}),
]);
