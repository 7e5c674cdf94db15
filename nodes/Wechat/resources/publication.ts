import { defineRequest, defineResource } from '../../engine/define';
import { draft } from '../fields/draft';
import { withContent } from '../fields/draftContent';
import { publishedArticle } from '../fields/publishedArticle';
import { describePublication, readPublicationResult, PUBLICATION_STATE } from '../publicationState';

/**
 * Since July 2025 WeChat refuses these calls (48001) to personal and to unverified accounts.
 * @see https://developers.weixin.qq.com/doc/service/api/public/api_freepublish_submit.html
 */
export const publication = defineResource('Publication (发布)', 'publication', [
	defineRequest({
		name: 'Publish',
		value: 'publish',
		action: 'Publish draft',
		chinese: '发布草稿',
		description:
			'Hand in a draft to be published: its articles get addresses, and no follower is told. Needs a verified account. Wait Until Published and Get State tell how it ended.',
		doc: 'service/api/public/api_freepublish_submit.html',
		path: '/cgi-bin/freepublish/submit',
		effect: 'write',
		ifLost:
			'Before you publish it again, see with Publication: Get Many, and among the published content (发表记录) at mp.weixin.qq.com, whether it was.',
		fields: [draft],
		wait: {
			until: 'Published',
			describe: ({ publish_id }) => `The draft is handed in, as publish_id ${String(publish_id)}`,
			later:
				'WeChat goes on with it: Get State of publications tells how it ended. Do not publish the draft again, or it may be published twice.',
			ask: ({ publish_id }) => ({
				path: PUBLICATION_STATE,
				body: { publish_id: String(publish_id) },
			}),
			finish: readPublicationResult,
		},
	}),
	defineRequest({
		name: 'Get State',
		value: 'getState',
		action: 'Get state of publication',
		chinese: '发布状态查询',
		description:
			'Get how far a publication is, and the IDs and addresses of its articles; the trigger gets the same as "Article Published"',
		doc: 'service/api/public/api_freepublish_get.html',
		path: PUBLICATION_STATE,
		effect: 'read',
		fields: [
			{
				displayName: 'Publish ID (发布任务ID)',
				name: 'publish_id',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. 2247503051',
				description: 'The publish_id that Publish returned',
			},
		],
		present: describePublication,
	}),
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many publications',
		chinese: '获取发布列表',
		description:
			'Get many publications, newest first (获取已发布的消息列表). What was sent to followers (群发) is not among them.',
		doc: 'service/api/public/api_freepublish_batchget.html',
		path: '/cgi-bin/freepublish/batchget',
		effect: 'read',
		page: { offset: { skip: 'offset', count: 'count', size: 20 }, items: 'item' },
		fields: [withContent],
	}),
	defineRequest({
		name: 'Get Article',
		value: 'getArticle',
		action: 'Get article of publication',
		chinese: '获取已发布的图文',
		description: 'Get what was published (获取已发布图文信息), one item for each article',
		doc: 'service/api/public/api_freepublishgetarticle.html',
		path: '/cgi-bin/freepublish/getarticle',
		effect: 'read',
		pick: 'news_item',
		simple: ['title', 'author', 'digest', 'content', 'thumb_url', 'url', 'is_deleted'],
		fields: [publishedArticle],
	}),
	defineRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete publication',
		chinese: '删除已发布的文章',
		description: 'Delete published articles for good (删除发布文章)',
		doc: 'service/api/public/api_freepublishdelete.html',
		path: '/cgi-bin/freepublish/delete',
		effect: 'write',
		done: { deleted: true },
		fields: [
			publishedArticle,
			{
				displayName: 'Position (文章序号)',
				name: 'index',
				type: 'number',
				check: true,
				typeOptions: { minValue: 0, maxValue: 8 },
				default: 0,
				description: 'Which of the articles; the first is 1, and 0 means all of them',
			},
		],
	}),
]);
