import type { App } from '../../nodes/api/app';
import { sendHttp, type Http, type HttpRequest } from '../../nodes/base/http';
import type { ApiError } from '../../nodes/api/apiError';
import { createPlatformClient } from '../../nodes/api/platformClient';
import {
	createRecordStore,
	findProblem,
	mergeStates,
	type State,
	type Store,
} from '../../nodes/api/state';
import {
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	SECOND_ACCOUNT,
	type Simulator,
} from '../simulator';
import { createProcessAt, duringPauses, pauses, restartProcess } from '../support/services';
import { PlatformApi as RightClient, clock, startWithPlatform } from '../simulator/test/support';

const FIRST = DEFAULT_ACCOUNT.appId;
const SECOND = SECOND_ACCOUNT.appId;
const MINI = MINI_PROGRAM_ACCOUNT.appId;
const COMPONENT_TOKEN = '/cgi-bin/component/api_component_token';
const RENEWAL = '/cgi-bin/component/api_authorizer_token';
const EXCHANGE = '/cgi-bin/component/api_query_auth';
const LIST = '/cgi-bin/component/api_get_authorizer_list';
const INFO = '/cgi-bin/component/api_get_authorizer_info';
const USERS = { method: 'GET', path: '/cgi-bin/user/get' } as const;
const HOUR = 3_600_000;

let simulator: Simulator;
let saved: State;
let saves: Array<Omit<State, 'of'>>;
const store: Store = createRecordStore({
	read: async () => {
		await new Promise(setImmediate);
		return structuredClone(saved);
	},
	save: async (change) => {
		await new Promise(setImmediate);
		saves.push(change);
		saved = mergeStates(saved, structuredClone({ of: 'platform', ...change }));
	},
});

/** How far the clocks of n8n are ahead of WeChat's, in milliseconds. */
let skew = 0;

/** A process of n8n: what it has in memory is its own. */
function newProcess() {
	const services = createProcessAt(() => clock.now + skew);
	const { appId, secret } = simulator.platform.settings;
	const app = { appId, appSecret: secret, baseUrl: simulator.url };
	return (account?: string, http: Http = sendHttp, kept = store, changes: Partial<App> = {}) =>
		createPlatformClient({ ...app, ...changes }, kept, account, { ...services, http });
}
let platform: ReturnType<typeof newProcess>;

async function start(...options: Parameters<typeof startWithPlatform>): Promise<void> {
	simulator = await startWithPlatform(...options);
	saved = { of: 'platform' };
	saves = [];
	platform = newProcess();
	await platform().receiveTicket(await new RightClient(simulator).ticket());
}
beforeEach(async () => {
	restartProcess();
	await start();
});
afterEach(async () => await simulator.close());

async function authorize(appId: string, by = platform): Promise<string> {
	const { code } = await simulator.platform.authorize(appId, { push: false });
	return await by().exchange(code);
}

/** Paths that were called while `work` ran. */
async function callsOf(work: () => Promise<unknown>): Promise<string[]> {
	const before = simulator.calls.length;
	await work();
	return simulator.calls.slice(before).map(({ path }) => path);
}
const count = (paths: string[], path: string) => paths.filter((one) => one === path).length;

async function failure(work: Promise<unknown>): Promise<ApiError> {
	return await work.then(
		() => Promise.reject(new Error('it succeeded')),
		(error: unknown) => error as ApiError,
	);
}

