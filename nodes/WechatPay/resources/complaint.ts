import { isDownload } from '../../api/download';
import { UserError } from '../../base/userError';
import { splitDays } from '../../engine/beijingTime';
import { defineRequestFor, defineResource, type Field } from '../../engine/define';
import { binaryField, readLimit } from '../../engine/fields';
import { toPath } from '../../engine/request';
import { decryptAnswer } from '../../payV3/encryptedAnswer';
import type { PayV3Client } from '../../payV3/payV3Client';
import { payImage, uploadFile } from '../fields/uploadedFile';

const defineRequest = defineRequestFor<PayV3Client>();

/** What WeChat Pay encrypts of a complaint. */
const ENCRYPTED = ['payer_phone'];

/** The most days between the two dates of a list. */
const MAX_DAYS = 30;

const complaintId = {
	displayName: 'Complaint ID (投诉单号)',
	name: 'complaint_id',
	type: 'string',
	in: 'path',
	required: true,
	default: '',
	placeholder: 'e.g. 200201820200101080076610000',
	description: 'As Get Many names it, and WeChat Pay Trigger in resource.complaint_id',
} as const satisfies Field;

const merchantNumber = {
	displayName: 'Merchant Number (商户号)',
	name: 'complainted_mchid',
	type: 'string',
	default: '',
	placeholder: 'e.g. 1900000109',
	description:
		'Who is complained about (被诉商户号). Leave empty for the merchant of the credential.',
} as const satisfies Field;

/** The merchant of the credential, unless another one was entered. */
const withMerchant = (body: Record<string, unknown>, _: unknown, { mchId }: PayV3Client) => ({
	complainted_mchid: mchId,
	...body,
});

