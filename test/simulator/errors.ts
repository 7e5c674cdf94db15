import { randomBytes } from 'node:crypto';

/** An answer with an errcode other than 0 (全局返回码). */
export class ApiError extends Error {
	constructor(
		readonly errcode: number,
		/** Replaces the usual errmsg, e.g. to name the field. */
		text?: string,
		/** Fields beside errcode and errmsg, e.g. fail_openid_list. */
		readonly fields: Record<string, unknown> = {},
	) {
		super(text ?? texts[errcode] ?? 'error');
	}

	toAnswer(): Record<string, unknown> {
		return { errcode: this.errcode, errmsg: `${this.message} rid: ${rid()}`, ...this.fields };
	}
}

/** The request id every refusal ends with. */
function rid(): string {
	return randomBytes(12)
		.toString('hex')
		.replace(/.{8}(?=.)/g, '$&-');
}

const texts: Record<number, string> = {
	40001: 'invalid credential, access_token is invalid or not latest',
	40002: 'invalid grant_type',
	40003: 'invalid openid',
	40004: 'invalid media type',
	40005: 'invalid file type',
	40007: 'invalid media_id',
	40008: 'invalid message type',
	40009: 'invalid image size',
	40010: 'invalid voice size',
	40011: 'invalid video size',
	40012: 'invalid thumb size',
	40013: 'invalid appid',
	40014: 'invalid access_token',
	40029: 'invalid code',
	40030: 'invalid refresh_token',
	40031: 'invalid openid list',
	40032: 'invalid openid list size',
	40033: 'invalid charset. please check your request, if include \\uxxxx will create fail!',
	40052: 'invalid action name',
	40053: 'invalid action info',
	40092: 'invalid remark name',
	40113: 'unsupported file type',
	40114: 'invalid index',
	40125: 'invalid appsecret',
	40163: 'code been used',
	41001: 'access_token missing',
	41005: 'media data missing',
	42001: 'access_token expired',
	42002: 'refresh_token expired',
	43001: 'require GET method',
	43002: 'require POST method',
	43004: 'require subscribe',
	44001: 'empty media data',
	44002: 'empty post data',
	44003: 'empty news data',
	44004: 'empty content',
	45002: 'content size out of limit',
	45003: 'title size out of limit',
	45004: 'description size out of limit',
	45008: 'article size out of limit',
	45015: 'response out of time limit or subscription is canceled',
	45047: 'out of response count limit',
	45056: 'too many tag now, no need to add new',
	45057: "can't delete the tag that has too many fans",
	45058: "can't modify sys tag",
	45059: 'can not tagging one user too much',
	45072: 'invalid command',
	45110: 'author size out of limit',
	45157: 'invalid tag name',
	45158: 'tag name too long',
	45159: 'invalid tag id',
	45166: 'invalid content',
	45171: 'some openid failed',
	47001: 'data format error',
	48001: 'api unauthorized',
	48006: 'forbid to clear quota because of reaching the limit',
	53503: 'this draft fails to pass the publishing check',
	53600: 'invalid article_id',
	61003: 'component is not authorized by this account',
	61005: 'component ticket is expired',
	61006: 'component ticket is invalid',
	61007: 'api is unauthorized to component',
	61009: 'code is invalid',
	61010: 'code is expired',
	61012: 'invalid option name',
	61013: 'invalid option value',
	61014: 'must use component token for component api',
	61015: 'must use biz account token for not component api',
	61016: 'function category of API need be confirmed by component',
	61017: 'function category is not authorized',
	61018: 'already confirm',
	61019: 'not need confirm',
	61020: 'err parameter',
	61023: 'refresh_token is invalid',
	61024: 'must use api_component_token to get token for component account',
	61058: 'invalid ticket',
	63178: 'invalid from_appid',
	63182: 'empty openid_list',
	86004: 'invalid wechat',
	87009: 'reply is not exists',
	88001: 'msg_data is not exists',
	88003: 'elected comment upper limit',
	88005: 'already reply',
	88007: 'reply content beyond max len or content len is zero',
	88008: 'comment is not exists',
	88010: 'count range error. count <= 0 or count > 50',
	89000: 'account has bound open',
	89001: 'not same contractor',
	89002: 'open not exists',
	89003: 'open is not created by api',
	89004: 'open has bound too many accounts',
	89248: 'invalid code type',
	89249: 'task running',
	89250: 'inner error, retry after some while',
	89251: 'legal person checking',
	89255: 'enterprise code invalid',
	9410010: 'long_data out of limit',
	9410011: 'expire_seconds out of limit',
	9410012: 'invalid short_key',
};