describe('tokens', () => {
	test('100 runs at once with everything expired: one renewal of the platform, one per account', async () => {
		for (const appId of [FIRST, SECOND, MINI]) await authorize(appId);
		clock.now += 3 * HOUR;
		const calls = await callsOf(async () => {
			await Promise.all(
				Array.from({ length: 99 }, async (_, run) => {
					const account = [FIRST, SECOND, MINI][run % 3];
					return await platform(account).send(USERS);
				}),
			);
		});
		expect(count(calls, COMPONENT_TOKEN)).toBe(1);
		expect(count(calls, RENEWAL)).toBe(3);
		expect(count(calls, USERS.path)).toBe(99);
		expect(calls).toHaveLength(103);
	});

	test('are renewed at 1 h 50 min', async () => {
		await authorize(FIRST);
		clock.now += 109 * 60_000;
		expect(await callsOf(() => platform(FIRST).send(USERS))).toEqual([USERS.path]);
		clock.now += 60_000;
		expect(await callsOf(() => platform(FIRST).send(USERS))).toEqual([
			COMPONENT_TOKEN,
			RENEWAL,
			USERS.path,
		]);
	});

	test('that WeChat refuses (40001) cost one renewal and one repetition', async () => {
		await authorize(FIRST);
		await platform(FIRST).send(USERS);
		simulator.fault({ path: USERS.path, answer: { errcode: 40001, errmsg: 'not latest' } });
		expect(await callsOf(() => platform(FIRST).send(USERS))).toEqual([
			USERS.path,
			RENEWAL,
			USERS.path,
		]);
	});

	test('that all died in WeChat are all renewed', async () => {
		await authorize(FIRST);
		simulator.platform.revokeTokens();
		expect(await callsOf(() => platform(FIRST).send(USERS))).toEqual([
			USERS.path,
			RENEWAL,
			COMPONENT_TOKEN,
			RENEWAL,
			USERS.path,
		]);
	});

	test.each([42006, 61014])(
		'of the platform are refused with %i where others are with 42001',
		async (errcode) => {
			await platform().startTicketPush();
			await platform().send({ path: LIST, bearer: 'component', body: { offset: 0, count: 1 } });
			simulator.fault({
				path: LIST,
				answer: { errcode, errmsg: 'component_access_token expired' },
			});
			const calls = await callsOf(() =>
				platform().send({ path: LIST, bearer: 'component', body: { offset: 0, count: 1 } }),
			);
			expect(calls).toEqual([LIST, COMPONENT_TOKEN, LIST]);
		},
	);

	test('of the platform outlive a restart', async () => {
		const ask = async (by: typeof platform) =>
			await by().send({ path: LIST, bearer: 'component', body: { offset: 0, count: 1 } });
		await ask(platform);
		expect(await callsOf(() => ask(newProcess()))).toEqual([LIST]);
	});

	test('of the platform are called component_access_token below /cgi-bin/component/ only', async () => {
		const asked: HttpRequest[] = [];
		const http: Http = async (request) => {
			asked.push(request);
			return await sendHttp(request);
		};
		const own = { bearer: 'component', body: { offset: 0, count: 1 } } as const;
		await platform(undefined, http).send({ path: LIST, ...own });
		const quota = '/cgi-bin/openapi/quota/get';
		simulator.fault({ path: quota, answer: {} });
		await platform(undefined, http).send({ path: quota, ...own });
		const names = asked.slice(-2).map(({ url }) => [...url.searchParams.keys()]);
		expect(names).toEqual([['component_access_token'], ['access_token']]);
	});

	test('that another process renewed are adopted', async () => {
		await authorize(FIRST);
		clock.now += 3 * HOUR;
		const other = newProcess();
		await other(FIRST).send(USERS);
		expect(await callsOf(() => platform(FIRST).send(USERS))).toEqual([USERS.path]);
	});

	test('of two processes on one state settle: neither takes them from the other for long', async () => {
		await authorize(FIRST);
		const other = newProcess();
		clock.now += 3 * HOUR;
		const both = async () =>
			await Promise.all([platform(FIRST).send(USERS), other(FIRST).send(USERS)]);
		const first = await callsOf(both);
		expect(count(first, COMPONENT_TOKEN)).toBeLessThanOrEqual(4);
		await both();
		for (let round = 0; round < 5; round++)
			expect(await callsOf(both)).toEqual([USERS.path, USERS.path]);
	});

	test('of an account are those of one platform, also where it has authorized two', async () => {
		await authorize(FIRST);
		await platform(FIRST).send(USERS);
		const empty = createRecordStore({
			read: async () => ({ of: 'other' }),
			save: async () => {},
		});
		const { message } = await failure(
			platform(FIRST, sendHttp, empty, { appId: 'wxother' }).send(USERS),
		);
		expect(message).toContain('has not pushed a ticket');
	});

	test('of an account that is forgotten while they are renewed stay forgotten', async () => {
		await authorize(FIRST);
		clock.now += 3 * HOUR;
		const late: Http = async (request) => {
			const answer = await sendHttp(request);
			if (request.url.pathname === RENEWAL) await platform().forget(FIRST);
			clock.now += 1;
			return answer;
		};
		await platform(FIRST, late).send(USERS);
		expect(saved.accounts?.[FIRST]).toEqual({ at: expect.any(Number) as number, gone: true });
	});

	test('are of the account that is asked for', async () => {
		for (const appId of [FIRST, SECOND]) await authorize(appId);
		for (const appId of [FIRST, SECOND]) {
			const { data } = (await platform(appId).send(USERS)) as { data: { openid: string[] } };
			expect(data.openid).toEqual(simulator.openids(appId));
		}
	});
});

