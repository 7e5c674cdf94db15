import { adviceOn } from '../../nodes/api/advice';
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
	expect(Object.keys(contexts)).toEqual(['soter_3rdapp']);
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

it('knows some codes in their own family of calls only', () => {
	expect(adviceOn(90005, 'soter_3rdapp')?.hint).toContain('device');
	expect(adviceOn(90005)).toBeUndefined();
	expect(adviceOn(40003, 'soter_3rdapp')).toBe(adviceOn(40003));
});
