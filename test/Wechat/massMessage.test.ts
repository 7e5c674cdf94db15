import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator({ followers: 3 });
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
	expect(state.output[0].json).toEqual({ msg_id, msg_status: 'SEND_SUCCESS' });
	await run({ operation: 'delete', msg_id });
	expect(simulator().calls.at(-1)?.body).toEqual({ msg_id: BigInt(msg_id), article_idx: 0 });
	const after = await run({ operation: 'getState', msg_id });
	expect(after.output[0].json).toEqual({ msg_id, msg_status: 'DELETE' });
});

test('an ID that was a number too long is not sent', async () => {
	const { error } = await run({ operation: 'delete', msg_id: '={{ 6224153857292742657 }}' });
	expect(error?.message).toContain('"Message ID" has lost digits on its way');
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
	expect(error?.message).toBe('"Tag" is missing');
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
