import { randomKey, type Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import { jpeg } from '../accounts/jpeg';
import type { JsonObject } from '../http/json';
import { Bytes, seconds, type ApiCall, type Behavior } from './behavior';

const VERSIONS: unknown[] = ['release', 'trial', 'develop', undefined];
const MAX_DAYS = 30;
const DAY_SECONDS = 86_400;

/** One transparent pixel. */
const png = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
	'base64',
);

interface Link {
	appid: string;
	path: string;
	query: string;
	create_time: number;
	expire_time: number;
	env_version: string;
}

const linksOf = new WeakMap<Account, Map<string, Link>>();

/** What all three codes check. */
function picture(body: JsonObject): Bytes {
	const { width = 430, env_version, line_color: color } = body;
	if (Number(width) < 280 || Number(width) > 1280) throw new ApiError(40189);
	if (!VERSIONS.includes(env_version)) throw new ApiError(40097);
	const parts = color ? Object.entries(color as JsonObject) : [];
	if (parts.some(([name, part]) => !'rgb'.includes(name) || !(Number(part) <= 255)))
		throw new ApiError(40097);
	return body.is_hyaline === true
		? new Bytes(png, { 'content-type': 'image/png' })
		: new Bytes(jpeg, { 'content-type': 'image/jpeg' });
}

function limited(longest: number): Behavior {
	return (_, { body }) => {
		const path = String(body.path);
		if (path.length === 0 || path.length > longest) throw new ApiError(40159);
		return picture(body);
	};
}

/** Keeps a link, and says when it ends. */
function keep(account: Account, key: string, target: JsonObject, { body, state }: ApiCall): void {
	const { path = '', query = '', env_version } = target;
	if (/[?#]/.test(String(path))) throw new ApiError(40165);
	if (String(query).length > 1024 || /[^\x21-\x7e]/.test(String(query))) throw new ApiError(40212);
	if (!VERSIONS.includes(env_version)) throw new ApiError(85402);
	const now = seconds(state.options.now());
	const { expire_type = 0, expire_time = 0, expire_interval = 0 } = body;
	const days = Number(expire_interval);
	const end = expire_type === 1 ? now + days * DAY_SECONDS : Number(expire_time);
	if (!(end > now && end <= now + MAX_DAYS * DAY_SECONDS)) throw new ApiError(85401);
	const links = linksOf.get(account) ?? new Map<string, Link>();
	linksOf.set(
		account,
		links.set(key, {
			appid: account.settings.appId,
			path: String(path),
			query: String(query),
			create_time: now,
			expire_time: end,
			env_version: String(env_version ?? 'release'),
		}),
	);
}

function look(account: Account, key: unknown, query_type: unknown, name: string) {
	if (query_type === 1) return { quota_info: { remain_visit_quota: 3_000_000 } };
	const link = linksOf.get(account)?.get(String(key));
	if (!link) throw new ApiError(40097);
	return { [name]: { ...link }, quota_info: {} };
}

export const miniProgramBehaviors: Record<string, Behavior> = {
	'wxa.getwxacode': limited(1024),
	'wxa.createwxaqrcode': limited(128),
	'wxa.getwxacodeunlimit': (_, { body }) => {
		const scene = String(body.scene);
		if (scene.length === 0 || scene.length > 32) throw new ApiError(40169);
		if (!/^[\w!#$&'()*+,/:;=?@.~-]+$/.test(scene)) throw new ApiError(40129);
		if (/^\/|\?/.test(String(body.page ?? ''))) throw new ApiError(41030);
		return picture(body);
	},

	'wxa.generatescheme': (account, call) => {
		const openlink = `weixin://dl/business/?t=${randomKey(11)}`;
		keep(account, openlink, (call.body.jump_wxa ?? {}) as JsonObject, call);
		return { openlink };
	},
	'wxa.generateUrllink': (account, call) => {
		const url_link = `https://wxaurl.cn/${randomKey(11)}`;
		keep(account, url_link, call.body, call);
		return { url_link };
	},
	'wxa.queryscheme': (account, { body }) =>
		look(account, body.scheme, body.query_type, 'scheme_info'),
	'wxa.queryUrllink': (account, { body }) =>
		look(account, body.url_link, body.query_type, 'url_link_info'),
	'wxa.shortlink': () => ({ link: `#小程序://示例小程序/首页/${randomKey(15)}` }),

	'wxa.mediaCheckAsync': (_, { body }) => {
		if (body.version !== 2) throw new ApiError(47003, 'argument invalid! version');
		return { trace_id: '967e945cd8a3e458f3c74dcb886068e9' };
	},
};
