import type { Account, Follower, Tag } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { Behavior } from './behavior';
import { usersOf } from './tags';

/** Groups (分组) are tags of which a user has one: both are kept in one store. 0 is no group, 1 the black list. */
const BLACKLIST = 1;
const LAST_RESERVED = 2;
const MAX_NAME = 30;

function checkName(name: unknown): string {
	if (typeof name !== 'string' || name.trim() === '') throw new ApiError(40051);
	if ([...name].length > MAX_NAME) throw new ApiError(45017);
	return name;
}

function ownGroup(account: Account, id: unknown): Tag {
	if (Number(id) <= LAST_RESERVED) throw new ApiError(45016);
	const tag = account.tags.get(Number(id));
	if (!tag) throw new ApiError(40050);
	return tag;
}

function leave(account: Account, user: Follower): void {
	account.blacklist.remove(user.openid);
	for (const id of user.tags) account.tags.get(id)?.members.remove(user.openid);
	user.tags.clear();
}

function move(account: Account, users: Follower[], id: number): JsonObject {
	const tag = account.tags.get(id);
	if (!tag && id > BLACKLIST) throw new ApiError(40050);
	for (const user of users) {
		leave(account, user);
		if (id === BLACKLIST) account.blacklist.add(user.openid);
		if (!tag) continue;
		user.tags.add(id);
		tag.members.add(user.openid);
	}
	return {};
}

export const groupBehaviors: Record<string, Behavior> = {
	'groups.create': (account, { body }) => {
		const name = checkName((body.group as JsonObject).name);
		return { group: { id: account.addTag(name).id, name } };
	},

	'groups.get': (account) => {
		const own = [...account.tags.values()].map(({ id, name, members }) => ({
			id,
			name,
			count: members.size,
		}));
		const grouped = own.reduce((sum, { count }) => sum + count, account.blacklist.size);
		return {
			groups: [
				{ id: 0, name: '未分组', count: Math.max(0, account.subscribers.size - grouped) },
				{ id: BLACKLIST, name: '黑名单', count: account.blacklist.size },
				...own,
			],
		};
	},

	'groups.getid': (account, { body }) => ({
		groupid: [...account.user(String(body.openid)).tags][0] ?? 0,
	}),

	'groups.update': (account, { body }) => {
		const { id, name } = body.group as JsonObject;
		ownGroup(account, id).name = checkName(name);
		return {};
	},

	'groups.delete': (account, { body }) => {
		const { id, members } = ownGroup(account, (body.group as JsonObject).id);
		account.tags.delete(id);
		for (const openid of members.page('', Infinity) ?? []) account.user(openid).tags.delete(id);
		return {};
	},

	'groups.members.update': (account, { body }) =>
		move(account, [account.user(String(body.openid))], Number(body.to_groupid)),

	'groups.members.batchupdate': (account, { body }) =>
		move(account, usersOf(account, body.openid_list), Number(body.to_groupid)),
};
