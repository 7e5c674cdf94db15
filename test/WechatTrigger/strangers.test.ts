/**
 * What anybody can do who knows the address of a trigger: n8n's work is counted, not timed.
 * Source of n8n's part: an error that a webhook throws is a failed execution (n8n 2.8.4, webhook-helpers.js).
 */
import type { INode } from 'n8n-workflow';
import { createSessionSeal } from '../../nodes/api/sessionSeal';
import { signLinkState } from '../../nodes/api/authorizationLink';
import { createTestClock, type TestClock } from '../support/clock';
import { logged, prepareN8n, type Credentials } from '../support/n8n';
import { restartProcess, services } from '../support/services';
import { newPlatformCredentialsFor, useSimulator } from '../support/simulator';
import { callWebhook, type WebhookCall } from '../support/webhook';
import { WechatTrigger } from '../../nodes/WechatTrigger/WechatTrigger.node';

prepareN8n();
const simulator = useSimulator();

let clock: TestClock;
let type: WechatTrigger;
let credentials: Credentials;
let decryptions: jest.SpyInstance;
let pushOptions: INode['parameters'];

beforeEach(() => {
	restartProcess();
	clock = createTestClock();
	type = new WechatTrigger({ ...services, clock });
	credentials = newPlatformCredentialsFor(simulator());
	decryptions = jest.spyOn(credentials, 'getDecrypted');
	pushOptions = {};
});
afterEach(() => jest.restoreAllMocks());

const call = async (request: Partial<WebhookCall>, workflowId = 'workflow') => {
	const parameters = { authentication: 'openPlatform', pushOptions };
	const whole = { method: 'GET', query: {}, ...request } as const;
	const { result, response } = await callWebhook(whole, parameters, credentials, undefined, {
		type,
		workflowId,
	});
	expect(result).toEqual({ noWebhookResponse: true });
	return response;
};

const FORGED = 'f'.repeat(55);
const SIGNED = { signature: 's', msg_signature: 's', timestamp: '1', nonce: 'n' };
const REQUESTS: Array<[string, number, Partial<WebhookCall>]> = [
	['an authorization', 400, { below: 'authorized', query: { auth_code: 'c', linkState: FORGED } }],
	['an authorization without a state', 400, { below: 'authorized', query: { auth_code: 'c' } }],
	['a sign-in', 400, { below: 'signed-in', query: { code: 'c', state: FORGED, appid: 'wx1' } }],
	['a check of the address', 401, { query: { ...SIGNED, echostr: 'e' } }],
	[
		'a push',
		401,
		{
			method: 'POST',
			query: { ...SIGNED, encrypt_type: 'aes' },
			body: '<xml><Encrypt><![CDATA[QUJD]]></Encrypt></xml>',
		},
	],
];
const calls = () => simulator().calls.length;

describe.each(REQUESTS)('%s that is forged', (_, status, request) => {
	test('makes n8n decrypt the credential once for 200 at a time, and asks WeChat for nothing', async () => {
		const before = calls();
		const answers = await Promise.all(Array.from({ length: 200 }, async () => await call(request)));
		expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([status]));
		expect(decryptions).toHaveBeenCalledTimes(1);
		expect(calls()).toBe(before);
	});

	test('costs one decryption a second, however many come', async () => {
		for (let second = 0; second < 5; second++) {
			await Promise.all(Array.from({ length: 20 }, async () => await call(request)));
			clock.turn(999);
			await Promise.all(Array.from({ length: 20 }, async () => await call(request)));
			expect(decryptions).toHaveBeenCalledTimes(second + 1);
			clock.turn(1);
		}
	});
});

