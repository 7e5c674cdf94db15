import type { INode } from 'n8n-workflow';
import { createServices } from '../../nodes/api/services';
import { HARMLESS, LOST, REFUSED } from '../faults/faults';
import { jpeg } from '../simulator/accounts/jpeg';
import { prepareN8n, runNode } from '../support/n8n';
import { untilUp } from '../simulator/test/support';
import { clock, pauses, services } from '../support/services';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
let time = Date.now();
const simulator = useSimulator({ now: () => time, followers: 3 });
const SUBMIT = '/cgi-bin/freepublish/submit';
const STATE = '/cgi-bin/freepublish/get';

beforeEach(() => {
	simulator().setJobCourse({});
	const sleep = async (ms: number) => {
		time += ms;
		await clock.sleep(ms);
	};
	Object.assign(services, createServices({ clock: { ...clock, now: () => time, sleep } }));
});

const run = async (params: object, more: Partial<INode> = {}, tool = '') =>
	await runNode(
		'wechat',
		{ resource: 'publication', ...params },
		credentialsFor(simulator()),
		[{ json: {} }],
		{ ...more, ...(tool && { type: tool }) },
	);

async function createDraft(articles = 1): Promise<string> {
	const thumb_media_id = simulator().addMaterial(jpeg, 'cover.jpg');
	const article = { title: 'News', content: '<p>Text</p>', thumb_media_id };
	const { output } = await run({
		resource: 'draft',
		operation: 'create',
		define: 'json',
		articlesJson: JSON.stringify(Array.from({ length: articles }, () => article)),
	});
	return String(output[0].json.media_id);
}

const publish = async (params: object = {}, more: Partial<INode> = {}, articles = 1) =>
	await run(
		{
			operation: 'publish',
			media_id: { __rl: true, mode: 'id', value: await createDraft(articles) },
			...params,
		},
		more,
	);

test('without the wait, the answer comes as it is, and nothing else is called', async () => {
	const before = simulator().count(STATE);
	const { output } = await publish();
	expect(Object.keys(output[0].json)).toEqual(['publish_id', 'msg_data_id']);
	expect(simulator().count(STATE)).toBe(before);
});

test('Wait Until Published gives what Get State gives, with the address of each article', async () => {
	simulator().setJobCourse({ takesMs: 20_000 });
	const { output, error } = await publish({ wait: true }, {}, 2);
	expect(error).toBeUndefined();
	const [{ json }] = output;
	const id = String(json.article_id);
	expect(json).toMatchObject({
		publish_status: 0,
		meaning: 'Published',
		articles: [
			{ position: 1, url: `http://mp.weixin.qq.com/s/${id}-0` },
			{ position: 2, url: `http://mp.weixin.qq.com/s/${id}-1` },
		],
	});
	expect(json.msg_data_id).toBe(json.publish_id);
	expect(pauses).toEqual([2000, 3000, 4500, 6750, 10_125]);
	const state = await run({ operation: 'getState', publish_id: json.publish_id });
	expect(json).toEqual({ ...state.output[0].json, msg_data_id: json.publish_id });
});

// Page api_freepublish_get: fail_idx is given with 2 and 4; the first article is 1.
test.each([
	[2, [1, 2], 'Not published: Failed the check for original content (article 1 and 2)', '原创'],
	[3, [], 'Not published: Failed (publish_status 3', '草稿箱'],
	[4, [2], 'Not published: Rejected by the review (article 2)', '通知中心'],
	[5, [], 'Not published: Published, then all of it deleted', 'deleted it'],
	[6, [], 'Not published: Published, then all of it banned', '通知中心'],
	[9, [], 'Not published: WeChat does not explain this state (publish_status 9', '发表记录'],
])('publish_status %i fails with its meaning', async (publishStatus, failIdx, message, hint) => {
	simulator().setJobCourse({ takesMs: 1000, publishStatus, failIdx });
	const { error } = await publish({ wait: true }, {}, 2);
	expect(error?.message).toContain(message);
	expect(error?.message).toMatch(/publish_id \d{16,}\)$/);
	expect(error?.description).toContain(hint);
});

