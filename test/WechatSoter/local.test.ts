import { generateKeyPairSync, sign } from 'node:crypto';
import { NodeHelpers, type INodeParameters } from 'n8n-workflow';
import { resources, WechatSoter } from '../../nodes/WechatSoter/WechatSoter.node';
import { exported, MOBILE_APP_ACCOUNT as APP, Phone } from '../simulator';
import { Credentials, prepareN8n, runNode } from '../support/n8n';
import { useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator({ accounts: [APP] });
const phone = new Phone();
const stranger = new Phone();
const CHALLENGE = 'login 4711';
/** An expression that finds nothing: a field that is left empty is refused by n8n itself. */
const NOTHING = '={{ $json.missing }}';

type Given = ReturnType<Phone['confirm']>;
const texts = ({ json, signature }: Pick<Given, 'json' | 'signature'>) => ({
	exportAs: 'text',
	json,
	signature,
});
const base64 = (blob: Buffer) => ({ exportAs: 'base64', base64: blob.toString('base64') });

/** Without any credential, as a workflow may have it. */
async function run(resource: string, params: INodeParameters, binary?: Buffer) {
	const item = {
		json: {},
		...(binary && {
			binary: {
				data: { data: binary.toString('base64'), mimeType: 'application/octet-stream' },
			},
		}),
	};
	const parameters = { resource, operation: 'verify', ...params };
	const bare = { credentials: undefined };
	return await runNode('wechatSoter', parameters, new Credentials({}), [item], bare);
}
async function verdict(...given: Parameters<typeof run>) {
	const { output, error } = await run(...given);
	if (error) throw error;
	return output[0].json;
}
async function failure(...given: Parameters<typeof run>) {
	const { error } = await run(...given);
	return `${error?.message} | ${error?.description}`;
}

const ofResult = (given: INodeParameters, more: INodeParameters = {}) => ({
	publicKey: phone.authKey.pem,
	challenge: CHALLENGE,
	...given,
	...more,
});
const check = async (given: Pick<Given, 'json' | 'signature'>, more: INodeParameters = {}) =>
	await verdict('signature', ofResult(texts(given), more));
const SIGNATURE_WRONG = { verified: false, reason: 'signature' };

afterEach(() => expect(simulator().calls).toEqual([]));

describe('the three ways to hand over an export', () => {
	// Source: wiki of Tencent/soter: length (uint32, little endian), JSON, signature.
	test.each<[string, (given: Given) => INodeParameters, boolean]>([
		['two texts', texts, false],
		['Base64', ({ blob }) => base64(blob), false],
		[
			'Base64 with the line breaks of Android',
			({ blob }) => ({
				exportAs: 'base64',
				base64: blob.toString('base64').replace(/.{76}/g, '$&\n') + '\n',
			}),
			false,
		],
		[
			'Base64 for addresses',
			({ blob }) => ({ exportAs: 'base64', base64: blob.toString('base64url') }),
			false,
		],
		['a file', () => ({ exportAs: 'binary', binaryPropertyName: 'data' }), true],
	])('%s', async (_, params, isFile) => {
		const given = phone.confirm(CHALLENGE, { fid: '指纹' });
		const found = await verdict(
			'signature',
			ofResult(params(given)),
			isFile ? given.blob : undefined,
		);
		expect(found).toMatchObject({ verified: true, raw: CHALLENGE, fid: '指纹' });
	});

	test.each<[string, Buffer, string]>([
		['nothing but a length', Buffer.alloc(4), 'cut off: it has 4 bytes'],
		['a broken length', Buffer.from([9, 0]), 'cut off: it has 2 bytes'],
		['a length of nothing', Buffer.from([0, 0, 0, 0, 1, 2]), 'should have 0 bytes, and 2 follow'],
		[
			'a length beyond the end',
			Buffer.from([255, 255, 255, 255, 1]),
			'should have 4294967295 bytes, and 1 follow',
		],
		['no signature', Buffer.from([2, 0, 0, 0, 123, 125]), 'should have 2 bytes, and 2 follow'],
		['other bytes than text', Buffer.from([2, 0, 0, 0, 0xc3, 0x28, 1, 2]), 'is not UTF-8'],
		[
			'a byte order mark, which would be cut off without a word',
			exported('\ufeff{}', phone.authKey.privateKey).blob,
			'holds no JSON object',
		],
		['more than 1 MiB', Buffer.alloc(1024 * 1024 + 1), 'has 1048577 bytes'],
	])('%s is told', async (_, blob, words) => {
		for (const ran of [
			await failure('signature', ofResult(base64(blob))),
			await failure('signature', ofResult({ exportAs: 'binary' }), blob),
		])
			expect(ran).toContain(words);
	});

	test('an export that lost its end is told, or is not signed', async () => {
		const { blob, json } = phone.confirm(CHALLENGE);
		const cut = (bytes: number) => ofResult(base64(blob.subarray(0, bytes)));
		expect(await failure('signature', cut(Buffer.byteLength(json)))).toContain('cut off');
		expect(await verdict('signature', cut(blob.length - 1))).toEqual(SIGNATURE_WRONG);
	});

	test('an export is taken up to 1 MiB, and no more', async () => {
		const size = (bytes: number) => {
			const rest = phone.confirm(CHALLENGE, { fid: '' }).json.length + 344;
			return phone.confirm(CHALLENGE, { fid: 'x'.repeat(bytes - rest) });
		};
		expect(await check(size(1024 * 1024))).toMatchObject({ verified: true });
		const more = texts(size(1024 * 1024 + 1));
		expect(await failure('signature', ofResult(more))).toContain('has 1048577 bytes');
	});

	test.each([
		['an object in place of the text', { json: { raw: CHALLENGE } }, '"JSON" must be text'],
		['no JSON', { json: NOTHING }, '"JSON" is missing'],
		['no signature', { signature: NOTHING }, '"Signature (签名)" is missing'],
		['something else', { json: 'hello' }, 'holds no JSON object'],
		['a list', { json: '[1]' }, 'holds no JSON object'],
		['null', { json: 'null' }, 'holds no JSON object'],
		['a signature that is no Base64', { signature: '§' }, 'The signature is not Base64'],
	])('%s is told', async (_, change, words) => {
		const given = ofResult(texts(phone.confirm(CHALLENGE)), change);
		expect(await failure('signature', given)).toContain(words);
	});

	test('what is no Base64 is told', async () => {
		const given = ofResult({ exportAs: 'base64', base64: '{"raw":"x"}' });
		expect(await failure('signature', given)).toContain('The export is not Base64');
	});
});

describe('a signature', () => {
	test('holds for the very blanks of the phone', async () => {
		const given = phone.confirm(CHALLENGE);
		expect(given.json).toContain('" , "');
		expect(await check(given)).toMatchObject({ verified: true });
		const rewritten = { ...given, json: JSON.stringify(JSON.parse(given.json)) };
		expect(await check(rewritten)).toEqual(SIGNATURE_WRONG);
		expect(await check({ ...given, json: `${given.json} ` })).toEqual(SIGNATURE_WRONG);
	});

	// Maintainers of Tencent/soter: the salt has 20 bytes, unless the JSON says otherwise.
	test.each([
		[20, undefined, true],
		[32, 32, true],
		[32, '32', true],
		[0, 0, true],
		[20, 20, true],
		// RFC 8017, 9.1.1: a key of 2048 bits has room for 256 - 32 - 2 bytes.
		[222, 222, true],
		[32, undefined, false],
		[20, 32, false],
	])('with a salt of %i and rsa_pss_saltlen %p: %p', async (salt, told, verified) => {
		const given = phone.confirm(CHALLENGE, { rsa_pss_saltlen: told }, salt);
		expect(await check(given)).toMatchObject({ verified });
	});

	test.each([-1, -2, 223, 20.5, 'max', null, ''])('rsa_pss_saltlen cannot be %p', async (told) => {
		const given = phone.confirm(CHALLENGE, { rsa_pss_saltlen: told });
		const said = await failure('signature', ofResult(texts(given)));
		expect(said).toContain('rsa_pss_saltlen in the JSON is no length of a salt');
	});

	test('of another key, of another text, or none at all does not hold, and nothing is told of it', async () => {
		const given = phone.confirm(CHALLENGE);
		const { json } = phone.confirm(CHALLENGE);
		expect(await check(given, { publicKey: phone.ask.pem })).toEqual(SIGNATURE_WRONG);
		expect(await check({ ...given, json })).toEqual(SIGNATURE_WRONG);
		expect(await check({ ...given, signature: 'AAAA' })).toEqual(SIGNATURE_WRONG);
		const old = sign('sha256', Buffer.from(json), phone.authKey.privateKey).toString('base64');
		expect(await check({ json, signature: old })).toEqual(SIGNATURE_WRONG);
	});

	test('fields of the JSON cannot pass for the verdict', async () => {
		const given = phone.confirm('other', { verified: true, reason: 'none' });
		expect(await check(given)).toMatchObject({ verified: false, reason: 'challenge' });
		const right = phone.confirm(CHALLENGE, { verified: false, reason: 'none' });
		const found = await check(right);
		expect(found.verified).toBe(true);
		expect(found).not.toHaveProperty('reason');
	});
});

describe('what must stand in it', () => {
	test.each(['login 4712', 'login 471', 'login 47110', 'LOGIN 4711', ' login 4711'])(
		'another challenge: %p',
		async (challenge) => {
			const found = await check(phone.confirm(CHALLENGE), { challenge });
			expect(found).toMatchObject({ verified: false, reason: 'challenge', raw: CHALLENGE });
		},
	);

	test.each([undefined, null, { a: 1 }, true])('raw that is %p', async (raw) => {
		const found = await check(phone.confirm(CHALLENGE, { raw }), { challenge: String(raw) });
		expect(found).toMatchObject({ verified: false, reason: 'challenge' });
	});

	test('a challenge must be given', async () => {
		const given = ofResult(texts(phone.confirm('')), { challenge: NOTHING });
		expect(await failure('signature', given)).toContain('"Challenge (挑战值)" is missing');
	});

	test.each<[unknown, unknown, boolean]>([
		[124, '123', true],
		[124, 123, true],
		[123, '123', false],
		[122, '123', false],
		[1, '0', true],
		[0, '0', false],
		// Beyond 2^53 these two are the same number for JavaScript.
		[9223372036854775807n, '9223372036854775806', true],
		[9223372036854775806n, '9223372036854775806', false],
		[9223372036854775806n, '9223372036854775807', false],
		['124', '123', true],
		[undefined, '0', false],
		[null, '0', false],
		[-1, '0', false],
		[1.5, '0', false],
		['many', '0', false],
	])('counter %p after %p: %p', async (counter, lastCounter, verified) => {
		const given = phone.confirm(CHALLENGE, { counter });
		const found = await check(given, { checks: { lastCounter } as INodeParameters });
		expect(found).toMatchObject(verified ? { verified } : { verified, reason: 'counter' });
	});

	test('a counter beyond 2^53 keeps its digits', async () => {
		const found = await check(phone.confirm(CHALLENGE, { counter: 9223372036854775807n }));
		expect(found.counter).toBe('9223372036854775807');
	});

	test.each([
		['ten', '"Last Counter" must be digits only'],
		[2 ** 60, '"Last Counter" has lost digits on its way'],
	])('a last counter of %p is told', async (lastCounter, words) => {
		const given = ofResult(texts(phone.confirm(CHALLENGE)), { checks: { lastCounter } });
		expect(await failure('signature', given)).toContain(words);
	});

	test.each<[INodeParameters, string | undefined]>([
		[{ cpu_id: '10', uid: '21' }, undefined],
		[{ cpu_id: '11' }, 'cpu_id'],
		[{ uid: '22' }, 'uid'],
		[{ cpu_id: '11', uid: '22', lastCounter: '9999' }, 'cpu_id'],
		[{ uid: '22', lastCounter: '9999' }, 'uid'],
	])('%p fails by: %p', async (checks, reason) => {
		const found = await check(phone.confirm(CHALLENGE), { checks });
		expect(found).toMatchObject({ verified: reason === undefined });
		expect(found.reason).toBe(reason);
	});

	test('a counter that nobody asks for may be missing', async () => {
		const given = phone.confirm(CHALLENGE, { counter: undefined });
		expect(await check(given, { checks: { uid: '21' } })).toMatchObject({ verified: true });
	});

	// Else an expression that finds nothing would let every phone in.
	test.each(['cpu_id', 'uid', 'lastCounter'])(
		'%s that was added and is empty is an error',
		async (name) => {
			const given = ofResult(texts(phone.confirm(CHALLENGE)), { checks: { [name]: '' } });
			expect(await failure('signature', given)).toContain('is filled in, but comes out empty');
		},
	);

	test('the challenge comes before the other checks', async () => {
		const found = await check(phone.confirm('other'), { checks: { cpu_id: '11' } });
		expect(found.reason).toBe('challenge');
	});

	// Text in the samples, a number in the SDK.
	test('uid may be a number there', async () => {
		const given = phone.confirm(CHALLENGE, { uid: 10086 });
		expect(await check(given, { checks: { uid: '10086' } })).toMatchObject({ verified: true });
	});
});

describe('an auth key', () => {
	const verify = async (given: Given, publicKey = phone.ask.pem, more: INodeParameters = {}) =>
		await verdict('authKey', { publicKey, ...texts(given), ...more });

	test('is genuine when the app secure key has signed it', async () => {
		expect(await verify(phone.exportAuthKey())).toMatchObject({
			verified: true,
			pub_key: phone.authKey.pem,
			cpu_id: '10',
		});
	});

	test('is not genuine when another key has signed it, such as itself or the root key', async () => {
		expect(await verify(phone.exportAuthKey(), phone.authKey.pem)).toEqual(SIGNATURE_WRONG);
		expect(await verify(phone.exportAsk())).toEqual(SIGNATURE_WRONG);
		expect(await verify(phone.exportAuthKey(), stranger.ask.pem)).toEqual(SIGNATURE_WRONG);
	});

	test('fails the checks when it is of another phone or app, or an old one', async () => {
		const checked = async (checks: INodeParameters) =>
			await verify(phone.exportAuthKey({ counter: 5 }), undefined, { checks });
		expect(await checked({ cpu_id: '11' })).toMatchObject({ verified: false, reason: 'cpu_id' });
		expect(await checked({ uid: '7' })).toMatchObject({ verified: false, reason: 'uid' });
		expect(await checked({ lastCounter: '5' })).toMatchObject({ reason: 'counter' });
		expect(await checked({ lastCounter: '4' })).toMatchObject({ verified: true });
	});

	test('that holds no key is told', async () => {
		const given = exported('{"raw":"x"}', phone.ask.privateKey);
		const params = { publicKey: phone.ask.pem, ...texts(given) };
		expect(await failure('authKey', params)).toContain('holds no pub_key');
	});

	test('is the key for the next step of the chain', async () => {
		const authKey = await verify(phone.exportAuthKey(), phone.exportAsk().json);
		const given = phone.confirm(CHALLENGE);
		const publicKey = String(authKey.pub_key);
		expect(await check(given, { publicKey })).toMatchObject({ verified: true });
	});
});

describe('a public key', () => {
	const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
	const small = rsa(1024);
	const pem = phone.authKey.pem;

	test.each([
		['PEM', pem],
		['PEM with Windows line ends and blanks around', ` ${pem.replaceAll('\n', '\r\n')}\r\n`],
		['PEM with escaped line breaks', pem.replaceAll('\n', '\\n')],
		['JSON as the phone exported it', phone.exportAuthKey().json],
		['JSON with other blanks', `\n ${JSON.stringify({ pub_key: pem })} `],
		['PKCS#1', String(phone.authKey.publicKey.export({ type: 'pkcs1', format: 'pem' }))],
	])('as %s', async (_, publicKey) => {
		expect(await check(phone.confirm(CHALLENGE), { publicKey })).toMatchObject({ verified: true });
	});

	test.each([
		['nothing', NOTHING, '"Auth Key" is missing'],
		['a word', 'key', 'is not a PEM'],
		['a broken PEM', pem.replace(/\n[^\n]+\n/, '\n'), 'is not a PEM'],
		[
			'a private key',
			String(phone.authKey.privateKey.export({ type: 'pkcs8', format: 'pem' })),
			'is not a PEM',
		],
		['JSON without pub_key', '{"cpu_id":"10"}', 'holds no pub_key'],
		['broken JSON', '{"pub_key":', 'holds no JSON object'],
		[
			'a key of 1024 bits',
			String(small.publicKey.export({ type: 'spki', format: 'pem' })),
			'not an RSA key of at least 2048 bits',
		],
		[
			'a key of another kind',
			String(
				generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
					type: 'spki',
					format: 'pem',
				}),
			),
			'not an RSA key of at least 2048 bits',
		],
		[
			'an RSA key for another use',
			String(
				generateKeyPairSync('rsa-pss', {
					modulusLength: 2048,
					hashAlgorithm: 'sha1',
					mgf1HashAlgorithm: 'sha1',
				}).publicKey.export({ type: 'spki', format: 'pem' }),
			),
			'not an RSA key of at least 2048 bits',
		],
		// SOTER 2.0, made from Android key attestation.
		[
			'a chain of certificates',
			'{"certs":["-----BEGIN CERTIFICATE-----","-----BEGIN CERTIFICATE-----"],"cpu_id":"10","uid":"21","counter":1}',
			'chain of certificates (certs)',
		],
	])('%s is told', async (_, publicKey, words) => {
		const given = ofResult(texts(phone.confirm(CHALLENGE)), { publicKey });
		expect(await failure('signature', given)).toContain(words);
	});
});

