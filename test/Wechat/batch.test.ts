import type { INodeParameters } from 'n8n-workflow';
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

// Pages batchtagging, batchuntagging, batchblacklist, batchunblacklist, batchuserinfo; groups/members/batchupdate as it was.
describe('a list of one item that is longer than a call takes', () => {
	const PATHS = '/cgi-bin/tags/members';
	const target = { __rl: true, mode: 'id', value: '0' };

	test.each<[string, INodeParameters, string, number]>([
		['tagging 50', { ...tag }, `${PATHS}/batchtagging`, 50],
		['untagging 50', { ...tag, operation: 'removeFromUsers' }, `${PATHS}/batchuntagging`, 50],
		['blocking 20', { ...block }, `${PATHS}/batchblacklist`, 20],
		['unblocking 20', { ...block, operation: 'unblock' }, `${PATHS}/batchunblacklist`, 20],
		[
			'moving 50',
			{ resource: 'group', operation: 'moveUsers', group: target },
			'/cgi-bin/groups/members/batchupdate',
			50,
		],
	])('is cut into calls of %s, and has one result', async (_, operation, path, size) => {
		const openids = simulator().openids().slice(0, 120);
		const before = simulator().calls.length;
		const parameters = { ...operation, openid_list: openids };
		const { output } = await runNode('wechat', parameters, credentialsFor(simulator()));
		expect(output.map(({ json }) => json)).toEqual([{ success: true }]);
		const sent = simulator()
			.calls.slice(before)
			.filter((call) => call.path === path)
			.map(({ body }) => (body as { openid_list: string[] }).openid_list);
		expect(sent).toHaveLength(Math.ceil(120 / size));
		expect(sent.every(({ length }) => length <= size)).toBe(true);
		expect(sent.flat()).toEqual(openids);
	});

	test('gets a profile for each user, in order, simplified as always', async () => {
		const openids = [...simulator().openids().slice(0, 250)].reverse();
		const profiles = { resource: 'user', operation: 'getProfiles', openid_list: openids };
		const { output, count } = await counting(profiles, ['-']);
		expect(output.map(({ json }) => json.openid)).toEqual(openids);
		expect(output[0].json).not.toHaveProperty('language');
		expect(count(BULK)).toBe(3);
	});

	test('shares no call with other items, which share theirs', async () => {
		const openids = simulator().openids();
		const lists = [openids.slice(0, 60), openids.slice(60, 70), openids.slice(70, 80)];
		const before = simulator().count(TAG);
		const parameters = { ...tag, openid_list: '={{ $json.list }}' };
		const items = lists.map((list) => ({ json: { list } }));
		const { output } = await runNode('wechat', parameters, credentialsFor(simulator()), items);
		expect(output).toHaveLength(3);
		expect(simulator().count(TAG) - before).toBe(3);
	});

	test('says how far it came when a call fails', async () => {
		const openids = simulator().openids().slice(0, 120);
		openids[77] = 'nobody';
		const parameters = { ...tag, openid_list: openids };
		const { error } = await runNode('wechat', parameters, credentialsFor(simulator()));
		expect(error?.message).toContain('40003');
		expect(error?.message).toContain(
			`Of 120 entries 50 are done, up to ${openids[49]}; this is about the next 50, and 20 were not tried`,
		);
	});

	test('has nothing to tell of what only reads', async () => {
		const openid_list = simulator().openids().slice(0, 120);
		openid_list[110] = 'nobody';
		const profiles = { resource: 'user', operation: 'getProfiles', openid_list };
		const { error } = await runNode('wechat', profiles, credentialsFor(simulator()));
		expect(error?.message).toContain('40003');
		expect(error?.message).not.toContain('done');
	});

	test('keeps the entries that each answer lists', async () => {
		const openid_list = simulator().openids().slice(0, 100);
		const [first, second] = [openid_list[3], openid_list[60]];
		simulator().fault({ path: TAG, answer: { fail_openid_list: [first] }, times: 1 });
		simulator().fault({ path: TAG, answer: { fail_openid_list: [second] }, times: 1 });
		const { output } = await runNode(
			'wechat',
			{ ...tag, openid_list },
			credentialsFor(simulator()),
		);
		expect(output.map(({ json }) => json)).toEqual([{ fail_openid_list: [first, second] }]);
	});
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
