import type { IDataObject, INode } from 'n8n-workflow';
import type { State } from '../../nodes/api/state';
import { restartProcess } from '../support/services';
import {
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	RELEASE_TEST_ACCOUNTS,
	SECOND_ACCOUNT,
	type Simulator,
} from '../simulator';
import { logged, prepareN8n, runNode, type Credentials } from '../support/n8n';
import { newPlatformCredentialsFor, useSimulator } from '../support/simulator';
import { serveTrigger, type Served } from '../support/webhook';

prepareN8n();
const FIRST = DEFAULT_ACCOUNT.appId;
const SECOND = SECOND_ACCOUNT.appId;
const MINI = MINI_PROGRAM_ACCOUNT.appId;
const accounts = [DEFAULT_ACCOUNT, SECOND_ACCOUNT, MINI_PROGRAM_ACCOUNT, ...RELEASE_TEST_ACCOUNTS];
const simulator = useSimulator({ accounts, followers: 3, releaseTestMs: 2000 });

let credentials: Credentials;
let trigger: Served;
/** WeChat's side of the stage; each of its acts is over when the trigger has emitted. */
const wechat = () => {
	const { platform } = simulator();
	const settled =
		<A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
		async (...args: A): Promise<R> => {
			const result = await act(...args);
			await trigger.idle();
			return result;
		};
	return {
		...platform,
		pushTicket: settled(platform.pushTicket),
		event: settled(platform.event),
		authorize: settled(platform.authorize),
		revoke: settled(platform.revoke),
		message: settled(platform.message),
	};
};

const stateOf = ({ data }: Credentials) => JSON.parse(String(data.state)) as State;

/** A trigger in platform mode whose addresses are entered in WeChat's console. */
async function connect(parameters: INode['parameters'] = {}, to: Simulator = simulator()) {
	trigger = await serveTrigger({ authentication: 'openPlatform', ...parameters }, credentials);
	to.platform.connect({ events: trigger.url, messages: `${trigger.url}/$APPID$` });
}

beforeEach(async () => {
	credentials = newPlatformCredentialsFor(simulator());
	for (const { appId } of accounts)
		if (wechat().isAuthorized(appId)) await wechat().revoke(appId, { push: false });
	await connect();
});
afterEach(async () => await trigger.close());

/** Runs a WeChat node for an account behind the platform. */
async function act(account: string, parameters: INode['parameters'] = {}) {
	const node = { authentication: 'openPlatform', resource: 'user', operation: 'getAll', limit: 1 };
	const chosen = { account: { __rl: true, mode: 'id', value: account } };
	const { error, output } = await runNode(
		'wechat',
		{ ...node, ...chosen, ...parameters },
		credentials,
	);
	if (error) throw new Error(`${error.message}: ${error.description}`);
	return output.map(({ json }) => json);
}

/** Everything that must stay out of executions and logs. */
function secrets(): string[] {
	const { ticket, token, accounts: grants = {} } = stateOf(credentials);
	const found = [
		ticket?.value,
		token?.value,
		...Object.values(grants).flatMap((grant) => [grant.token?.value, grant.refreshToken]),
	];
	const { appSecret, token: checkToken, encodingAesKey } = credentials.data;
	return [...found, appSecret, checkToken, encodingAesKey].filter(Boolean) as string[];
}
afterEach(() => {
	const told = JSON.stringify([trigger.items, logged, trigger.errors.map(String)]);
	for (const secret of credentials.data.state ? secrets() : []) expect(told).not.toContain(secret);
	expect(told).not.toMatch(/queryauthcode@@@|preauthcode@@@|ticket@@@|refreshtoken@@@/);
});

