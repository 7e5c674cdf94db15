import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { PACK, prepareN8n, runNode, runWorkflow, type Credentials } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

/*
 * "Forwarding of messages" (将消息转发到客服), "Creating a session" (创建会话, 65414 when another agent talks, 65415 when the
 * agent is not online) and "Closing a session" (关闭会话, 65413 when there is none).
 */
prepareN8n();
const simulator = useSimulator({ followers: 30 });
const HELEN = 'helen@example';
const TOM = 'tom@example';
const CREATE = '/customservice/kfsession/create';
const soon = () => new Date(Date.now() + 14_000).toISOString();

let credentials: Credentials;
let user = '';
let next = 0;
beforeAll(async () => {
	credentials = credentialsFor(simulator());
	for (const kf_account of [HELEN, TOM]) {
		const own = { resource: 'customerServiceAgent', operation: 'add' };

		const nickname = kf_account.slice(0, 5);
		const added = await runNode('wechat', { ...own, kf_account, nickname }, credentials);
		if (added.error) throw added.error;
	}
});
beforeEach(() => {
	user = simulator().openids()[next++];
	for (const agent of [HELEN, TOM]) simulator().setOnline(agent, true);
});

const toNode = (name: string, type: string, parameters: INodeParameters) => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0] as [number, number],
	parameters,
	credentials: credentials.references,
});

/** A message, or what the item says, and WeChat Reply. */
async function reply(parameters: INodeParameters, item: IDataObject = {}) {
	const trigger = { respond: 'responseNode', kinds: ['all'] };
	const started = { FromUserName: user, accountAppId: simulator().account.appId };
	const ran = await runWorkflow(
		{
			nodes: [
				toNode('Trigger', `${PACK}.wechatTrigger`, trigger),
				toNode('Reply', `${PACK}.wechatReply`, parameters),
			],
			connections: { Trigger: { main: [[{ node: 'Reply', type: 'main', index: 0 }]] } },
		},
		credentials,
		[{ json: { kind: 'message.text', replyBefore: soon(), ...started, ...item } }],
		'Trigger',
	);
	const [response] = ran.responses as Array<{ body: Buffer }>;
	return {
		...ran,
		items: ran.items('Reply').map(({ json }) => ({ json })),
		sent: response && (JSON.parse(response.body.toString()) as unknown),
	};
}
const handOver = async (own: INodeParameters = {}, item: IDataObject = {}) =>
	await reply({ operation: 'handOver', ...own }, item);
const late = { replyBefore: new Date(0).toISOString() };
const handBack = async () => await reply({ operation: 'handBack' });

test('a message is handed over by the reply to it', async () => {
	const { sent, items } = await handOver();
	expect(sent).toEqual({ MsgType: 'transfer_customer_service' });
	expect(items).toEqual([{ json: { handedOver: true, by: 'passiveReply' } }]);
});

test('to one agent, whether or not others are online', async () => {
	const { sent, items } = await handOver({ agent: TOM });
	const TransInfo = { KfAccount: TOM };
	expect(sent).toEqual({ MsgType: 'transfer_customer_service', TransInfo });
	expect(items).toMatchObject([{ json: { by: 'passiveReply', kf_account: TOM } }]);
});

test('late, the agent with the fewest users gets a session', async () => {
	const { items, sent } = await handOver({}, late);
	const [{ json }] = items;
	expect(json).toMatchObject({ handedOver: true, by: 'session' });
	expect(sent).toEqual({});
	user = simulator().openids()[next++];
	const again = await handOver({}, late);
	expect(again.items).toMatchObject([
		{ json: { kf_account: json.kf_account === TOM ? HELEN : TOM } },
	]);
	// WeChat says who talks to whom, also to one who was handed over before.
	expect((await handOver({}, late)).items).toEqual(again.items);
	expect(await handBack()).toMatchObject({
		items: [{ json: { handedBack: true, kf_account: again.items[0].json.kf_account } }],
	});
});

test('an event cannot be transferred: it becomes a session at once', async () => {
	const before = simulator().count(CREATE);
	const { items } = await handOver({}, { kind: 'event.click' });
	expect(items).toMatchObject([{ json: { by: 'session' } }]);
	expect(simulator().count(CREATE)).toBe(before + 1);
	await handBack();
});

test('the user reads a text before; when it cannot be sent, the user is handed over all the same', async () => {
	const textBefore = '正在为您转接人工客服。';
	const { items, sent } = await handOver({ textBefore });
	expect(simulator().messages.at(-1)?.body).toMatchObject({
		touser: user,
		text: { content: textBefore },
	});
	expect(items).toEqual([{ json: { handedOver: true, by: 'passiveReply' } }]);
	expect(sent).toMatchObject({ MsgType: 'transfer_customer_service' });
	const path = '/cgi-bin/message/custom/send';
	simulator().fault({ path, answer: { errcode: 48001, errmsg: 'api unauthorized' } });
	const refused = await handOver({ textBefore });
	const textError = expect.stringContaining('48001') as string;
	expect(refused.items).toEqual([{ json: { handedOver: true, by: 'passiveReply', textError } }]);
});

test('when nobody is online it fails, and the user reads why', async () => {
	for (const agent of [HELEN, TOM]) simulator().setOnline(agent, false);
	const { error, sent } = await handOver({ failureText: 'Nobody is here.' });
	expect(error?.message).toBe('No customer service agent is online');
	expect(error?.description).toContain('Get Many Online');
	expect(sent).toEqual({ MsgType: 'text', Content: 'Nobody is here.' });
	const one = await handOver({ agent: HELEN }, late);
	expect(one.error?.message).toContain('65415');
});

test('a list that cannot be had does not keep WeChat from choosing', async () => {
	const path = '/cgi-bin/customservice/getonlinekflist';
	simulator().fault({ path, answer: { errcode: 48001, errmsg: 'api unauthorized' } });
	expect((await handOver()).sent).toEqual({ MsgType: 'transfer_customer_service' });
	simulator().fault({ path, answer: { errcode: 48001, errmsg: 'api unauthorized' } });
	expect((await handOver({}, late)).error?.message).toContain('48001');
});

test('whom nobody talks to is handed back already', async () => {
	expect((await handBack()).items).toEqual([{ json: { handedBack: false, kf_account: '' } }]);
});
