import { createServices } from '../../nodes/api/services';
import { prepareN8n, runNode } from '../support/n8n';
import { clock, pauses, services } from '../support/services';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
let time = Date.now();
const simulator = useSimulator({ now: () => time, followers: 3 });

beforeEach(() => {
	simulator().setJobCourse({});
	const sleep = async (ms: number) => {
		time += ms;
		await clock.sleep(ms);
	};
	Object.assign(services, createServices({ clock: { ...clock, now: () => time, sleep } }));
});

const run = async (params: object) =>
	await runNode('wechat', { resource: 'massMessage', ...params }, credentialsFor(simulator()));
const users = () => simulator().openids().join(' ');
const sent = async (more: object = {}) =>
	await run({ operation: 'sendToUsers', touser: users(), content: 'hi', ...more });

test('IDs of mass messages keep all their digits, from the answer back to WeChat', async () => {
	const { output } = await sent();
	const msg_id = output[0].json.msg_id as string;
	expect(msg_id).toMatch(/^\d{19}$/);
	expect(BigInt(msg_id)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));

	const state = await run({ operation: 'getState', msg_id });
	expect(state.output[0].json).toEqual({ msg_id, msg_status: 'SEND_SUCCESS', meaning: 'Sent' });
	await run({ operation: 'delete', msg_id });
	expect(simulator().calls.at(-1)?.body).toEqual({ msg_id: BigInt(msg_id), article_idx: 0 });
	const after = await run({ operation: 'getState', msg_id });
	expect(after.output[0].json).toEqual({
		msg_id,
		msg_status: 'DELETE',
		meaning: 'Sent, then deleted',
	});
});

test('an ID that was a number too long is not sent', async () => {
	const { error } = await run({ operation: 'delete', msg_id: '={{ 6224153857292742657 }}' });
	expect(error?.message).toContain('"Message ID (消息ID)" has lost digits on its way');
});

test('a message with the same ID of your own goes out once', async () => {
	const once = { messageOptions: { clientmsgid: 'newsletter' } };
	expect((await sent(once)).error).toBeUndefined();
	expect((await sent(once)).error?.message).toContain('errcode 45065');
});

test('a mass message goes to a tag, which must be chosen, unless said otherwise', async () => {
	const before = simulator().calls.length;
	const tag = { __rl: true, mode: 'id', value: '={{ $json.tag }}' };
	const { error } = await run({ operation: 'sendToAll', content: 'hi', tag });
	expect(error?.message).toBe('"Tag (标签)" is missing');
	expect(simulator().calls).toHaveLength(before);
});

test('a broken connection does not send a mass message again', async () => {
	simulator().fault({ path: '/cgi-bin/message/mass/send', drop: true });
	const before = simulator().calls.length;
	const { error } = await sent();
	expect(error?.message).toContain('No answer from WeChat');
	const calls = simulator()
		.calls.slice(before)
		.filter(({ path }) => path === '/cgi-bin/message/mass/send');
	expect(calls).toHaveLength(1);
});

test('more followers than WeChat takes are refused', async () => {
	const touser = Array.from({ length: 10_001 }, (_, index) => `o${index}`).join(',');
	const { error } = await sent({ touser });
	expect(error?.message).toBe('"OpenIDs" has 10001 entries; WeChat takes 10000 at a time');
});

const STATE = '/cgi-bin/message/mass/get';

test('Wait Until Sent gives the state at the end', async () => {
	simulator().setJobCourse({ takesMs: 8000 });
	const { output, error } = await sent({ wait: true });
	expect(error).toBeUndefined();
	expect(output[0].json).toMatchObject({ msg_status: 'SEND_SUCCESS', meaning: 'Sent' });
	expect(output[0].json.msg_id).toMatch(/^\d{19}$/);
	expect(pauses).toEqual([2000, 3000, 4500]);
});

test('an administrator who has yet to confirm does not end the wait', async () => {
	simulator().fault({ path: STATE, times: 3, answer: { errcode: 89504, errmsg: 'wait' } });
	const { output } = await sent({ wait: true });
	expect(output[0].json.meaning).toBe('Sent');
});

// Page api_massmsgget lists four states. The push at the end writes err(20002); nobody says that this call never does.
test.each([
	['SEND_FAIL', 'Not sent: Failed (msg_status SEND_FAIL', 'statusText'],
	['DELETE', 'Not sent: Sent, then deleted', 'deleted it'],
	['err(20002)', 'Not sent: Refused: pornography (涉嫌色情)', '发表记录'],
	['WHAT', 'Not sent: WeChat does not explain this state (msg_status WHAT', '发表记录'],
])('%s fails with its meaning', async (massStatus, message, hint) => {
	simulator().setJobCourse({ massStatus });
	const { error } = await sent({ wait: true });
	expect(error?.message).toContain(message);
	expect(error?.description).toContain(hint);
});

test('a wait that is over says that it goes on, and a retry sends nothing again', async () => {
	const path = '/cgi-bin/message/mass/send';
	simulator().setJobCourse({ takesMs: 90_000 });
	const before = simulator().count(path);
	const waiting = { wait: true, waitMinutes: 1 };
	const { error } = await sent(waiting);
	expect(error?.message).toMatch(/not done after 1 min\. The mass message is handed in, as msg_id/);
	expect(error?.description).toMatch(/Get State .* Do not send it again/);
	const retried = await runNode(
		'wechat',
		{
			resource: 'massMessage',
			operation: 'sendToUsers',
			touser: users(),
			content: 'hi',
			...waiting,
		},
		credentialsFor(simulator()),
		[{ json: {} }],
		{ retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
	);
	expect(retried.output[0].json.meaning).toBe('Sent');
	expect(simulator().count(path) - before).toBe(2);
});
