import { defineRequest, defineResource, type Field, type Hint } from '../../engine/define';
import { openid, openids } from '../fields/openid';
import { createLocator } from '../../n8n/locator';

const group = {
	displayName: 'Group (分组)',
	name: 'group',
	...createLocator('searchGroups', { placeholder: 'e.g. 107', digits: 'A group ID' }),
	as: 'number',
	wire: 'group.id',
	required: true,
	description: 'Choose from the list, or enter the number that Get Many shows as ID',
} as const satisfies Field;

const target = {
	...group,
	wire: 'to_groupid',
	description: '1 is the black list (黑名单), 0 takes users out of their group (未分组)',
} as const satisfies Field;

const name = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	wire: 'group.name',
	required: true,
	maxLength: 30,
	default: '',
	placeholder: 'e.g. Regular customers',
	description: 'At most 30 characters',
} as const satisfies Field;

const MOVE = 'Tag > Remove From Users and Tag > Add to Users, or Blacklist > Block for group 1';

/** Codes that WeChat returns when the account lacks the call, or the call no longer exists. */
const GONE: ReadonlySet<number> = new Set([40066, 45103, 48001]);

/** Names the tag operation to use instead when WeChat refuses the old call. */
const suggestTags = (instead: string): Hint => ({
	codes: GONE,
	text: `This account may have tags only, which replaced groups: use ${instead}.`,
	chinese: `该账号可能只有标签（标签已取代分组）：请改用“${instead}”。`,
});

/**
 * WeChat removed groups from its documentation in 2016, so the pages are those of the tag calls.
 * It is unknown whether all accounts still have groups.
 */
export const groups = defineResource('Group (分组)', 'group', [
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many groups',
		chinese: '获取分组列表',
		description:
			'Get many groups (分组) with the number of their members. Tags replaced groups: Tag > Get Many does the same.',
		method: 'GET',
		path: '/cgi-bin/groups/get',
		effect: 'read',
		doc: 'service/api/usermanage/tag/api_gettags.html',
		page: { items: 'groups' },
		hint: suggestTags('Tag > Get Many'),
	}),
	defineRequest({
		name: 'Get of User',
		value: 'getOfUser',
		action: 'Get group of user',
		chinese: '查询用户所在分组',
		description:
			'Get the ID of the group (分组) that a user is in. Tags replaced groups: Tag > Get of User does the same.',
		path: '/cgi-bin/groups/getid',
		effect: 'read',
		doc: 'service/api/usermanage/tag/api_gettagidlist.html',
		fields: [openid],
		hint: suggestTags('Tag > Get of User'),
	}),
	defineRequest({
		name: 'Create',
		value: 'create',
		action: 'Create group',
		chinese: '创建分组',
		description:
			'Create a group (分组). Tags replaced groups: Tag > Create does the same, also for accounts that have no groups any more.',
		path: '/cgi-bin/groups/create',
		effect: 'write',
		doc: 'service/api/usermanage/tag/api_createtag.html',
		fields: [name],
		pick: 'group',
		hint: suggestTags('Tag > Create'),
	}),
	defineRequest({
		name: 'Rename',
		value: 'rename',
		action: 'Rename group',
		chinese: '修改分组名',
		description:
			'Give a group (分组) another name. Tags replaced groups: Tag > Rename does the same.',
		path: '/cgi-bin/groups/update',
		effect: 'write',
		doc: 'service/api/usermanage/tag/api_updatetag.html',
		fields: [group, name],
		hint: suggestTags('Tag > Rename'),
	}),
	defineRequest({
		name: 'Move User',
		value: 'moveUser',
		action: 'Move user to group',
		chinese: '移动用户分组',
		description:
			'Put a user into a group; a user is in one group only. Tags replaced groups: Tag > Add to Users does the same, and Blacklist > Block for group 1.',
		path: '/cgi-bin/groups/members/update',
		effect: 'write',
		doc: 'service/api/usermanage/tag/api_batchtagging.html',
		fields: [openid, target],
		hint: suggestTags(MOVE),
	}),
	defineRequest({
		name: 'Move Users',
		value: 'moveUsers',
		action: 'Move users to group',
		chinese: '批量移动用户分组',
		description:
			'Put users into a group, 50 with each call. Tags replaced groups: Tag > Add to Users does the same, and Blacklist > Block for group 1.',
		path: '/cgi-bin/groups/members/batchupdate',
		effect: 'write',
		doc: 'service/api/usermanage/tag/api_batchtagging.html',
		fields: [openids, target],
		bulk: { field: openids.name, size: 50 },
		hint: suggestTags(MOVE),
	}),
	defineRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete group',
		chinese: '删除分组',
		description:
			'Delete a group (分组); its members are in no group then. Tags replaced groups: Tag > Delete does the same.',
		path: '/cgi-bin/groups/delete',
		effect: 'write',
		doc: 'service/api/usermanage/tag/api_deletetag.html',
		fields: [group],
		done: { deleted: true },
		hint: suggestTags('Tag > Delete'),
	}),
]);
