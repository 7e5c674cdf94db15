import type { Call } from '../api/apiClient';
import type { Page } from './define';
import { pickPath } from './request';

/**
 * The entries of a paged list, page after page, at most `limit`. Ends when WeChat says that there is no more, names no
 * next page or the same one again, or sends an empty one: its last page may well name a next one.
 */
export async function listAll(
	page: Page,
	call: Call,
	send: (call: Call) => Promise<unknown>,
	limit: number,
): Promise<unknown[]> {
	if (page.offset) return await listByOffset(page.offset, page.items, call, send, limit);
	const { cursor = '', next = '', items } = page;
	const found: unknown[] = [];
	const place = findPlace(call);
	let from = String(call[place]?.[cursor] ?? '');
	while (found.length < limit) {
		const where = from ? { [cursor]: from } : {};
		const answer = await send({ ...call, [place]: { ...call[place], ...where } });
		const entries = readEntries(answer, items);
		for (const entry of entries) found.push(entry);
		const following = String(pickPath(answer, next) ?? '');
		if (isLast(answer) || entries.length === 0 || following === '' || following === from) break;
		from = following;
	}
	return found.length > limit ? found.slice(0, limit) : found;
}

/** Lists of orders say so beside the key of a next page. */
const isLast = (answer: unknown) => pickPath(answer, 'has_more') === false;

/** WeChat leaves out lists that are empty. */
function readEntries(answer: unknown, items: string): unknown[] {
	const entries = items ? pickPath(answer, items) : answer;
	return Array.isArray(entries) ? entries : [];
}

const findPlace = ({ method }: Call) => (method === 'GET' ? 'query' : 'body');

/** Ends with the first page that is not full: totals of WeChat's count what it does not show. */
async function listByOffset(
	{ skip, count, size }: NonNullable<Page['offset']>,
	items: string,
	call: Call,
	send: (call: Call) => Promise<unknown>,
	limit: number,
): Promise<unknown[]> {
	const found: unknown[] = [];
	const place = findPlace(call);
	const from = Number(call[place]?.[skip] ?? 0);
	for (;;) {
		const wanted = Math.min(size, limit - found.length);
		const where = { [skip]: from + found.length, [count]: wanted };
		const answer = await send({ ...call, [place]: { ...call[place], ...where } });
		const entries = readEntries(answer, items);
		for (const entry of entries) found.push(entry);
		if (entries.length < wanted || found.length >= limit) return found;
	}
}