describe('tickets', () => {
	const ask = () =>
		platform().send({ path: LIST, bearer: 'component', body: { offset: 0, count: 1 } });

	test('that never came are an error that says how long to wait, and what to run', async () => {
		saved = { of: 'platform' };
		const { message, hint } = await failure(ask());
		expect(message).toContain('has not pushed a ticket');
		expect(hint).toMatch(/ten minutes/);
		expect(hint).toMatch(/Start Ticket Push/);
		expect(simulator.count(COMPONENT_TOKEN)).toBe(0);
	});

	test.each([61005, 61006])(
		'that are refused (%i) are taken anew from the state',
		async (errcode) => {
			const known = saved.ticket?.value;
			const newest = await new RightClient(simulator).ticket();
			const tried: unknown[] = [];
			const late: Http = async (request) => {
				const body = JSON.parse(String(request.body)) as Record<string, unknown>;
				if (body.component_verify_ticket) tried.push(body.component_verify_ticket);
				const answer = await sendHttp(request);
				// It came while the old one was on its way.
				if (request.url.pathname === COMPONENT_TOKEN && saved.ticket?.value !== newest)
					await store.save({ ticket: { value: newest, at: clock.now + 1 } });
				return answer;
			};
			simulator.fault({
				path: COMPONENT_TOKEN,
				answer: { errcode, errmsg: 'component ticket is expired' },
			});
			await platform(undefined, late).send({
				path: LIST,
				bearer: 'component',
				body: { offset: 0, count: 1 },
			});
			expect(simulator.count(COMPONENT_TOKEN)).toBe(2);
			expect(tried).toEqual([known, newest]);
		},
	);

	test('that are refused, with no newer one, are an error and no loop', async () => {
		simulator.platform.expireTicket();
		const { errcode: code, hint } = await failure(ask());
		expect(code).toBe(61005);
		expect(hint).toMatch(/Start Ticket Push/);
		expect(simulator.count(COMPONENT_TOKEN)).toBe(1);
	});

	test('are kept with the time when they came', async () => {
		clock.now += 600_000;
		await platform().receiveTicket('ticket@@@new');
		expect(saved.ticket).toEqual({ value: 'ticket@@@new', at: clock.now });
	});

	test('that are empty do not take the place of the one before', async () => {
		const before = saved.ticket;
		await expect(platform().receiveTicket('')).rejects.toThrow('ComponentVerifyTicket');
		expect(saved.ticket).toEqual(before);
	});

	test('are pushed again on demand', async () => {
		await platform().startTicketPush();
		expect(simulator.calls.at(-1)).toMatchObject({
			path: '/cgi-bin/component/api_start_push_ticket',
			errcode: 0,
		});
	});
});

