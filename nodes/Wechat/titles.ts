import type { Client } from '../api/client';

/** A title of WeChat's library of templates (公共模板库). */
export interface Title {
	tid: number;
	title: string;
	/** 2: for one message, 3: for any number (一次性订阅, 长期订阅). */
	type: number;
	categoryId: string;
}

/** Most titles in one call. */
export const TITLES = 30;

/** Titles of some categories, at most `limit`, beginning behind as many as `start` says. */
export async function listOfTitles(
	send: Client['send'],
	query: { ids: unknown },
	limit: number,
	start = 0,
): Promise<Title[]> {
	const found: Title[] = [];
	for (;;) {
		const wanted = Math.min(TITLES, limit - found.length);
		const { data = [] } = await send({
			method: 'GET',
			path: '/wxaapi/newtmpl/getpubtemplatetitles',
			query: { ...query, start: start + found.length, limit: wanted },
		});
		found.push(...(data as Title[]));
		if ((data as Title[]).length < wanted || found.length >= limit) return found;
	}
}
