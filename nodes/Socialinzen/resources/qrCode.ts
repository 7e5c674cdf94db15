import { binaryField } from '../../engine/fields';
import { defineResource } from '../../engine/define';
import { defineSocialinzenRequest } from '../fields/common';

const MAX_SECONDS = 2_592_000;

/** Source: 微信二维码生成. */
export const qrCode = defineResource('QR Code (二维码)', 'qrCode', [
	defineSocialinzenRequest({
		name: 'Create',
		value: 'create',
		action: 'Create QR code',
		chinese: '生成带参数二维码',
		description: 'Create a QR code with a scene (带参数二维码) that leads to the account',
		path: '/apis/wxplatform/qrcode',
		effect: 'write',
		fields: [
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				wire: false,
				options: [
					{
						name: 'Permanent (永久)',
						value: 'permanent',
						description: 'The scene is a number from 1 to 10,000 or text of up to 64 characters',
					},
					{
						name: 'Temporary (临时)',
						value: 'temporary',
						description: 'The scene is any 32-bit number but 0; ends after at most 30 days',
					},
				],
				default: 'temporary',
				description: 'How long the code lives and what it carries',
			},
			{
				displayName: 'Scene (场景)',
				name: 'scene',
				type: 'string',
				wire: 'sceneId',
				required: true,
				maxLength: 64,
				displayOptions: { show: { type: ['permanent'] } },
				default: '',
				placeholder: 'e.g. store_42',
				description: 'A number from 1 to 10,000, or text of up to 64 characters',
			},
			{
				displayName: 'Scene Number (场景值)',
				name: 'sceneNumber',
				type: 'number',
				wire: 'sceneId',
				required: true,
				typeOptions: { minValue: 1, maxValue: 4_294_967_295, numberPrecision: 0 },
				displayOptions: { show: { type: ['temporary'] } },
				default: 1,
				description: 'From 1 to 4,294,967,295 (场景)',
			},
			{
				// That it comes makes the code a temporary one.
				displayName: 'Valid for (Seconds)',
				name: 'expire',
				type: 'number',
				required: true,
				typeOptions: { minValue: 1, maxValue: MAX_SECONDS, numberPrecision: 0 },
				displayOptions: { show: { type: ['temporary'] } },
				default: MAX_SECONDS,
				description: 'At most 2,592,000 seconds, which is 30 days (二维码过期时间)',
			},
			{
				displayName: 'Download Image (下载图片)',
				name: 'image',
				type: 'boolean',
				wire: false,
				default: false,
				description: 'Whether to get the picture of the code as well, as a binary file',
			},
			{ ...binaryField, displayOptions: { show: { image: [true] } } },
		],
		async run({ params, call, client: { send, fetch }, io: { attach } }) {
			const code = await send(call);
			const field = params.binaryPropertyName;
			if (params.image && field) attach(field, await fetch(String(code.qrcodeUrl)));
			return code;
		},
	}),
]);