describe('authorization codes', () => {
	test('are exchanged, and the refresh token is saved before anything else is done', async () => {
		const { code } = await simulator.platform.authorize(FIRST, { push: false });
		await platform().send({ path: LIST, bearer: 'component', body: { offset: 0, count: 1 } });
		saves = [];
		const calls = await callsOf(() => platform().exchange(code));
		expect(calls).toEqual([EXCHANGE]);
		expect(saves).toHaveLength(1);
		expect(saves[0].accounts?.[FIRST].refreshToken).toMatch(/^refreshtoken@@@/);
	});

	test('that come by push and by redirect are exchanged once', async () => {
		const { code } = await simulator.platform.authorize(FIRST, { push: false });
		const calls = await callsOf(async () => {
			const both = await Promise.all([platform().exchange(code), platform().exchange(code)]);
			expect(both).toEqual([FIRST, FIRST]);
			expect(await platform().exchange(code)).toBe(FIRST);
		});
		expect(count(calls, EXCHANGE)).toBe(1);
	});

	// Redis may be away for a moment. WeChat sends a refresh token once, and says nothing about a second event.
	test('are exchanged, and taken back, while what is stored cannot be read', async () => {
		await authorize(FIRST);
		const away = async () => await Promise.reject(new Error('Redis does not answer'));
		const blind: Store = { ...store, readAccount: away, findAccount: away };
		const { code } = await simulator.platform.authorize(SECOND, { push: false });
		expect(await platform(undefined, sendHttp, blind).exchange(code)).toBe(SECOND);
		expect(saved.accounts?.[SECOND].refreshToken).toBeTruthy();
		await platform(undefined, sendHttp, blind).forget(FIRST);
		expect(saved.accounts?.[FIRST].gone).toBe(true);
	});

	test('that come to two processes are exchanged by one, and found by the other', async () => {
		const { code } = await simulator.platform.authorize(FIRST, { push: false });
		const other = newProcess();
		expect(await Promise.all([platform().exchange(code), other().exchange(code)])).toEqual([
			FIRST,
			FIRST,
		]);
		expect(await other(FIRST).send(USERS)).toHaveProperty('data');
	});

	test('that bring no account with them are those of the account in the address', async () => {
		await authorize(FIRST);
		const { code } = await simulator.platform.authorize(FIRST, { push: false });
		simulator.fault({ path: EXCHANGE, answer: { authorization_info: null } });
		expect(await platform().exchange(code, FIRST)).toBe(FIRST);
		expect(await platform(FIRST).send(USERS)).toHaveProperty('data');
	});

	test('that bring no account at all say so', async () => {
		simulator.fault({ path: EXCHANGE, answer: {} });
		const { message, hint } = await failure(platform().exchange('code'));
		expect(message).toContain('does not say for which account');
		expect(hint).toContain('AppID');
	});

	test('that nobody here has exchanged are refused', async () => {
		expect((await failure(platform().exchange('queryauthcode@@@forged'))).errcode).toBe(61009);
	}, 10_000);

	test.each([
		[61009, 1],
		[61010, 3],
	])(
		'that another process has spent (%i) are waited for until it has saved, %i pauses long',
		async (errcode, most) => {
			await platform().send({ path: LIST, bearer: 'component', body: { offset: 0, count: 1 } });
			const { code } = await simulator.platform.authorize(FIRST, { push: false });
			let release = () => {};
			const held = new Promise<void>((done) => (release = done));
			const slow: Store = {
				...store,
				async save(change) {
					await held;
					await store.save(change);
				},
			};
			const first = newProcess()(undefined, sendHttp, slow).exchange(code);
			while (simulator.count(EXCHANGE) === 0) await new Promise(setImmediate);
			simulator.fault({ path: EXCHANGE, answer: { errcode, errmsg: 'code is invalid' } });
			duringPauses.push(async () => {
				if (pauses.length < most) return;
				release();
				await first;
			});
			expect(await Promise.all([first, platform().exchange(code)])).toEqual([FIRST, FIRST]);
			expect(simulator.count(EXCHANGE)).toBe(2);
			expect(pauses).toEqual([200, 600, 1200].slice(0, most));
		},
	);

	test('stand for the account in the list when they were spent elsewhere', async () => {
		const { code } = await simulator.platform.authorize(FIRST, { push: false });
		await platform().exchange(code);
		saved = { of: 'platform', ticket: saved.ticket };
		expect(await platform().exchange(code, FIRST)).toBe(FIRST);
		expect(saved.accounts?.[FIRST].refreshToken).toMatch(/^refreshtoken@@@/);
	}, 10_000);

	test('that cannot be exchanged for another reason are an error at once', async () => {
		const { code } = await simulator.platform.authorize(FIRST, { push: false });
		simulator.fault({ path: EXCHANGE, answer: { errcode: 40097, errmsg: 'invalid args' } });
		expect((await failure(platform().exchange(code, FIRST))).errcode).toBe(40097);
		expect(pauses).toEqual([]);
		expect(await platform().exchange(code)).toBe(FIRST);
	});

	test('of an account that has given up its API rights bring no token, and end the one before', async () => {
		await authorize(FIRST);
		await platform(FIRST).send(USERS);
		clock.now += 1000;
		const answer = { authorization_info: { authorizer_appid: FIRST, func_info: [] } };
		simulator.fault({ path: EXCHANGE, answer });
		await platform().exchange('queryauthcode@@@new', FIRST);
		expect(saved.accounts?.[FIRST]).toEqual({
			at: clock.now,
			code: expect.stringMatching(/^[\w-]{16}$/) as string,
		});
		simulator.fault({ path: LIST, answer: { total_count: 0, list: [] } });
		const { message } = await failure(platform(FIRST).send(USERS));
		expect(message).toContain('has not authorized this platform');
		expect(simulator.count(USERS.path)).toBe(1);
	});

	test('stand, also when the news that the account was gone before comes late', async () => {
		const late: Http = async (request) => {
			const answer = await sendHttp(request);
			if (request.url.pathname === EXCHANGE) await platform().forget(FIRST);
			clock.now += 1;
			return answer;
		};
		const { code } = await simulator.platform.authorize(FIRST, { push: false });
		await platform(undefined, late).exchange(code);
		expect(saved.accounts?.[FIRST]).not.toHaveProperty('gone');
		expect(await platform(FIRST).send(USERS)).toHaveProperty('data');
	});

	test('that are given anew end the refresh token before', async () => {
		await authorize(FIRST);
		const before = saved.accounts?.[FIRST].refreshToken;
		clock.now += 1000;
		await authorize(FIRST);
		expect(saved.accounts?.[FIRST].refreshToken).not.toBe(before);
		clock.now += 3 * HOUR;
		expect(await callsOf(() => platform(FIRST).send(USERS))).toEqual([
			COMPONENT_TOKEN,
			RENEWAL,
			USERS.path,
		]);
	});
});

