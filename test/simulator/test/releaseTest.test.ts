import { DEFAULT_COMPONENT, RELEASE_TEST_ACCOUNTS, seal, sign, type Simulator } from '..';
import type { JsonObject } from '../http/json';
import {
	PlatformApi,
	decryptFields,
	startPushReceiver,
	startWithPlatform,
	type PushReceiver,
	type ReceivedPush,
} from './support';
import { printXml } from '../http/xml';
import { createTestClock, type TestClock } from '../../support/clock';

const KEYS = DEFAULT_COMPONENT;
const SECONDS = 1_760_000_000;
const STEPS = [
	'ticket',
	'authorize official account',
	'authorize mini program',
	'text',
	'api, official account',
	'api, mini program',
	'event',
];

let simulator: Simulator;
let hook: PushReceiver;
let clock: TestClock;

beforeEach(async () => {
	clock = createTestClock(SECONDS * 1000);
	simulator = await startWithPlatform({ ...clock, accounts: RELEASE_TEST_ACCOUNTS });
	hook = await startPushReceiver();
	simulator.platform.connect({ events: `${hook.url}/events`, messages: `${hook.url}/$APPID$` });
});
afterEach(() => Promise.all([simulator.close(), hook.close()]));

function reply({ FromUserName, ToUserName }: JsonObject, Content: string): string {
	const inner = {
		ToUserName: FromUserName,
		FromUserName: ToUserName,
		CreateTime: SECONDS,
		MsgType: 'text',
		Content,
	};
	const Encrypt = seal(KEYS.encodingAESKey, KEYS.appId, printXml('xml', inner));
	const MsgSignature = sign(KEYS.token, String(SECONDS), '7', Encrypt);
	return printXml('xml', { Encrypt, MsgSignature, TimeStamp: SECONDS, Nonce: '7' });
}

/** What the rules of the test want of a platform; `wrong` replaces some of it. */
function serve(wrong: { answer?: string; suffix?: string; text?: string; event?: string } = {}) {
	const client = new PlatformApi(simulator);
	let signedIn: Promise<unknown> = Promise.resolve();
	const answerLater = async (code: string, touser: unknown) => {
		await signedIn;
		const answer = await client.component('api_query_auth', { authorization_code: code });
		const { authorizer_access_token } = answer.authorization_info as JsonObject;
		const path = `/cgi-bin/message/custom/send?access_token=${String(authorizer_access_token)}`;
		const content = `${code}${wrong.suffix ?? '_from_api'}`;
		await client.call(path, { touser, msgtype: 'text', text: { content } });
		if (wrong.suffix) clock.turn(10_000);
	};
	const answerMessage = ({ body }: ReceivedPush): string => {
		const message = decryptFields(body, KEYS);
		if (message.MsgType === 'event') {
			return reply(message, wrong.event ?? `${String(message.Event)}from_callback`);
		}
		const content = String(message.Content);
		const code = /^QUERY_AUTH_CODE:(.*)$/.exec(content)?.[1];
		if (code === undefined) return reply(message, wrong.text ?? `${content}_callback`);
		void answerLater(code, message.FromUserName);
		return wrong.answer ?? '';
	};
	hook.respond = (response, received) => {
		if (received.path !== '/events') return response.end(answerMessage(received));
		const { ComponentVerifyTicket } = decryptFields(received.body, KEYS);
		response.end('success');
		if (typeof ComponentVerifyTicket === 'string') signedIn = client.signIn(ComponentVerifyTicket);
	};
}

const failed = async (pair: 1 | 2 | 3 | 4 | 5 = 1) =>
	(await simulator.platform.releaseTest(pair)).filter(({ ok }) => !ok);

it.each([1, 2, 3, 4, 5] as const)(
	'pair %i passes with a platform that does all of it',
	async (pair) => {
		serve();
		expect(await simulator.platform.releaseTest(pair)).toEqual(
			STEPS.map((step) => ({ step, ok: true })),
		);
		const official = RELEASE_TEST_ACCOUNTS[2 * pair - 2].appId;
		expect(hook.received.map(({ path }) => path)).toContain(`/${official}`);
	},
);

it('names what went wrong', async () => {
	serve({ text: 'hello', event: 'x' });
	expect(await failed()).toEqual([
		{ step: 'text', ok: false, problem: expect.stringContaining('"hello"') as unknown },
		{ step: 'event', ok: false, problem: expect.stringContaining('"x"') as unknown },
	]);
});

it('wants nothing at once, and the code afterwards', async () => {
	serve({ suffix: '_x' });
	expect((await failed()).map(({ step, problem }) => `${step}: ${problem}`)).toEqual([
		'api, official account: no customer-service message with the code came',
		'api, mini program: no customer-service message with the code came',
	]);
	serve({ answer: 'success' });
	expect((await failed()).map(({ problem }) => problem)).toEqual([
		'the answer is not empty but success',
		'the answer is not empty but success',
	]);
});

it('tries every step on a platform that answers nothing right', async () => {
	hook.respond = (response) => response.writeHead(500).end();
	simulator.listen(({ type }) => type === 'end' && clock.turn(10_000));
	expect((await failed(2)).map(({ step }) => step)).toEqual(STEPS);
});