describe('credentials', () => {
	const { description } = new WechatSoter();
	const { credentials = [], properties } = description;
	const operations = resources.flatMap((of) =>
		of.operations.map(({ value, kind }) => ({ resource: of.value, operation: value, kind })),
	);
	const offered = (parameters: INodeParameters) =>
		credentials
			.filter((one) => NodeHelpers.displayParameter(parameters, one, null, description))
			.map(({ name }) => name);

	test.each(operations)('$resource: $operation needs one only to call', (one) => {
		const { kind, ...parameters } = one;
		const choose = (authentication: string) => offered({ ...parameters, authentication });
		const isCall = kind === 'request';
		expect(choose('officialAccount')).toEqual(isCall ? ['wechatOfficialAccountApi'] : []);
		expect(choose('openPlatform')).toEqual(isCall ? ['wechatOpenPlatformApi'] : []);
		const shown = properties.filter((one) =>
			NodeHelpers.displayParameter(
				{ ...parameters, authentication: 'openPlatform' },
				one,
				null,
				description,
			),
		);
		const names = shown.map(({ name }) => name);
		for (const name of ['account', 'options']) expect(names.includes(name)).toBe(isCall);
	});

	// n8n's editor (n8n-editor-ui, getNodeAuthFields, isAuthRelatedParameter) puts all fields that credentials show by, and
	// those that show these fields in turn, out of sight; and it offers all kinds in one list if they show by Authentication.
	test('are shown by Authentication alone, so that the editor hides nothing else', () => {
		for (const { displayOptions } of credentials)
			expect(Object.keys(displayOptions?.show ?? {})).toEqual(['authentication']);
		const field = properties.find(({ name }) => name === 'authentication');
		expect(field?.displayOptions).toBeUndefined();
	});
});