describe('a clock that ran a day ahead, and was set right', () => {
	const DAY = 24 * HOUR;
	/** Does something while the clock is wrong; then lets a minute pass in which it is right. */
	async function ahead(work: () => Promise<unknown>) {
		skew = DAY;
		await work();
		skew = 0;
		clock.now += 60_000;
	}
	const read = () => saved.accounts?.[FIRST];

	test('does not make a later ticket lose', async () => {
		await ahead(async () => await platform().receiveTicket('ticket@@@ahead'));
		await platform().receiveTicket('ticket@@@later');
		expect(saved.ticket?.value).toBe('ticket@@@later');
		clock.now += 600_000;
		await platform().receiveTicket('ticket@@@last');
		expect(saved.ticket?.value).toBe('ticket@@@last');
	});

	test('does not make a later authorization lose, for any process', async () => {
		await ahead(async () => await authorize(FIRST));
		const before = read()?.refreshToken;
		await authorize(FIRST);
		expect(read()?.refreshToken).not.toBe(before);
		clock.now += 3 * HOUR;
		// WeChat would refuse the refresh token of the authorization before (61023), and its list would have to help.
		const calls = await callsOf(() => newProcess()(FIRST).send(USERS));
		expect(calls).not.toContain(LIST);
		expect(calls.at(-1)).toBe(USERS.path);
	});

	test('does not keep an account that has taken its authorization back, or out one that authorizes again', async () => {
		await ahead(async () => await authorize(FIRST));
		await platform().forget(FIRST);
		expect(read()).toMatchObject({ gone: true });
		await ahead(async () => await platform().forget(FIRST));
		await authorize(FIRST);
		expect(read()).not.toHaveProperty('gone');
		expect(await newProcess()(FIRST).send(USERS)).toHaveProperty('data');
	});

	test('does not make a refresh token of the list lose', async () => {
		await ahead(async () => await authorize(FIRST));
		simulator.platform.loseRefreshToken(FIRST);
		const right = await platform().recover(FIRST);
		expect(read()?.refreshToken).toBe(right?.refreshToken);
	});

	test('does not make later tokens lose: all processes use them', async () => {
		await ahead(async () => {
			await authorize(FIRST);
			clock.now += 3 * HOUR;
			await platform(FIRST).send(USERS);
		});
		simulator.platform.revokeTokens();
		await platform(FIRST).send(USERS);
		expect(await callsOf(() => newProcess()(FIRST).send(USERS))).toEqual([USERS.path]);
	});

	test('does not hide that an account must authorize again', async () => {
		await ahead(async () => await authorize(FIRST));
		simulator.fault({ path: USERS.path, answer: { errcode: 61007, errmsg: 'unauthorized' } });
		await failure(platform(FIRST).send(USERS));
		expect(findProblem(read() ?? { at: 0 })?.code).toBe(61007);
	});
});

