import { defineRequest, defineResource, type Field } from '../../engine/define';
import { openid, openids } from '../fields/openid';
import { tag } from '../fields/tag';

const name = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	wire: 'tag.name',
	required: true,
	maxLength: 30,
	default: '',
	placeholder: 'e.g. Regular customers',
	description: 'At most 30 characters, and not the name of another tag',
} as const satisfies Field;

const tagged = {
	fields: [{ ...tag, wire: 'tagid' }, openids],
	bulk: { field: openids.name, size: 50 },
} as const;

/**
 * An account has at most 100 tags, a user at most 20.
 * @see https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_createtag.html
 */
export const tags = defineResource('Tag (标签)', 'tag', [
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many tags',
		chinese: '获取标签列表',
		description: 'Get many tags of the account, with the number of followers that carry them',
		method: 'GET',
		path: '/cgi-bin/tags/get',
		effect: 'read',
		doc: 'service/api/usermanage/tag/api_gettags.html',
		page: { items: 'tags' },
	}),
	defineRequest({
		name: 'Get Users',
		value: 'getUsers',
		action: 'Get users with tag',
		chinese: '获取标签下的粉丝',
		description: 'Get the OpenIDs of the followers that carry a tag',
		path: '/cgi-bin/user/tag/get',
		effect: 'read',
		doc: 'service/api/usermanage/tag/api_gettagfans.html',
		page: { cursor: 'next_openid', next: 'next_openid', items: 'data.openid', as: 'openid' },
		fields: [{ ...tag, wire: 'tagid' }],
	}),
	defineRequest({
		name: 'Get of User',
		value: 'getOfUser',
		action: 'Get tags of user',
		chinese: '获取用户的标签',
		description: 'Get the IDs of the tags that a user carries',
		path: '/cgi-bin/tags/getidlist',
		effect: 'read',
		doc: 'service/api/usermanage/tag/api_gettagidlist.html',
		fields: [openid],
	}),
	defineRequest({
		name: 'Add to Users',
		value: 'addToUsers',
		action: 'Add tag to users',
		chinese: '批量为用户打标签',
		description: 'Tag users, 50 with each call',
		path: '/cgi-bin/tags/members/batchtagging',
		effect: 'write',
		doc: 'service/api/usermanage/tag/api_batchtagging.html',
		...tagged,
	}),
	defineRequest({
		name: 'Remove From Users',
		value: 'removeFromUsers',
		action: 'Remove tag from users',
		chinese: '批量为用户取消标签',
		description: 'Take a tag from users, 50 with each call',
		path: '/cgi-bin/tags/members/batchuntagging',
		effect: 'write',
		doc: 'service/api/usermanage/tag/api_batchuntagging.html',
		...tagged,
	}),
	defineRequest({
		name: 'Create',
		value: 'create',
		action: 'Create tag',
		chinese: '创建标签',
		description: 'Create a tag (标签); an account has at most 100',
		path: '/cgi-bin/tags/create',
		effect: 'write',
		doc: 'service/api/usermanage/tag/api_createtag.html',
		pick: 'tag',
		fields: [name],
	}),
	defineRequest({
		name: 'Rename',
		value: 'rename',
		action: 'Rename tag',
		chinese: '编辑标签',
		description: 'Give a tag another name',
		path: '/cgi-bin/tags/update',
		effect: 'write',
		doc: 'service/api/usermanage/tag/api_updatetag.html',
		fields: [{ ...tag, wire: 'tag.id' }, name],
	}),
	defineRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete tag',
		chinese: '删除标签',
		description: 'Delete a tag; impossible while more than 100,000 followers carry it',
		path: '/cgi-bin/tags/delete',
		effect: 'write',
		doc: 'service/api/usermanage/tag/api_deletetag.html',
		done: { deleted: true },
		fields: [{ ...tag, wire: 'tag.id' }],
	}),
]);
