import { listAll } from '../../nodes/engine/pagination';
import type { Call } from '../../nodes/api/apiClient';

const page = { cursor: 'next_openid', next: 'next_openid', items: 'data.openid' };
const call: Call = { method: 'GET', path: '/cgi-bin/user/get' };

/** Answers like WeChat: three followers, two a page. */
function followers(lastCursor: string) {
	const asked: unknown[] = [];
	const send = async ({ query }: Call) => {
		asked.push(query?.next_openid);
		if (!query?.next_openid) return { count: 2, data: { openid: ['a', 'b'] }, next_openid: 'b' };
		if (query.next_openid === 'b')
			return { count: 1, data: { openid: ['c'] }, next_openid: lastCursor };
		return { count: 0, next_openid: '' };
	};
	return { asked, send };
}

// "Get followers" (获取用户列表): the last page may name its last entry as next, and then an empty page without data follows.
test.each(['', 'c'])(
	'a list has all pages, when the last one names %j as next',
	async (lastCursor) => {
		const { send } = followers(lastCursor);
		expect(await listAll(page, call, send, Infinity)).toEqual(['a', 'b', 'c']);
	},
);

test('a list asks for no page more than the limit needs', async () => {
	const { asked, send } = followers('c');
	expect(await listAll(page, call, send, 1)).toEqual(['a']);
	expect(asked).toEqual([undefined]);
	expect(await listAll(page, call, send, 2)).toEqual(['a', 'b']);
	expect(asked).toEqual([undefined, undefined]);
});

test('a list begins where the call says', async () => {
	const { asked, send } = followers('');
	expect(await listAll(page, { ...call, query: { next_openid: 'b' } }, send, 9)).toEqual(['c']);
	expect(asked).toEqual(['b']);
});

test('a list ends when WeChat goes round in circles', async () => {
	const send = async () => ({ data: { openid: ['a'] }, next_openid: 'a' });
	expect(await listAll(page, call, send, Infinity)).toEqual(['a', 'a']);
});

test('a list ends at an empty page, whatever it names as next', async () => {
	let pages = 0;
	const send = async () => {
		if (++pages > 1) throw new Error('asked again');
		return { data: { openid: [] }, next_openid: 'x' };
	};
	expect(await listAll(page, call, send, Infinity)).toEqual([]);
});

// "has_more: 是否还有下一页" beside next_key, of lists of orders and after-sales:
// https://developers.weixin.qq.com/doc/store/shop/API/channels-shop-order/api_getorderlist.html
test('a list ends where WeChat says that there is no more, whatever it names as next', async () => {
	let pages = 0;
	const send = async () => {
		if (++pages > 2) throw new Error('asked again');
		return { data: { openid: [`${pages}`] }, next_openid: `${pages}`, has_more: pages < 2 };
	};
	expect(await listAll(page, call, send, Infinity)).toEqual(['1', '2']);
});

test('a list puts the cursor into the body of POST calls', async () => {
	const bodies: unknown[] = [];
	const send = async ({ body }: Call) => {
		bodies.push(body);
		return bodies.length === 1 ? { data: { openid: ['a'] }, next_openid: 'a' } : {};
	};
	await listAll({ ...page, cursor: 'begin_openid' }, { path: '/x', body: { tagid: 1 } }, send, 9);
	expect(bodies).toEqual([{ tagid: 1 }, { tagid: 1, begin_openid: 'a' }]);
});

describe('by offset', () => {
	const offset = { offset: { skip: 'offset', count: 'count', size: 2 }, items: 'list' };
	const listed = (entries: number) => {
		const bodies: unknown[] = [];
		const all = Array.from({ length: entries }, (_, n) => n);
		const send = async ({ body }: Call) => {
			bodies.push(body);
			const { offset: skip, count } = body as { offset: number; count: number };
			return { total_count: 99, list: all.slice(skip, skip + count) };
		};
		const list = async (limit: number) =>
			await listAll(offset, { path: '/x', body: { a: 1 } }, send, limit);
		return { bodies, list };
	};

	test.each([
		[5, Infinity, [0, 1, 2, 3, 4], [0, 2, 4]],
		[4, Infinity, [0, 1, 2, 3], [0, 2, 4]],
		[0, Infinity, [], [0]],
		[5, 4, [0, 1, 2, 3], [0, 2]],
	])('%i entries, at most %d', async (entries, limit, expected, skipped) => {
		const { bodies, list } = listed(entries);
		expect(await list(limit)).toEqual(expected);
		expect(bodies).toEqual(skipped.map((skip) => ({ a: 1, offset: skip, count: 2 })));
	});

	test('puts the place into the query of GET calls', async () => {
		const calls: Call[] = [];
		const send = async (asked: Call) => {
			calls.push(asked);
			return { list: calls.length === 1 ? [1, 2] : [3] };
		};
		const get: Call = { method: 'GET', path: '/x', query: { ids: '1' } };
		expect(await listAll(offset, get, send, Infinity)).toEqual([1, 2, 3]);
		expect(calls).toEqual([
			{ ...get, query: { ids: '1', offset: 0, count: 2 } },
			{ ...get, query: { ids: '1', offset: 2, count: 2 } },
		]);
	});

	test('asks for no entry more than the limit', async () => {
		const { bodies, list } = listed(5);
		expect(await list(3)).toEqual([0, 1, 2]);
		expect(bodies).toMatchObject([
			{ offset: 0, count: 2 },
			{ offset: 2, count: 1 },
		]);
	});
});

test('a list by offset begins where the call says', async () => {
	const asked: unknown[] = [];
	const send = async ({ query }: { query?: Record<string, unknown> }) => {
		asked.push([query?.start, query?.limit]);
		return { data: query?.start === 60 ? ['c'] : ['a', 'b'] };
	};
	const page = { offset: { skip: 'start', count: 'limit', size: 2 }, items: 'data' };
	const call = { method: 'GET', path: '/x', query: { start: '58' } } as const;
	expect(await listAll(page, call, send, Infinity)).toEqual(['a', 'b', 'c']);
	expect(asked).toEqual([
		[58, 2],
		[60, 2],
	]);
});
