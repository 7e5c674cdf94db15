import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { createAccountClient, type AccountClient } from '../../nodes/api/accountClient';
import { readApp, readOwner } from '../../nodes/n8n/credentials';
import { createStateStore } from '../../nodes/n8n/stateStore';
import { openRuleStore, toRuleSection } from '../../nodes/replyRules/ruleStore';
import type { Rule } from '../../nodes/replyRules/rule';
import { readRules } from '../../nodes/replyRules/ruleFormat';
import { createRuleCache, type RuleCache } from '../../nodes/WechatTrigger/ruleCache';
import {
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	SECOND_ACCOUNT,
	type PushMessage,
	type PushResult,
} from '../simulator';
import { editorContext, logged, prepareN8n, runNode, type Credentials } from '../support/n8n';
import { credentialsFor, newPlatformCredentialsFor, useSimulator } from '../support/simulator';
import { serveTrigger, type Served } from '../support/webhook';
import { createTestClock } from '../support/clock';
import { contentOf } from '../support/replies';

prepareN8n();
const FIRST = DEFAULT_ACCOUNT.appId;
const SECOND = SECOND_ACCOUNT.appId;
const MINI = MINI_PROGRAM_ACCOUNT.appId;
const accounts = [DEFAULT_ACCOUNT, SECOND_ACCOUNT, MINI_PROGRAM_ACCOUNT];
const simulator = useSimulator({ accounts, followers: 3 });

let credentials: Credentials;
let trigger: Served | undefined;
afterEach(async () => await trigger?.close());

/** Keeps rules as a workflow does, in the words of the document. */
async function keep(rules: IDataObject[], own: INodeParameters = {}): Promise<void> {
	const given = { resource: 'rule', operation: 'import', rules: JSON.stringify(rules), ...own };
	const { error } = await runNode('wechatReply', given, credentials);
	if (error) throw error;
}
async function serve(parameters: INodeParameters): Promise<void> {
	await trigger?.close();
	trigger = await serveTrigger({ kinds: ['all'], rules: 'instead', ...parameters }, credentials);
}
const emitted = () => trigger?.items ?? [];

const text = (Content: string): PushMessage => ({ MsgType: 'text', Content });
let id = 0;
/** Two events that say the same within a second are one. */
const event = (Event: string, EventKey = ''): PushMessage => ({
	MsgType: 'event',
	Event,
	EventKey,
	Ticket: `t${++id}`,
});
const rules = [
	{ request: 'hello', reply: 'Hi!' },
	{ request: '营业', match: 'contains', reply: '9:00 <&> 18:00 😀' },
	{ when: 'menuKey', request: 'HELP', reply: 'Help is near.' },
	{ when: 'subscribe', reply: 'Welcome!' },
];

