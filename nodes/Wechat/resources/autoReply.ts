import { defineRequest, defineResource } from '../../engine/define';

/**
 * Auto replies can only be set in the console.
 * @see https://developers.weixin.qq.com/doc/service/api/notify/autoreplies/api_getcurrentautoreplyinfo.html
 */
export const autoReply = defineResource('Auto Reply (自动回复)', 'autoReply', [
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get auto replies',
		chinese: '获取自动回复规则',
		description:
			'Get the auto replies (自动回复) that the account has set in the console: to new followers, to messages and to keywords. Pictures, sounds and videos in them can be downloaded for three days.',
		method: 'GET',
		path: '/cgi-bin/get_current_autoreply_info',
		effect: 'read',
		doc: 'service/api/notify/autoreplies/api_getcurrentautoreplyinfo.html',
	}),
]);
