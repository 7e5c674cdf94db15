import { DEFAULT_ACCOUNT, SECOND_ACCOUNT } from '../simulator';
import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';
import { pauses } from '../support/services';

prepareN8n();
const accounts = [DEFAULT_ACCOUNT, SECOND_ACCOUNT];
const simulator = useSimulator({ followers: 1000, accounts });
const BULK = '/cgi-bin/user/info/batchget';
const SINGLE = '/cgi-bin/user/info';
const TAG = '/cgi-bin/tags/members/batchtagging';
const BLOCK = '/cgi-bin/tags/members/batchblacklist';
const get = { resource: 'user', operation: 'get', openid: '={{ $json.openid }}' };
const tag = {
	resource: 'tag',
	operation: 'addToUsers',
	tag: { mode: 'id', value: '2' },
	openid_list: '={{ $json.openid }}',
};
const block = { resource: 'blacklist', operation: 'block', openid_list: '={{ $json.openid }}' };
const goOn = { onError: 'continueRegularOutput' as const };
const itemsFor = (openids: string[]) => openids.map((openid) => ({ json: { openid } }));

/** How often each path was called while a node ran. */
async function counting(...[parameters, items, more]: [object, string[], object?]) {
	const before = simulator().calls.length;
	const ran = await runNode(
		'wechat',
		parameters as typeof get,
		credentialsFor(simulator()),
		itemsFor(items),
		more,
	);
	const paths = simulator()
		.calls.slice(before)
		.map(({ path }) => path);
	return { ...ran, count: (path: string) => paths.filter((one) => one === path).length };
}

test('1,000 users are asked for in 10 calls; each item gets its own, in order', async () => {
	const openids = [...simulator().openids()].reverse();
	const { output, count } = await counting(get, openids);
	expect([count(BULK), count(SINGLE)]).toEqual([10, 0]);
	expect(output.map(({ json }) => json.openid)).toEqual(openids);
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual(openids.map((_, item) => ({ item })));
});

test('1,000 users are tagged in 20 calls, and blocked in 50', async () => {
	const openids = simulator().openids();
	expect((await counting(tag, openids)).count(TAG)).toBe(20);
	expect((await counting(block, openids)).count(BLOCK)).toBe(50);
});

test('one item alone takes the plain call', async () => {
	const { count } = await counting(get, simulator().openids().slice(0, 1));
	expect([count(BULK), count(SINGLE)]).toEqual([0, 1]);
});

test('one bad OpenID fails its own item only', async () => {
	const openids = simulator().openids().slice(0, 99);
	openids[41] = 'nobody';
	const { output, count } = await counting(get, openids, goOn);
	expect(output.map(({ json }) => json.openid ?? 'error')).toEqual(
		openids.map((openid) => (openid === 'nobody' ? 'error' : openid)),
	);
	expect(output[41]).toMatchObject({
		json: { error: expect.stringContaining('40003') as string },
		pairedItem: { item: 41 },
	});
	expect(count(BULK)).toBeLessThan(16);
});

test('an item whose own values are wrong does not hold up the others', async () => {
	const openids = simulator().openids().slice(0, 3);
	const { output, count } = await counting(get, [openids[0], '', openids[2]], goOn);
	expect(output.map(({ json }) => json.openid ?? json.error)).toEqual([
		openids[0],
		expect.stringContaining('"OpenID" is missing'),
		openids[2],
	]);
	expect(count(BULK)).toBe(1);
});

test('the same user twice is answered twice', async () => {
	const [openid] = simulator().openids();
	const { output } = await counting(get, [openid, openid]);
	expect(output.map(({ json }) => json.openid)).toEqual([openid, openid]);
});

test('items whose other values differ do not share a call', async () => {
	const items = simulator()
		.openids()
		.slice(0, 4)
		.map((openid, index) => ({ json: { openid, lang: index % 2 ? 'en' : 'zh_CN' } }));
	const before = simulator().count(BULK);
	const parameters = { ...get, lang: '={{ $json.lang }}' };
	const { output } = await runNode('wechat', parameters, credentialsFor(simulator()), items);
	expect(output.map(({ json }) => json.openid)).toEqual(items.map(({ json }) => json.openid));
	expect(simulator().count(BULK) - before).toBe(2);
});

