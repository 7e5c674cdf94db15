import { createAccountClient } from '../../nodes/api/accountClient';
import type { Client } from '../../nodes/api/apiClient';
import { createPlatformClient } from '../../nodes/api/platformClient';
import type { Http } from '../../nodes/base/http';
import { signCard, signPage, getTicket } from '../../nodes/api/jsTicket';
import { createRecordStore, mergeStates, type State, type Store } from '../../nodes/api/state';
import { createTokenCache, type TokenCache } from '../../nodes/api/tokenCache';
import { createProcessAt } from '../support/services';
import { emptyStore } from '../support/emptyStore';

const app = { appId: 'wx1', appSecret: 'very-secret', baseUrl: '' };
const T0 = 1_414_587_457_000;
let now: number;
/** Of one process, whoever calls. */
let tokens: TokenCache;
beforeEach(() => {
	now = T0;
	tokens = createTokenCache(() => now);
});

/** A WeChat that hands out `ticket`, or a new one for each call, and the kinds that were asked for. */
function handingOut(
	ticket?: string,
	of = app,
	store: Store = emptyStore,
): { client: Client; asked: string[] } {
	const asked: string[] = [];
	const http: Http = async ({ url }) => {
		const isTicket = url.pathname === '/cgi-bin/ticket/getticket';
		if (isTicket) asked.push(url.searchParams.get('type') ?? '');
		const answer = isTicket
			? { errcode: 0, errmsg: 'ok', ticket: ticket ?? `T${asked.length}`, expires_in: 7200 }
			: { access_token: 'A', expires_in: 7200 };
		const body = Buffer.from(JSON.stringify(answer));
		return { status: 200, contentType: '', disposition: '', body };
	};
	return {
		client: createAccountClient(
			of,
			store,
			createProcessAt(() => now, { http, tokens }),
		),
		asked,
	};
}

/** Source: "JS-SDK", appendix 1. */
const TICKET =
	'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg';

test.each([
	'http://mp.weixin.qq.com?params=value',
	' http://mp.weixin.qq.com?params=value#/home?a=b#c\n',
])('a page %j is signed as the example of WeChat is', async (address) => {
	now = T0 + 999;
	const { client } = handingOut(TICKET);
	expect(await signPage(client, address, 'Wm3WZYTPz0wzccnW')).toEqual({
		appId: 'wx1',
		timestamp: 1414587457,
		nonceStr: 'Wm3WZYTPz0wzccnW',
		signature: '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
		url: 'http://mp.weixin.qq.com?params=value',
	});
});

test.each(['', 'example.com/page', 'https://', 'ftp://example.com', '#https://example.com'])(
	'%j is not a page, and costs no ticket',
	async (address) => {
		const { client, asked } = handingOut();
		await expect(signPage(client, address)).rejects.toThrow('is not the address of a page');
		expect(asked).toEqual([]);
	},
);

test('a nonce is used once', async () => {
	const { client } = handingOut();
	const [one, two] = [await signPage(client, 'https://a'), await signPage(client, 'https://a')];
	expect(one.nonceStr).toMatch(/^[a-z0-9]{32}$/);
	expect(two.nonceStr).not.toBe(one.nonceStr);
});

/** Source: "JS-SDK", appendix 4; the ticket of the example ends in a blank. */
test('a card is signed as the example of WeChat is', async () => {
	const { client, asked } = handingOut('ojZ8YtyVyr30HheH3CM73y7h4jJE ');
	now = 1_404_896_688_000;
	const card = { cardId: 'pjZ8Yt1XGILfi-FUsewpnnolGgZk', code: 'jonyqin_1434008071' };
	const { cardId, cardExt } = await signCard(client, card, 'jonyqin');
	expect(cardId).toBe('pjZ8Yt1XGILfi-FUsewpnnolGgZk');
	expect(JSON.parse(cardExt)).toEqual({
		code: 'jonyqin_1434008071',
		timestamp: '1404896688',
		nonce_str: 'jonyqin',
		signature: '6b81fbf6af16e856334153b39737556063c82689',
	});
	expect(asked).toEqual(['wx_card']);
});

describe('a ticket', () => {
	test('is asked for once while it lives, by all runs together', async () => {
		const { client, asked } = handingOut();
		const ask = async (at: number) => {
			now = at;
			return await getTicket(client, 'jsapi');
		};
		expect(await Promise.all([ask(T0), ask(T0), ask(T0)])).toEqual(['T1', 'T1', 'T1']);
		expect(await ask(T0 + 6_899_999)).toBe('T1');
		expect(await ask(T0 + 6_900_000)).toBe('T2');
		expect(asked).toEqual(['jsapi', 'jsapi']);
	});

	test('belongs to one account, one credential and one purpose', async () => {
		const others = [
			{ ...app, appId: 'wx2' },
			{ ...app, appSecret: 'another' },
			{ ...app, baseUrl: 'https://relay.example.com' },
		];
		const { client } = handingOut();
		expect(await getTicket(client, 'jsapi')).toBe('T1');
		expect(await getTicket(client, 'wx_card')).toBe('T2');
		for (const [index, other] of others.entries())
			expect(await getTicket(handingOut(`of ${index}`, other).client, 'jsapi')).toBe(`of ${index}`);
		expect(await getTicket(client, 'jsapi')).toBe('T1');
	});

	test('of accounts behind a platform is told apart too', () => {
		const keyOf = (appId: string) => createPlatformClient(app, emptyStore, appId).key;
		expect(new Set([keyOf('wx8'), keyOf('wx9'), handingOut().client.key]).size).toBe(3);
		expect(keyOf('wx8')).toBe(keyOf('wx8'));
		expect(keyOf('wx8')).not.toContain('very-secret');
	});

	test('that was refused is asked for again', async () => {
		let tries = 0;
		const { client } = handingOut();
		const failing: Client = {
			...client,
			send: async (call) =>
				await (tries++
					? client.send(call)
					: Promise.reject(new Error('reach max api daily quota'))),
		};
		await expect(getTicket(failing, 'jsapi')).rejects.toThrow('reach max');
		expect(await getTicket(failing, 'jsapi')).toBe('T1');
	});
});

// WeChat gives few tickets, and each new one ends the one before.
test('processes that share their state share a ticket', async () => {
	let state: State = { of: '' };
	const store: Store = {
		...createRecordStore({
			read: async () => state,
			save: async (change) => void (state = mergeStates(state, { of: '', ...change })),
		}),
		lock: async (_, work) => await work(),
	};
	const one = handingOut(undefined, app, store);
	expect(await getTicket(one.client, 'jsapi')).toBe('T1');
	tokens = createTokenCache(() => now);
	const next = handingOut(undefined, app, store);
	expect(await getTicket(next.client, 'jsapi')).toBe('T1');
	expect(next.asked).toEqual([]);
	await getTicket(next.client, 'wx_card');
	expect(next.asked).toEqual(['wx_card']);
});
