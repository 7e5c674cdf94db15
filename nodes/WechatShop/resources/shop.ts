import { defineRequest, defineResource } from '../../engine/define';
import { inputFile } from '../../engine/fields';

/** @see https://developers.weixin.qq.com/doc/store/shop/API/basics/getbasicinfo.html */
export const shop = defineResource('Shop (店铺)', 'shop', [
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get shop',
		chinese: '获取店铺基本信息',
		description: 'Get name, logo, kind of owner and status of the shop',
		method: 'GET',
		path: '/channels/ec/basics/info/get',
		effect: 'read',
		doc: 'store/shop/API/basics/getbasicinfo.html',
		pick: 'info',
	}),
	defineRequest({
		name: 'Upload Image',
		value: 'uploadImage',
		action: 'Upload image to shop',
		chinese: '上传图片',
		description: 'Upload a picture for a product. Returns its address (img_url).',
		path: '/channels/ec/basics/img/upload',
		effect: 'write',
		isRepeatable: true,
		doc: 'store/shop/API/basics/img_upload.html',
		fields: [
			{
				...inputFile,
				accepts: { extensions: ['jpg', 'png', 'bmp', 'gif'], maxBytes: 10 * 1024 * 1024 },
				description: 'A picture of at most 10 MB',
			},
			{
				displayName: 'Return',
				name: 'resp_type',
				type: 'options',
				in: 'query',
				options: [
					{ name: 'Address (URL)', value: 1, description: 'For pictures of products' },
					{ name: 'Media ID', value: 0, description: 'For proofs of after-sales and complaints' },
				],
				default: 1,
				description: 'What names the picture afterwards',
			},
		],
		// 0 says that the form has the file, and no address of one.
		async run({ client, call }) {
			const answer = await client.send({ ...call, query: { ...call.query, upload_type: 0 } });
			return answer.pic_file as object;
		},
	}),
]);