describe('refresh tokens', () => {
	test('that are lost come from the list of WeChat', async () => {
		await authorize(FIRST);
		await authorize(SECOND);
		saved = { of: 'platform', ticket: saved.ticket };
		const restarted = newProcess();
		const calls = await callsOf(() => restarted(SECOND).send(USERS));
		expect(calls).toEqual([COMPONENT_TOKEN, LIST, RENEWAL, USERS.path]);
		expect(Object.keys(saved.accounts ?? {}).sort()).toEqual([FIRST, SECOND].sort());
	});

	test.each([
		[499, [0]],
		[500, [0, 500]],
	])('that are lost are found at place %i of the list', async (place, offsets) => {
		await authorize(FIRST);
		const { refreshToken } = saved.accounts?.[FIRST] ?? {};
		const list = Array.from({ length: 1001 }, (_, n) => ({
			authorizer_appid: n === place ? FIRST : `wx${n}`,
			refresh_token: n === place ? refreshToken : `r${n}`,
		}));
		const asked: unknown[] = [];
		const listing: Http = async (request) => {
			if (request.url.pathname !== LIST) return await sendHttp(request);
			const { offset, count: size } = JSON.parse(String(request.body)) as Record<string, number>;
			asked.push(offset);
			const page = { total_count: list.length, list: list.slice(offset, offset + size) };
			const body = Buffer.from(JSON.stringify(page));
			return { status: 200, contentType: '', disposition: '', body };
		};
		saved = { of: 'platform', ticket: saved.ticket };
		expect(await newProcess()(FIRST, listing).send(USERS)).toHaveProperty('data');
		expect(asked).toEqual(offsets);
		expect(saved.accounts?.[FIRST].refreshToken).toBe(refreshToken);
		expect(saved.accounts?.wx1.refreshToken).toBe('r1');
	});

	test('are not looked for in the list when a renewal fails for another reason', async () => {
		await authorize(FIRST);
		clock.now += 3 * HOUR;
		simulator.fault({ path: RENEWAL, answer: { errcode: 40097, errmsg: 'invalid args' } });
		const calls = await callsOf(async () =>
			expect((await failure(platform(FIRST).send(USERS))).errcode).toBe(40097),
		);
		expect(calls).toEqual([COMPONENT_TOKEN, RENEWAL]);
	});

	test('that a renewal does not name stay as they are', async () => {
		await authorize(FIRST);
		const before = saved.accounts?.[FIRST].refreshToken;
		clock.now += 3 * HOUR;
		simulator.fault({
			path: RENEWAL,
			answer: { authorizer_access_token: 'token', expires_in: 7200 },
		});
		simulator.fault({ path: USERS.path, answer: {} });
		await platform(FIRST).send(USERS);
		expect(saved.accounts?.[FIRST].token?.value).toBe('token');
		expect(saved.accounts?.[FIRST].refreshToken).toBe(before);
	});

	test('of an account without API rights bring no token', async () => {
		await authorize(FIRST);
		clock.now += 3 * HOUR;
		simulator.fault({ path: RENEWAL, answer: { authorizer_refresh_token: 'r' } });
		const { message } = await failure(platform(FIRST).send(USERS));
		expect(message).toContain('has not authorized this platform');
		expect(simulator.count(USERS.path)).toBe(0);
	});

	test('that are dead (61023) are replaced from the list', async () => {
		for (const appId of [FIRST, SECOND]) await authorize(appId);
		const other = saved.accounts?.[SECOND];
		simulator.platform.loseRefreshToken(FIRST);
		clock.now += 3 * HOUR;
		const calls = await callsOf(() => platform(FIRST).send(USERS));
		expect(calls).toEqual([COMPONENT_TOKEN, RENEWAL, LIST, RENEWAL, USERS.path]);
		expect(saved.accounts?.[SECOND]).toEqual(other);
		clock.now += 110 * 60_000;
		const later = await callsOf(() => newProcess()(FIRST).send(USERS));
		expect(later).toEqual([COMPONENT_TOKEN, RENEWAL, USERS.path]);
	});

	test('that WeChat changes at a renewal are saved', async () => {
		await simulator.close();
		await start({ rotateRefreshTokens: true });
		await authorize(FIRST);
		for (let renewal = 0; renewal < 3; renewal++) {
			clock.now += 3 * HOUR;
			const restarted = newProcess();
			expect(await callsOf(() => restarted(FIRST).send(USERS))).toEqual([
				COMPONENT_TOKEN,
				RENEWAL,
				USERS.path,
			]);
			await platform().receiveTicket(await new RightClient(simulator).ticket());
		}
	});
});

// foxinmy/weixin4j#91, JeffreySu/WeiXinMPSDK#277: null where there is something at other times.
test('the kind of an account stays known when WeChat leaves its details out', async () => {
	await authorize(MINI);
	const { profile } = await platform().details(MINI);
	expect(profile.kind).toBe('miniProgram');
	simulator.fault({ path: INFO, answer: { authorizer_info: null, authorization_info: null } });
	expect(await platform().details(MINI)).toMatchObject({ profile, info: {}, permissions: [] });
	expect(saved.accounts?.[MINI].profile).toEqual(profile);
});

