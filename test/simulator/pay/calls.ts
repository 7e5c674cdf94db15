import { isIPv4 } from 'node:net';
import { createHash } from 'node:crypto';
import { PayRefusal } from './refusal';

export const SEND = '/mmpaymkttransfers/sendredpack';
export const SEND_GROUP = '/mmpaymkttransfers/sendgroupredpack';
export const GET = '/mmpaymkttransfers/gethbinfo';

export type Values = Record<string, string>;
type Check = RegExp | ((text: string) => boolean);

const upTo = (length: number) => (text: string) => [...text].length <= length;
const OPENID = /^o[\w-]{5,31}$/;

/** Fields of every call. */
const SIGNED: Record<string, Check> = {
	nonce_str: /^.{1,32}$/,
	sign: /^[0-9A-F]{32}$/,
	mch_id: /^\d{1,32}$/,
	mch_billno: /^[0-9a-zA-Z]{1,28}$/,
};
const PACKET: Record<string, Check> = {
	...SIGNED,
	wxappid: /^wx\w{1,30}$/,
	send_name: upTo(32),
	re_openid: OPENID,
	total_amount: /^[1-9]\d*$/,
	total_num: /^[1-9]\d*$/,
	wishing: upTo(128),
	act_name: upTo(32),
	remark: upTo(256),
};
const MAYBE: Record<string, Check> = {
	scene_id: /^PRODUCT_[1-8]$/,
	risk_info: /^[\w%.-]{1,128}$/,
	consume_mch_id: /^\d{1,32}$/,
	sub_mch_id: /^\d{1,32}$/,
	msgappid: /^wx\w{1,26}$/,
};

/** The parameters of each call (请求参数), and which of them may be missing. */
const CALLS: Record<string, { required: Record<string, Check>; optional: Record<string, Check> }> =
	{
		[SEND]: { required: { ...PACKET, total_num: /^1$/, client_ip: isIPv4 }, optional: MAYBE },
		[SEND_GROUP]: { required: { ...PACKET, amt_type: /^ALL_RAND$/ }, optional: MAYBE },
		[GET]: { required: { ...SIGNED, appid: /^wx\w{1,30}$/, bill_type: /^MCHT$/ }, optional: {} },
	};

export const isKnown = (path: string) => path in CALLS;

/** 签名算法: what is not empty, sorted, then the key, all of it by MD5. */
export function signatureOf(values: Values, key: string): string {
	const text = Object.keys(values)
		.filter((name) => name !== 'sign' && values[name] !== '')
		.sort()
		.map((name) => `${name}=${values[name]}`)
		.join('&');
	return createHash('md5').update(`${text}&key=${key}`, 'utf8').digest('hex').toUpperCase();
}

/** Refuses parameters that are missing, unknown, or not as the page of the call wants them. */
export function checkValues(path: string, values: Values): void {
	const { required, optional } = CALLS[path];
	for (const name of Object.keys(required))
		if (!values[name]) throw new PayRefusal('PARAM_ERROR', `参数错误:${name}缺失`);
	for (const [name, text] of Object.entries(values)) {
		const check = required[name] ?? optional[name];
		if (!check) throw new PayRefusal('PARAM_ERROR', `参数错误:没有${name}`);
		if (check instanceof RegExp ? check.test(text) : check(text)) continue;
		const code = name === 're_openid' ? 'OPENID_ERROR' : 'PARAM_ERROR';
		throw new PayRefusal(code, `参数错误:${name}`);
	}
}

/** 发放规则: 1 to 200 yuan each without a scene; of a group 3 at least, and 1000 yuan at most. */
export function checkLimits(path: string, values: Values): void {
	const [total, packets] = [Number(values.total_amount), Number(values.total_num)];
	const isGroup = path === SEND_GROUP;
	if (isGroup && packets < 3) throw new PayRefusal('PARAM_ERROR', '参数错误:total_num');
	if (isGroup && total > 100_000) throw new PayRefusal('MONEY_LIMIT', '红包金额发放限制');
	const each = total / packets;
	if (!values.scene_id && (each < 100 || each > 20_000))
		throw new PayRefusal('MONEY_LIMIT', '红包金额发放限制');
}