test('a wait that is over says so, and a retry goes on with it and publishes nothing again', async () => {
	simulator().setJobCourse({ takesMs: 90_000 });
	const before = simulator().count(SUBMIT);
	const waiting = { wait: true, waitMinutes: 1 };
	const { error } = await publish(waiting);
	expect(error?.message).toMatch(
		/^WeChat is not done after 1 min\. The draft is handed in, as publish_id \d+$/,
	);
	expect(error?.description).toMatch(/Get State .* Do not publish the draft again/);
	const retried = await publish(waiting, {
		retryOnFail: true,
		maxTries: 2,
		waitBetweenTries: 1,
	});
	expect(retried.error).toBeUndefined();
	expect(retried.output[0].json.meaning).toBe('Published');
	expect(simulator().count(SUBMIT) - before).toBe(2);
});

test('an item that is refused is an error of its own when the node may go on', async () => {
	simulator().setJobCourse({ publishStatus: 4, failIdx: [1] });
	const { output, error } = await publish({ wait: true }, { onError: 'continueRegularOutput' });
	expect(error).toBeUndefined();
	expect(output).toEqual([
		expect.objectContaining({
			json: { error: expect.stringContaining('Rejected by the review (article 1)') as string },
			pairedItem: { item: 0 },
		}),
	]);
});

test('an agent waits, too, and is told in the message what to do', async () => {
	simulator().setJobCourse({ takesMs: 10_000 });
	const tool = { type: 'n8n-nodes-wechat-platform.wechatTool' };
	const { output } = await publish({ wait: true }, tool);
	expect(output[0].json.meaning).toBe('Published');
	simulator().setJobCourse({ takesMs: 3_600_000 });
	const { error } = await publish({ wait: true }, tool);
	expect(error?.message).toMatch(/not done after 5 min.*Do not publish the draft again/);
});

test('the account of a platform publishes with the wait', async () => {
	const { platform, account } = simulator();
	await platform.authorize(account.appId, { push: false });
	simulator().setJobCourse({ takesMs: 3000 });
	const value = await createDraft();
	const { output, error } = await runNode(
		'wechat',
		{
			authentication: 'openPlatform',
			account: { __rl: true, mode: 'id', value: account.appId },
			resource: 'publication',
			operation: 'publish',
			media_id: { __rl: true, mode: 'id', value },
			wait: true,
		},
		await platformCredentialsFor(simulator()),
	);
	expect(error).toBeUndefined();
	expect(output[0].json.meaning).toBe('Published');
});

// Notice at the head of the page api_freepublish_submit; other-blowsnow/n8n-nodes-wechat-offiaccount#27.
test('48001 says that the draft is still there, and what to do', async () => {
	simulator().fault({ path: SUBMIT, answer: { errcode: 48001, errmsg: 'api unauthorized' } });
	const { error } = await publish({ wait: true });
	expect(error?.message).toContain('errcode 48001');
	expect(error?.description).toMatch(/July 2025.*still there.*by hand.*草稿箱/);
});

test.each([53503, 53504, 53505])('%i says that the draft is still there', async (errcode) => {
	simulator().fault({ path: SUBMIT, answer: { errcode, errmsg: 'no' } });
	const { error } = await publish();
	expect(error?.description).toMatch(/still there.*草稿箱/);
});

describe.each([SUBMIT, STATE])('one fault at %s', (path) => {
	const list = { operation: 'getAll', returnAll: true, no_content: 1 };
	const troubles = Object.entries({ ...LOST, ...REFUSED, ...HARMLESS });

	test.each(troubles)('%s: a retry publishes once, or says that it may be done', async (_, one) => {
		const before = (await run(list)).output.length;
		simulator().setJobCourse({ takesMs: 4000 });
		simulator().fault({ path, ...one });
		const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const { output, error } = await publish({ wait: true }, retrying);
		simulator().clearFaults();
		await untilUp(simulator());
		const published = (await run(list)).output.length - before;
		if (error) {
			expect(path).toBe(SUBMIT);
			expect(error.message).toContain('The call may have been carried out all the same');
			expect(published).toBeLessThanOrEqual(1);
		} else expect([output[0].json.meaning, published]).toEqual(['Published', 1]);
	});
});
