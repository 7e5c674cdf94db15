import { defineRequest, defineResource, type Field, type Hint } from '../../engine/define';
import { inputFile } from '../../engine/fields';

const MB = 1024 * 1024;

const pictureFrom = {
	displayName: 'Take Picture From (图片来源)',
	name: 'pictureFrom',
	type: 'options',
	wire: false,
	options: [
		{ name: 'Input Binary Field', value: 'binary' },
		{ name: 'Web Address', value: 'address', description: 'WeChat fetches it by itself' },
	],
	default: 'binary',
	description: 'Where the picture is',
} as const satisfies Field;

const file = {
	...inputFile,
	wire: 'img',
	accepts: { extensions: ['jpg', 'png'], maxBytes: 2 * MB },
	displayOptions: { show: { pictureFrom: ['binary'] } },
	hint: 'The name of the input binary field containing the picture',
	description: 'JPG or PNG, at most 2 MB',
} as const satisfies Field;

const address = {
	displayName: 'Picture Address (图片地址)',
	name: 'img_url',
	type: 'string',
	in: 'query',
	required: true,
	default: '',
	placeholder: 'e.g. https://example.com/card.jpg',
	displayOptions: { show: { pictureFrom: ['address'] } },
	pattern: {
		allows: /^https?:\/\//i,
		problem: 'must begin with https:// or http://',
		chinese: '应以 https:// 或 http:// 开头',
	},
	description: 'Address of a JPG or PNG of at most 2 MB that anybody may read',
} as const satisfies Field;

const picture = [pictureFrom, file, address] as const;

const type = {
	displayName: 'Picture Is',
	name: 'type',
	type: 'options',
	in: 'query',
	options: [
		{ name: 'A Photo (拍照)', value: 'photo' },
		{ name: 'A Scan (扫描件)', value: 'scan' },
	],
	default: 'photo',
	description: 'How the picture was made',
} as const satisfies Field;

/** Codes of these calls, unconfirmed: "invalid image url", "certificate not found", "not enough market quota". */
const hint: Hint = {
	codes: new Set([101000, 101001, 101002, 101003]),
	text: 'WeChat reads pictures only with a quota from its service market (微信服务市场 > OCR识别; 100 a day are free), and only what it finds in them: see that the document fills the picture, is sharp and upright.',
	chinese:
		'识别图片需要微信服务市场的额度（“OCR识别”，每天免费 100 次），且只能识别图中找得到的内容：请确保证件占满画面、清晰且方向端正。',
};

const page = 'offiaccount/Intelligent_Interface/OCR.html';
const imagePage = 'offiaccount/Intelligent_Interface/Img_Proc.html';

/** What every one of these calls is. It changes nothing, but counts against a quota each time. */
const common = {
	effect: 'write',
	ifLost: 'Sending it again does no harm, but counts against the quota.',
	hint,
} as const;

/**
 * Reads pictures (OCR), finds codes in them, and crops or enlarges them.
 * @see https://developers.weixin.qq.com/doc/offiaccount/Intelligent_Interface/OCR.html
 */
export const imageRecognition = defineResource('Image Recognition (图像识别)', 'imageRecognition', [
	defineRequest({
		...common,
		name: 'Read Text',
		value: 'readText',
		action: 'Read printed text',
		chinese: '通用印刷体识别',
		description: 'Read printed text, one item for each line with its place in pos',
		path: '/cv/ocr/comm',
		doc: page,
		fields: picture,
		pick: 'items',
	}),
	defineRequest({
		...common,
		name: 'Read ID Card',
		value: 'readIdCard',
		action: 'Read ID card',
		chinese: '身份证识别',
		description:
			'Read an ID card: name, number and address of its front (type Front), or the valid_date of its back',
		path: '/cv/ocr/idcard',
		doc: page,
		fields: [...picture, type],
	}),
	defineRequest({
		...common,
		name: 'Read Bank Card',
		value: 'readBankCard',
		action: 'Read bank card',
		chinese: '银行卡识别',
		description: 'Read the number of a bank card',
		path: '/cv/ocr/bankcard',
		doc: page,
		fields: [...picture, type],
	}),
	defineRequest({
		...common,
		name: 'Read Business License',
		value: 'readBusinessLicense',
		action: 'Read business license',
		chinese: '营业执照识别',
		description: 'Read number, name, legal representative, capital and dates of a business license',
		path: '/cv/ocr/bizlicense',
		doc: page,
		fields: [...picture, type],
	}),
	defineRequest({
		...common,
		name: 'Read Driving License',
		value: 'readDrivingLicense',
		action: 'Read driving license',
		chinese: '驾驶证识别',
		description: 'Read name, number, class and dates of a driving license',
		path: '/cv/ocr/drivinglicense',
		doc: page,
		fields: [...picture, type],
	}),
	defineRequest({
		...common,
		name: 'Read Vehicle License',
		value: 'readVehicleLicense',
		action: 'Read vehicle license',
		chinese: '行驶证识别',
		description: 'Read plate, owner, model and dates of a vehicle license',
		path: '/cv/ocr/driving',
		doc: page,
		fields: [...picture, type],
	}),
	defineRequest({
		...common,
		name: 'Read License Plate',
		value: 'readLicensePlate',
		action: 'Read license plate',
		chinese: '车牌识别',
		description: 'Read the number of a license plate',
		path: '/cv/ocr/platenum',
		doc: page,
		fields: picture,
	}),
	defineRequest({
		...common,
		name: 'Read Codes',
		value: 'readCodes',
		action: 'Read codes in image',
		chinese: '二维码和条码识别',
		description:
			'Read QR codes and barcodes in a picture (二维码/条码识别), one item for each, with its kind in type_name',
		path: '/cv/img/qrcode',
		doc: imagePage,
		fields: picture,
		pick: 'code_results',
	}),
	defineRequest({
		...common,
		name: 'Crop',
		value: 'crop',
		action: 'Crop image',
		chinese: '图片智能裁剪',
		description: 'Find which part of a picture is worth showing, as pixels in results',
		path: '/cv/img/aicrop',
		doc: imagePage,
		fields: picture,
	}),
	defineRequest({
		...common,
		name: 'Enlarge',
		value: 'enlarge',
		action: 'Enlarge image',
		chinese: '图片高清化',
		description:
			'Double the resolution of a picture. Get it within three days with Material: Get Temporary by its media_id.',
		path: '/cv/img/superresolution',
		doc: imagePage,
		fields: picture,
	}),
]);
