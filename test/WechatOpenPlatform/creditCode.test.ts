import { checkCreditCode } from '../../nodes/WechatOpenPlatform/creditCode';

/** 91350100M000100Y43 is the example of GB 32100-2015. */
test.each(['91350100M000100Y43', '91440300708461136T', ' 91440300ma5abcde1h\n'])(
	'%j is a unified social credit code',
	(code) => expect(checkCreditCode(code)).toBe(code.trim().toUpperCase()),
);

test.each([
	[
		'440301103097413',
		'"Credit Code (统一社会信用代码)" has 15 characters; a unified social credit code has 18',
	],
	[
		'12345678-X',
		'"Credit Code (统一社会信用代码)" has 10 characters; a unified social credit code has 18',
	],
	[
		'91350100M00010OY43',
		'"Credit Code (统一社会信用代码)" holds "O", which no unified social credit code has',
	],
	[
		'91350100M000100Y44',
		'"Credit Code (统一社会信用代码)" has a wrong check digit: one of its 18 characters is not right',
	],
	[
		'91350100M000010Y43',
		'"Credit Code (统一社会信用代码)" has a wrong check digit: one of its 18 characters is not right',
	],
])('%s is none: %s', (code, message) => {
	expect(() => checkCreditCode(code)).toThrow(message);
});