describe('tickets', () => {
	test('are kept and answered success, and start nothing', async () => {
		const { outcome } = await wechat().pushTicket();
		expect(outcome).toBe('success');
		expect(stateOf(credentials).ticket?.value).toMatch(/^ticket@@@/);
		expect(trigger.items).toEqual([]);
	});

	test('start the workflow of who names them, without their value', async () => {
		await trigger.close();
		await connect({ kinds: ['authorization.component_verify_ticket'] });
		await wechat().pushTicket();
		expect(trigger.items).toEqual([
			expect.objectContaining({
				InfoType: 'component_verify_ticket',
				appId: credentials.data.appId,
			}),
		]);
	});

	test('are of no account: a choice of accounts does not keep them away', async () => {
		await trigger.close();
		const kinds = ['authorization.component_verify_ticket'];
		await connect({ kinds, pushOptions: { accounts: [SECOND] } });
		await wechat().pushTicket();
		expect(trigger.items).toHaveLength(1);
	});

	test('pass no choice of accounts that comes out empty', async () => {
		await trigger.close();
		const kinds = ['authorization.component_verify_ticket'];
		await connect({ kinds, pushOptions: { accounts: [] } });
		expect((await wechat().pushTicket()).outcome).toBe('success');
		expect(trigger.items).toEqual([]);
	});

	test('that cannot be saved are not answered success: WeChat would think that we have them', async () => {
		credentials.preAuthentication = async () => await Promise.reject(new Error('database is gone'));
		expect((await wechat().pushTicket()).outcome).not.toBe('success');
		expect(trigger.errors).toHaveLength(1);
	});
});

describe('authorizations', () => {
	beforeEach(async () => void (await wechat().pushTicket()));

	test('are exchanged and stored before the workflow starts, which learns who it is', async () => {
		let stored: State | undefined;
		trigger.onItem = () => void (stored = stateOf(credentials));
		const { result } = await wechat().authorize(SECOND);
		expect(result?.outcome).toBe('success');
		expect(stored?.accounts?.[SECOND]).toMatchObject({
			refreshToken: expect.stringMatching(/^refreshtoken@@@/) as string,
			profile: { name: '第二个公众号', kind: 'officialAccount' },
		});
		expect(trigger.items).toEqual([
			expect.objectContaining({
				kind: 'authorization.authorized',
				accountAppId: SECOND,
				account: { name: '第二个公众号', userName: SECOND_ACCOUNT.name, kind: 'officialAccount' },
				permissions: expect.arrayContaining([
					{ id: 1, name: expect.stringContaining('消息管理') as string },
				]) as IDataObject[],
			}),
		]);
	});

	test('of mini programs are told apart by MiniProgramInfo', async () => {
		await wechat().authorize(MINI);
		expect(trigger.items[0].account).toMatchObject({ kind: 'miniProgram', name: '示例小程序' });
	});

	test('that change replace the refresh token', async () => {
		await wechat().authorize(SECOND);
		const before = stateOf(credentials).accounts?.[SECOND].refreshToken;
		await wechat().authorize(SECOND, { permissions: [1, 2] });
		expect(trigger.items.at(-1)).toMatchObject({ kind: 'authorization.updateauthorized' });
		const after = stateOf(credentials).accounts?.[SECOND].refreshToken;
		expect(after).toMatch(/^refreshtoken@@@/);
		expect(after).not.toBe(before);
		expect(await act(SECOND)).toHaveLength(1);
	});

	test('start the workflow also when WeChat does not tell who it is', async () => {
		simulator().fault({
			path: '/cgi-bin/component/api_get_authorizer_info',
			answer: { errcode: 40097, errmsg: 'invalid args' },
		});
		const { result } = await wechat().authorize(SECOND);
		expect(result?.outcome).toBe('success');
		expect(trigger.items).toMatchObject([{ accountAppId: SECOND }]);
		expect(trigger.items[0]).not.toHaveProperty('account');
		expect(logged.join()).toContain(`could not get the name of ${SECOND}`);
	});

	test('are answered at once, and by no WeChat Reply', async () => {
		await trigger.close();
		await connect({ respond: 'responseNode' });
		trigger.onItem = () => ({ MsgType: 'text', Content: 'hi' });
		expect((await wechat().authorize(SECOND)).result?.outcome).toBe('success');
		expect(trigger.items).toHaveLength(1);
		expect(trigger.errors).toEqual([]);
	});

	test('that are taken back drop the tokens', async () => {
		await wechat().authorize(SECOND);
		await act(SECOND);
		await wechat().revoke(SECOND);
		expect(trigger.items.at(-1)).toMatchObject({
			kind: 'authorization.unauthorized',
			accountAppId: SECOND,
		});
		expect(stateOf(credentials).accounts?.[SECOND]).toEqual({
			at: expect.any(Number) as number,
			gone: true,
		});
		await expect(act(SECOND)).rejects.toThrow(
			`The account ${SECOND} has not authorized this platform`,
		);
	});

	test('of mini programs that the platform registered are exchanged as well', async () => {
		const { code } = await wechat().authorize(MINI, { push: false });
		await wechat().event({
			InfoType: 'notify_third_fasteregister',
			appid: MINI,
			status: 0,
			auth_code: code,
			msg: 'OK',
			info: { name: '示例小程序', code: '1', code_type: 1 },
		});
		expect(trigger.items[0]).toMatchObject({
			accountAppId: MINI,
			account: { kind: 'miniProgram' },
		});
		expect(await act(MINI)).toHaveLength(1);
	});

	test('whose code was spent elsewhere are found in the list of WeChat', async () => {
		simulator().fault({
			path: '/cgi-bin/component/api_query_auth',
			answer: { errcode: 61010, errmsg: 'code is expired' },
		});
		const { result } = await wechat().authorize(SECOND);
		expect(result?.outcome).toBe('success');
		expect(await act(SECOND)).toHaveLength(1);
	});

	test('that fail are a failed run, and the next delivery of the push is tried again', async () => {
		simulator().fault({
			path: '/cgi-bin/component/api_query_auth',
			answer: { errcode: 61004, errmsg: 'access clientip is not registered requestIP: 1.2.3.4' },
		});
		const event = {
			InfoType: 'authorized',
			AuthorizerAppid: SECOND,
			CreateTime: Math.floor(Date.now() / 1000),
			PreAuthCode: 'x',
		};
		const { code } = await wechat().authorize(SECOND, { push: false });
		expect((await wechat().event({ ...event, AuthorizationCode: code })).outcome).not.toBe(
			'success',
		);
		expect(trigger.errors[0]).toMatchObject({
			message: expect.stringContaining('61004') as string,
			description: expect.stringContaining('IP allow list') as string,
		});
		expect((await wechat().event({ ...event, AuthorizationCode: code })).outcome).toBe('success');
		expect(trigger.items).toHaveLength(1);
	});

	test('that meet a database which fails for a moment are taken at their next delivery', async () => {
		await wechat().pushTicket();
		const event = {
			InfoType: 'component_verify_ticket',
			CreateTime: Math.floor(Date.now() / 1000),
			ComponentVerifyTicket: 'ticket@@@next',
		};
		// What the push is verified with is in memory by now.
		jest.spyOn(credentials, 'getDecrypted').mockRejectedValueOnce(new Error('SQLITE_BUSY'));
		expect((await wechat().event(event)).outcome).not.toBe('success');
		expect(trigger.errors).toHaveLength(1);
		expect((await wechat().event(event)).outcome).toBe('success');
		expect(stateOf(credentials).ticket?.value).toBe('ticket@@@next');
	});
});

