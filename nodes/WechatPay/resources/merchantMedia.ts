import { defineRequestFor, defineResource } from '../../engine/define';
import type { PayV3Client } from '../../payV3/payV3Client';
import { payImage, payVideo, uploadFile } from '../fields/uploadedFile';

const defineRequest = defineRequestFor<PayV3Client>();

/** Pictures and films for calls about merchants, such as those that register sub-merchants (图片与视频上传). */
export const merchantMedia = defineResource<PayV3Client>(
	'Merchant Media (图片与视频)',
	'merchantMedia',
	[
		defineRequest({
			name: 'Upload Image',
			value: 'uploadImage',
			action: 'Upload merchant image',
			chinese: '上传图片',
			description:
				'Upload a picture and get its media ID (图片上传), for calls about merchants such as registration (进件)',
			doc: 'https://pay.weixin.qq.com/doc/v3/partner/4012760432',
			path: '/v3/merchant/media/upload',
			effect: 'write',
			isRepeatable: true,
			fields: [payImage],
			run: uploadFile,
		}),
		defineRequest({
			name: 'Upload Video',
			value: 'uploadVideo',
			action: 'Upload merchant video',
			chinese: '上传视频',
			description:
				'Upload a film and get its media ID (视频上传), for calls about merchants such as registration (进件)',
			doc: 'https://pay.weixin.qq.com/doc/v3/partner/4012761084',
			path: '/v3/merchant/media/video_upload',
			effect: 'write',
			isRepeatable: true,
			fields: [payVideo],
			run: uploadFile,
		}),
	],
);
