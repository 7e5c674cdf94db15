import { isDownload, NoFileError } from '../../api/download';
import { catchNoFile, toMediaFile } from '../../api/mediaFile';
import { readList } from '../../api/response';
import { binaryField, inputFile } from '../../engine/fields';
import { defineRequest, defineResource, type Accepted, type Field } from '../../engine/define';
import { MEDIA_LIMITS } from '../../engine/mediaKinds';
import { createFileFields, fileFrom } from '../../engine/mediaFields';
import { createCallout } from '../../n8n/callout';
import { createLocator } from '../../n8n/locator';
import { voiceFormat } from '../../n8n/voiceFormat';
import { convertVoice } from '../../voice/convertVoice';
import { toPlayableVoice } from '../hdVoice';

const MB = 1024 * 1024;
const { permanent, temporary } = MEDIA_LIMITS;

const type = {
	displayName: 'Type',
	name: 'type',
	type: 'options',
	in: 'query',
	options: [
		{ name: 'Image (图片)', value: 'image' },
		{ name: 'Thumbnail (缩略图)', value: 'thumb' },
		{ name: 'Video (视频)', value: 'video' },
		{ name: 'Voice (语音)', value: 'voice' },
	],
	default: 'image',
	description: 'Thumbnails are the small pictures of music and video messages',
} as const satisfies Field;

/** Creates the file fields of one type; WeChat's pages set limits for each type. */
const createTypeFields = (type: string, accepts: Accepted, description: string) =>
	createFileFields({
		...inputFile,
		accepts,
		displayOptions: { show: { type: [type] } },
		description,
	});

const picture = { extensions: ['jpg', 'png'], maxBytes: MB };

const temporaryId = {
	displayName: 'Media ID (素材ID)',
	name: 'media_id',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 2y8RkZ0wYcJ4nEhP1sLabT5uQmVx…',
	description: 'The MediaId or MediaId16K of a push, or what Upload Temporary returned',
} as const satisfies Field;

const permanentType = {
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
} as const satisfies Field;

const material = {
	displayName: 'Material (素材)',
	name: 'media_id',
	...createLocator('searchMaterial', { placeholder: 'e.g. HCcCnG0wYcJ4nEhP1sLabT5uQmVx…' }),
	required: true,
	description: 'Choose from the material of the type above, or enter a media ID',
} as const satisfies Field;

/**
 * @see https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia.html
 * @see https://developers.weixin.qq.com/doc/service/api/material/permanent/api_addmaterial.html
 */