describe('an official account', () => {
	beforeEach(async () => {
		credentials = credentialsFor(simulator());
		await keep(rules);
	});

	/** What WeChat makes of the answer; it takes an encrypted one only, see its check of replies. */
	async function push(message: PushMessage): Promise<PushResult> {
		const result = await simulator().push(trigger?.url ?? '', message);
		await trigger?.idle();
		return result;
	}

	test('is silent while an agent talks: the message goes to the agent', async () => {
		await serve({ pushOptions: { agentTalks: 'events' } });
		expect((await push(text('hello'))).shown).toBe('Hi!');
		await push({ ...event('kf_create_session'), KfAccount: 'helen@example' });
		const { reply } = await push(text('hello'));
		expect(reply).toMatchObject({ MsgType: 'transfer_customer_service' });
		await push({ ...event('kf_close_session'), KfAccount: 'helen@example' });
		expect((await push(text('hello'))).shown).toBe('Hi!');
	});
	const shown = async (message: PushMessage) => (await push(message)).shown;

	test('answers in the push itself, and starts nothing', async () => {
		await serve({});
		const { outcome, shown: seen, raw, deliveries } = await push(text('Hello'));
		expect({ outcome, seen }).toEqual({ outcome: 'reply', seen: 'Hi!' });
		expect(raw).toContain('Encrypt');
		expect(deliveries).toHaveLength(1);
		expect(deliveries[0].body).not.toContain('Hi!');
		expect(await shown(text('请问营业时间'))).toBe('9:00 <&> 18:00 😀');
		expect(await shown(event('CLICK', 'HELP'))).toBe('Help is near.');
		expect(await shown(event('subscribe'))).toBe('Welcome!');
		expect(await shown(event('subscribe', 'qrscene_1'))).toBe('Welcome!');
		expect(emitted()).toEqual([]);
	});

	test('answers with what was entered in the fields of a node, and nothing else', async () => {
		const fields = { resource: 'rule', operation: 'add', when: 'menuKey', request: 'K' };
		const options = { ruleOptions: { priority: 1 } };
		const article = [{ Title: 't', Description: 'd', PicUrl: '', Url: 'https://a.b' }];
		const given = { ...fields, ...options, type: 'News', articles: { article } };
		expect((await runNode('wechatReply', given, credentials)).error).toBeUndefined();
		await serve({});
		const { outcome, reply, deliveries } = await push(event('CLICK', 'K'));
		expect([outcome, deliveries[0].problem]).toEqual(['reply', undefined]);
		expect(reply).toMatchObject({ MsgType: 'news', ArticleCount: '1' });
	});

	test('answers and starts the workflow, too, which learns by which rule', async () => {
		await serve({ rules: 'also' });
		expect(await shown(text('hello'))).toBe('Hi!');
		expect(await shown(event('subscribe'))).toBe('Welcome!');
		expect(emitted()).toMatchObject([
			{ kind: 'message.text', Content: 'hello', rule: { when: 'keyword', request: 'hello' } },
			{ kind: 'event.subscribe', rule: { when: 'subscribe', request: '' } },
		]);
	});

	test('answers nothing unless it is switched on', async () => {
		for (const parameters of [{ rules: 'no' }, { rules: undefined as never }]) {
			await serve(parameters);
			expect((await push(text('hello'))).outcome).toBe('success');
			expect(emitted()).toHaveLength(1);
			expect(emitted()[0]).not.toHaveProperty('rule');
		}
	});

	test.each(['instead', 'also'])('leaves what no rule matches as it is set: %s', async (use) => {
		await serve({ rules: use });
		expect((await push(text('something else'))).outcome).toBe('success');
		expect((await push(event('SCAN', '7'))).outcome).toBe('success');
		expect(emitted()).toHaveLength(2);
		expect(emitted()[0]).not.toHaveProperty('rule');
		expect(logged).toEqual([]);
		await serve({ rules: use, respond: 'responseNode' });
		(trigger as Served).onItem = () => ({ MsgType: 'text', Content: 'from the workflow' });
		expect(await shown(text('something else'))).toBe('from the workflow');
		expect(emitted()[0]).toHaveProperty('replyBefore');
	});

	test('that has answered by a rule waits for no WeChat Reply', async () => {
		await serve({ rules: 'also', respond: 'responseNode' });
		(trigger as Served).onItem = () => ({ MsgType: 'text', Content: 'from the workflow' });
		expect(await shown(text('hello'))).toBe('Hi!');
		expect(emitted()).toHaveLength(1);
		expect(emitted()[0]).not.toHaveProperty('replyBefore');
	});

	test('answers what the workflow does not want as well', async () => {
		await serve({ rules: 'also', kinds: ['event.subscribe'] });
		expect(await shown(text('hello'))).toBe('Hi!');
		expect(emitted()).toEqual([]);
	});

	test('answers a message of any kind when nothing matched', async () => {
		await keep([{ when: 'noMatch', reply: 'Pardon?' }]);
		await serve({});
		expect(await shown({ MsgType: 'voice', MediaId: 'm', Format: 'amr' })).toBe('Pardon?');
		expect(await shown(text('something else'))).toBe('Pardon?');
		expect(await shown(text('hello'))).toBe('Hi!');
		// Nobody waits for an answer to an event.
		expect((await push(event('LOCATION'))).outcome).toBe('success');
		expect(emitted()).toHaveLength(1);
	});

	test('gives each delivery of a push the same answer', async () => {
		await serve({});
		const message = { ...text('hello'), MsgId: '24990011223344' };
		const [first, second] = [await push(message), await push(message)];
		expect(second.deliveries[0].body).toBe(first.deliveries[0].body);
	});

	test.each(['json', 'xml'] as const)('answers in the format of the push: %s', async (format) => {
		await serve({});
		const result = await simulator().push(trigger?.url ?? '', text('hello'), { format });
		expect(result.shown).toBe('Hi!');
	});

	test('answers with every type that WeChat takes', async () => {
		const media = (name: string) => simulator().addMedia(Buffer.from('GIF89a'), name);
		const [mediaId, thumbMediaId] = [media('a.gif'), media('a.jpg')];
		await keep([
			{ request: 'image', type: 'image', reply: { content: { mediaId } } },
			{ request: 'voice', type: 'voice', reply: { content: { mediaId } } },
			{
				request: 'video',
				type: 'vedio',
				reply: { content: { mediaId, title: 't', thumbMediaId } },
			},
			{ request: 'music', reply: { title: 't', musicUrl: 'https://a.b/c', thumbMediaId } },
			{ request: 'news', type: 'multitext', reply: { title: 't', url: 'https://a.b' } },
		]);
		await serve({});
		for (const type of ['image', 'voice', 'video', 'music', 'news']) {
			const { outcome, reply, deliveries } = await push(text(type));
			expect([type, outcome, deliveries.at(-1)?.problem]).toEqual([type, 'reply', undefined]);
			expect(reply?.MsgType).toBe(type);
		}
		expect(simulator().messages.filter(({ appId }) => appId === FIRST)).toEqual([]);
	});

	test('counts a change by this process at once', async () => {
		await serve({});
		expect(await shown(text('hello'))).toBe('Hi!');
		await keep([{ request: 'hello', reply: 'Hello again!' }]);
		expect(await shown(text('hello'))).toBe('Hello again!');
		await keep([{ request: 'hello', reply: 'Hi!', enabled: false }]);
		expect((await push(text('hello'))).outcome).toBe('success');
		expect(emitted()).toHaveLength(1);
	});

	test('that cannot read its rules starts the workflow, and says why in the log', async () => {
		await serve({});
		const state = JSON.parse(String(credentials.data.state)) as { shelves: Record<string, object> };
		state.shelves[toRuleSection(FIRST)] = {
			'keyword x': { at: 1, value: { when: 'keyword', enabled: true } },
		};
		credentials.data.state = JSON.stringify(state);
		expect((await push(text('hello'))).outcome).toBe('success');
		expect(emitted()).toHaveLength(1);
		expect(logged.join()).toContain('"WeChat Trigger" could not answer by a rule: ');
	});
});

