import { isSignedWith, signFields } from '../../nodes/pay/paySignature';

/** The example of WeChat's page about signatures (签名算法). */
const KEY = '192006250b4c09247ec02edce69f6a2d';
const CALL = {
	appid: 'wxd930ea5d5a258f4f',
	mch_id: '10000100',
	device_info: '1000',
	body: 'test',
	nonce_str: 'ibuaiVcKdpRxkhJA',
};
const SIGN = '9A0A8659F005D6984697E2CA0A9CF3B7';

test('the signature of the example of WeChat is right', () =>
	expect(signFields(CALL, KEY)).toBe(SIGN));

test('the order of the fields, empty ones, a sign that is there and lists do not count', () => {
	const turned = Object.fromEntries(Object.entries(CALL).reverse());
	const more = { sign: 'x', empty: '', none: undefined, hblist: { hbinfo: [] } };
	expect(signFields({ ...turned, ...more }, KEY)).toBe(SIGN);
});

test('names are sorted by their characters: capital letters first', () => {
	// MD5 of B=2&a=3&b=1&key=k
	expect(signFields({ b: '1', B: '2', a: '3' }, 'k')).toBe('F7E64CD1F6723EBE87E698F0BCE5A572');
});

test('Chinese is signed as UTF-8', () => {
	expect(signFields({ wishing: '恭喜发财' }, 'k')).toMatch(/^[0-9A-F]{32}$/);
	expect(signFields({ wishing: '恭喜发财' }, 'k')).not.toBe(
		signFields({ wishing: '恭喜发材' }, 'k'),
	);
});

test.each([
	['right', { ...CALL, sign: SIGN }, true],
	['in small letters', { ...CALL, sign: SIGN.toLowerCase() }, false],
	['of another key', { ...CALL, sign: signFields(CALL, 'other') }, false],
	['too short', { ...CALL, sign: SIGN.slice(1) }, false],
	['of other fields', { ...CALL, body: 'best', sign: SIGN }, false],
])('a signature that is %s', (_, answer, verdict) =>
	expect(isSignedWith(answer, KEY)).toBe(verdict),
);
