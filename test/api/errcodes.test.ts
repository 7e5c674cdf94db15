import { createAccountClient } from '../../nodes/api/accountClient';
import { findHint, ApiError } from '../../nodes/api/apiError';
import errcodes from '../../nodes/api/errcodes.json';
import { pauses, services } from '../support/services';
import { useSimulator } from '../support/simulator';
import { emptyStore } from '../support/emptyStore';

interface ReturnCode {
	hint: string;
	chinese: string;
	do?: string;
}

const codes: Record<string, ReturnCode> = errcodes.codes;
const contexts: Record<string, Record<string, ReturnCode>> = errcodes.contexts;
const all = [codes, ...Object.values(contexts)].flatMap((table) => Object.entries(table));

it('has the codes that people meet', () => {
	for (const code of [-1, 40003, 40164, 45009, 45015, 47003, 48001, 61007, 89503, 268487001]) {
		expect(codes).toHaveProperty(`${code}`);
	}
});

it.each(all)('%s has a hint in whole sentences', (code, entry) => {
	expect(code).toMatch(/^-?(?:0|[1-9]\d*)$/);
	expect(entry.hint).toMatch(/^[A-Z].*[^.\s]\.$/);
	expect(entry.hint.length).toBeLessThanOrEqual(300);
	expect(entry.hint).not.toMatch(/\s{2}/);
	expect(['hint', 'chinese', 'do']).toEqual(expect.arrayContaining(Object.keys(entry)));
});

it.each(all)('%s has a hint for readers of Chinese, with the same pages and fields', (_, entry) => {
	const { hint, chinese } = entry;
	expect(chinese).toMatch(/^.*[\u4e00-\u9fff].*。$/);
	expect(chinese.length).toBeLessThanOrEqual(200);
	expect(chinese).not.toMatch(/[\u4e00-\u9fff][,;:!?.]|\s{2}/);
	const pages = hint.match(/[a-z]+\.weixin\.qq\.com/g) ?? [];
	const words = [...hint.matchAll(/\(([^()]*[\u4e00-\u9fff][^()]*)\)/g)].map(([, word]) => word);
	const fields = hint.match(/[A-Za-z]+_[A-Za-z_]+/g) ?? [];
	for (const part of [...pages, ...words, ...fields]) expect(chinese).toContain(part);
});

describe('what the table says is done', () => {
	const simulator = useSimulator();
	const path = '/cgi-bin/tags/get';
	/** How often a call is sent that is refused once with this code, and after which pauses. */
	async function refuseOnce(errcode: number) {
		const { url, account } = simulator();
		const app = { appId: account.appId, appSecret: account.secret, baseUrl: url };
		const client = createAccountClient(app, emptyStore, services);
		await client.send({ method: 'GET', path });
		const [calls, tokens] = [simulator().count(path), simulator().count('/cgi-bin/stable_token')];
		simulator().fault({ path, answer: { errcode, errmsg: 'no' } });
		await client.send({ method: 'GET', path }).catch(() => {});
		return {
			calls: simulator().count(path) - calls,
			isRenewed: simulator().count('/cgi-bin/stable_token') > tokens,
			waits: pauses.length,
		};
	}
	const done = Object.entries(codes).filter(([, entry]) => entry.do);

	it('is said of some codes', () => expect(done.length).toBeGreaterThan(0));

	it.each(done)('%s', async (code, entry) => {
		const renews = { calls: 2, isRenewed: true, waits: 0 };
		const waits = { calls: 2, isRenewed: false, waits: 1 };
		expect(['renew', 'wait']).toContain(entry.do);
		expect(await refuseOnce(Number(code))).toEqual(entry.do === 'renew' ? renews : waits);
	});

	it.each(['40003', '45009', '48001', '40164', '43004', '42010'])(
		'%s: the call is not repeated',
		async (code) => {
			expect(codes[code].do).toBeUndefined();
			expect(await refuseOnce(Number(code))).toEqual({ calls: 1, isRenewed: false, waits: 0 });
		},
	);
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
			...['batchget', 'delete', 'get', 'getarticle', 'submit'].map(
				(name) => `/cgi-bin/freepublish/${name}`,
			),
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
	expect(findHint(code, path)?.hint).toContain(words);
	// The other spelling of the path, and a relay in a folder.
	expect(findHint(code, path.replace('/cgi-bin', ''))).toBe(findHint(code, path));
	expect(findHint(code, `/relay${path}`)).toBe(findHint(code, path));
	expect(new ApiError({ errcode: code, errmsg: 'no', path })).toMatchObject(
		findHint(code, path) as object,
	);
	expect(findHint(code)).toBeUndefined();
	expect(findHint(code, '/cgi-bin/tags/get')).toBeUndefined();
});

it('knows codes of one call only there', () => {
	expect(findHint(90003, IS_SUPPORT)).toBeUndefined();
	expect(findHint(90001, `${IS_SUPPORT}/more`)).toBeUndefined();
	expect(findHint(40003, IS_SUPPORT)).toBe(findHint(40003));
	expect(findHint(40125, '/cgi-bin/token')?.hint).toContain('mobile app');
	expect(findHint(40125, '/cgi-bin/stable_token')).toBe(findHint(40125));
	expect(findHint(48001, '/cgi-bin/stable_token')?.hint).toContain('Kind Mobile App');
});