test.each([
	'notify_third_fasteregister',
	'notify_third_fastregisterbetaapp',
	'notify_third_fastverifybetaapp',
])('a registration that failed says why in words: %s', async (InfoType) => {
	await wechat().event({ InfoType, appid: '', status: 101, msg: 'x' });
	expect(trigger.items).toMatchObject([
		{ status: '101', statusText: expect.stringContaining('deregistered') as string },
	]);
});

test('the codes that an event brings do not reach the workflow', async () => {
	const codes = { PreAuthCode: 'p', ComponentVerifyTicket: 't' };
	await wechat().event({ InfoType: 'something_new', AuthorizerAppid: SECOND, ...codes });
	expect(trigger.items).toHaveLength(1);
	for (const name of Object.keys(codes)) expect(trigger.items[0]).not.toHaveProperty(name);
});

test('a status of another event gets no words for a registration', async () => {
	await wechat().event({ InfoType: 'notify_3rd_wxa_wxverify', appid: MINI, status: 101 });
	expect(trigger.items).toMatchObject([{ status: '101' }]);
	expect(trigger.items[0]).not.toHaveProperty('statusText');
});

test.each(['AuthorizerAppid', 'authorizer_appid', 'verify_appid', 'appid'])(
	'the account of an event stands in %s',
	async (name) => {
		await wechat().event({ InfoType: 'something_new', [name]: SECOND });
		expect(trigger.items).toMatchObject([{ accountAppId: SECOND }]);
	},
);

