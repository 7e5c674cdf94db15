import type { ICredentialsDecrypted, INodeParameters } from 'n8n-workflow';
import { WechatOfficialAccountApi } from '../../credentials/WechatOfficialAccountApi.credentials';
import { restartProcess, services } from '../support/services';
import type { State } from '../../nodes/api/state';
import { createCredentialTests } from '../../nodes/n8n/credentialTests';
import {
	DEFAULT_ACCOUNT,
	exported,
	MINI_PROGRAM_ACCOUNT as MINI,
	MOBILE_APP_ACCOUNT as APP,
	Phone,
	type SimAccount,
} from '../simulator';
import { credentialTestContext, prepareN8n, runNode, type Credentials } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

const { testOfficialAccount } = createCredentialTests(services);

prepareN8n();
const phone = new Phone();
const both = new Phone({
	manufacturer: 'A&B <"C">',
	model: "中文 'X'",
	cpuId: '77',
	supportType: 3,
});
const simulator = useSimulator({ accounts: [APP, MINI, DEFAULT_ACCOUNT], phones: [phone, both] });

const TOKEN = '/cgi-bin/token';
const STABLE = '/cgi-bin/stable_token';
const SUPPORT = '/cgi-bin/soter_3rdapp/is_support';
const ASK = '/cgi-bin/soter_3rdapp/verify_ask';
const SIGNATURE = '/cgi-bin/soter/verify_signature';

const credentialsOf = ({ appId, secret }: SimAccount, kind = 'mobileApp') =>
	credentialsFor(simulator(), { appId, appSecret: secret, kind });
let credentials: Credentials;
beforeEach(() => {
	credentials = credentialsOf(APP);
});

const run = async (resource: string, operation: string, params: INodeParameters = {}) =>
	await runNode('wechatSoter', { resource, operation, ...params }, credentials);
async function answer(...given: Parameters<typeof run>) {
	const { output, error } = await run(...given);
	if (error) throw new Error(sentences(error));
	return output[0].json;
}
const failure = async (...given: Parameters<typeof run>) => sentences((await run(...given)).error);
const sentences = (error: { message: string; description?: string | null } | undefined) =>
	`${error?.message} | ${error?.description}`;
const last = (path: string) => simulator().calls.findLast((call) => call.path === path);
/** How often a path was called by what is done. */
async function counted(paths: string[], act: () => Promise<unknown>): Promise<number[]> {
	const before = paths.map((path) => simulator().count(path));
	await act();
	return paths.map((path, index) => simulator().count(path) - before[index]);
}

// "{"is_support":true,}" is the answer that the document of SOTER prints.
test('the answer on the page of SOTER is read', async () => {
	simulator().fault({ path: SUPPORT, body: '{\n"is_support":true,\n}\n' });
	expect(await isSupported()).toEqual({ is_support: true });
});

const isSupported = async (params: INodeParameters = {}) =>
	await answer('device', 'isSupported', {
		manufacturer: 'vivo',
		model: 'vivo X6D',
		...params,
	});
const verifyAsk = async ({ json, signature }: { json: string; signature: string }) =>
	await answer('attestation', 'verifyAsk', { exportAs: 'text', json, signature });

describe('Is Supported', () => {
	test('finds a device by manufacturer and model', async () => {
		expect(await isSupported()).toEqual({ is_support: true });
		expect(await isSupported({ model: 'vivo X1' })).toEqual({ is_support: false });
	});

	test('says what kind of biometrics when the version of the SDK is given', async () => {
		const deviceOptions = { sdk_version: 2 };
		expect(await isSupported({ deviceOptions })).toEqual({ is_support: true, support_type: 1 });
		expect(await isSupported({ deviceOptions, model: '?' })).toEqual({
			is_support: false,
			support_type: 0,
		});
	});

	test('escapes the names of a device', async () => {
		const { manufacturer, model } = both.make;
		expect(await isSupported({ manufacturer, model })).toEqual({ is_support: true });
		const { model_key } = last(SUPPORT)?.body as { model_key: string };
		expect(model_key).toBe(
			'<deviceinfo><MANUFACTURER name="A&amp;B &lt;&quot;C&quot;&gt;"><MODEL name="中文 \'X\'"></MODEL></MANUFACTURER></deviceinfo>',
		);
	});

	test.each(['vivo\n', 'vi\u0000vo', 'vi\u007fvo', 'vi\ud800vo'])(
		'a name that XML cannot hold is told: %j',
		async (model) => {
			const calls = await counted([SUPPORT], async () => {
				const said = await failure('device', 'isSupported', { manufacturer: 'vivo', model });
				expect(said).toContain('a character that XML does not know');
			});
			expect(calls).toEqual([0]);
		},
	);

	test('takes a number for a name, as an expression may give it', async () => {
		expect(await isSupported({ model: '={{ 7 }}' })).toEqual({ is_support: false });
		expect(JSON.stringify(last(SUPPORT)?.body)).toContain('MODEL name=\\"7\\"');
	});

	// The page of is_support.
	test.each([
		['<deviceinfo><MANUFACTURER', 90001, 'WeChat cannot read the XML'],
		['<deviceinfo></deviceinfo>', 90002, 'has a node that WeChat does not know'],
	])('%s is refused with %i', async (model_key, code, advice) => {
		const said = await failure('device', 'isSupported', { describeBy: 'xml', model_key });
		expect(said).toContain(`errcode ${code}`);
		expect(said).toContain(advice);
	});

	test.each([{}, { is_support: 'true' }, { is_support: 1 }, { support_type: 3 }])(
		'an answer of %j is no yes',
		async (said) => {
			simulator().fault({ path: SUPPORT, answer: said });
			await expect(isSupported()).rejects.toThrow('without saying whether it is so (is_support)');
		},
	);
});

