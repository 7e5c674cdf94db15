import { createHash, randomBytes } from 'node:crypto';
import type { FilePart } from '../http/multipart';
import type { Values } from './content';
import { Refusal } from './refusal';
import { checkReply } from './rules';
import { recordId, type ServerState } from './serverState';

/** What is answered beside errcode and msg, or in their place. */
export interface Answer {
	body?: object;
	/** `Set-Cookie`. */
	cookies?: string[];
	/** Where the browser is sent. */
	location?: string;
}

type Behavior = (state: ServerState, values: Values, token: string) => Answer;

/** "Done", and nothing else. */
const OK: Answer = {};
const MAX_PERMANENT_SCENE = 10_000;
const MAX_TEMPORARY_SCENE = 0xffffffff;
export const PICTURES = '/cgi-bin/showqrcode';

export const behaviors: Record<string, Behavior> = {
	'szn.login'(state, { username, password }) {
		const user = state.users.get(String(username));
		if (user?.password !== password) throw new Refusal(400, '用户名或密码错误');
		if (!user?.isConfirmed) throw new Refusal(400, '请先验证邮箱');
		const life = `Max-Age=${state.options.tokenSeconds}; Path=/; HttpOnly`;
		const token = encodeURIComponent(state.issueToken());
		return {
			cookies: [`SocialinzenUser=${user.id}; ${life}`, `SocialinzenToken=${token}; ${life}`],
		};
	},

	'szn.register'(state, { username, password, email }) {
		if (state.users.has(String(username))) throw new Refusal(409, '用户名已存在');
		if (!/^[^@\s]+@[^@\s]+$/.test(String(email))) throw new Refusal(400, '邮箱格式错误');
		state.users.set(String(username), {
			id: recordId(),
			password: String(password),
			isConfirmed: false,
		});
		return OK;
	},

	'szn.logout'(state, _, token) {
		state.tokens.delete(token);
		const gone = 'Max-Age=0; Path=/';
		return { cookies: [`SocialinzenUser=; ${gone}`, `SocialinzenToken=; ${gone}`] };
	},

	'szn.addReply'(state, { type, reply, request }) {
		checkReply(String(type), reply, (kind, id) => {
			if (state.material(id).kind !== kind) throw new Refusal(400, `the material is no ${kind}`);
		});
		state.rules.set(String(request), { type: String(type), reply, request: String(request) });
		return OK;
	},

	'szn.deleteReply'(state, { request }) {
		if (state.rules.delete(String(request))) return OK;
		throw new Refusal(404, 'there is no rule of this keyword');
	},

	'szn.listReply': (state) => ({ body: [...state.rules.values()] }),

	'szn.webauth'(state, { appid, scope }) {
		checkAppId(state, appid);
		const query = new URLSearchParams({
			appid: String(appid),
			redirect_uri: `${state.url}/wxplatform/webauth/done`,
			response_type: 'code',
			scope: String(scope),
		});
		return {
			location: `https://open.weixin.qq.com/connect/oauth2/authorize?${query.toString()}#wechat_redirect`,
		};
	},

	'szn.jsticket'(state, { appid, url }) {
		checkAppId(state, appid);
		if (!/^https?:\/\/[^#]+$/.test(String(url)))
			throw new Refusal(400, 'url is no address of a page');
		// As in the document's sample, not only letters and digits.
		const nonceStr = `${randomBytes(5).toString('hex')}c1#@@=`;
		const timestamp = Math.floor(state.options.now() / 1000);
		const text = `jsapi_ticket=t&noncestr=${nonceStr}&timestamp=${timestamp}&url=${String(url)}`;
		const signature = createHash('sha1').update(text).digest('hex');
		return { body: { appid, nonceStr, timestamp, signature } };
	},

	'szn.qrcode'(state, { expire, sceneId }) {
		const scene = String(sceneId);
		const max = expire === undefined ? MAX_PERMANENT_SCENE : MAX_TEMPORARY_SCENE;
		const isNumber = /^\d+$/.test(scene);
		if (isNumber ? Number(scene) < 1 || Number(scene) > max : expire !== undefined || scene === '')
			throw new Refusal(400, 'sceneId does not fit the kind of code');
		const ticket = randomBytes(48).toString('base64');
		state.pictures.add(ticket);
		return { body: { qrcodeUrl: `${state.url}${PICTURES}?ticket=${encodeURIComponent(ticket)}` } };
	},

	'szn.updateRemark'(state, { openid, remark }) {
		state.follower(openid).remark = String(remark);
		return OK;
	},

	'szn.getGroups': (state) => ({
		body: {
			groups: [...state.groups].map(([id, name]) => ({
				id,
				name,
				count: state.followers.filter(({ groupId }) => groupId === id).length,
			})),
		},
	}),

	'szn.getWhichGroup': (state, { openid }) => ({
		body: { groupid: state.follower(openid).groupId },
	}),

	'szn.createGroup'(state, { groupName }) {
		state.addGroup(String(groupName));
		return OK;
	},

	'szn.updateGroup'(state, { groupId, groupName }) {
		state.renameGroup(Number(groupId), String(groupName));
		return OK;
	},

	'szn.moveUserToGroup'(state, { groupId, openid }) {
		state.group(groupId);
		state.follower(openid).groupId = Number(groupId);
		return OK;
	},

	'szn.getGroupUsers'(state, { groupId }) {
		state.group(groupId);
		const members = state.followers.filter((follower) => follower.groupId === groupId);
		return {
			body: members.map(({ openid, nickname, remark }) => ({
				appid: recordId(),
				city: '吉林',
				country: '中国',
				groupid: String(groupId),
				language: 'zh_CN',
				nickname,
				openid,
				remark,
			})),
		};
	},

	'szn.uploadMaterial'(state, { type, file }) {
		state.uploadFile(String(type), file as FilePart);
		return OK;
	},

	'szn.uploadVideoMaterial'(state, { file }) {
		state.uploadFile('video', file as FilePart);
		return OK;
	},

	'szn.removeMaterial'(state, { mediaId }) {
		state.materials.splice(state.materials.indexOf(state.material(mediaId)), 1);
		return OK;
	},

	'szn.getMaterialCount'(state) {
		const of = (kind: string) => state.materials.filter((one) => one.kind === kind).length;
		return {
			body: {
				voice_count: of('voice'),
				video_count: of('video'),
				image_count: of('image'),
				news_count: of('news'),
			},
		};
	},

	'szn.getMaterialByType'(state, { type, offset = 0, count = 20 }) {
		const all = state.materials.filter(({ kind }) => kind === type);
		const item = all
			.slice(Number(offset), Number(offset) + Number(count))
			.map(({ id, name, at }) => ({ media_id: id, name, update_time: at }));
		return { body: { total_count: all.length, item_count: item.length, item } };
	},

	'szn.uploadLogo'(state, { logoFile }) {
		state.uploadFile('logo', logoFile as FilePart);
		return OK;
	},
};

function checkAppId({ options }: ServerState, appid: unknown): void {
	if (appid !== options.appId) throw new Refusal(404, 'there is no account of this appid');
}