test('other news of the platform starts the workflow', async () => {
	await wechat().event({
		InfoType: 'notify_3rd_wxa_auth',
		appid: MINI,
		taskid: 't',
		task_status: 6,
		apply_status: 2,
		message: 'm',
	});
	await wechat().event({ InfoType: 'something_new', AuthorizerAppid: FIRST });
	expect(trigger.items).toMatchObject([
		{ kind: 'authorization.notify_3rd_wxa_auth', accountAppId: MINI, task_status: '6' },
		{ kind: 'authorization.something_new', accountAppId: FIRST },
	]);
});

describe('messages', () => {
	beforeEach(async () => {
		await wechat().pushTicket();
		for (const appId of [FIRST, SECOND, MINI]) await wechat().authorize(appId);
		trigger.items.length = 0;
	});
	const hello = { MsgType: 'text', Content: 'hello' };

	test('of each account arrive with its AppID', async () => {
		for (const appId of [FIRST, SECOND]) await wechat().message(appId, hello);
		expect(trigger.items).toMatchObject([
			{ Content: 'hello', appId: credentials.data.appId, accountAppId: FIRST },
			{ Content: 'hello', appId: credentials.data.appId, accountAppId: SECOND },
		]);
	});

	test('of two accounts each start a run, also with one user, MsgId and second', async () => {
		const same = {
			...hello,
			FromUserName: 'oUser',
			MsgId: '6000000000000000001',
			CreateTime: Math.floor(Date.now() / 1000),
		};
		for (const appId of [FIRST, SECOND, SECOND]) await wechat().message(appId, same);
		expect(trigger.items).toMatchObject([{ accountAppId: FIRST }, { accountAppId: SECOND }]);
		expect(trigger.items[0].dedupeKey).not.toBe(trigger.items[1].dedupeKey);
	});

	test('are answered in the name of the account, sealed with the keys of the platform', async () => {
		await trigger.close();
		await connect({ respond: 'responseNode' });
		trigger.onItem = ({ Content }) => ({
			MsgType: 'text',
			Content: `You said: ${String(Content)}`,
		});
		const { outcome, shown } = await wechat().message(SECOND, hello);
		expect({ outcome, shown }).toEqual({ outcome: 'reply', shown: 'You said: hello' });
	});

	test('of accounts that are not chosen are answered and dropped', async () => {
		await trigger.close();
		await connect({ pushOptions: { accounts: [SECOND] } });
		expect((await wechat().message(FIRST, hello)).outcome).toBe('success');
		await wechat().message(SECOND, hello);
		expect(trigger.items).toMatchObject([{ accountAppId: SECOND }]);
	});

	test('start nothing when the choice of accounts comes out empty, and the log says so', async () => {
		await trigger.close();
		await connect({ pushOptions: { accounts: [] } });
		expect((await wechat().message(SECOND, hello)).outcome).toBe('success');
		expect(trigger.items).toEqual([]);
		expect(JSON.stringify(logged)).toContain('comes out empty');
	});

	test('are answered by a WeChat node that acts for the account', async () => {
		await wechat().message(SECOND, hello);
		const [{ accountAppId, FromUserName }] = trigger.items;
		await act(String(accountAppId), {
			resource: 'customerServiceMessage',
			operation: 'send',
			touser: String(FromUserName),
			msgtype: 'text',
			content: 'Hi',
		});
		expect(simulator().messages.at(-1)).toMatchObject({
			appId: SECOND,
			body: { text: { content: 'Hi' } },
		});
	});

	test('bring their files with the token of the account', async () => {
		await trigger.close();
		await connect({ pushOptions: { downloadMedia: true } });
		const MediaId = simulator().addMedia(Buffer.from('picture'), 'picture.jpg', SECOND);
		await wechat().message(SECOND, { MsgType: 'image', MediaId, PicUrl: 'http://x' });
		expect(trigger.items[0]).not.toHaveProperty('mediaError');
	});

	test('that come to the address of events are of the account with their original ID', async () => {
		simulator().platform.connect({ events: trigger.url, messages: `${trigger.url}?$APPID$` });
		const position = {
			MsgType: 'event',
			Event: 'LOCATION',
			Latitude: 23.1,
			Longitude: 113.3,
			Precision: 1,
		};
		expect((await wechat().message(SECOND, position)).outcome).toBe('success');
		expect(trigger.items).toMatchObject([{ kind: 'event.location', accountAppId: SECOND }]);
	});

	test('at an address that does not end in an AppID are refused', async () => {
		for (const end of ['$APPID$-', '-$APPID$']) {
			wechat().connect({ events: trigger.url, messages: `${trigger.url}/${end}` });
			expect((await wechat().message(SECOND, hello)).outcome).toBe('refused');
			expect(logged.at(-1)).toContain(end.replace('$APPID$', SECOND));
		}
	});

	test('that are not encrypted are refused: a platform has no other mode', async () => {
		const { outcome } = await wechat().message(SECOND, hello, { mode: 'plaintext' });
		expect(outcome).toBe('refused');
		expect(logged.join()).toContain('not encrypted');
	});

	test('that were sealed with the keys of the account itself are refused', async () => {
		const { outcome } = await simulator().push(`${trigger.url}/${SECOND}`, hello, {
			appId: SECOND,
		});
		expect(outcome).toBe('refused');
	});
});

