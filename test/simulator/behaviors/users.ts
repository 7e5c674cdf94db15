import { openidOf, type Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { Behavior } from './behavior';
import { usersOf } from './tags';

const REMARK_BYTES = 30;
const BLACKLIST_PAGE = 1000;

/** user/info: nothing but the openid of someone who does not follow; no profile since 2021. */
function profile(account: Account, openid: string): JsonObject {
	const user = account.user(openid);
	if (!account.subscribers.has(openid)) return { subscribe: 0, openid };
	return {
		subscribe: 1,
		openid,
		language: 'zh_CN',
		subscribe_time: user.subscribeTime,
		remark: user.remark,
		groupid: [...user.tags][0] ?? 0,
		tagid_list: [...user.tags],
		subscribe_scene: user.scene,
		qr_scene: 0,
		qr_scene_str: '',
	};
}

/** The page shape of user/get and getblacklist: without `data` when it is empty. */
function page(total: number, openid: string[] | undefined): JsonObject {
	if (!openid) throw new ApiError(40003);
	if (openid.length === 0) return { total, count: 0, next_openid: '' };
	return { total, count: openid.length, data: { openid }, next_openid: openid.at(-1) };
}

export const userBehaviors: Record<string, Behavior> = {
	'user.info': (account, { query }) => profile(account, query.openid),

	'user.batchInfo': (account, { body }) => ({
		user_info_list: (body.user_list as { openid: string }[]).map(({ openid }) =>
			profile(account, openid),
		),
	}),

	'user.list': ({ subscribers }, { query, state }) =>
		page(subscribers.size, subscribers.page(query.next_openid ?? '', state.options.pageSize)),

	'user.remark': (account, { body }) => {
		const user = account.user(String(body.openid));
		if (!account.subscribers.has(user.openid)) throw new ApiError(43004);
		const remark = String(body.remark);
		if (Buffer.byteLength(remark) >= REMARK_BYTES) throw new ApiError(40092);
		user.remark = remark;
		return {};
	},

	'user.changeOpenid': (account, { body, state }) => {
		const source = state.accounts.find(
			({ settings }) => settings.appId === body.from_appid || settings.name === body.from_appid,
		);
		if (!source || source === account) throw new ApiError(63178);
		const openids = body.openid_list as string[];
		if (openids.length === 0) throw new ApiError(63182);
		return {
			result_list: openids.map((ori_openid) => {
				const user = source.subscribers.has(ori_openid) && source.user(ori_openid);
				if (!user) return { ori_openid, err_msg: 'ori_openid error' };
				const new_openid = openidOf(account.settings.appId, user.person);
				return { ori_openid, new_openid, err_msg: 'ok' };
			}),
		};
	},

	'blacklist.get': ({ blacklist }, { body }) =>
		page(blacklist.size, blacklist.page(String(body.begin_openid ?? ''), BLACKLIST_PAGE)),

	'blacklist.add': (account, { body }) => {
		for (const { openid } of usersOf(account, body.openid_list)) account.blacklist.add(openid);
		return {};
	},

	'blacklist.remove': (account, { body }) => {
		for (const { openid } of usersOf(account, body.openid_list)) account.blacklist.remove(openid);
		return {};
	},
};