describe.each([
	['was deleted', new Error('Credential with ID "1" does not exist')],
	['is locked', new Error('Credentials could not be decrypted')],
])('a credential that %s', (_, error) => {
	beforeEach(() => void decryptions.mockRejectedValue(error));

	test.each(REQUESTS)('answers 503 to %s, without a run', async (__, ___, request) => {
		const { statusCode, body } = await call(request);
		expect(statusCode).toBe(503);
		expect(body).toMatch(request.below ? /此服务尚未就绪 This service is not ready/ : /^$/);
	});

	test('is looked for once for 200 requests at a time, and leaves one line a minute', async () => {
		logged.length = 0;
		const wave = async (length = 10) =>
			await Promise.all(
				Array.from({ length }, async (__, n) => await call(REQUESTS[n % REQUESTS.length][2])),
			);
		await wave(200);
		expect(decryptions).toHaveBeenCalledTimes(1);
		for (let second = 0; second < 59; second++) {
			clock.turn(1000);
			await wave();
		}
		expect(logged).toEqual([expect.stringContaining(error.message)]);
		clock.turn(1000);
		await wave();
		expect(logged).toHaveLength(2);
	});

	test('is found again within a second of its return', async () => {
		const state = createSessionSeal(String(credentials.data.appSecret), 'wx1').signState('', 9e12);
		const visit = { below: 'signed-in', query: { code: 'c', state, appid: 'wx1' } };
		expect((await call(visit)).statusCode).toBe(503);
		decryptions.mockRestore();
		clock.turn(1000);
		expect((await call(visit)).statusCode).not.toBe(503);
	});
});

test('a check file is looked for without a credential, and is missing without a run', async () => {
	decryptions.mockRejectedValue(new Error('deleted'));
	pushOptions = { checkFiles: { file: [{ name: 'MP_verify_a.txt', content: 'a' }] } };
	expect(await call({ below: 'MP_verify_a.txt' })).toMatchObject({ statusCode: 200, body: 'a' });
	expect((await call({ below: 'MP_verify_b.txt' })).statusCode).toBe(404);
	expect(decryptions).not.toHaveBeenCalled();
});

test('options that cannot be read are no run of a stranger either', async () => {
	logged.length = 0;
	const fails = '={{ $("Nowhere").item.json.name }}';
	pushOptions = { checkFiles: { file: [{ name: fails, content: 'a' }] } };
	for (let count = 0; count < 20; count++)
		expect((await call({ below: 'MP_verify_a.txt' })).statusCode).toBe(503);
	expect(logged).toHaveLength(1);
});

test('a page that is configured wrongly concerns those only who have a good link', async () => {
	pushOptions = { authorizedPage: 'nowhere', signedInPage: 'nowhere' };
	for (const [, status, request] of REQUESTS) expect((await call(request)).statusCode).toBe(status);
});

test('wrong checks of the address leave one line a minute', async () => {
	logged.length = 0;
	const check = { query: { ...SIGNED, echostr: 'e' } };
	for (let count = 0; count < 20; count++) await call(check);
	expect(logged).toHaveLength(1);
	clock.turn(60_000);
	await call(check);
	expect(logged).toHaveLength(2);
});

describe('a line that is logged once a minute', () => {
	const check = { query: { ...SIGNED, echostr: 'e' } };
	const [, , , , [, , push]] = REQUESTS;
	beforeEach(() => void logged.splice(0));

	test('leaves each refused push in the log, and the first check after it', async () => {
		for (let count = 0; count < 3; count++) await call(push);
		expect(logged).toHaveLength(3);
		for (let count = 0; count < 3; count++) await call(check);
		expect(logged).toHaveLength(4);
		expect(logged[3]).toContain('refused a request');
	});

	test('is another one for another reason', async () => {
		await call(check);
		decryptions.mockRejectedValue(new Error('locked'));
		clock.turn(1000);
		for (let count = 0; count < 3; count++) await call(check);
		expect(logged).toEqual([
			expect.stringContaining('signature'),
			expect.stringContaining('locked'),
		]);
	});

	test('is remembered for each of 1,000 workflows, those that logged last', async () => {
		for (let count = 0; count < 1000; count++) await call(check, `workflow ${count}`);
		expect(logged).toHaveLength(1000);
		await call(check, 'workflow 0');
		expect(logged).toHaveLength(1000);
		for (const name of ['one more', 'workflow 1']) await call(check, name);
		expect(logged).toHaveLength(1002);
	});
});

test('links that a new AppSecret signed are known within a second', async () => {
	const visit = async () => {
		const { appId, appSecret } = credentials.data;
		const app = { appId: String(appId), appSecret: String(appSecret), baseUrl: '' };
		const linkState = signLinkState(app, 'preauthcode', clock.now() + 60_000);
		const { body } = await call({ below: 'authorized', query: { auth_code: 'c', linkState } });
		return body;
	};
	expect(await visit()).not.toContain('链接无效');
	credentials.stored.set(credentials.id, { ...credentials.data, appSecret: 'reset' });
	expect(await visit()).toContain('链接无效');
	clock.turn(1000);
	expect(await visit()).not.toContain('链接无效');
});
