import type { Account, Follower, Tag } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { Behavior } from './behavior';

const MAX_TAGS = 100;
const MAX_TAGS_PER_USER = 20;
const MAX_NAME = 30;
const MAX_MEMBERS_TO_DELETE = 100_000;
/** 0, 1 and 2 belong to the platform (2 is 星标组). */
const LAST_RESERVED = 2;

function checkName(account: Account, name: string, self?: Tag): void {
	if ([...name].length > MAX_NAME) throw new ApiError(45158);
	const taken = [...account.tags.values()].some((tag) => tag.name === name && tag !== self);
	if (name.trim() === '' || taken) throw new ApiError(45157);
}

function tagOf(account: Account, id: unknown): Tag {
	const tag = account.tags.get(Number(id));
	if (!tag) throw new ApiError(45159);
	return tag;
}

function ownTag(account: Account, id: unknown): Tag {
	if (Number(id) >= 0 && Number(id) <= LAST_RESERVED) throw new ApiError(45058);
	return tagOf(account, id);
}

export function usersOf(account: Account, openids: unknown): Follower[] {
	const list = openids as string[];
	if (list.length === 0) throw new ApiError(40031);
	return list.map((openid) => account.user(openid));
}

/** Changes the users who follow; the others make it a partial failure (45171). */
function changeMembers(
	account: Account,
	users: Follower[],
	change: (user: Follower) => void,
): JsonObject {
	const strangers = users.filter(({ openid }) => !account.subscribers.has(openid));
	users.filter((user) => !strangers.includes(user)).forEach(change);
	if (strangers.length === 0) return {};
	throw new ApiError(45171, undefined, {
		fail_openid_list: strangers.map(({ openid }) => openid),
	});
}

export const tagBehaviors: Record<string, Behavior> = {
	'tags.create': (account, { body }) => {
		const { name } = body.tag as { name: string };
		if (account.tags.size >= MAX_TAGS) throw new ApiError(45056);
		checkName(account, name);
		return { tag: { id: account.addTag(name).id, name } };
	},

	'tags.get': (account) => ({
		tags: [...account.tags.values()].map(({ id, name, members }) => ({
			id,
			name,
			count: members.size,
		})),
	}),

	'tags.update': (account, { body }) => {
		const { id, name } = body.tag as { id: unknown; name: string };
		const tag = ownTag(account, id);
		checkName(account, name, tag);
		tag.name = name;
		return {};
	},

	'tags.delete': (account, { body }) => {
		const { id, members } = ownTag(account, (body.tag as JsonObject).id);
		if (members.size > MAX_MEMBERS_TO_DELETE) throw new ApiError(45057);
		account.tags.delete(id);
		for (const openid of members.page('', Infinity) ?? []) account.user(openid).tags.delete(id);
		return {};
	},

	'tags.fans': (account, { body, state }) => {
		const { members } = tagOf(account, body.tagid);
		const cursor = String(body.next_openid ?? '');
		const openid = members.page(cursor, state.options.pageSize);
		if (!openid) throw new ApiError(40003);
		if (openid.length === 0) return { count: 0, next_openid: '' };
		return { count: openid.length, data: { openid }, next_openid: openid.at(-1) };
	},

	'tags.batchtagging': (account, { body }) => {
		const tag = tagOf(account, body.tagid);
		const users = usersOf(account, body.openid_list);
		const isFull = ({ tags }: Follower) => tags.size >= MAX_TAGS_PER_USER && !tags.has(tag.id);
		if (users.some(isFull)) throw new ApiError(45059);
		return changeMembers(account, users, (user) => {
			user.tags.add(tag.id);
			tag.members.add(user.openid);
		});
	},

	'tags.batchuntagging': (account, { body }) => {
		const tag = tagOf(account, body.tagid);
		return changeMembers(account, usersOf(account, body.openid_list), (user) => {
			user.tags.delete(tag.id);
			tag.members.remove(user.openid);
		});
	},

	'tags.getidlist': (account, { body }) => ({
		tagid_list: [...account.user(String(body.openid)).tags],
	}),
};