test('accounts behind a platform do not share calls', async () => {
	for (const { appId } of accounts) await simulator().platform.authorize(appId, { push: false });
	const items = accounts.flatMap(({ appId }) =>
		simulator()
			.openids(appId)
			.slice(0, 2)
			.map((openid) => ({ json: { openid, appId } })),
	);
	const before = simulator().count(BULK);
	const { output } = await runNode(
		'wechat',
		{
			...get,
			authentication: 'openPlatform',
			account: { __rl: true, mode: 'id', value: '={{ $json.appId }}' },
		},
		await platformCredentialsFor(simulator()),
		items,
	);
	expect(output.map(({ json }) => json.openid)).toEqual(items.map(({ json }) => json.openid));
	expect(simulator().count(BULK) - before).toBe(2);
});

test('a user that WeChat leaves out of its answer is an error of that item', async () => {
	const openids = simulator().openids().slice(0, 2);
	const answer = { user_info_list: [{ openid: openids[0] }] };
	simulator().fault({ path: BULK, answer });
	const { output } = await counting(get, openids, goOn);
	expect(output.map(({ json }) => json.openid ?? json.error)).toEqual([
		openids[0],
		expect.stringContaining('left'),
	]);
});

describe('when WeChat wants less', () => {
	const remark = { ...get, operation: 'setRemark', remark: 'x' };
	const REMARK = '/cgi-bin/user/info/updateremark';
	const openids = () => simulator().openids().slice(0, 1);

	test.each([-1, 45011])(
		'%i: the call waits longer each time, and is made four times in all',
		async (errcode) => {
			simulator().fault({ path: REMARK, times: 2, answer: { errcode, errmsg: 'busy' } });
			const { error, count } = await counting(remark, openids());
			expect(error).toBeUndefined();
			expect(count(REMARK)).toBe(3);
			expect(pauses).toHaveLength(2);
			expect(pauses[0]).toBeGreaterThanOrEqual(250);
			expect(pauses[0]).toBeLessThan(750);
			expect(pauses[1]).toBeGreaterThanOrEqual(500);
			expect(pauses[1]).toBeLessThan(1500);

			simulator().fault({ path: REMARK, times: Infinity, answer: { errcode, errmsg: 'busy' } });
			const last = await counting(remark, openids());
			expect(last.count(REMARK)).toBe(4);
			expect(last.error?.message).toContain(String(errcode));
		},
	);

	test('45009 stops the run: the items that follow are told so without a call', async () => {
		const answer = { errcode: 45009, errmsg: 'reach max api daily quota limit' };
		simulator().fault({ path: REMARK, times: Infinity, answer });
		const { output, count } = await counting(remark, simulator().openids(), goOn);
		expect(count(REMARK)).toBeLessThanOrEqual(5);
		expect(output).toHaveLength(1000);
		expect(String(output[999].json.error)).toContain('45009');
		expect(pauses).toEqual([]);
	});
});

describe('when the connection breaks half-way', () => {
	const openids = () => simulator().openids().slice(0, 1);

	test('a call that only reads is sent again', async () => {
		simulator().fault({ path: SINGLE, drop: true });
		const { error, count } = await counting(get, openids());
		expect(error).toBeUndefined();
		expect(count(SINGLE)).toBe(2);
	});

	test('a message is not sent again: it may have arrived', async () => {
		const path = '/cgi-bin/message/custom/send';
		simulator().fault({ path, drop: true });
		const send = {
			resource: 'customerServiceMessage',
			operation: 'send',
			touser: '={{ $json.openid }}',
			msgtype: 'text',
			content: 'x',
		};
		const { error, count } = await counting(send, openids());
		expect(error?.message).toContain('closed the connection');
		expect(count(path)).toBe(1);
	});
});

test('Simplify leaves out what nobody asks for, in shared calls too', async () => {
	const openids = simulator().openids().slice(0, 2);
	for (const items of [openids, openids.slice(1)]) {
		const { output } = await counting(get, items);
		expect(output[0].json).not.toHaveProperty('groupid');
		expect(output[0].json).toHaveProperty('tagid_list');
		const { output: whole } = await counting({ ...get, simple: false }, items);
		expect(whole[0].json).toHaveProperty('groupid');
	}
});
