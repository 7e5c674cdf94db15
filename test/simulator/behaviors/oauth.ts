import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Codes } from '../http/codes';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { Consent, OAuth } from '../accounts/oauth';
import { accountOf, type ApiCall, type Behavior, type OpenBehavior } from './behavior';
import { openAppIdOf } from './openAccount';

const LANGUAGES = ['zh_CN', 'zh_TW', 'en'];
const REFUSALS = { unknown: 40029, expired: 40029, spent: 40163 };

/** The parameters of an account that asks for itself. */
function checkOwnSecret({ query, state }: ApiCall): void {
	if (accountOf(state, query.appid).settings.secret !== query.secret) throw new ApiError(40125);
}

/** The parameters of the platform that asks on behalf of an account. */
function checkOnBehalf({ query, state }: ApiCall): void {
	state.component.checkAppId(query.component_appid);
	accountOf(state, query.appid);
	state.component.grants.require(query.appid);
}

function checkGrantType({ query }: ApiCall, wanted: string): void {
	if (query.grant_type !== wanted) throw new ApiError(40002);
}

/** Takes a code; one that was made for another account or another way is left unspent. */
function spend<T>(codes: Codes<T>, code: string, fits: (about: T) => boolean): T {
	const about = codes.look(code, REFUSALS);
	if (!fits(about)) throw new ApiError(REFUSALS.unknown);
	codes.spend(code);
	return about;
}

/** The same for one person at all accounts of an open platform account; without one there is none. */
function unionIdOf({ state }: ApiCall, { appId, openid }: Pick<Consent, 'appId' | 'openid'>) {
	const account = accountOf(state, appId);
	const openAppId = openAppIdOf(account);
	if (openAppId === undefined) return {};
	const person = account.followers.get(openid)?.person ?? openid;
	const hash = createHash('sha256').update(`${openAppId} ${person}`).digest('base64url');
	return { unionid: `o${hash.slice(0, 27)}` };
}

const mayTellProfile = ({ scope }: Consent) => scope.split(',').includes('snsapi_userinfo');

/** A code or token goes with the account, and the platform if any, that asked for it. */
const wasFor =
	({ query }: ApiCall) =>
	({ appId, componentAppId }: Consent) =>
		appId === query.appid && componentAppId === query.component_appid;

function exchange(call: ApiCall): JsonObject {
	checkGrantType(call, 'authorization_code');
	const { oauth } = call.state;
	const consent = spend(oauth.codes, call.query.code, wasFor(call));
	const union = mayTellProfile(consent) ? unionIdOf(call, consent) : {};
	return { ...oauth.issue(consent), ...union };
}

function renew(call: ApiCall): JsonObject {
	checkGrantType(call, 'refresh_token');
	const { refresh_token } = call.query;
	const { oauth } = call.state;
	if (!wasFor(call)(oauth.consentOf(refresh_token))) throw new ApiError(40030);
	return { ...oauth.renew(refresh_token) };
}

/** The newest session key of each user; a login ends the one before. By AppID and OpenID. */
const sessionKeysOf = new WeakMap<OAuth, Map<string, string>>();

/** 小程序登录 */
function session(call: ApiCall): JsonObject {
	checkGrantType(call, 'authorization_code');
	const { appid, js_code } = call.query;
	const visit = spend(call.state.oauth.jsCodes, js_code, ({ appId }) => appId === appid);
	const session_key = randomBytes(16).toString('base64');
	const { oauth } = call.state;
	const keys = sessionKeysOf.get(oauth) ?? new Map<string, string>();
	sessionKeysOf.set(oauth, keys.set(`${appid} ${visit.openid}`, session_key));
	return { openid: visit.openid, session_key, ...unionIdOf(call, visit) };
}

export const sessionBehaviors: Record<string, Behavior> = {
	/** 检验登录态: the key is used as the text that it is. */
	'wxa.checksession': ({ settings }, { query, state }) => {
		if (query.sig_method !== 'hmac_sha256') throw new ApiError(40097);
		const key = sessionKeysOf.get(state.oauth)?.get(`${settings.appId} ${query.openid}`);
		const wanted = key && createHmac('sha256', key).update('').digest('hex');
		if (query.signature !== wanted) throw new ApiError(87009, 'invalid signature');
		return {};
	},
};

export const oauthBehaviors: Record<string, OpenBehavior> = {
	'oauth.accessToken': (call) => {
		checkOwnSecret(call);
		return exchange(call);
	},
	'oauth.refresh': (call) => {
		accountOf(call.state, call.query.appid);
		return renew(call);
	},
	'oauth.componentAccessToken': (call) => {
		checkOnBehalf(call);
		return exchange(call);
	},
	'oauth.componentRefresh': (call) => {
		checkOnBehalf(call);
		return renew(call);
	},

	'oauth.userinfo': (call) => {
		const { access_token, openid, lang = 'en' } = call.query;
		const consent = call.state.oauth.check(access_token, openid);
		if (!mayTellProfile(consent)) throw new ApiError(48001);
		if (!LANGUAGES.includes(lang)) throw new ApiError(47003, 'argument invalid! lang');
		return {
			openid,
			nickname: `用户${openid.slice(-4)}`,
			// No place and no sex since October 2021.
			sex: 0,
			province: '',
			city: '',
			country: '',
			headimgurl: 'https://thirdwx.qlogo.cn/mmopen/x/132',
			privilege: [],
			...unionIdOf(call, consent),
		};
	},

	'oauth.auth': ({ query, state }) => {
		state.oauth.check(query.access_token, query.openid);
		return {};
	},

	'wxa.code2session': (call) => {
		checkOwnSecret(call);
		return session(call);
	},
	'wxa.componentCode2session': (call) => {
		checkOnBehalf(call);
		return session(call);
	},
};