// "Mini programs cannot be answered passively."
describe('a mini program', () => {
	const messages = () => simulator().messages.filter(({ appId }) => appId === MINI);
	beforeEach(async () => {
		const { appId, secret, token, encodingAESKey } = MINI_PROGRAM_ACCOUNT;
		credentials = credentialsFor(simulator(), {
			appId,
			appSecret: secret,
			token,
			encodingAesKey: encodingAESKey,
			kind: 'miniProgram',
		});
		await keep([
			{ request: 'hello', reply: 'Hi!' },
			{ request: 'song', reply: { musicUrl: 'https://a.b', thumbMediaId: 'm' } },
		]);
	});
	const push = async (message: PushMessage) => {
		const result = await simulator().push(trigger?.url ?? '', message, { appId: MINI });
		await trigger?.idle();
		return result;
	};

	test('is answered success, and its user gets a customer service message', async () => {
		await serve({});
		const [touser] = simulator().openids(MINI);
		const before = messages().length;
		expect((await push(text('hello'))).outcome).toBe('success');
		expect(messages().slice(before)).toMatchObject([
			{ body: { touser, msgtype: 'text', text: { content: 'Hi!' } } },
		]);
		expect(emitted()).toEqual([]);
	});

	test('that cannot send an answer starts the workflow, and says why in the log', async () => {
		await serve({ respond: 'responseNode' });
		const before = messages().length;
		expect((await push(text('song'))).outcome).toBe('success');
		expect(messages()).toHaveLength(before);
		expect(emitted()).toHaveLength(1);
		expect(emitted()[0]).not.toHaveProperty('rule');
		expect(logged.join()).toContain('Mini programs cannot send music');
	});
});

describe('accounts behind a third-party platform', () => {
	const behind = (value: string) => ({
		authentication: 'openPlatform',
		account: { __rl: true, mode: 'id', value },
	});

	beforeEach(async () => {
		credentials = newPlatformCredentialsFor(simulator());
		await serve({ authentication: 'openPlatform' });
		const { platform } = simulator();
		platform.connect({ events: trigger?.url ?? '', messages: `${trigger?.url}/$APPID$` });
		await platform.pushTicket();
		for (const { appId } of accounts) await platform.authorize(appId);
		await trigger?.idle();
		emitted().length = 0;
		await keep([{ request: 'hello', reply: 'First!' }], behind(FIRST));
		await keep([{ request: 'hello', reply: 'Second!' }], behind(SECOND));
		await keep([{ request: 'hello', reply: 'Mini!' }], behind(MINI));
	});

	test('have rules of their own, and are answered with the keys of the platform', async () => {
		const { platform } = simulator();
		expect((await platform.message(FIRST, text('hello'))).shown).toBe('First!');
		expect((await platform.message(SECOND, text('hello'))).shown).toBe('Second!');
		expect(emitted()).toEqual([]);
	});

	test('that are mini programs send a message in their own name', async () => {
		const { outcome } = await simulator().platform.message(MINI, text('hello'));
		await trigger?.idle();
		expect(outcome).toBe('success');
		expect(simulator().messages.at(-1)).toMatchObject({
			appId: MINI,
			body: { text: { content: 'Mini!' } },
		});
	});

	test('are answered as well where their original ID says which one it is', async () => {
		const { platform } = simulator();
		platform.connect({ events: trigger?.url ?? '', messages: `${trigger?.url}?$APPID$` });
		expect((await platform.message(SECOND, text('hello'))).shown).toBe('Second!');
	});

	test('authorize while rules are on: what WeChat tells the platform is no message', async () => {
		await keep([{ when: 'noMatch', reply: 'Pardon?' }], behind(SECOND));
		await simulator().platform.revoke(SECOND);
		await trigger?.idle();
		expect(emitted()).toMatchObject([{ kind: 'authorization.unauthorized' }]);
		expect(logged.join()).not.toContain('rule');
	});
});

