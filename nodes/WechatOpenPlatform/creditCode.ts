import { UserError } from '../base/userError';

/** The signs of a unified social credit code in the order of their values: no I, O, S, V and Z. */
const SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const LENGTH = 18;

/**
 * Checks a unified social credit code (统一社会信用代码), and returns it in capital letters.
 *
 * @throws {UserError} when its length, a sign or its check digit is wrong
 * @see https://openstd.samr.gov.cn/bzgk/gb/newGbInfo?hcno=24691C25985C1073D3A7C85629378AC0 GB 32100-2015
 */
export function checkCreditCode(text: string): string {
	const code = text.trim().toUpperCase();
	const signs = [...code];
	if (signs.length !== LENGTH)
		throw describe(
			`has ${signs.length} characters; a unified social credit code has 18`,
			`有 ${signs.length} 位，应为 18 位`,
		);
	const wrong = signs.find((sign) => !SIGNS.includes(sign));
	if (wrong)
		throw describe(
			`holds "${wrong}", which no unified social credit code has`,
			`含有代码中不使用的字符“${wrong}”`,
		);
	if (signs[LENGTH - 1] !== findCheckDigit(signs))
		throw describe(
			'has a wrong check digit: one of its 18 characters is not right',
			'的校验码不符，18 位中有一位不对',
		);
	return code;
}

/** The first 17 signs weigh powers of 3, modulo 31. */
function findCheckDigit(signs: string[]): string {
	let sum = 0;
	let weight = 1;
	for (const sign of signs.slice(0, LENGTH - 1)) {
		sum += weight * SIGNS.indexOf(sign);
		weight = (weight * 3) % SIGNS.length;
	}
	return SIGNS[(SIGNS.length - (sum % SIGNS.length)) % SIGNS.length];
}

const describe = (problem: string, problemInChinese: string) =>
	new UserError(
		`"Credit Code (统一社会信用代码)" ${problem}`,
		'Copy the unified social credit code (统一社会信用代码) from the business license (营业执照). WeChat has taken no other number of a company since 30 April 2026.',
		`“统一社会信用代码”${problemInChinese}：请照营业执照填写；2026 年 4 月 30 日起微信不再接受企业的其他编号。`,
	);