describe('an account that must authorize again', () => {
	test('is named, with what to do, and not asked for in a loop', async () => {
		await authorize(SECOND);
		await platform().details(SECOND);
		clock.now += 3 * HOUR;
		simulator.fault({
			path: RENEWAL,
			times: Infinity,
			answer: { errcode: 61023, errmsg: 'refresh_token is invalid' },
		});
		let error: ApiError | undefined;
		const calls = await callsOf(async () => (error = await failure(platform(SECOND).send(USERS))));
		expect(error?.errcode).toBe(61023);
		expect(error?.hint).toContain(`"第二个公众号" (${SECOND})`);
		expect(error?.hint).toMatch(/authorize again/);
		expect(calls).toEqual([COMPONENT_TOKEN, RENEWAL, LIST]);
		expect(saved.accounts?.[SECOND].problem?.code).toBe(61023);
	});

	test.each([61003, 61007])('is named when a call is refused with %i', async (errcode) => {
		await authorize(FIRST);
		simulator.fault({
			path: USERS.path,
			times: Infinity,
			answer: { errcode, errmsg: 'api unauthorized' },
		});
		const error = await failure(platform(FIRST).send(USERS));
		expect(error.hint).toContain(FIRST);
		expect(simulator.count(USERS.path)).toBe(1);
	});

	test.each<[string, string, (one: ReturnType<typeof platform>) => Promise<unknown>]>([
		['its details', INFO, async (one) => await one.details(FIRST)],
		['a new token', RENEWAL, async (one) => await one.refresh(FIRST)],
		[
			'a new quota',
			'/cgi-bin/component/clear_quota/v2',
			async (one) => await one.clearQuota(FIRST),
		],
	])('is named when the platform asks for %s', async (_, path, ask) => {
		await authorize(FIRST);
		simulator.fault({ path, answer: { errcode: 61003, errmsg: 'not authorized' } });
		const { errcode: code, hint } = await failure(ask(platform()));
		expect(code).toBe(61003);
		expect(hint).toContain(FIRST);
		expect(saved.accounts?.[FIRST].problem?.code).toBe(61003);
	});

	test('is remembered once, beside its tokens, and anew when it happens again later', async () => {
		await authorize(FIRST);
		const before = saved.accounts?.[FIRST];
		const refuse = async () => {
			clock.now += 1000;
			const answer = { errcode: 61007, errmsg: 'api unauthorized' };
			simulator.fault({ path: USERS.path, answer });
			await failure(platform(FIRST).send(USERS));
		};
		await refuse();
		const since = clock.now;
		await refuse();
		expect(saved.accounts?.[FIRST]).toEqual({ ...before, problem: { code: 61007, at: since } });
		expect(saves.filter(({ accounts }) => accounts?.[FIRST].problem)).toHaveLength(1);
		clock.now += 3 * HOUR;
		await platform(FIRST).send(USERS);
		await refuse();
		expect(saved.accounts?.[FIRST].problem).toEqual({ code: 61007, at: clock.now });
	});

	test('is not brought back by a refusal when it was forgotten', async () => {
		await authorize(FIRST);
		await platform().forget(FIRST);
		const gone = saved.accounts?.[FIRST];
		simulator.fault({ path: INFO, answer: { errcode: 61003, errmsg: 'not authorized' } });
		expect((await failure(platform().details(FIRST))).errcode).toBe(61003);
		expect(saved.accounts?.[FIRST]).toEqual(gone);
		await platform().details(FIRST);
		expect(saved.accounts?.[FIRST]).toEqual(gone);
	});

	test('is not taken for one that lacks a permission (48001)', async () => {
		await authorize(FIRST);
		simulator.fault({ path: USERS.path, answer: { errcode: 48001, errmsg: 'api unauthorized' } });
		const { hint } = await failure(platform(FIRST).send(USERS));
		expect(hint).not.toContain(FIRST);
		expect(saved.accounts?.[FIRST]).not.toHaveProperty('problem');
	});

	test('is told apart from one that never did', async () => {
		const error = await failure(platform(MINI).send(USERS));
		expect(error.message).toContain(`${MINI} has not authorized this platform`);
		expect(error.hint).toMatch(/Create Link/);
	});

	test('is as good as new when it has', async () => {
		await authorize(FIRST);
		await simulator.platform.revoke(FIRST, { push: false });
		await platform().forget(FIRST);
		clock.now += 1000;
		await authorize(FIRST);
		expect(await platform(FIRST).send(USERS)).toHaveProperty('data');
	});
});