describe('the rules that are known', () => {
	const clock = createTestClock();
	let rules: RuleCache;
	let opened: number;
	let client: () => Promise<AccountClient>;
	const put = async (...rules: Rule[]) => {
		const book = await openRuleStore((await client()).section(toRuleSection(FIRST)), clock.now);
		for (const rule of rules) book.put(rule);
		await book.save();
	};
	const answering = async (appId = FIRST) =>
		await rules.read(credentials.id, appId, async () => {
			opened++;
			return await client();
		});
	const answer = async (Content: string) =>
		contentOf((await answering()).matcher({ MsgType: 'text', Content })?.reply);

	beforeEach(async () => {
		rules = createRuleCache(clock);
		opened = 0;
		credentials = credentialsFor(simulator());
		const type = 'wechatOfficialAccountApi';
		const context = editorContext('wechat', {}, credentials);
		const store = createStateStore(context, type, readOwner(type, credentials.data));
		client = async () => createAccountClient(readApp(credentials.data), store);
		await put(...readRules([{ request: 'a', reply: 'x' }]));
	});

	test('are read again after two seconds, which is how another process is noticed', async () => {
		expect(await answer('a')).toBe('x');
		const elsewhere = JSON.stringify(credentials.data).replaceAll('\\"x\\"', '\\"y\\"');
		credentials.stored.set(credentials.id, JSON.parse(elsewhere) as never);
		clock.turn(1999);
		expect(await answer('a')).toBe('x');
		expect(opened).toBe(1);
		clock.turn(1);
		expect(await answer('a')).toBe('y');
		expect(opened).toBe(2);
	});

	test('are read again when the clock was set back: it will not come to the end of their time soon', async () => {
		await answering();
		clock.turn(-86_400_000);
		await answering();
		expect(opened).toBe(2);
		clock.turn(86_400_000);
	});

	test('are made ready anew only when they have changed', async () => {
		const { matcher, kind } = await answering();
		expect(kind).toBe('officialAccount');
		clock.turn(2000);
		expect((await answering()).matcher).toBe(matcher);
		await put(...readRules([{ request: 'b', reply: 'z' }]));
		expect((await answering()).matcher).not.toBe(matcher);
		expect(await answer('b')).toBe('z');
	});

	test('are of one account each', async () => {
		expect(await answer('a')).toBe('x');
		expect((await answering(SECOND)).matcher({ MsgType: 'text', Content: 'a' })).toBeUndefined();
		expect(await answer('a')).toBe('x');
	});

	test('are of one credential each: two of them may be of one account', async () => {
		expect(await answer('a')).toBe('x');
		const other = credentialsFor(simulator());
		const type = 'wechatOfficialAccountApi';
		const store = createStateStore(
			editorContext('wechat', {}, other),
			type,
			readOwner(type, other.data),
		);
		const account = async () => createAccountClient(readApp(other.data), store);
		const book = await openRuleStore((await account()).section(toRuleSection(FIRST)), clock.now);
		book.put(readRules([{ request: 'a', reply: 'y' }])[0]);
		await book.save();
		const { matcher } = await rules.read(other.id, FIRST, account);
		expect(contentOf(matcher({ MsgType: 'text', Content: 'a' })?.reply)).toBe('y');
		expect(await answer('a')).toBe('x');
	});

	test('are of 500 accounts at most, those that were used last', async () => {
		for (let n = 0; n < 500; n++) await answering(`wx${n}`);
		await put(...readRules([{ request: 'b', reply: 'z' }]));
		// The first one is read again, so that now the second one is the oldest.
		for (const name of ['wx0', 'wx500']) await answering(name);
		opened = 0;
		await answering('wx0');
		expect(opened).toBe(0);
		for (let n = 501; n < 1000; n++) await answering(`wx${n}`);
		opened = 0;
		await answering('wx0');
		expect(opened).toBe(0);
		await answering('wx500');
		expect(opened).toBe(1);
	});
});
