import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { buildPush, type SimAccount } from '../../simulator';

/** A push as it goes over the wire. */
export interface Sealed {
	query: string;
	body: string;
}

/** Different messages, sealed as WeChat seals them. */
export const sealed = (account: SimAccount, count: number, visitors = ['oVisitor']): Sealed[] =>
	Array.from({ length: count }, (_, n) => {
		const message = {
			FromUserName: visitors[n % visitors.length],
			MsgType: 'text',
			Content: `你好 ${n}`,
		};
		const { query, body } = buildPush(account, message);
		return { query: new URLSearchParams(query).toString(), body };
	});

async function push(pool: Pool, pathname: string, { query, body }: Sealed): Promise<void> {
	const answer = await pool.request({
		method: 'POST',
		path: `${pathname}?${query}`,
		headers: { 'content-type': 'text/xml' },
		body,
	});
	const text = await answer.body.text();
	if (answer.statusCode !== 200 || text !== 'success')
		throw new Error(`n8n answered ${answer.statusCode} ${text.slice(0, 200)}`);
}

/** Pushes all, `at` at a time; answers how many seconds it took. */
export async function pushAll(address: string, pushes: Sealed[], at = 16): Promise<number> {
	const { origin, pathname } = new URL(address);
	const pool = new Pool(origin, { connections: at });
	const left = [...pushes];
	const began = performance.now();
	await Promise.all(
		Array.from({ length: at }, async () => {
			for (let next = left.pop(); next; next = left.pop()) await push(pool, pathname, next);
		}),
	);
	const seconds = (performance.now() - began) / 1000;
	await pool.close();
	return seconds;
}

/** Pushes at a steady rate, whatever the answers do; the milliseconds that each took. */
export async function pushSteadily(
	address: string,
	pushes: Sealed[],
	perSecond: number,
): Promise<number[]> {
	const { origin, pathname } = new URL(address);
	const pool = new Pool(origin, { connections: 64 });
	const began = performance.now();
	const times = await Promise.all(
		pushes.map(async (one, index) => {
			const due = began + (index * 1000) / perSecond;
			await sleep(Math.max(0, due - performance.now()));
			await push(pool, pathname, one);
			return performance.now() - due;
		}),
	);
	await pool.close();
	return times;
}