test.each(['events', 'messages'] as const)(
	'the address of %s answers the check of the console',
	async (which) => {
		expect(await wechat().verify(which, FIRST)).toBe(true);
	},
);

describe('the release test (全网发布检测)', () => {
	test.each([1, 2, 3, 4, 5] as const)(
		'is passed with pair %i, and starts no workflow',
		async (pair) => {
			await trigger.close();
			await connect({ kinds: ['message.text', 'event.location'] });
			const steps = await wechat().releaseTest(pair);
			expect(steps.filter(({ ok }) => !ok)).toEqual([]);
			expect(steps.length).toBeGreaterThanOrEqual(5);
			expect(trigger.items).toEqual([]);
		},
	);

	test('is left to the workflow when switched off', async () => {
		await trigger.close();
		await connect({ kinds: ['message.text'], pushOptions: { releaseTest: false } });
		await wechat().pushTicket();
		const [{ appId }] = RELEASE_TEST_ACCOUNTS;
		await wechat().authorize(appId, { push: false });
		await wechat().message(appId, {
			MsgType: 'text',
			Content: 'TESTCOMPONENT_MSG_TYPE_TEXT',
		});
		expect(trigger.items).toHaveLength(1);
	});

	test('that fails is for the log only', async () => {
		await wechat().pushTicket();
		const [{ appId }] = RELEASE_TEST_ACCOUNTS;
		await wechat().authorize(appId, { push: false });
		simulator().fault({
			path: '/cgi-bin/component/api_query_auth',
			answer: { errcode: 40097, errmsg: 'invalid args' },
		});
		await wechat().message(appId, { MsgType: 'text', Content: 'QUERY_AUTH_CODE:x' });
		expect(trigger.errors).toEqual([]);
		expect(trigger.items).toEqual([]);
		expect(logged.join()).toMatch(/failed a step of the release test .*errcode 40097/);
	});

	test('means nothing from other accounts', async () => {
		await wechat().pushTicket();
		await wechat().authorize(FIRST, { push: false });
		const { outcome } = await wechat().message(FIRST, {
			MsgType: 'text',
			Content: 'TESTCOMPONENT_MSG_TYPE_TEXT',
		});
		expect(outcome).toBe('success');
		expect(trigger.items).toHaveLength(1);
	});
});

test('a restart keeps ticket, tokens and accounts', async () => {
	await wechat().pushTicket();
	await wechat().authorize(SECOND);
	await act(SECOND);
	const before = simulator().calls.length;
	restartProcess();
	expect(await act(SECOND)).toHaveLength(1);
	expect(
		simulator()
			.calls.slice(before)
			.map(({ path }) => path),
	).toEqual(['/cgi-bin/user/get']);
});
