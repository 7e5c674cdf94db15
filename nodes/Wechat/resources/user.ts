import type { Client } from '../../api/apiClient';
import { readList } from '../../api/response';
import { defineRequest, defineResource } from '../../engine/define';
import { lang, openid, openids } from '../fields/openid';

/** The most profiles that one call of user/info/batchget returns. */
const PROFILES = 100;
const PROFILES_PATH = '/cgi-bin/user/info/batchget';

/** The keys of a simplified profile, without the language and the old group. */
const PROFILE = [
	'openid',
	'unionid',
	'subscribe',
	'subscribe_time',
	'subscribe_scene',
	'remark',
	'tagid_list',
	'qr_scene',
	'qr_scene_str',
];

/** @see https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html */
export const user = defineResource('User (用户)', 'user', [
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get user',
		chinese: '获取用户信息',
		description:
			'Get the profile of a follower (关注者). WeChat no longer tells nickname, picture, sex and place.',
		method: 'GET',
		path: '/cgi-bin/user/info',
		effect: 'read',
		doc: 'service/api/usermanage/userinfo/api_userinfo.html',
		simple: PROFILE,
		bulk: {
			field: openid.name,
			size: PROFILES,
			path: PROFILES_PATH,
			body: (openIds, { lang: language }) => toProfileList(openIds, language),
			answers: { at: 'user_info_list', by: 'openid' },
		},
		fields: [
			{ ...openid, in: 'query' },
			{ ...lang, in: 'query' },
		],
	}),
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many users',
		chinese: '获取用户列表',
		description: 'Get the OpenIDs of the followers, oldest first, with their profiles if wanted',
		method: 'GET',
		path: '/cgi-bin/user/get',
		effect: 'read',
		doc: 'service/api/usermanage/userinfo/api_getfans.html',
		page: { cursor: 'next_openid', next: 'next_openid', items: 'data.openid' },
		fields: [
			{
				displayName: 'Start After OpenID (从此OpenID之后开始)',
				name: 'next_openid',
				type: 'string',
				in: 'query',
				default: '',
				description: 'Skip all followers up to and including this one',
			},
			{
				displayName: 'With Profiles (包含用户信息)',
				name: 'profiles',
				type: 'boolean',
				wire: false,
				default: false,
				description:
					'Whether to get each follower’s profile too, with one more call per 100 followers',
			},
			{ ...lang, wire: false, displayOptions: { show: { profiles: [true] } } },
		],
		async run({ params, client: { send }, io: { list } }) {
			const found = (await list()) as string[];
			if (!params.profiles) return found.map((entry) => ({ openid: entry }));
			const rows: object[] = [];
			for (let at = 0; at < found.length; at += PROFILES)
				rows.push(...(await fetchProfiles(found.slice(at, at + PROFILES), params.lang, send)));
			return rows;
		},
	}),
	defineRequest({
		name: 'Get Profiles',
		value: 'getProfiles',
		action: 'Get profiles of users',
		chinese: '批量获取用户信息',
		description: 'Get the profiles of followers, one item each, 100 with each call',
		path: PROFILES_PATH,
		effect: 'read',
		doc: 'service/api/usermanage/userinfo/api_batchuserinfo.html',
		simple: PROFILE,
		fields: [
			{ ...openids, wire: false },
			{ ...lang, wire: false },
		],
		pick: 'user_info_list',
		bulk: {
			field: openids.name,
			size: PROFILES,
			answers: { at: 'user_info_list', by: 'openid' },
		},
		prepare: (_, { openid_list, lang: language }) => toProfileList(openid_list, language),
	}),
	defineRequest({
		name: 'Set Remark',
		value: 'setRemark',
		action: 'Set remark name of user',
		chinese: '设置用户备注名',
		description: 'Set the name under which the account knows a follower (备注名)',
		path: '/cgi-bin/user/info/updateremark',
		effect: 'write',
		doc: 'service/api/usermanage/userinfo/api_updateremark.html',
		fields: [
			openid,
			{
				displayName: 'Remark (备注)',
				name: 'remark',
				type: 'string',
				sendEmpty: true,
				maxBytes: 29,
				default: '',
				placeholder: 'e.g. Regular customer',
				description: 'Less than 30 bytes, which is 9 Chinese characters. Leave empty to remove it.',
			},
		],
	}),
	defineRequest({
		name: 'Convert OpenIDs',
		value: 'convertOpenids',
		action: 'Convert users of a migrated account',
		chinese: '账号迁移转换 OpenID',
		description:
			'Find the new OpenIDs after an account migration (帐号迁移), until 15 days after it',
		path: '/cgi-bin/changeopenid',
		effect: 'read',
		doc: 'service/api/usermanage/changeopenid/api_changeopenid.html',
		pick: 'result_list',
		fields: [
			{
				displayName: 'Old AppID (原账号AppID)',
				name: 'from_appid',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. wx0123456789abcdef',
				description:
					"AppID of the account that was migrated. WeChat's page asks for its original ID (gh_…); try that if the AppID is refused.",
			},
			{ ...openids, description: 'Of the old account, separated by commas, blanks or line breaks' },
		],
		bulk: {
			field: openids.name,
			size: 100,
			answers: { at: 'result_list', by: 'ori_openid' },
		},
	}),
]);

const toProfileList = (openIds: string[], lang: unknown) => ({
	user_list: openIds.map((openid) => ({ openid, lang })),
});

async function fetchProfiles(
	openIds: string[],
	lang: unknown,
	send: Client['send'],
): Promise<object[]> {
	const body = toProfileList(openIds, lang);
	const answer = await send({ path: PROFILES_PATH, body, safe: true });
	return readList(answer.user_info_list);
}