describe('Verify ASK', () => {
	test('takes the export of a genuine phone', async () => {
		expect(await verifyAsk(phone.exportAsk())).toMatchObject({
			is_verified: true,
			attk_version: 2,
			pub_key: phone.ask.pem,
		});
	});

	// The wiki: the blanks of the TEE, and its escaped line breaks, are signed.
	test('goes to WeChat byte for byte, as text, Base64 or file', async () => {
		const { json, signature, blob } = phone.exportAsk({ uid: '中文\\n"' });
		const binary = {
			data: { data: blob.toString('base64'), mimeType: 'application/octet-stream' },
		};
		const parameters = { resource: 'attestation', operation: 'verifyAsk' };
		for (const params of [
			{ exportAs: 'text', json, signature },
			{ exportAs: 'base64', base64: blob.toString('base64') },
			{ exportAs: 'binary' },
		]) {
			const ran = await runNode('wechatSoter', { ...parameters, ...params }, credentials, [
				{ json: {}, binary },
			]);
			expect(ran.error).toBeUndefined();
			expect(ran.output[0].json).toMatchObject({ is_verified: true });
			expect(last(ASK)?.body).toEqual({ ask_json: json, ask_json_signature: signature });
		}
		expect(json).toContain('\\n');
	});

	test('an export may have blanks around it', async () => {
		const given = exported(` ${phone.exportAsk().json}\n`, phone.attk.privateKey);
		expect(await verifyAsk(given)).toMatchObject({ is_verified: true });
		const params = { exportAs: 'base64', base64: given.blob.toString('base64') };
		expect(await answer('attestation', 'verifyAsk', params)).toMatchObject({ is_verified: true });
		expect(last(ASK)?.body).toMatchObject({ ask_json: given.json });
	});

	test('what WeChat does not believe says nothing about the phone', async () => {
		const { json, signature } = phone.exportAsk();
		const forged = { json: json.replace('"21"', '"22"'), signature };
		expect(await verifyAsk(forged)).toEqual({ is_verified: false, attk_version: 2 });
		const rewritten = { json: JSON.stringify(JSON.parse(json)), signature };
		expect(await verifyAsk(rewritten)).toEqual({ is_verified: false, attk_version: 2 });
	});

	test('fields of the phone cannot pass for the answer', async () => {
		const claims = { is_verified: true, attk_version: 9 };
		const { json } = phone.exportAsk(claims);
		expect(await verifyAsk({ json, signature: 'AAAA' })).toEqual({
			is_verified: false,
			attk_version: 2,
		});
		expect(await verifyAsk(phone.exportAsk(claims))).toMatchObject({ attk_version: 2 });
	});

	test.each([{}, { is_verified: 'true' }, { is_verified: 1 }, { attk_version: 2 }])(
		'an answer of %j is no yes',
		async (said) => {
			simulator().fault({ path: ASK, answer: said });
			await expect(verifyAsk(phone.exportAsk())).rejects.toThrow(
				'without saying whether it is so (is_verified)',
			);
		},
	);

	// The page of verify_ask; what is_support means by the same codes is something else.
	test.each([
		[{ cpu_id: undefined }, 90004, 'no valid device ID'],
		[{ cpu_id: '11' }, 90005, 'no root key (ATTK)'],
	])('%j is refused with %i', async (changes, code, advice) => {
		const { json, signature } = phone.exportAsk(changes);
		const said = await failure('attestation', 'verifyAsk', { exportAs: 'text', json, signature });
		expect(said).toContain(`errcode ${code}`);
		expect(said).toContain(advice);
	});

	test.each([
		[90001, 'without ask_json.'],
		[90002, 'without ask_json_signature'],
		[90003, 'Pass it on as the text'],
	])('%i is explained', async (errcode, advice) => {
		simulator().fault({ path: ASK, answer: { errcode, errmsg: 'no' } });
		await expect(verifyAsk(phone.exportAsk())).rejects.toThrow(advice);
	});

	test('an export that is no JSON is not sent', async () => {
		const calls = await counted([ASK], async () => {
			await expect(verifyAsk({ json: 'hello', signature: 'AAAA' })).rejects.toThrow(
				'no JSON object',
			);
		});
		expect(calls).toEqual([0]);
	});

	test('it changes nothing, so it is sent again when the connection breaks', async () => {
		simulator().fault({ path: ASK, drop: true });
		expect(await verifyAsk(phone.exportAsk())).toMatchObject({ is_verified: true });
		simulator().fault({ path: SUPPORT, drop: true });
		expect(await isSupported()).toEqual({ is_support: true });
	});
});

