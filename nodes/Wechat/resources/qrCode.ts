import type { Client } from '../../api/apiClient';
import { isDownload } from '../../api/download';
import { isNotFound } from '../../base/connectionError';
import { UserError } from '../../base/userError';
import { binaryField } from '../../engine/fields';
import { defineRequest, defineResource } from '../../engine/define';

const MAX_SECONDS = 2_592_000;
/** Documents both calls: WeChat has no separate page for the picture. */
const DOC = 'service/api/qrcode/qrcodes/api_createqrcode.html';

/** The picture is public: it needs neither a token nor a login. */
const showQrCode = {
	path: '/cgi-bin/showqrcode',
	method: 'GET',
	host: 'mp',
	bearer: 'none',
} as const;

/** @see https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html */
export const qrCode = defineResource('QR Code (带参数二维码)', 'qrCode', [
	defineRequest({
		name: 'Create',
		value: 'create',
		action: 'Create QR code',
		chinese: '生成带参数二维码',
		description:
			'Create a QR code with a scene (带参数二维码): it leads to the account, and the trigger gets the scene as EventKey when a follower scans it, or a new one follows',
		path: '/cgi-bin/qrcode/create',
		effect: 'write',
		doc: DOC,
		fields: [
			{
				displayName: 'Type',
				name: 'action_name',
				type: 'options',
				options: [
					{
						name: 'Permanent, Scene Is a Number',
						value: 'QR_LIMIT_SCENE',
						description: 'Numbers from 1 to 100,000; an account has 100,000 permanent codes in all',
					},
					{
						name: 'Permanent, Scene Is Text',
						value: 'QR_LIMIT_STR_SCENE',
						description:
							'Text of up to 64 characters; an account has 100,000 permanent codes in all',
					},
					{
						name: 'Temporary, Scene Is a Number',
						value: 'QR_SCENE',
						description: 'Any 32-bit number but 0; ends after at most 30 days',
					},
					{
						name: 'Temporary, Scene Is Text',
						value: 'QR_STR_SCENE',
						description: 'Text of up to 64 characters; ends after at most 30 days',
					},
				],
				default: 'QR_STR_SCENE',
				description: 'How long the code lives and what it carries',
			},
			{
				displayName: 'Scene (场景)',
				name: 'scene_str',
				type: 'string',
				wire: 'action_info.scene.scene_str',
				required: true,
				maxLength: 64,
				displayOptions: { show: { action_name: ['QR_STR_SCENE', 'QR_LIMIT_STR_SCENE'] } },
				default: '',
				placeholder: 'e.g. store_42',
				description: 'What the trigger gets as EventKey, after qrscene_ for new followers',
			},
			{
				displayName: 'Scene Number (场景值)',
				name: 'scene_id',
				type: 'number',
				wire: 'action_info.scene.scene_id',
				required: true,
				typeOptions: { minValue: 1, maxValue: 4_294_967_295 },
				displayOptions: { show: { action_name: ['QR_SCENE'] } },
				default: 1,
				description: 'From 1 to 4,294,967,295',
			},
			{
				displayName: 'Permanent Scene Number (永久场景值)',
				name: 'permanent_scene_id',
				type: 'number',
				wire: 'action_info.scene.scene_id',
				required: true,
				typeOptions: { minValue: 1, maxValue: 100_000 },
				displayOptions: { show: { action_name: ['QR_LIMIT_SCENE'] } },
				default: 1,
				description: 'From 1 to 100,000',
			},
			{
				displayName: 'Valid for (Seconds)',
				name: 'expire_seconds',
				type: 'number',
				required: true,
				typeOptions: { minValue: 1, maxValue: MAX_SECONDS },
				displayOptions: { show: { action_name: ['QR_SCENE', 'QR_STR_SCENE'] } },
				default: MAX_SECONDS,
				description: 'At most 2,592,000 seconds, which is 30 days',
			},
			{
				displayName: 'Download Image (下载图片)',
				name: 'image',
				type: 'boolean',
				wire: false,
				default: true,
				description: 'Whether to get the picture of the code as well, as a binary file',
			},
			{ ...binaryField, displayOptions: { show: { image: [true] } } },
		],
		async run({ params, call, client: { send, download }, io: { attach } }) {
			const code = await send(call);
			const field = params.binaryPropertyName;
			if (params.image && field) attach(field, await downloadImage(String(code.ticket), download));
			return code;
		},
	}),
	defineRequest({
		name: 'Get Image',
		value: 'getImage',
		action: 'Get image of QR code',
		chinese: '获取二维码图片',
		description: 'Get the picture of a QR code that was created before',
		...showQrCode,
		effect: 'read',
		doc: DOC,
		fields: [
			{
				displayName: 'Ticket',
				name: 'ticket',
				type: 'string',
				in: 'query',
				required: true,
				default: '',
				description: 'The ticket that Create returned',
			},
			binaryField,
		],
		async run({ params, client: { download }, io: { attach } }) {
			attach(params.binaryPropertyName, await downloadImage(params.ticket, download));
			return { ticket: params.ticket };
		},
	}),
]);

async function downloadImage(ticket: string, download: Client['download']) {
	const file = await download({ ...showQrCode, query: { ticket } }).catch(ignoreNotFound);
	if (file && isDownload(file))
		return { ...file, fileName: 'qrcode.jpg', contentType: 'image/jpeg' };
	throw new UserError(
		'WeChat has no picture for this ticket: it is wrong, or its time is over',
		'Create the QR code again. Behind a relay, /cgi-bin/showqrcode must lead to mp.weixin.qq.com.',
		'微信没有此 ticket 的二维码，它有误或已过期：请重新创建二维码；使用中转服务器时，须将 /cgi-bin/showqrcode 转发到 mp.weixin.qq.com。',
	);
}

function ignoreNotFound(error: unknown): undefined {
	if (!isNotFound(error)) throw error;
}
