import { defineResource, type Field } from '../../engine/define';
import { openid, defineSocialinzenRequest } from '../fields/common';

const groupId = {
	displayName: 'Group ID (分组ID)',
	name: 'groupId',
	type: 'number',
	required: true,
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description:
		'The ID that Get Many shows; 0 stands for followers without a group (未分组), 1 for the black list (黑名单)',
} as const satisfies Field;

const groupName = {
	displayName: 'Name',
	name: 'groupName',
	type: 'string',
	required: true,
	maxLength: 30,
	default: '',
	placeholder: 'e.g. Regular customers',
	description: 'At most 30 characters',
} as const satisfies Field;

/** Source: 微信关注者管理, its entries about groups (分组). */
export const group = defineResource('Group (分组)', 'group', [
	defineSocialinzenRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many groups',
		chinese: '获取分组列表',
		description: 'Get many groups with the number of their members',
		path: '/apis/wxplatform/getGroups',
		effect: 'read',
		page: { items: 'groups' },
	}),
	defineSocialinzenRequest({
		name: 'Get Users',
		value: 'getUsers',
		action: 'Get users of group',
		chinese: '获取分组用户',
		description: 'Get the followers that are in a group (获取当前分组用户)',
		// The document prints the path of Move User a second time. The server can tell the two calls apart: this one has
		// no openid.
		path: '/apis/wxplatform/moveUserToGroup',
		effect: 'read',
		page: { items: '' },
		fields: [groupId],
	}),
	defineSocialinzenRequest({
		name: 'Get of User',
		value: 'getOfUser',
		action: 'Get group of user',
		chinese: '获取关注者所在分组',
		description: 'Get the ID of the group that a follower is in (获取当前关注者分组)',
		path: '/apis/wxplatform/getWhichGroup',
		effect: 'read',
		fields: [openid],
	}),
	defineSocialinzenRequest({
		name: 'Create',
		value: 'create',
		action: 'Create group',
		chinese: '新建分组',
		description: 'Create a group. The server does not tell its ID: Get Many shows it.',
		path: '/apis/wxplatform/createGroup',
		effect: 'write',
		fields: [groupName],
	}),
	defineSocialinzenRequest({
		name: 'Move User',
		value: 'moveUser',
		action: 'Move user to group',
		chinese: '移动用户至分组',
		description: 'Put a follower into a group (将用户移动至分组); a follower is in one group only',
		path: '/apis/wxplatform/moveUserToGroup',
		effect: 'write',
		fields: [openid, groupId],
	}),
	defineSocialinzenRequest({
		name: 'Rename',
		value: 'rename',
		action: 'Rename group',
		chinese: '修改分组名称',
		description: 'Give a group another name (更新分组信息)',
		path: '/apis/wxplatform/updateGroup',
		effect: 'write',
		// The document lists the name only, but no server could know which group is meant.
		fields: [groupId, groupName],
	}),
]);