describe('Verify for Mini Program', () => {
	const challenge = 'pay 42';
	const openid = () => simulator().openids(MINI.appId)[0];
	const verify = async (
		{ json, signature }: { json: string; signature: string },
		more: INodeParameters = {},
	) =>
		await answer('signature', 'verifyForMiniProgram', {
			openid: openid(),
			json_string: json,
			json_signature: signature,
			challenge,
			...more,
		});
	beforeEach(() => {
		credentials = credentialsOf(MINI, 'miniProgram');
	});

	test('WeChat knows the key, the challenge and the rest are checked here', async () => {
		const given = phone.confirm(challenge);
		expect(await verify(given)).toMatchObject({ verified: true, raw: challenge, cpu_id: '10' });
		expect(await verify(phone.confirm('pay 43'))).toMatchObject({
			verified: false,
			reason: 'challenge',
		});
		const { counter } = JSON.parse(given.json) as { counter: number };
		const checks = { lastCounter: counter };
		expect(await verify(given, { checks })).toMatchObject({ verified: false, reason: 'counter' });
	});

	test('a signature that WeChat does not believe is not verified', async () => {
		const given = { ...phone.confirm(challenge), json: phone.confirm(challenge).json };
		expect(await verify(given)).toEqual({ verified: false, reason: 'signature' });
		const [, other] = simulator().openids(MINI.appId);
		expect(await verify(phone.confirm(challenge), { openid: other })).toEqual({
			verified: false,
			reason: 'signature',
		});
		expect(simulator().count(SIGNATURE)).toBeGreaterThan(0);
	});

	test.each([{}, { is_ok: 'true' }, { errcode: 0, errmsg: 'ok' }])(
		'an answer of %j is no yes',
		async (said) => {
			simulator().fault({ path: SIGNATURE, answer: said });
			await expect(verify(phone.confirm(challenge))).rejects.toThrow('(is_ok)');
		},
	);

	test('it changes nothing, so it is sent again when the connection breaks', async () => {
		simulator().fault({ path: SIGNATURE, drop: true });
		expect(await verify(phone.confirm(challenge))).toMatchObject({ verified: true });
	});

	test('a result that cannot be one is not sent', async () => {
		const [json, big] = ['hello', `{"raw":"${'x'.repeat(1024 * 1024)}"}`];
		const calls = await counted([SIGNATURE], async () => {
			await expect(verify({ json, signature: 'AAAA' })).rejects.toThrow('no JSON object');
			await expect(verify({ json: big, signature: 'AAAA' })).rejects.toThrow('SOTER takes 1048576');
		});
		expect(calls).toEqual([0]);
	});

	test('other accounts have no right to it', async () => {
		credentials = credentialsOf(DEFAULT_ACCOUNT, 'officialAccount');
		await expect(verify(phone.confirm(challenge))).rejects.toThrow('for mini programs');
	});
});

