import { listAll } from '../../nodes/table/list';
import type { Call } from '../../nodes/api/client';

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
test.each(['', 'c'])('all pages, when the last one names %j as next', async (lastCursor) => {
	const { send } = followers(lastCursor);
	expect(await listAll(page, call, send, Infinity)).toEqual(['a', 'b', 'c']);
});

test('no page more than the limit needs', async () => {
	const { asked, send } = followers('c');
	expect(await listAll(page, call, send, 1)).toEqual(['a']);
	expect(asked).toEqual([undefined]);
	expect(await listAll(page, call, send, 2)).toEqual(['a', 'b']);
	expect(asked).toEqual([undefined, undefined]);
});

test('begins where it is told to', async () => {
	const { asked, send } = followers('');
	expect(await listAll(page, { ...call, query: { next_openid: 'b' } }, send, 9)).toEqual(['c']);
	expect(asked).toEqual(['b']);
});

test('ends when WeChat goes round in circles', async () => {
	const send = async () => ({ data: { openid: ['a'] }, next_openid: 'a' });
	expect(await listAll(page, call, send, Infinity)).toEqual(['a', 'a']);
});

test('ends at an empty page, whatever it names as next', async () => {
	let pages = 0;
	const send = async () => {
		if (++pages > 1) throw new Error('asked again');
		return { data: { openid: [] }, next_openid: 'x' };
	};
	expect(await listAll(page, call, send, Infinity)).toEqual([]);
});

test('puts the cursor into the body of POST calls', async () => {
	const bodies: unknown[] = [];
	const send = async ({ body }: Call) => {
		bodies.push(body);
		return bodies.length === 1 ? { data: { openid: ['a'] }, next_openid: 'a' } : {};
	};
	await listAll({ ...page, cursor: 'begin_openid' }, { path: '/x', body: { tagid: 1 } }, send, 9);
	expect(bodies).toEqual([{ tagid: 1 }, { tagid: 1, begin_openid: 'a' }]);
});
