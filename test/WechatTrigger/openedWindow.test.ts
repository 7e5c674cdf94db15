import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT, type PushMessage } from '../simulator';
import { prepareN8n, runNode, type Credentials } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';
import { serveTrigger, type Served } from '../support/webhook';

prepareN8n();
const accounts = [DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT];
const simulator = useSimulator({ accounts, replyWindow: true });
let credentials: Credentials;
let trigger: Served;
let user = 0;
beforeEach(async () => {
	user++;
	credentials = credentialsFor(simulator());
	trigger = await serveTrigger({ kinds: ['all'] }, credentials);
});
afterEach(async () => await trigger.close());

async function push(message: PushMessage) {
	await simulator().push(trigger.url, { FromUserName: `oUser${user}`, ...message });
	await trigger.idle();
	return trigger.items.at(-1) ?? {};
}
const write = async () => await push({ MsgType: 'text', Content: 'hi' });
const send = async (touser: string) => {
	const given = { resource: 'customerServiceMessage', operation: 'send', msgtype: 'text' };
	const sent = await runNode('wechat', { ...given, touser, content: 'x' }, credentials);
	return sent.error as (Error & { description?: string }) | undefined;
};

const HOUR = 3_600_000;

test('an item says what may still be sent', async () => {
	const before = Date.now();
	const { canSendUntil, messagesLeft, FromUserName } = await write();
	expect(messagesLeft).toBe(5);
	const until = Date.parse(String(canSendUntil)) - 48 * HOUR;
	expect(until).toBeGreaterThanOrEqual(before);
	expect(until).toBeLessThanOrEqual(Date.now());
	for (let sent = 0; sent < 2; sent++) expect(await send(String(FromUserName))).toBeUndefined();
	// A tap tells of what the message before it has left.
	const tapped = await push({ MsgType: 'event', Event: 'CLICK', EventKey: 'K' });
	expect(tapped).toMatchObject({ canSendUntil, messagesLeft: 3 });
	expect(await write()).toMatchObject({ messagesLeft: 5 });
});

test('an event after which nothing may be sent says nothing of it', async () => {
	const viewed = await push({ MsgType: 'event', Event: 'VIEW', EventKey: 'https://example.com' });
	expect(viewed).toMatchObject({ kind: 'event.view' });
	expect(viewed).not.toHaveProperty('messagesLeft');
});

test('the sixth message fails with when the user wrote, and what to do', async () => {
	const { FromUserName } = await write();
	for (let sent = 0; sent < 5; sent++) expect(await send(String(FromUserName))).toBeUndefined();
	const error = await send(String(FromUserName));
	expect(error?.message).toContain('45047');
	expect(error?.description).toMatch(/^The user wrote at \S+Z; all 5 messages .* are sent\. Wait/);
});

test('what WeChat does not take does not count', async () => {
	const { FromUserName } = await write();
	const path = '/cgi-bin/message/custom/send';
	simulator().fault({ path, answer: { errcode: 45002, errmsg: 'content size out of limit' } });
	expect((await send(String(FromUserName)))?.message).toContain('45002');
	expect(await push({ MsgType: 'event', Event: 'CLICK', EventKey: 'K' })).toMatchObject({
		messagesLeft: 5,
	});
});