export const materials = defineResource('Material (素材)', 'material', [
	defineRequest({
		name: 'Upload Temporary',
		value: 'uploadTemporary',
		action: 'Upload temporary material',
		chinese: '上传临时素材',
		description: 'Upload a file to send within the next 3 days (新增临时素材)',
		doc: 'service/api/material/temporary/api_uploadtempmedia.html',
		path: '/cgi-bin/media/upload',
		effect: 'write',
		fields: [
			{
				...createCallout(
					'temporaryNotice',
					'Temporary media (临时素材) live for 3 days, can be sent as often as wanted, and are in no list. Drafts and menus need permanent material.',
				),
				wire: false,
			},
			type,
			fileFrom,
			...createTypeFields('image', temporary.image, 'GIF, JPG or PNG of at most 10 MB'),
			...createTypeFields('thumb', temporary.thumb, 'JPG of at most 64 KB'),
			...createTypeFields('video', temporary.video, 'MP4 of at most 10 MB'),
			...createTypeFields(
				'voice',
				temporary.voice,
				'AMR or MP3 of at most 2 MB and 60 seconds; WAV becomes MP3. As the format of a speech model choose mp3 or wav: WeChat takes no Opus, AAC, FLAC or bare PCM.',
			),
		],
	}),
	defineRequest({
		name: 'Get Temporary',
		value: 'getTemporary',
		action: 'Get temporary material',
		chinese: '获取临时素材',
		description: 'Get the file that a user sent or that was uploaded within the last 3 days',
		doc: 'service/api/material/temporary/api_getmedia.html',
		method: 'GET',
		path: '/cgi-bin/media/get',
		effect: 'read',
		fields: [{ ...temporaryId, in: 'query' }, binaryField, { ...voiceFormat, wire: false }],
		async run({ params, call, client: { download, fetch }, io: { attach } }) {
			const { media_id } = params;
			const answer = await download(call);
			const file = await toMediaFile(answer, media_id, fetch);
			const { bytes, ...told } = await convertVoice(file.bytes, params.voiceFormat ?? 'amr');
			attach(params.binaryPropertyName, { ...file, bytes });
			return {
				media_id,
				...(!isDownload(answer) && answer),
				...told,
			};
		},
	}),
	defineRequest({
		name: 'Add Permanent',
		value: 'addPermanent',
		action: 'Add permanent material',
		chinese: '上传永久素材',
		description: 'Upload a file that stays until it is deleted',
		doc: 'service/api/material/permanent/api_addmaterial.html',
		path: '/cgi-bin/material/add_material',
		effect: 'write',
		fields: [
			{
				...createCallout(
					'permanentNotice',
					'Permanent material (永久素材) is what drafts and menus need. An account holds 100,000 images, and 1,000 videos, voices and thumbnails each; delete what is no longer used.',
				),
				wire: false,
			},
			type,
			fileFrom,
			...createTypeFields(
				'image',
				permanent.image,
				'BMP, GIF, JPG or PNG of at most 10 MB. The URL in the result only works within WeChat.',
			),
			...createTypeFields('thumb', permanent.thumb, 'JPG of at most 64 KB'),
			...createTypeFields('video', permanent.video, 'MP4 of at most 10 MB'),
			...createTypeFields(
				'voice',
				permanent.voice,
				'AMR, MP3, WAV or WMA of at most 2 MB and 60 seconds; a larger WAV becomes MP3. As the format of a speech model choose mp3 or wav.',
			),
			{
				displayName: 'Title (标题)',
				name: 'title',
				type: 'string',
				wire: 'description.title',
				required: true,
				displayOptions: { show: { type: ['video'] } },
				default: '',
				description: 'Title of the video',
			},
			{
				displayName: 'Introduction (简介)',
				name: 'introduction',
				type: 'string',
				wire: 'description.introduction',
				required: true,
				displayOptions: { show: { type: ['video'] } },
				default: '',
				description: 'What the video is about',
			},
		],
	}),
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many permanent materials',
		chinese: '获取永久素材列表',
		description: 'Get many permanent materials of one type, newest first',
		doc: 'service/api/material/permanent/api_batchgetmaterial.html',
		path: '/cgi-bin/material/batchget_material',
		effect: 'read',
		page: { offset: { skip: 'offset', count: 'count', size: 20 }, items: 'item' },
		fields: [permanentType],
	}),
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get permanent material',
		chinese: '获取永久素材',
		description:
			'Get the file of permanent material; of an article, one item for each of its parts',
		doc: 'service/api/material/permanent/api_getmaterial.html',
		path: '/cgi-bin/material/get_material',
		effect: 'read',
		fields: [{ ...permanentType, wire: false }, material, binaryField],
		async run({ params, call, client: { download, fetch }, io: { attach } }) {
			const answer = await download(call);
			if ('news_item' in answer) return readList<object>(answer.news_item);
			const media_id = params.media_id;
			const found = { media_id, ...(!isDownload(answer) && answer) };
			const file = await toMediaFile(answer, media_id, fetch).catch(catchNoFile);
			// Title and address are worth having without the film; errors must not name an address.
			if (file instanceof NoFileError) return { ...found, mediaError: file.message };
			attach(params.binaryPropertyName, file);
			return found;
		},
	}),
	defineRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete permanent material',
		chinese: '删除永久素材',
		description:
			'Delete permanent material for good, also what was uploaded in the console. Temporary media go by themselves.',
		doc: 'service/api/material/permanent/api_delmaterial.html',
		path: '/cgi-bin/material/del_material',
		effect: 'write',
		done: { deleted: true },
		fields: [{ ...permanentType, wire: false }, material],
	}),
	defineRequest({
		name: 'Get Count',
		value: 'getCount',
		action: 'Get count of permanent material',
		chinese: '获取素材总数',
		description: 'Get how many images, videos, voices and articles the account has (素材总数)',
		doc: 'service/api/material/permanent/api_getmaterialcount.html',
		method: 'GET',
		path: '/cgi-bin/material/get_materialcount',
		effect: 'read',
	}),
	defineRequest({
		name: 'Upload Article Image',
		value: 'uploadArticleImage',
		action: 'Upload article image as material',
		chinese: '上传图文消息图片',
		description:
			'Upload a picture for the text of articles (图文消息图片) and get its URL: WeChat removes pictures with other addresses. It does not count as material.',
		doc: 'service/api/material/permanent/api_uploadimage.html',
		path: '/cgi-bin/media/uploadimg',
		effect: 'write',
		fields: [
			fileFrom,
			...createFileFields({
				...inputFile,
				accepts: { ...picture, maxBytes: MB - 1 },
				description: 'JPG or PNG of less than 1 MB',
			}),
		],
	}),
	defineRequest({
		name: 'Get HD Voice',
		value: 'getHdVoice',
		action: 'Get HD voice material',
		chinese: '获取高清语音素材',
		description:
			'Get a voice that a web page recorded with wx.uploadVoice, as an Ogg file with Speex at 16 kHz (高清语音素材); verified accounts only. For WAV or MP3, use Get Temporary with the same ID: it has 8 kHz.',
		doc: 'service/api/material/temporary/api_gethdvoice.html',
		method: 'GET',
		path: '/cgi-bin/media/get/jssdk',
		effect: 'read',
		fields: [
			{
				...temporaryId,
				in: 'query',
				description: 'The serverId that wx.uploadVoice returned; it lives for 3 days',
			},
			binaryField,
		],
		download: binaryField.name,
		toFile: (voice, { media_id }) => toPlayableVoice(voice, media_id),
		present: (_, { media_id }) => ({ media_id }),
	}),
	defineRequest({
		name: 'Convert to Mass Video',
		value: 'convertVideo',
		action: 'Convert material to mass video',
		chinese: '上传群发视频素材',
		description:
			'Turn a temporary video into one for mass sending (群发视频). WeChat has taken the page of this old call out of its documentation.',
		doc: 'offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html',
		path: '/cgi-bin/media/uploadvideo',
		effect: 'write',
		fields: [
			{
				...temporaryId,
				description: 'What Upload Temporary returned for the video; permanent videos are refused',
			},
			{
				displayName: 'Title (标题)',
				name: 'title',
				type: 'string',
				required: true,
				maxLength: 128,
				default: '',
				description: 'Shown above the video',
			},
			{
				displayName: 'Description (描述)',
				name: 'description',
				type: 'string',
				maxLength: 512,
				default: '',
				description: 'Shown below the title',
			},
		],
	}),
	defineRequest({
		name: 'Upload Logo',
		value: 'uploadLogo',
		action: 'Upload logo as material',
		chinese: '上传卡券图片',
		description: 'Upload the logo or picture of a card or coupon (卡券) and get its URL',
		doc: 'service/api/material/permanent/api_uploadimage.html',
		path: '/cgi-bin/media/uploadimg',
		effect: 'write',
		fields: [
			fileFrom,
			...createFileFields({
				...inputFile,
				wire: 'buffer',
				accepts: picture,
				description: 'JPG or PNG of at most 1 MB, best 300 × 300 pixels',
			}),
		],
	}),
]);
