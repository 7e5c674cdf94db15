import { findAdvice, ApiError } from '../../nodes/api/apiError';
import errcodes from '../../nodes/api/errcodes.json';

interface Advice {
	hint: string;
	retryable?: boolean;
	token?: boolean;
}

const codes: Record<string, Advice> = errcodes.codes;
const contexts: Record<string, Record<string, Advice>> = errcodes.contexts;
const all = [codes, ...Object.values(contexts)].flatMap((table) => Object.entries(table));

it('has the codes that people meet', () => {
	expect(Object.keys(codes).length).toBeGreaterThanOrEqual(417);
	for (const code of [-1, 40003, 40164, 45009, 45015, 47003, 48001, 61007, 89503, 268487001]) {
		expect(codes).toHaveProperty(`${code}`);
	}
});

it.each(all)('%s has advice in whole sentences', (code, advice) => {
	expect(code).toMatch(/^-?(?:0|[1-9]\d*)$/);
	expect(advice.hint).toMatch(/^[A-Z].*[^.\s]\.$/);
	expect(advice.hint.length).toBeLessThanOrEqual(300);
	expect(advice.hint).not.toMatch(/\s{2}/);
	expect(['hint', 'retryable', 'token']).toEqual(expect.arrayContaining(Object.keys(advice)));
	// A flag is there or not: false would only make the table longer.
	const { retryable, token } = advice;
	expect([undefined, true]).toContain(retryable);
	expect([undefined, true]).toContain(token);
	// Renewing the token is a repeat of its own; a pause does not cure it.
	expect(retryable && token).toBeFalsy();
});

it.each(['40001', '40014', '42001'])('%s asks for a new token', (code) => {
	expect(codes[code]?.token).toBe(true);
});

it.each(['-1', '45011', '42010', '268487001'])('%s can be repeated after a pause', (code) => {
	expect(codes[code]?.retryable).toBe(true);
});

it.each(['40003', '45009', '48001', '40164', '43004'])('%s cannot be repeated', (code) => {
	expect(codes[code]).toEqual({ hint: expect.any(String) as string });
});

it('names the address list and its page for 40164', () => {
	expect(codes['40164']?.hint).toContain('mp.weixin.qq.com');
	expect(codes['40164']?.hint).toContain('IP 白名单');
});

const IS_SUPPORT = '/cgi-bin/soter_3rdapp/is_support';
const VERIFY_ASK = '/cgi-bin/soter_3rdapp/verify_ask';

it('has advice of their own for some calls, by the end of their path', () => {
	const paths = Object.keys(contexts);
	expect(paths.sort()).toEqual(
		[
			'/cgi-bin/stable_token',
			'/cgi-bin/token',
			'/soter/verify_signature',
			'/soter_3rdapp/is_support',
			'/soter_3rdapp/verify_ask',
		].sort(),
	);
	// A path must have one context: the first that fits counts.
	for (const path of paths) expect(paths.filter((end) => path.endsWith(end))).toEqual([path]);
});

// SOTER's page lists 90001 to 90005 for each of its two calls, with other meanings.
it.each([
	[IS_SUPPORT, 90001, 'XML'],
	[IS_SUPPORT, 90002, 'MANUFACTURER'],
	[VERIFY_ASK, 90001, 'without ask_json.'],
	[VERIFY_ASK, 90002, 'without ask_json_signature'],
	[VERIFY_ASK, 90003, 'as the text'],
	[VERIFY_ASK, 90004, 'cpu_id'],
	[VERIFY_ASK, 90005, 'ATTK'],
])('%s: %i is explained for this call', (path, code, words) => {
	expect(findAdvice(code, path)?.hint).toContain(words);
	// The other spelling of the path, and a relay in a folder.
	expect(findAdvice(code, path.replace('/cgi-bin', ''))).toBe(findAdvice(code, path));
	expect(findAdvice(code, `/relay${path}`)).toBe(findAdvice(code, path));
	expect(new ApiError(code, 'no', path).advice).toBe(findAdvice(code, path)?.hint);
	expect(findAdvice(code)).toBeUndefined();
	expect(findAdvice(code, '/cgi-bin/tags/get')).toBeUndefined();
});

it('knows codes of one call only there', () => {
	expect(findAdvice(90003, IS_SUPPORT)).toBeUndefined();
	expect(findAdvice(90001, `${IS_SUPPORT}/more`)).toBeUndefined();
	expect(findAdvice(40003, IS_SUPPORT)).toBe(findAdvice(40003));
	expect(findAdvice(40125, '/cgi-bin/token')?.hint).toContain('mobile app');
	expect(findAdvice(40125, '/cgi-bin/stable_token')).toBe(findAdvice(40125));
	expect(findAdvice(48001, '/cgi-bin/stable_token')?.hint).toContain('Kind Mobile App');
});
