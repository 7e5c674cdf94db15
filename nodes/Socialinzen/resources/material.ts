import { defineResource, type Accepted, type Field } from '../../engine/define';
import { defineSocialinzenRequest } from '../fields/common';
import { inputFile } from '../../engine/fields';

const KB = 1024;
const MB = 1024 * KB;

const file = {
	...inputFile,
	wire: 'file',
} as const satisfies Field;

const createFileField = (of: string, accepts: Accepted, description: string) => ({
	...file,
	accepts,
	displayOptions: { show: { type: [of] } },
	description,
});

/** Source: 素材管理. */
export const material = defineResource('Material (素材)', 'material', [
	defineSocialinzenRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many materials',
		chinese: '获取素材列表',
		description:
			"Get many materials of one type (通过类型获取素材列表). The server's document prints neither parameters nor answer; this sends and expects those of WeChat's own list.",
		path: '/apis/materials/getMaterialByType',
		effect: 'read',
		page: { offset: { skip: 'offset', count: 'count', size: 20 }, items: 'item' },
		fields: [
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				options: [
					{ name: 'Article (图文)', value: 'news' },
					{ name: 'Image (图片)', value: 'image' },
					{ name: 'Video (视频)', value: 'video' },
					{ name: 'Voice (语音)', value: 'voice' },
				],
				default: 'image',
				description: 'WeChat lists material by type, without thumbnails',
			},
		],
	}),
	defineSocialinzenRequest({
		name: 'Get Count',
		value: 'getCount',
		action: 'Get count of material',
		chinese: '获取素材总数',
		description:
			'Get how many images, videos, voices and articles the account has (获取素材使用情况)',
		path: '/apis/materials/getMaterialCount',
		effect: 'read',
	}),
	defineSocialinzenRequest({
		name: 'Upload',
		value: 'upload',
		action: 'Upload material',
		chinese: '上传素材',
		description:
			'Upload an image, voice or thumbnail. The server does not tell the media ID: Get Many shows it.',
		path: '/apis/materials/uploadMaterial',
		effect: 'write',
		fields: [
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				options: [
					{ name: 'Image (图片)', value: 'image' },
					{ name: 'Thumbnail (缩略图)', value: 'thumb' },
					{ name: 'Voice (语音)', value: 'voice' },
				],
				default: 'image',
				description: 'Thumbnails are the small pictures of music messages',
			},
			createFileField(
				'image',
				{ extensions: ['jpg', 'png'], maxBytes: 2 * MB },
				'JPG or PNG of at most 2 MB',
			),
			createFileField('thumb', { extensions: ['jpg'], maxBytes: 64 * KB }, 'JPG of at most 64 KB'),
			createFileField(
				'voice',
				{ extensions: ['amr', 'mp3', 'wav', 'wma'], maxBytes: 2 * MB },
				'AMR, MP3, WAV or WMA of at most 2 MB',
			),
		],
	}),
	defineSocialinzenRequest({
		name: 'Upload Video',
		value: 'uploadVideo',
		action: 'Upload video as material',
		chinese: '上传视频素材',
		description: 'Upload a video. The server does not tell the media ID: Get Many shows it.',
		path: '/apis/materials/uploadVideoMaterial',
		effect: 'write',
		fields: [
			{
				...file,
				// The size is WeChat's own limit: the document names none.
				accepts: { extensions: ['mp4'], maxBytes: 10 * MB },
				description: 'MP4 of at most 10 MB',
			},
			{
				displayName: 'Title (标题)',
				name: 'title',
				type: 'string',
				required: true,
				default: '',
				description: 'Title of the video (视频标题)',
			},
			{
				displayName: 'Description (描述)',
				name: 'desc',
				type: 'string',
				required: true,
				default: '',
				description: 'What the video is about (视频描述)',
			},
		],
	}),
	defineSocialinzenRequest({
		name: 'Upload Logo',
		value: 'uploadLogo',
		action: 'Upload logo as material',
		chinese: '上传 Logo',
		description: 'Upload a logo, as cards and coupons need it',
		path: '/apis/materials/uploadLogo',
		effect: 'write',
		fields: [
			{
				...file,
				// Printed "logolFile", with an l for a capital I or as a slip; a file cannot go along twice.
				wire: 'logoFile',
				// WeChat's own limits: the document names none.
				accepts: { extensions: ['jpg', 'png'], maxBytes: MB },
				description: 'JPG or PNG of at most 1 MB',
			},
		],
	}),
	defineSocialinzenRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete material',
		chinese: '删除素材',
		description: 'Delete material for good',
		path: '/apis/materials/removeMaterial',
		effect: 'write',
		done: { deleted: true },
		fields: [
			{
				displayName: 'Media ID (素材ID)',
				name: 'mediaId',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. 2y8RkZ0wYcJ4nEhP1sLabT5uQmVx…',
				description: 'The media_id that Get Many shows',
			},
		],
	}),
]);