describe('the token of a mobile app', () => {
	const stored = ({ data }: Credentials) =>
		(JSON.parse(String(data.state || '{}')) as State).token?.value;

	// The SOTER document: GET /cgi-bin/token.
	test('is asked for once by 30 runs at a time, and never as a stable one', async () => {
		simulator().fault({ path: TOKEN, delayMs: 50 });
		const calls = await counted([TOKEN, STABLE, SUPPORT], async () => {
			await Promise.all(Array.from({ length: 30 }, async () => await isSupported()));
		});
		expect(calls).toEqual([1, 0, 30]);
		expect(last(TOKEN)).toMatchObject({
			method: 'GET',
			query: { grant_type: 'client_credential', appid: APP.appId },
		});
	});

	test('is kept in the credential, and found there after a restart', async () => {
		await isSupported();
		const token = stored(credentials);
		expect(token).toMatch(/^\d\d_/);
		restartProcess();
		expect(await counted([TOKEN], isSupported)).toEqual([0]);
		expect(stored(credentials)).toBe(token);
	});

	test('that somebody else has ended is renewed once, by one of all runs', async () => {
		await isSupported();
		const token = stored(credentials);
		simulator().revokeTokens(APP.appId);
		const calls = await counted([TOKEN], async () => {
			await Promise.all(Array.from({ length: 20 }, async () => await isSupported()));
		});
		expect(calls).toEqual([1]);
		expect(stored(credentials)).not.toBe(token);
	});

	test('that another process has renewed already is taken from the credential', async () => {
		await isSupported();
		const old = credentials.data.state;
		simulator().revokeTokens(APP.appId);
		await isSupported();
		const renewed = credentials.data.state;
		// This process still knows the old one, which has ended; the other one has saved a new one.
		restartProcess();
		credentials.data.state = old;
		let release = () => {};
		const until = new Promise<void>((resolve) => (release = resolve));
		simulator().fault({ path: SUPPORT, until });
		const before = simulator().count(SUPPORT);
		const calls = await counted([TOKEN], async () => {
			const running = isSupported();
			while (simulator().count(SUPPORT) === before) await new Promise(setImmediate);
			credentials.data.state = renewed;
			release();
			await running;
		});
		expect(calls).toEqual([0]);
	});

	test('is renewed five minutes before its end', async () => {
		await isSupported();
		const at = async (minutes: number) => {
			const later = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + minutes * 60_000);
			try {
				return await counted([TOKEN], isSupported);
			} finally {
				later.mockRestore();
			}
		};
		expect(await at(114)).toEqual([0]);
		expect(await at(116)).toEqual([1]);
	});

	test('a wrong secret is told, without the secret', async () => {
		credentials = credentialsOf({ ...APP, secret: 'ffffffffffffffffffffffffffffffff' });
		const said = await failure('device', 'isSupported', { manufacturer: 'v', model: 'v' });
		expect(said).toContain('errcode 40125');
		expect(said).toContain('Mobile App (移动应用)');
		expect(said).not.toContain('ffffff');
	});

	test('a secret in an error is cut out', async () => {
		const errmsg = `bad secret ${APP.secret}`;
		simulator().fault({ path: TOKEN, answer: { errcode: 40001, errmsg } });
		const said = await failure('device', 'isSupported', { manufacturer: 'v', model: 'v' });
		expect(said).toContain('bad secret ***');
	});

	test('a mobile app by another kind of credential is told', async () => {
		credentials = credentialsOf(APP, 'officialAccount');
		const said = await failure('device', 'isSupported', { manufacturer: 'v', model: 'v' });
		expect(said).toContain('errcode 48001');
		expect(said).toContain('choose Kind Mobile App in the credential');
	});

	test('another account has no right to SOTER', async () => {
		credentials = credentialsOf(DEFAULT_ACCOUNT, 'officialAccount');
		const said = await failure('device', 'isSupported', { manufacturer: 'v', model: 'v' });
		expect(said).toContain('Choose the credential of a mobile app');
	});

	test('a busy WeChat is asked again', async () => {
		simulator().fault({ path: TOKEN, answer: { errcode: -1, errmsg: 'system error' } });
		expect(await counted([TOKEN], isSupported)).toEqual([2]);
	});
});

describe('the credential of a mobile app', () => {
	async function verdict(changes: Record<string, string> = {}) {
		const { data } = credentialsFor(simulator(), {
			appId: APP.appId,
			appSecret: APP.secret,
			kind: 'mobileApp',
			...changes,
		});
		const type = 'wechatOfficialAccountApi';
		const given: ICredentialsDecrypted = { id: '1', name: 'n', type, data };
		const { status, message } = await testOfficialAccount.call(credentialTestContext(), given);
		return `${status}: ${message}`;
	}

	test('is tested by its own kind of token', async () => {
		const calls = await counted([TOKEN, STABLE], async () => {
			expect(await verdict()).toMatch(/^OK: /);
		});
		expect(calls).toEqual([1, 0]);
	});

	test.each([
		[{ appId: 'wx0000000000000000' }, /^Error: WeChat does not know the AppID wx0{16}.*移动应用/],
		[{ appSecret: 'f'.repeat(32) }, /^Error: The AppSecret is wrong.*移动应用/],
		[{ kind: 'officialAccount' }, /^Error: .*48001.*choose Kind Mobile App/],
	])('%j is told', async (changes, words) => expect(await verdict(changes)).toMatch(words));

	test('asks for nothing that belongs to pushes', () => {
		const { properties } = new WechatOfficialAccountApi();
		const hidden = properties.filter(({ displayOptions }) =>
			displayOptions?.hide?.kind?.includes('mobileApp'),
		);
		expect(hidden.map(({ name }) => name)).toEqual([
			'token',
			'encryptionMode',
			'encodingAesKey',
			'previousEncodingAesKey',
		]);
	});
});