describe('a call that carries secret and ticket itself', () => {
	const calls = {
		'for a token': async (one: ReturnType<typeof platform>) =>
			await one.send({ path: LIST, bearer: 'component' }),
		'for tickets': async (one: ReturnType<typeof platform>) => await one.startTicketPush(),
		'for a new quota': async (one: ReturnType<typeof platform>) => await one.clearQuota(),
	};

	test.each(Object.entries(calls))(
		'%s goes through the proxy, and errmsg cannot carry them out',
		async (_, call) => {
			const asked: HttpRequest[] = [];
			const gossip: Http = async (request) => {
				asked.push(request);
				const body = JSON.stringify({ errcode: 40125, errmsg: `bad ${String(request.body)}` });
				return { status: 200, contentType: '', disposition: '', body: Buffer.from(body) };
			};
			const proxyUrl = 'http://proxy.example.com';
			const { message, errmsg } = await failure(
				call(platform(undefined, gossip, store, { proxyUrl })),
			);
			expect(asked.map((request) => request.proxyUrl)).toEqual([proxyUrl]);
			for (const told of [message, errmsg]) {
				expect(told).toContain('***');
				expect(told).not.toContain(simulator.platform.settings.secret);
				expect(told).not.toContain(saved.ticket?.value);
			}
		},
	);
});

test('a call for an account says so when none is chosen', async () => {
	const before = simulator.calls.length;
	expect((await failure(platform().send(USERS))).message).toBe('No account is chosen');
	expect(simulator.calls).toHaveLength(before);
});

test('what is sealed for one account of a platform is of no use for another', () => {
	const closed = platform(FIRST).seal.encrypt({ openid: 'o' });
	expect(platform(FIRST).seal.decrypt(closed)).toEqual({ openid: 'o' });
	expect(platform(SECOND).seal.decrypt(closed)).toBeUndefined();
});

test('official accounts and mini programs are told apart by MiniProgramInfo', async () => {
	for (const appId of [FIRST, MINI]) await authorize(appId);
	expect((await platform().details(FIRST)).profile.kind).toBe('officialAccount');
	expect((await platform().details(MINI)).profile.kind).toBe('miniProgram');
	expect(saved.accounts?.[MINI].profile).toMatchObject({
		name: '示例小程序',
		userName: MINI_PROGRAM_ACCOUNT.name,
	});
});

test('the name of an account is saved when it is new or another one', async () => {
	await authorize(FIRST);
	const names = () => saves.map(({ accounts }) => accounts?.[FIRST].profile?.name).filter(Boolean);
	await platform().details(FIRST);
	await platform().details(FIRST);
	expect(names()).toEqual(['示例帐号']);
	const answer = { authorizer_info: { nick_name: 'n', user_name: 'gh_1' }, authorization_info: {} };
	simulator.fault({ path: INFO, answer });
	expect((await platform().details(FIRST)).permissions).toEqual([]);
	expect(names()).toEqual(['示例帐号', 'n']);
});

describe('a process that is killed between any two steps', () => {
	class Killed extends Error {}

	/** Counts what reaches the world outside; at the given step the process is gone, and with it what it knew. */
	function mortal(dies: number) {
		let step = 0;
		const pass = async () => {
			if (++step >= dies) throw new Killed();
		};
		const http: Http = async (request) => {
			await pass();
			const answer = await sendHttp(request);
			await pass();
			return answer;
		};
		const kept: Store = {
			...store,
			async save(change) {
				await pass();
				await store.save(change);
				await pass();
			},
		};
		return { http, kept, steps: () => step };
	}

	/** Everything that an account and its platform go through, at one go. */
	async function life(process: ReturnType<typeof newProcess>, http: Http, kept: Store) {
		const own = (account?: string) => process(account, http, kept);
		const { code } = await simulator.platform.authorize(FIRST, { push: false });
		await own().exchange(code);
		await own().details(FIRST);
		clock.now += 3 * HOUR;
		await own(FIRST).send(USERS);
		const again = await simulator.platform.authorize(FIRST, { push: false });
		await own().exchange(again.code, FIRST);
		simulator.platform.revokeTokens();
		await own(FIRST).send(USERS);
	}

	test('loses nothing', async () => {
		await simulator.close();
		let steps = Infinity;
		for (let dies = 1; dies <= steps; dies++) {
			await start({ rotateRefreshTokens: true });
			const { http, kept, steps: taken } = mortal(dies);
			const end = await life(newProcess(), http, kept).then(
				() => 'alive',
				(error: unknown) => {
					if (error instanceof Killed) return 'killed';
					throw error;
				},
			);
			if (end === 'alive') steps = taken();
			// What happens next: n8n starts again, the next ticket comes, a workflow acts for the account.
			await platform().receiveTicket(await new RightClient(simulator).ticket());
			const restarted = newProcess();
			const acted = restarted(FIRST).send(USERS);
			if (!simulator.platform.isAuthorized(FIRST)) await failure(acted);
			else expect(await acted).toHaveProperty('data');
			await simulator.close();
		}
		expect(steps).toBeGreaterThan(25);
		await start();
	}, 60_000);
});
