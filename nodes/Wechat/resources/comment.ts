import { defineRequest, defineResource, type Field } from '../../engine/define';

/** Both IDs may have more digits than a JavaScript number can hold. */
const messageDataId = {
	displayName: 'Message Data ID',
	name: 'msg_data_id',
	type: 'string',
	as: 'integer',
	required: true,
	default: '',
	placeholder: 'e.g. 2247483685',
	description: 'The msg_data_id that sending or publishing the article returned, not its msg_id',
} as const satisfies Field;

const position = {
	displayName: 'Position (文章序号)',
	name: 'index',
	type: 'number',
	needed: true,
	typeOptions: { minValue: 0, maxValue: 7 },
	default: 0,
	description: 'Which article of the message; the first is 0',
} as const satisfies Field;

const commentId = {
	displayName: 'Comment ID (留言ID)',
	name: 'user_comment_id',
	type: 'string',
	as: 'integer',
	required: true,
	default: '',
	placeholder: 'e.g. 1',
	description: 'The user_comment_id that Get Many shows',
} as const satisfies Field;

const ofArticle = [messageDataId, position] satisfies Field[];
const ofComment = [messageDataId, position, commentId] satisfies Field[];

/**
 * Only verified accounts with comments can make these calls; WeChat refuses others (88000).
 * @see https://developers.weixin.qq.com/doc/service/api/leaving/api_listcomment.html
 */
export const comment = defineResource('Comment (留言)', 'comment', [
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many comments',
		chinese: '获取留言列表',
		description:
			'Get many comments on an article, with the replies to them (查看指定文章的评论数据)',
		doc: 'service/api/leaving/api_listcomment.html',
		path: '/cgi-bin/comment/list',
		effect: 'read',
		// By the page, WeChat refuses a count of 50 or more.
		page: { offset: { skip: 'begin', count: 'count', size: 49 }, items: 'comment' },
		fields: [
			...ofArticle,
			{
				displayName: 'Which Comments (留言范围)',
				name: 'type',
				type: 'options',
				options: [
					{ name: 'All', value: 0 },
					{ name: 'Not Selected', value: 1 },
					{ name: 'Selected (精选)', value: 2, description: 'Those that all readers see' },
				],
				default: 0,
				description: 'Whether to get selected comments, other ones or both',
			},
		],
	}),
	defineRequest({
		name: 'Reply',
		value: 'reply',
		action: 'Reply to comment',
		chinese: '回复留言',
		description: 'Reply to a comment as the account (回复评论), once',
		doc: 'service/api/leaving/api_replycomment.html',
		path: '/cgi-bin/comment/reply/add',
		effect: 'write',
		fields: [
			...ofComment,
			{
				displayName: 'Text (文字)',
				name: 'content',
				type: 'string',
				typeOptions: { rows: 3 },
				required: true,
				default: '',
				placeholder: 'e.g. Thank you for your comment',
				description: 'What all readers see below the comment',
			},
		],
	}),
	defineRequest({
		name: 'Delete Reply',
		value: 'deleteReply',
		action: 'Delete reply to comment',
		chinese: '删除留言回复',
		description: 'Take back the reply of the account to a comment (删除回复)',
		doc: 'service/api/leaving/api_delreplycomment.html',
		path: '/cgi-bin/comment/reply/delete',
		effect: 'write',
		done: { deleted: true },
		fields: ofComment,
	}),
	defineRequest({
		name: 'Mark as Selected',
		value: 'select',
		action: 'Mark comment as selected',
		chinese: '留言标记精选',
		description: 'Show a comment to all readers (评论标记精选)',
		doc: 'service/api/leaving/api_electcomment.html',
		path: '/cgi-bin/comment/markelect',
		effect: 'write',
		fields: ofComment,
	}),
	defineRequest({
		name: 'Unmark as Selected',
		value: 'unselect',
		action: 'Unmark comment as selected',
		chinese: '留言取消精选',
		description: 'Show a comment to its author only again (评论取消精选)',
		doc: 'service/api/leaving/api_unelectcomment.html',
		path: '/cgi-bin/comment/unmarkelect',
		effect: 'write',
		fields: ofComment,
	}),
	defineRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete comment',
		chinese: '删除留言',
		description: 'Delete a comment of a reader (删除评论)',
		doc: 'service/api/leaving/api_delcomment.html',
		path: '/cgi-bin/comment/delete',
		effect: 'write',
		done: { deleted: true },
		fields: ofComment,
	}),
	defineRequest({
		name: 'Open',
		value: 'open',
		action: 'Open comments of article',
		chinese: '打开文章留言',
		description: 'Let readers comment on a sent article (打开已群发文章评论)',
		doc: 'service/api/leaving/api_openarticlecomment.html',
		path: '/cgi-bin/comment/open',
		effect: 'write',
		fields: ofArticle,
	}),
	defineRequest({
		name: 'Close',
		value: 'close',
		action: 'Close comments of article',
		chinese: '关闭文章留言',
		description: 'Let nobody comment on a sent article any more (关闭已群发文章评论)',
		doc: 'service/api/leaving/api_closecomment.html',
		path: '/cgi-bin/comment/close',
		effect: 'write',
		fields: ofArticle,
	}),
]);
