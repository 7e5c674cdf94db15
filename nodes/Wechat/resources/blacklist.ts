import { defineRequest, defineResource } from '../../engine/define';
import { openids } from '../fields/openid';

const twentyAtATime = {
	fields: [openids],
	bulk: { field: openids.name, size: 20 },
} as const;

/** @see https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_getblacklist.html */
export const blacklist = defineResource('Blacklist (黑名单)', 'blacklist', [
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many blocked users',
		chinese: '获取黑名单列表',
		description: 'Get the OpenIDs on the black list (黑名单)',
		path: '/cgi-bin/tags/members/getblacklist',
		effect: 'read',
		doc: 'service/api/usermanage/userinfo/api_getblacklist.html',
		page: { cursor: 'begin_openid', next: 'next_openid', items: 'data.openid', as: 'openid' },
	}),
	defineRequest({
		name: 'Block',
		value: 'block',
		action: 'Block users',
		chinese: '拉黑用户',
		description: 'Put users on the black list, 20 with each call: their messages no longer arrive',
		path: '/cgi-bin/tags/members/batchblacklist',
		effect: 'write',
		doc: 'service/api/usermanage/userinfo/api_batchblacklist.html',
		...twentyAtATime,
	}),
	defineRequest({
		name: 'Unblock',
		value: 'unblock',
		action: 'Unblock users',
		chinese: '取消拉黑用户',
		description: 'Take users off the black list, 20 with each call',
		path: '/cgi-bin/tags/members/batchunblacklist',
		effect: 'write',
		doc: 'service/api/usermanage/userinfo/api_batchunblacklist.html',
		...twentyAtATime,
	}),
]);
