import { createHash, randomBytes } from 'node:crypto';
import type { FilePart } from '../http/multipart';
import type { Values } from './content';
import { Refusal } from './refusal';
import { checkReply } from './rules';
import { recordId, type World } from './world';

/** What is answered beside errcode and msg, or in their place. */
export interface Answer {
	body?: object;
	/** `Set-Cookie`. */
	cookies?: string[];
	/** Where the browser is sent. */
	location?: string;
}

type Behavior = (world: World, values: Values, token: string) => Answer;

/** "Done", and nothing else. */
const OK: Answer = {};
const MAX_PERMANENT_SCENE = 10_000;
const MAX_TEMPORARY_SCENE = 0xffffffff;
export const PICTURES = '/cgi-bin/showqrcode';

export const behaviors: Record<string, Behavior> = {
	'szn.login'(world, { username, password }) {
		const user = world.users.get(String(username));
		if (user?.password !== password) throw new Refusal(400, '用户名或密码错误');
		if (!user?.isConfirmed) throw new Refusal(400, '请先验证邮箱');
		const life = `Max-Age=${world.options.tokenSeconds}; Path=/; HttpOnly`;
		const token = encodeURIComponent(world.issueToken());
		return {
			cookies: [`SocialinzenUser=${user.id}; ${life}`, `SocialinzenToken=${token}; ${life}`],
		};
	},

	'szn.register'(world, { username, password, email }) {
		if (world.users.has(String(username))) throw new Refusal(409, '用户名已存在');
		if (!/^[^@\s]+@[^@\s]+$/.test(String(email))) throw new Refusal(400, '邮箱格式错误');
		world.users.set(String(username), {
			id: recordId(),
			password: String(password),
			isConfirmed: false,
		});
		return OK;
	},

	'szn.logout'(world, _, token) {
		world.tokens.delete(token);
		const gone = 'Max-Age=0; Path=/';
		return { cookies: [`SocialinzenUser=; ${gone}`, `SocialinzenToken=; ${gone}`] };
	},

	'szn.addReply'(world, { type, reply, request }) {
		checkReply(String(type), reply, (kind, id) => {
			if (world.material(id).kind !== kind) throw new Refusal(400, `the material is no ${kind}`);
		});
		world.rules.set(String(request), { type: String(type), reply, request: String(request) });
		return OK;
	},

	'szn.deleteReply'(world, { request }) {
		if (world.rules.delete(String(request))) return OK;
		throw new Refusal(404, 'there is no rule of this keyword');
	},

	'szn.listReply': (world) => ({ body: [...world.rules.values()] }),

	'szn.webauth'(world, { appid, scope }) {
		checkAppId(world, appid);
		const query = new URLSearchParams({
			appid: String(appid),
			redirect_uri: `${world.url}/wxplatform/webauth/done`,
			response_type: 'code',
			scope: String(scope),
		});
		return {
			location: `https://open.weixin.qq.com/connect/oauth2/authorize?${query.toString()}#wechat_redirect`,
		};
	},

	'szn.jsticket'(world, { appid, url }) {
		checkAppId(world, appid);
		if (!/^https?:\/\/[^#]+$/.test(String(url)))
			throw new Refusal(400, 'url is no address of a page');
		// As in the document's sample, not only letters and digits.
		const nonceStr = `${randomBytes(5).toString('hex')}c1#@@=`;
		const timestamp = Math.floor(world.options.now() / 1000);
		const text = `jsapi_ticket=t&noncestr=${nonceStr}&timestamp=${timestamp}&url=${String(url)}`;
		const signature = createHash('sha1').update(text).digest('hex');
		return { body: { appid, nonceStr, timestamp, signature } };
	},

	'szn.qrcode'(world, { expire, sceneId }) {
		const scene = String(sceneId);
		const max = expire === undefined ? MAX_PERMANENT_SCENE : MAX_TEMPORARY_SCENE;
		const isNumber = /^\d+$/.test(scene);
		if (isNumber ? Number(scene) < 1 || Number(scene) > max : expire !== undefined || scene === '')
			throw new Refusal(400, 'sceneId does not fit the kind of code');
		const ticket = randomBytes(48).toString('base64');
		world.pictures.add(ticket);
		return { body: { qrcodeUrl: `${world.url}${PICTURES}?ticket=${encodeURIComponent(ticket)}` } };
	},

	'szn.updateRemark'(world, { openid, remark }) {
		world.follower(openid).remark = String(remark);
		return OK;
	},

	'szn.getGroups': (world) => ({
		body: {
			groups: [...world.groups].map(([id, name]) => ({
				id,
				name,
				count: world.followers.filter(({ groupId }) => groupId === id).length,
			})),
		},
	}),

	'szn.getWhichGroup': (world, { openid }) => ({
		body: { groupid: world.follower(openid).groupId },
	}),

	'szn.createGroup'(world, { groupName }) {
		world.addGroup(String(groupName));
		return OK;
	},

	'szn.updateGroup'(world, { groupId, groupName }) {
		world.renameGroup(Number(groupId), String(groupName));
		return OK;
	},

	'szn.moveUserToGroup'(world, { groupId, openid }) {
		world.group(groupId);
		world.follower(openid).groupId = Number(groupId);
		return OK;
	},

	'szn.getGroupUsers'(world, { groupId }) {
		world.group(groupId);
		const members = world.followers.filter((follower) => follower.groupId === groupId);
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

	'szn.uploadMaterial'(world, { type, file }) {
		world.addFile(String(type), file as FilePart);
		return OK;
	},

	'szn.uploadVideoMaterial'(world, { file }) {
		world.addFile('video', file as FilePart);
		return OK;
	},

	'szn.removeMaterial'(world, { mediaId }) {
		world.materials.splice(world.materials.indexOf(world.material(mediaId)), 1);
		return OK;
	},

	'szn.getMaterialCount'(world) {
		const of = (kind: string) => world.materials.filter((one) => one.kind === kind).length;
		return {
			body: {
				voice_count: of('voice'),
				video_count: of('video'),
				image_count: of('image'),
				news_count: of('news'),
			},
		};
	},

	'szn.getMaterialByType'(world, { type, offset = 0, count = 20 }) {
		const all = world.materials.filter(({ kind }) => kind === type);
		const item = all
			.slice(Number(offset), Number(offset) + Number(count))
			.map(({ id, name, at }) => ({ media_id: id, name, update_time: at }));
		return { body: { total_count: all.length, item_count: item.length, item } };
	},

	'szn.uploadLogo'(world, { logoFile }) {
		world.addFile('logo', logoFile as FilePart);
		return OK;
	},
};

function checkAppId({ options }: World, appid: unknown): void {
	if (appid !== options.appId) throw new Refusal(404, 'there is no account of this appid');
}