/** The path of a picture, by the address that a complaint names or by its media ID. The server is that of the credential. */
function toImagePath(entered: string): string {
	const isAddress = /^https?:/i.test(entered);
	if (isAddress && !URL.canParse(entered))
		throw new UserError(
			'"Image" is neither an address nor a media ID',
			'Take it from complaint_media_list, under media_url.',
			'“图片”既不是地址也不是媒体 ID：请从 complaint_media_list 的 media_url 中取得。',
		);
	const media_id = isAddress
		? decodeURIComponent(new URL(entered).pathname.replace(/^.*\//, ''))
		: entered;
	return toPath('/v3/merchant-service/images/{media_id}', { media_id });
}

/**
 * Complaints of users about the merchant (消费者投诉). WeChat wants an answer within a day.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012533431
 */
export const complaint = defineResource<PayV3Client>('Complaint (消费者投诉)', 'complaint', [
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many complaints',
		chinese: '查询投诉单列表',
		description: 'List complaints of some days, those of the newest days first',
		doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012533431',
		method: 'GET',
		path: '/v3/merchant-service/complaints-v2',
		effect: 'read',
		page: { offset: { skip: 'offset', count: 'limit', size: 50 }, items: 'data' },
		fields: [
			{
				displayName: 'Begin Date (开始日期)',
				name: 'begin',
				type: 'dateTime',
				wire: false,
				default: '',
				placeholder: 'e.g. 2026-01-01',
				description:
					'First day, in Beijing time. Leave empty for 30 days; more days are asked for in several calls.',
			},
			{
				displayName: 'End Date (结束日期)',
				name: 'end',
				type: 'dateTime',
				wire: false,
				default: '',
				placeholder: 'e.g. 2026-01-31',
				description: 'Last day, in Beijing time. Leave empty for today.',
			},
			{
				...merchantNumber,
				in: 'query',
				description:
					'For service providers (服务商): whose complaints to list (被诉商户号). Leave empty for all.',
			},
		],
		run: async ({ params, client, call, io }) => {
			const limit = readLimit(params);
			const found: object[] = [];
			for (const span of splitDays(MAX_DAYS, params.begin, params.end, client.services.clock.now()))
				if (found.length < limit)
					found.push(
						...((await io.list({ ...call, query: { ...call.query, ...span } })) as object[]),
					);
			const places = ENCRYPTED.map((place) => `*.${place}`);
			return await decryptAnswer(found.slice(0, limit), places, client);
		},
	}),
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get complaint',
		chinese: '查询投诉单详情',
		description:
			'Get a complaint with its order and the telephone number of the user, which is decrypted',
		doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012533436',
		method: 'GET',
		path: '/v3/merchant-service/complaints-v2/{complaint_id}',
		effect: 'read',
		fields: [complaintId],
		run: async ({ client, call }) =>
			await decryptAnswer(await client.send(call), ENCRYPTED, client),
	}),
	defineRequest({
		name: 'Get History',
		value: 'getHistory',
		action: 'Get history of complaint',
		chinese: '查询投诉协商历史',
		description: 'Get what was said and done about a complaint (查询投诉单协商历史)',
		doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012533439',
		method: 'GET',
		path: '/v3/merchant-service/complaints-v2/{complaint_id}/negotiation-historys',
		effect: 'read',
		page: { offset: { skip: 'offset', count: 'limit', size: 300 }, items: 'data' },
		fields: [complaintId],
	}),
	defineRequest({
		name: 'Reply',
		value: 'reply',
		action: 'Reply to complaint',
		chinese: '回复投诉',
		description:
			'Write to the user who complains (提交回复); WeChat wants an answer within a day. The complaint stays open until Complete.',
		doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012467254',
		path: '/v3/merchant-service/complaints-v2/{complaint_id}/response',
		effect: 'write',
		ifLost: 'Before you send it again, see with Complaint: Get History whether it is there.',
		fields: [
			complaintId,
			{
				displayName: 'Text (文字)',
				name: 'response_content',
				type: 'string',
				typeOptions: { rows: 3 },
				required: true,
				maxLength: 200,
				default: '',
				placeholder: 'e.g. We have sent the money back.',
				description: 'What to write (回复内容); at most 200 characters',
			},
			merchantNumber,
			{
				displayName: 'Additional Fields (其他字段)',
				name: 'additionalFields',
				type: 'collection',
				placeholder: 'Add Field',
				default: {},
				options: [
					{
						displayName: 'Images (图片)',
						name: 'response_images',
						type: 'string',
						as: 'list',
						maxEntries: 4,
						default: '',
						placeholder: 'e.g. file23578_21798531.jpg, file23578_21798532.jpg',
						description:
							'At most four media IDs (回复图片) of Upload Image, with commas between them',
					},
					{
						displayName: 'Link (跳转链接)',
						name: 'jump_url',
						type: 'string',
						default: '',
						placeholder: 'e.g. https://shop.example.com/orders/17',
						description: 'Where the user can go from the reply, with https',
					},
					{
						displayName: 'Link Text (跳转链接文案)',
						name: 'jump_url_text',
						type: 'string',
						default: '',
						placeholder: 'e.g. See the order',
						description: 'What stands on the link',
					},
				],
			},
		],
		prepare: withMerchant,
	}),
	defineRequest({
		name: 'Complete',
		value: 'complete',
		action: 'Complete complaint',
		chinese: '反馈投诉处理完成',
		description:
			'Tell WeChat that the complaint is dealt with (反馈处理完成). The user may then complain again.',
		doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012467255',
		path: '/v3/merchant-service/complaints-v2/{complaint_id}/complete',
		effect: 'write',
		fields: [complaintId, merchantNumber],
		prepare: withMerchant,
	}),
	defineRequest({
		name: 'Download Image',
		value: 'downloadImage',
		action: 'Download image of complaint',
		chinese: '下载投诉图片',
		description: 'Get a picture that a user or the merchant has added (图片下载)',
		doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012467251',
		method: 'GET',
		path: '/v3/merchant-service/images/{image}',
		effect: 'read',
		fields: [
			{
				displayName: 'Image (图片)',
				name: 'image',
				type: 'string',
				in: 'path',
				required: true,
				default: '',
				placeholder: 'e.g. https://api.mch.weixin.qq.com/v3/merchant-service/images/…',
				description: 'Its address, as media_url of a complaint has it, or its media ID',
			},
			binaryField,
		],
		run: async ({ params, client, call, io }) => {
			const path = toImagePath(params.image.trim());
			const file = await client.download({ ...call, path });
			if (!isDownload(file)) return file;
			io.attach(params.binaryPropertyName, file);
			return {};
		},
	}),
	defineRequest({
		name: 'Upload Image',
		value: 'uploadImage',
		action: 'Upload image for complaint',
		chinese: '上传投诉反馈图片',
		description: 'Upload a picture for Reply and get its media ID (商户上传反馈图片)',
		doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012467250',
		path: '/v3/merchant-service/images/upload',
		effect: 'write',
		isRepeatable: true,
		fields: [payImage],
		run: uploadFile,
	}),
]);
