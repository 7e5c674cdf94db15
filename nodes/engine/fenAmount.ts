const YUAN = 100;
/** What people and shops write: 12.34, 12.00, ¥12, 12元. */
const WRITTEN_YUAN = /^[¥￥]?\s*(\d+(?:\.\d{1,2})?)\s*元?$/;

/**
 * Reads an amount of money in fen (分), of which 100 are one yuan.
 *
 * @returns the amount, or what is wrong with it, in both languages, as the end of a sentence that begins with the field.
 */
export function readFen(value: unknown): number | { problem: string; chinese: string } {
	const text = String(value).trim();
	if (/^\d+$/.test(text)) {
		const fen = Number(text);
		if (!Number.isSafeInteger(fen))
			return {
				problem: `is more than WeChat takes: ${text}`,
				chinese: `超出微信允许的金额：${text}`,
			};
		return fen > 0 ? fen : { problem: 'must be at least 1 fen (分)', chinese: '至少为 1 分' };
	}
	const [, yuan] = WRITTEN_YUAN.exec(text) ?? [];
	if (yuan === undefined)
		return {
			problem: `must be a whole number of fen (分), of which ${YUAN} are one yuan, and is ${text}`,
			chinese: `应是以分为单位的整数（1 元 = ${YUAN} 分），而不是 ${text}`,
		};
	return {
		problem: `is in whole fen (分), and ${text} looks like yuan: that is ${toFen(yuan)} fen`,
		chinese: `以分为单位，而 ${text} 像是元：应填 ${toFen(yuan)}`,
	};
}

/** Without the errors of fractions that JavaScript has: 0.29 * 100 is not 29. */
function toFen(yuan: string): string {
	const [whole, part = ''] = yuan.split('.');
	return String(BigInt(whole) * BigInt(YUAN) + BigInt(part.padEnd(2, '0')));
}
