/**
 * How the registration of a mini program ended: `status` of notify_third_fasteregister and its like.
 * Source: "Fast registration of mini programs for companies" (快速注册企业小程序), result pushes.
 */
const REASONS: ReadonlyMap<string, string> = new Map([
	['0', 'Registered'],
	['101', 'The company is deregistered (企业已注销)'],
	['102', 'The registry does not know the company (企业不存在)'],
	['103', 'The name of the legal representative is not the one in the registry'],
	['104', 'The ID number of the legal representative is not the one in the registry'],
	['105', 'The registry is not up to date; try again in 5 to 15 working days'],
	['1000', 'The data of company and legal representative do not agree with the registry'],
	['1001', 'The company has as many mini programs as it may have'],
	['1002', 'The company is blocked for violations'],
	['1003', 'The administrator has as many accounts as one person may have'],
	['1004', 'The administrator is blocked for violations'],
	['1005', 'The phone number of the administrator has as many accounts as it may have'],
	['1006', 'The phone number of the administrator is blocked for violations'],
	['1007', 'The ID card of the administrator has as many accounts as it may have'],
	['1008', 'The ID card of the administrator is blocked for violations'],
	['100001', 'Not confirmed within 24 hours: the ID card was not entered'],
	['100002', 'Not confirmed within 24 hours: the face was not checked'],
	['100003', 'Not confirmed within 24 hours'],
]);

/** Undefined for a number that WeChat has not published. */
export const toRegistrationStatus = (code: string): string | undefined => REASONS.get(code.trim());

/** What WeChat objects to in a mass message: the number in a `Status` such as `err(20002)`. 30001 to 30003 are unconfirmed. */
const OBJECTIONS: ReadonlyMap<string, string> = new Map([
	['10001', 'advertising (涉嫌广告)'],
	['20001', 'politics (涉嫌政治)'],
	['20002', 'pornography (涉嫌色情)'],
	['20004', 'society (涉嫌社会)'],
	['20006', 'crime (涉嫌违法犯罪)'],
	['20008', 'fraud (涉嫌欺诈)'],
	['20013', 'copyright (涉嫌版权)'],
	['21000', 'something else (涉嫌其他)'],
	['22000', 'mutual promotion (涉嫌互推)'],
	['30001', 'the check for originals failed, and reprints are not to be sent (原创校验)'],
	['30002', 'the check for originals says that it must not be sent (原创校验)'],
	[
		'30003',
		'the check for originals says that it is a reprint, which is not to be sent (原创校验)',
	],
]);

const MASS_STATES: ReadonlyMap<string, string> = new Map([
	['send success', 'Sent'],
	['sending', 'Being sent'],
	['send fail', 'Failed'],
	['delete', 'Sent, then deleted'],
]);

/**
 * How a mass message ended: `Status` of the push, or `msg_status` of a call; undefined where neither is known. WeChat
 * sends numbers that its pages do not name, such as 20431.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/product/message/Batch_Sends.html
 */
export function toMassStatus(status: string): string | undefined {
	const [, code] = /^err\((\d+)\)$/.exec(status.trim()) ?? [];
	if (code) return `Refused: ${OBJECTIONS.get(code) ?? `reason ${code}`}`;
	return MASS_STATES.get(status.trim().toLowerCase().replace('_', ' '));
}
