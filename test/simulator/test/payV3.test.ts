import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import {
	isSignedBy,
	linesOf,
	openField,
	openText,
	sealField,
	signBytes,
	type Sealed,
} from '../payV3/crypt';
import { startPayV3Server, type PayV3Options, type PayV3Server } from '../payV3';

/**
 * The imitation of WeChat Pay API v3, asked by a client that knows nothing but node:crypto. What clients of others make of
 * it is in test/payV3/otherSide.test.ts.
 */

interface Reply {
	status: number;
	headers: Record<string, string>;
	bytes: Buffer;
	json: { [key: string]: unknown };
}
interface Asked {
	body?: unknown;
	text?: string;
	/** Headers in place of the right ones; undefined leaves one out. */
	headers?: Record<string, string | undefined>;
	/** Parts of Authorization in place of the right ones. */
	parts?: Record<string, string>;
	/** What is signed in place of the right lines. */
	sign?: (lines: string[]) => string[];
	form?: { meta: string; fileName: string; bytes: Buffer };
	serial?: string | null;
}

const NOW = Date.parse('2026-11-29T12:00:00+08:00');
const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

let pay: PayV3Server;
const start = async (options: Partial<PayV3Options> = {}) =>
	(pay = await startPayV3Server({ now: () => NOW, ...options }));
afterEach(async () => await pay.close());

async function ask(call: string, asked: Asked = {}): Promise<Reply> {
	const [method, target] = call.split(' ');
	const text = asked.text ?? (asked.body === undefined ? '' : JSON.stringify(asked.body));
	const form = asked.form && formOf(asked.form);
	const timestamp = String(NOW / 1000);
	const nonce = randomBytes(16).toString('hex');
	const lines = [method, target, timestamp, nonce, asked.form?.meta ?? text];
	const signed = linesOf(...(asked.sign?.(lines) ?? lines));
	const parts = {
		mchid: pay.mchId,
		nonce_str: nonce,
		signature: signBytes(createPrivateKey(pay.client.key), signed),
		timestamp,
		serial_no: pay.merchantSerial,
		...asked.parts,
	};
	const values = Object.entries(parts).map(([name, value]) => `${name}="${value}"`);
	const headers = Object.entries({
		accept: 'application/json',
		'user-agent': 'test',
		authorization: `WECHATPAY2-SHA256-RSA2048 ${values.join(',')}`,
		'wechatpay-serial': asked.serial === null ? undefined : (asked.serial ?? pay.publicKey.id),
		'content-type': form?.type ?? (text === '' ? undefined : 'application/json'),
		...asked.headers,
	}).filter((entry): entry is [string, string] => entry[1] !== undefined);
	return await send(method, target, Object.fromEntries(headers), form?.bytes ?? text);
}

const send = async (
	method: string,
	target: string,
	headers: Record<string, string>,
	content: string | Buffer,
): Promise<Reply> =>
	await new Promise((resolve, reject) => {
		const request = requestHttps(
			`${pay.url}${target}`,
			{ method, headers, ca: pay.authority.ca, agent: false },
			(response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('error', reject);
				response.on('end', () => {
					const bytes = Buffer.concat(chunks);
					const isJson = /json/.test(response.headers['content-type'] ?? '') && bytes.length > 0;
					resolve({
						status: response.statusCode ?? 0,
						headers: response.headers as Record<string, string>,
						bytes,
						json: isJson ? (JSON.parse(bytes.toString()) as Reply['json']) : {},
					});
				});
			},
		);
		request.on('error', reject);
		request.end(content);
	});

function formOf({ meta, fileName, bytes }: NonNullable<Asked['form']>) {
	const part = (head: string, content: Buffer) =>
		Buffer.concat([Buffer.from(`--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n`), content]);
	return {
		type: 'multipart/form-data; boundary=x',
		bytes: Buffer.concat([
			part('name="meta"\r\nContent-Type: application/json', Buffer.from(meta)),
			Buffer.from('\r\n'),
			part(`name="file"; filename="${fileName}"\r\nContent-Type: image/png`, bytes),
			Buffer.from('\r\n--x--\r\n'),
		]),
	};
}

/** Which key has signed an answer, by its serial; undefined when none has. */
function signerOf({ headers, bytes }: Reply): string | undefined {
	const {
		'wechatpay-timestamp': time,
		'wechatpay-nonce': nonce,
		'wechatpay-signature': signature,
		'wechatpay-serial': serial,
	} = headers;
	if (signature === undefined) return undefined;
	const pems = [
		[pay.publicKey.id, pay.publicKey.pem],
		...pay.platformCertificates.map(({ serial: number, cert }) => [number, cert]),
	];
	const pem = pems.find(([id]) => id === serial)?.[1] as string;
	return isSignedBy(createPublicKey(pem), linesOf(time, nonce, bytes), signature)
		? serial
		: undefined;
}

const wrong = ({ status, json }: Reply) => {
	const { code, message, detail } = json as {
		code: string;
		message: string;
		detail?: { field: string };
	};
	return `${status} ${code} ${detail?.field ?? message}`;
};

const JSAPI = 'POST /v3/pay/transactions/jsapi';
const order = (more: object = {}) => ({
	appid: pay.appId,
	mchid: pay.mchId,
	description: 'Image形象店-深圳腾大-QQ公仔',
	out_trade_no: '1217752501201407033233368018',
	notify_url: 'https://www.weixin.qq.com/wxpay/pay',
	amount: { total: 100, currency: 'CNY' },
	payer: { openid: OPENID },
	...more,
});
const NUMBER = '1217752501201407033233368018';
const query = () => `GET /v3/pay/transactions/out-trade-no/${NUMBER}?mchid=${pay.mchId}`;

describe('what is signed', () => {
	test('an order is answered with a signature over its bytes', async () => {
		await start();
		const reply = await ask(JSAPI, { body: order() });
		expect(reply.status).toBe(200);
		expect(reply.json).toEqual({ prepay_id: expect.stringMatching(/^wx26\d+$/) as string });
		expect(signerOf(reply)).toBe(pay.publicKey.id);
		expect(reply.headers['request-id']).toBeTruthy();
	});

	// Measured without credentials by others in September 2026; the words are WeChat's.
	test.each<[string, string, Asked]>([
		[
			'no Authorization',
			'401 SIGN_ERROR 签名信息错误，验签失败',
			{ headers: { authorization: undefined } },
		],
		[
			'a token',
			'401 SIGN_ERROR 签名信息错误，验签失败',
			{ headers: { authorization: 'Bearer x' } },
		],
		['another merchant', '401 SIGN_ERROR 签名错误', { parts: { mchid: '1900000110' } }],
		[
			'another serial number',
			'401 SIGN_ERROR 商户证书序列号有误。请使用签名私钥匹配的证书序列号',
			{ parts: { serial_no: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1' } },
		],
		[
			'a serial number in small letters',
			'401 SIGN_ERROR 商户证书序列号有误。请使用签名私钥匹配的证书序列号',
			{ parts: { serial_no: '5157f09efdc096de15ebe81a47057a7232f1b8e1' } },
		],
		[
			'a time of six minutes ago',
			'401 SIGN_ERROR Http头Authorization中的timestamp与发起请求的时间不得超过5分钟',
			{ parts: { timestamp: String(NOW / 1000 - 360) } },
		],
		[
			'another time than was signed',
			'401 SIGN_ERROR signature',
			{ parts: { timestamp: String(NOW / 1000 - 1) } },
		],
		[
			'another path',
			'401 SIGN_ERROR signature',
			{ sign: ([method, path, ...rest]) => [method, `${path}/`, ...rest] },
		],
		[
			'another body',
			'401 SIGN_ERROR signature',
			{ sign: (lines) => [...lines.slice(0, -1), '{}'] },
		],
		[
			'a part too few',
			'401 SIGN_ERROR 签名信息错误，验签失败',
			{ headers: { authorization: 'WECHATPAY2-SHA256-RSA2048 mchid="1"' } },
		],
		[
			'no User-Agent',
			'400 INVALID_REQUEST Http头缺少Accept或User-Agent',
			{ headers: { 'user-agent': undefined } },
		],
		[
			'no Accept',
			'400 INVALID_REQUEST Http头缺少Accept或User-Agent',
			{ headers: { accept: undefined } },
		],
	])('%s is refused without a signature', async (_, expected, asked) => {
		await start();
		const reply = await ask(JSAPI, { body: order(), ...asked });
		expect(wrong(reply)).toBe(expected);
		expect(reply.headers['wechatpay-signature']).toBeUndefined();
		expect(pay.payments.size).toBe(0);
	});

	test('the lines that were compared are told, as they are', async () => {
		await start();
		const { json } = await ask(query(), { sign: () => ['x'] });
		const { sign_information: told } = json.detail as { sign_information: Record<string, string> };
		expect(told.method).toBe('GET');
		expect(told.url).toBe(query().slice(4));
		expect(told.truncated_sign_message).toMatch(
			/^GET\\n\/v3\/pay.*\?mchid=1900000109\\n1795924800\\n/,
		);
	});

	test('a body must be called JSON, and a path that is not there has an empty answer', async () => {
		await start();
		const text = JSON.stringify(order());
		expect(wrong(await ask(JSAPI, { text, headers: { 'content-type': 'text/plain' } }))).toMatch(
			/^400 INVALID_REQUEST/,
		);
		const nowhere = await ask('GET /v3/pay/transactions/no-such-endpoint');
		const wrongMethod = await ask('GET /v3/pay/transactions/native');
		expect([nowhere.status, wrongMethod.status]).toEqual([404, 405]);
		expect([nowhere.bytes.length, wrongMethod.bytes.length]).toEqual([0, 0]);
	});

	test.each([
		['00AB129F00000000000000000000000000000001', 'AB129F00000000000000000000000000000001'],
		['0B129F0000000000000000000000000000000001', 'B129F0000000000000000000000000000000001'],
		['F0129F0000000000000000000000000000000001', 'F0129F0000000000000000000000000000000001'],
	])('a certificate may have the serial number %s', async (merchantSerial, serial) => {
		await start({ merchantSerial });
		expect(pay.merchantSerial).toBe(serial);
		// With the zeros before it or without.
		for (const serial_no of [merchantSerial, serial])
			expect((await ask(JSAPI, { body: order(), parts: { serial_no } })).status).toBe(200);
	});
});

describe('keys of WeChat Pay', () => {
	test('a merchant with the public key has no platform certificates', async () => {
		await start();
		const reply = await ask('GET /v3/certificates');
		expect(wrong(reply)).toMatch(/^404 RESOURCE_NOT_EXISTS 无可用的平台证书/);
		expect(signerOf(reply)).toBe(pay.publicKey.id);
	});

	test('certificates are sealed with the APIv3 key, and the newest one signs', async () => {
		await start({ signsWith: 'certificate', certificates: 2 });
		const reply = await ask('GET /v3/certificates', { serial: null });
		const data = reply.json.data as Array<{ serial_no: string; encrypt_certificate: Sealed }>;
		expect(data.map(({ encrypt_certificate: one }) => openText(one, pay.apiV3Key))).toEqual(
			pay.platformCertificates.map(({ cert }) => cert),
		);
		expect(signerOf(reply)).toBe(data[1].serial_no);
	});

	test('during a change the request names the key that signs', async () => {
		await start({ signsWith: 'change' });
		const [{ serial }] = pay.platformCertificates;
		await ask(JSAPI, { body: order() });
		expect(signerOf(await ask(query()))).toBe(pay.publicKey.id);
		expect(signerOf(await ask(query(), { serial: null }))).toBe(serial);
		expect(signerOf(await ask(query(), { serial }))).toBe(serial);
	});

	test('the self-test opens what was sealed for WeChat Pay, and seals it for the merchant', async () => {
		await start();
		const encrypted_echo_message = sealField(createPublicKey(pay.publicKey.pem), '你好');
		const body = { echo_message: 'hello', encrypted_echo_message };
		const { json } = await ask('POST /v3/security/echo', { body });
		expect(json.echo_message).toBe('hello');
		const key = createPrivateKey(pay.client.key);
		expect(openField(key, json.encrypted_echo_message as string)).toBe('你好');
		expect(pay.echoes).toEqual([{ echo_message: 'hello', encrypted_echo_message: '你好' }]);
	});
});

describe('payments', () => {
	test.each<[string, object]>([
		['/mchid', { mchid: undefined }],
		['/mchid', { mchid: '1900000110' }],
		['/out_trade_no', { out_trade_no: '1 2 3 4 5 6' }],
		['/out_trade_no', { out_trade_no: '12345' }],
		['/notify_url', { notify_url: 'http://www.weixin.qq.com/' }],
		['/notify_url', { notify_url: 'https://www.weixin.qq.com/?a=1' }],
		['/amount/total', { amount: { total: '100', currency: 'CNY' } }],
		['/amount/total', { amount: { total: 0.1, currency: 'CNY' } }],
		['/amount/total', { amount: { total: 0, currency: 'CNY' } }],
		['/amount/currency', { amount: { total: 1, currency: 'USD' } }],
		['/payer', { payer: undefined }],
		['/payer/openid', { payer: { openid: 'x' } }],
		['/description', { description: 'x'.repeat(128) }],
		['/colour', { colour: 'red' }],
	])('an order whose %s is wrong is refused: %j', async (field, more) => {
		await start();
		const reply = await ask(JSAPI, { body: order(more) });
		expect(wrong(reply)).toBe(`400 PARAM_ERROR ${field}`);
		expect(reply.json.detail).toMatchObject({ location: 'body' });
		expect(signerOf(reply)).toBe(pay.publicKey.id);
		expect(pay.payments.size).toBe(0);
	});

	test('the same order has the same answer, another one may not have its number', async () => {
		await start();
		const first = await ask(JSAPI, { body: order() });
		expect((await ask(JSAPI, { body: order() })).json).toEqual(first.json);
		const amount = { total: 101, currency: 'CNY' };
		expect(wrong(await ask(JSAPI, { body: order({ amount }) }))).toBe(
			'400 INVALID_REQUEST 请求重入时，参数与首次请求时不一致',
		);
		expect(
			wrong(await ask('POST /v3/pay/transactions/native', { body: order({ payer: undefined }) })),
		).toBe('403 OUT_TRADE_NO_USED 商户订单号重复');
		expect(
			wrong(await ask(JSAPI, { body: order({ appid: 'wx0', out_trade_no: 'another' }) })),
		).toMatch(/^400 APPID_MCHID_NOT_MATCH/);
	});

	test('each kind of order has an answer of its own', async () => {
		await start();
		const kinds = [
			['native', 'code_url', {}],
			['app', 'prepay_id', {}],
			[
				'h5',
				'h5_url',
				{ scene_info: { payer_client_ip: '14.23.150.211', h5_info: { type: 'Wap' } } },
			],
		] as const;
		for (const [kind, answer, more] of kinds) {
			const body = order({ payer: undefined, out_trade_no: `order-${kind}`, ...more });
			expect(Object.keys((await ask(`POST /v3/pay/transactions/${kind}`, { body })).json)).toEqual([
				answer,
			]);
		}
	});

	test('an order is paid once, and told by either number', async () => {
		await start();
		await ask(JSAPI, { body: order() });
		expect((await ask(query())).json).toMatchObject({ trade_state: 'NOTPAY' });
		const resource = pay.pay(NUMBER);
		const { json } = await ask(query());
		expect(json).toEqual(resource);
		expect(json).toMatchObject({ trade_state: 'SUCCESS', payer: { openid: OPENID } });
		const byId = `GET /v3/pay/transactions/id/${json.transaction_id as string}?mchid=${pay.mchId}`;
		expect((await ask(byId)).json).toEqual(json);
		expect(() => pay.pay(NUMBER)).toThrow('cannot be paid');
		expect(wrong(await ask(JSAPI, { body: order() }))).toBe('400 INVALID_REQUEST 该订单已支付');
		expect(pay.movements).toEqual([{ kind: 'payment', number: NUMBER, fen: 100, openid: OPENID }]);
	});

	test('a query needs the merchant, and an order', async () => {
		await start();
		expect(wrong(await ask(query().split('?')[0]))).toBe('400 PARAM_ERROR mchid');
		expect(wrong(await ask(query()))).toBe('404 ORDER_NOT_EXIST 订单不存在');
	});

	test('a closed order stays closed; closing is answered without a body', async () => {
		await start();
		await ask(JSAPI, { body: order() });
		const close = `POST /v3/pay/transactions/out-trade-no/${NUMBER}/close`;
		const reply = await ask(close, { body: { mchid: pay.mchId } });
		expect([reply.status, reply.bytes.length]).toEqual([204, 0]);
		expect(signerOf(reply)).toBe(pay.publicKey.id);
		expect(wrong(await ask(JSAPI, { body: order() }))).toMatch(/^400 ORDER_CLOSED/);
		expect(() => pay.pay(NUMBER)).toThrow('cannot be paid');
	});
});

describe('refunds', () => {
	const refund = (more: object = {}) => ({
		out_trade_no: NUMBER,
		out_refund_no: 'refund-1',
		amount: { refund: 60, total: 100, currency: 'CNY' },
		...more,
	});
	const REFUND = 'POST /v3/refund/domestic/refunds';
	const paid = async () => {
		await start();
		await ask(JSAPI, { body: order() });
		pay.pay(NUMBER);
	};

	test('a number is refunded once, and never more than was paid', async () => {
		await paid();
		const first = await ask(REFUND, { body: refund() });
		expect(first.json).toMatchObject({ status: 'PROCESSING', amount: { refund: 60 } });
		expect((await ask(REFUND, { body: refund() })).json).toEqual(first.json);
		expect(pay.refundedOf(NUMBER)).toBe(60);
		const other = { refund: 50, total: 100, currency: 'CNY' };
		expect(wrong(await ask(REFUND, { body: refund({ amount: other }) }))).toMatch(
			/^400 INVALID_REQUEST 订单金额或退款金额/,
		);
		expect(
			wrong(await ask(REFUND, { body: refund({ amount: other, out_refund_no: 'refund-2' }) })),
		).toMatch(/^400 INVALID_REQUEST 累计退款金额/);
		expect(pay.movements.filter(({ kind }) => kind === 'refund')).toHaveLength(1);
		expect(pay.finishRefund('refund-1')).toMatchObject({ refund_status: 'SUCCESS' });
		expect((await ask('GET /v3/refund/domestic/refunds/refund-1')).json).toMatchObject({
			status: 'SUCCESS',
			success_time: '2026-11-29T12:00:00+08:00',
		});
	});

	test('an order that was not paid, or an empty account, refunds nothing', async () => {
		await start();
		await ask(JSAPI, { body: order() });
		expect(wrong(await ask(REFUND, { body: refund() }))).toBe('404 RESOURCE_NOT_EXISTS 订单不存在');
		pay.pay(NUMBER);
		pay.setBalance(59);
		expect(wrong(await ask(REFUND, { body: refund() }))).toMatch(/^403 NOT_ENOUGH/);
		expect(wrong(await ask(REFUND, { body: refund({ out_trade_no: undefined }) }))).toBe(
			'400 PARAM_ERROR /out_trade_no',
		);
		expect(pay.refunds.size).toBe(0);
	});
});

describe('transfers', () => {
	const TRANSFER = 'POST /v3/fund-app/mch-transfer/transfer-bills';
	const bill = (more: object = {}) => ({
		appid: pay.appId,
		out_bill_no: 'plfk2020042013',
		transfer_scene_id: '1000',
		openid: OPENID,
		transfer_amount: 400,
		transfer_remark: '新会员开通有礼',
		transfer_scene_report_infos: [
			{ info_type: '活动名称', info_content: '新会员有礼' },
			{ info_type: '奖励说明', info_content: '注册会员抽奖一等奖' },
		],
		...more,
	});
	const get = `GET /v3/fund-app/mch-transfer/transfer-bills/out-bill-no/plfk2020042013`;
	const sealed = (name: string) => sealField(createPublicKey(pay.publicKey.pem), name);

	test('a transfer waits for the user, and is paid once', async () => {
		await start();
		const first = await ask(TRANSFER, { body: bill() });
		expect(first.json).toMatchObject({ state: 'WAIT_USER_CONFIRM' });
		expect(first.json.package_info).toEqual(expect.any(String));
		expect((await ask(TRANSFER, { body: bill() })).json).toEqual(first.json);
		expect(wrong(await ask(TRANSFER, { body: bill({ transfer_amount: 401 }) }))).toMatch(
			/^400 INVALID_REQUEST .*单号已存在但信息不一致/,
		);
		expect([pay.transfersTo(OPENID), pay.paidTo(OPENID)]).toEqual([1, 0]);
		expect(pay.confirmTransfer('plfk2020042013')).toMatchObject({ state: 'SUCCESS' });
		expect(() => pay.confirmTransfer('plfk2020042013')).toThrow('waits for nobody');
		expect(pay.paidTo(OPENID)).toBe(400);
		expect((await ask(get)).json).toMatchObject({ state: 'SUCCESS', mch_id: pay.mchId });
	});

	test('a name is sealed for the key that the request names, and sealed again in the answer', async () => {
		await start();
		const body = bill({ user_name: sealed('张三') });
		expect(wrong(await ask(TRANSFER, { body, serial: null }))).toBe(
			'400 PARAM_ERROR HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)',
		);
		expect(wrong(await ask(TRANSFER, { body, serial: 'PUB_KEY_ID_1' }))).toBe(
			'400 PARAM_ERROR 平台证书序列号Wechatpay-Serial错误',
		);
		expect(wrong(await ask(TRANSFER, { body: bill({ user_name: '张三' }) }))).toBe(
			'400 PARAM_ERROR /user_name',
		);
		await ask(TRANSFER, { body });
		// Sealed once more it is other bytes, and the same transfer.
		const again = await ask(TRANSFER, { body: bill({ user_name: sealed('张三') }) });
		expect(again.status).toBe(200);
		const { user_name: name } = (await ask(get)).json;
		expect(openField(createPrivateKey(pay.client.key), name as string)).toBe('张三');
	});

	test.each<[string, object]>([
		['/transfer_scene_id', { transfer_scene_id: '999' }],
		['/out_bill_no', { out_bill_no: 'with-dash' }],
		['/transfer_remark', { transfer_remark: 'x'.repeat(33) }],
		['/user_name', { transfer_amount: 200_000 }],
		['/openid', { openid: undefined }],
	])('a transfer whose %s is wrong is refused', async (field, more) => {
		await start();
		expect(wrong(await ask(TRANSFER, { body: bill(more) }))).toBe(`400 PARAM_ERROR ${field}`);
		expect(pay.transfers.size).toBe(0);
	});

	test('infos of another scene, and an empty account', async () => {
		await start();
		expect(wrong(await ask(TRANSFER, { body: bill({ transfer_scene_id: '1005' }) }))).toMatch(
			/^400 INVALID_REQUEST 转账场景报备信息/,
		);
		pay.setBalance(399);
		expect(wrong(await ask(TRANSFER, { body: bill() }))).toMatch(/^403 NOT_ENOUGH/);
	});

	test('a cancellation is accepted first, and done later', async () => {
		await start();
		await ask(TRANSFER, { body: bill() });
		const cancel = `${get.replace('GET', 'POST')}/cancel`;
		expect((await ask(cancel)).json).toMatchObject({ state: 'CANCELING' });
		expect((await ask(get)).json).toMatchObject({ state: 'CANCELLED' });
		expect(pay.balance).toBe(1_000_000_00);
	});

	test('what nobody confirms fails after a day', async () => {
		await start();
		await ask(TRANSFER, { body: bill() });
		const ms = 86_400_001;
		pay.setClock(() => NOW + ms);
		const parts = { timestamp: String(Math.floor((NOW + ms) / 1000)) };
		const sign = ([method, path, , ...rest]: string[]) => [method, path, parts.timestamp, ...rest];
		expect((await ask(get, { parts, sign })).json).toMatchObject({
			state: 'FAIL',
			fail_reason: 'OVERDUE_CLOSE',
		});
		expect(wrong(await ask(`${get}x`, { parts, sign }))).toBe('404 NOT_FOUND 记录不存在');
	});
});

describe('bills, complaints and files', () => {
	test('a bill is told with its digest, and downloaded without a signature', async () => {
		await start();
		pay.setBill('trade', '2026-11-28', '﻿交易时间\r\n`2026-11-28 10:00:00\r\n');
		const { json } = await ask('GET /v3/bill/tradebill?bill_date=2026-11-28&tar_type=GZIP');
		const target = (json.download_url as string).slice(pay.url.length);
		const file = await ask(`GET ${target}`);
		expect(file.headers['wechatpay-signature']).toBeUndefined();
		const text = gunzipSync(file.bytes);
		expect(json.hash_type).toBe('SHA1');
		expect(createHash('sha1').update(text).digest('hex')).toBe(json.hash_value);
		expect((await ask(`GET ${target}`, { sign: () => ['x'] })).status).toBe(401);
	});

	test.each([
		['2026-11-27', '400 NO_STATEMENT_EXIST 账单文件不存在'],
		['2026-11-29', '400 PARAM_ERROR bill_date'],
		['2026-8-1', '400 PARAM_ERROR bill_date'],
	])('there is no bill of %s', async (day, expected) => {
		await start();
		expect(wrong(await ask(`GET /v3/bill/fundflowbill?bill_date=${day}`))).toBe(expected);
	});

	test('a complaint is listed, answered and completed', async () => {
		await start();
		const { complaint_id: id } = pay.addComplaint({ payer_phone: '13812345678' });
		const base = '/v3/merchant-service/complaints-v2';
		const list = await ask(
			`GET ${base}?begin_date=2026-11-29&end_date=2026-11-29&limit=5&offset=0`,
		);
		expect(list.json).toMatchObject({ total_count: 1, data: [{ complaint_state: 'PENDING' }] });
		const { payer_phone: phone } = (await ask(`GET ${base}/${id as string}`)).json;
		expect(openField(createPrivateKey(pay.client.key), phone as string)).toBe('13812345678');
		const complete = `POST ${base}/${id as string}/complete`;
		const merchant = { complainted_mchid: pay.mchId };
		expect(wrong(await ask(complete, { body: merchant }))).toMatch(/^400 INVALID_REQUEST/);
		const response = { ...merchant, response_content: '已退款' };
		expect((await ask(`POST ${base}/${id as string}/response`, { body: response })).status).toBe(
			204,
		);
		expect((await ask(complete, { body: merchant })).status).toBe(204);
		const history = await ask(`GET ${base}/${id as string}/negotiation-historys?limit=50&offset=0`);
		expect(history.json).toMatchObject({ total_count: 3 });
		expect((await ask(`GET ${base}/${id as string}`)).json.complaint_state).toBe('PROCESSED');
	});

	test('of an upload the part meta is signed, and the digest must be right', async () => {
		await start();
		const bytes = randomBytes(100);
		const meta = (sha256 = createHash('sha256').update(bytes).digest('hex')) =>
			JSON.stringify({ filename: 'a.png', sha256 });
		const upload = 'POST /v3/merchant-service/images/upload';
		const { json } = await ask(upload, { form: { meta: meta(), fileName: 'a.png', bytes } });
		const picture = await ask(`GET /v3/merchant-service/images/${json.media_id as string}`);
		expect(picture.bytes.equals(bytes)).toBe(true);
		for (const [form, expected] of [
			[{ meta: meta('0'.repeat(64)), fileName: 'a.png', bytes }, '/sha256'],
			[{ meta: meta(), fileName: 'b.png', bytes }, '/filename'],
		] as const)
			expect(wrong(await ask(upload, { form }))).toBe(`400 PARAM_ERROR ${expected}`);
		expect(
			(await ask(upload, { form: { meta: meta(), fileName: 'a.png', bytes }, sign: () => ['x'] }))
				.status,
		).toBe(401);
	});

	test('calls that nothing remembers are checked by the call catalog, and answered with a sample', async () => {
		await start();
		const call = 'POST /v3/profitsharing/orders/unfreeze';
		const body = {
			transaction_id: '4208450740201411110007820472',
			out_order_no: 'P1',
			description: '解冻',
		};
		expect((await ask(call, { body })).json).toMatchObject({
			order_id: expect.any(String) as string,
		});
		expect(wrong(await ask(call, { body: { ...body, description: undefined } }))).toBe(
			'400 PARAM_ERROR /description',
		);
	});
});

describe('faults', () => {
	const failure = async (work: Promise<Reply>) =>
		await work.then(
			() => 'answered',
			() => 'cut',
		);

	test('a call may be cut before, after and in the middle of its work', async () => {
		await start();
		pay.fault({ path: JSAPI, cut: 'unread' });
		expect(await failure(ask(JSAPI, { body: order() }))).toBe('cut');
		pay.fault({ path: '/v3/pay/transactions/jsapi', cut: 'read' });
		expect(await failure(ask(JSAPI, { body: order() }))).toBe('cut');
		expect(pay.payments.size).toBe(0);
		pay.fault({ cut: 'half', work: 'done' });
		expect(await failure(ask(JSAPI, { body: order() }))).toBe('cut');
		expect(pay.payments.size).toBe(1);
		expect(pay.count(JSAPI)).toBe(3);
		expect((await ask(JSAPI, { body: order() })).status).toBe(200);
	});

	test('a call may be done when the next one comes, or after it', async () => {
		await start();
		pay.fault({ path: JSAPI, code: 'SYSTEM_ERROR', status: 500, work: 'late' });
		expect(wrong(await ask(JSAPI, { body: order() }))).toMatch(/^500 SYSTEM_ERROR/);
		expect(pay.payments.size).toBe(0);
		expect((await ask(query())).status).toBe(200);

		const body = order({ out_trade_no: 'another-1' });
		const other = query().replace(NUMBER, 'another-1');
		pay.fault({ path: JSAPI, status: 502, work: 'later' });
		expect(await ask(JSAPI, { body })).toMatchObject({ status: 502, json: {} });
		expect((await ask(other)).status).toBe(404);
		expect((await ask(other)).status).toBe(200);
		expect(pay.count('GET /v3/pay/transactions/out-trade-no/{out_trade_no}')).toBe(3);
	});

	test.each([true, 'unsigned', 'probe', 'unknownSerial'] as const)(
		'an answer may be forged: %s',
		async (isForged) => {
			await start();
			pay.fault({ isForged });
			const reply = await ask(JSAPI, { body: order() });
			if (isForged === 'unknownSerial') expect(reply.headers['wechatpay-serial']).toMatch(/X$/);
			else expect(signerOf(reply)).toBeUndefined();
			expect(signerOf(await ask(query()))).toBe(pay.publicKey.id);
		},
	);

	test('an answer may be of another time, or be no JSON', async () => {
		await start();
		pay.fault({ isForged: 'old' });
		const reply = await ask(JSAPI, { body: order() });
		expect(signerOf(reply)).toBe(pay.publicKey.id);
		expect(reply.headers['wechatpay-timestamp']).toBe(String(NOW / 1000 - 301));
		pay.fault({ status: 503, body: '<html>' });
		expect(await ask(query())).toMatchObject({ status: 503, bytes: Buffer.from('<html>') });
	});
});

describe('notifications', () => {
	const received: Array<{ headers: Record<string, string>; body: string }> = [];
	const answers: number[] = [];
	const receiver = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += String(chunk)));
		request.on('end', () => {
			received.push({ headers: request.headers as Record<string, string>, body });
			response.writeHead(answers.shift() ?? 204).end();
		});
	});
	let url = '';
	beforeAll(async () => {
		await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
		url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
	});
	afterAll(() => void receiver.close());
	beforeEach(() => void received.splice(0));

	const isRight = ({ headers, body }: (typeof received)[number]) =>
		isSignedBy(
			createPublicKey(pay.publicKey.pem),
			linesOf(headers['wechatpay-timestamp'], headers['wechatpay-nonce'], body),
			headers['wechatpay-signature'],
		);

	test('one is sealed, signed, and repeated by the schedule until it is accepted', async () => {
		await start();
		await ask(JSAPI, { body: order() });
		const paid = pay.createNotification('TRANSACTION.SUCCESS', pay.pay(NUMBER), { url });
		answers.push(500, 302);
		expect(await paid.deliver()).toMatchObject({ status: 500 });
		expect(paid.nextAfter()).toBe(15);
		await paid.deliver();
		expect(paid.nextAfter()).toBe(15);
		expect(await paid.deliver()).toMatchObject({ status: 204 });
		expect(paid.nextAfter()).toBeUndefined();
		expect(received.map(isRight)).toEqual([true, true, true]);
		expect(new Set(received.map(({ body }) => body)).size).toBe(1);
		expect(new Set(received.map(({ headers }) => headers['wechatpay-nonce'])).size).toBe(3);
		const { resource, ...rest } = JSON.parse(received[0].body) as { resource: Sealed };
		expect(rest).toEqual({
			id: paid.id,
			create_time: '2026-11-29T12:00:00+08:00',
			resource_type: 'encrypt-resource',
			event_type: 'TRANSACTION.SUCCESS',
			summary: '支付成功',
		});
		expect(JSON.parse(openText(resource, pay.apiV3Key))).toEqual((await ask(query())).json);
	});

	test('it is repeated for a day', async () => {
		await start();
		const one = pay.createNotification('REFUND.SUCCESS', {}, { url });
		answers.push(...Array.from({ length: 16 }, () => 500));
		let seconds = 0;
		for (;;) {
			await one.deliver();
			const next = one.nextAfter();
			if (next === undefined) break;
			seconds += next;
		}
		// 24 hours and 4 minutes, by 4012791861 and the pages beside it.
		expect([received.length, seconds]).toEqual([16, 24 * 3600 + 4 * 60]);
	});

	test.each(['signature', 'body', 'probe', 'nonce'] as const)(
		'one may be forged: %s',
		async (forge) => {
			await start();
			await pay.createNotification('REFUND.SUCCESS', {}, { url, forge }).deliver();
			expect(isRight(received[0])).toBe(false);
		},
	);

	test('one may be old, of an unknown key, sealed with another key, unsigned, or replayed', async () => {
		await start();
		const make = (forge?: 'oldTimestamp' | 'serial' | 'key' | 'unsigned') =>
			pay.createNotification('REFUND.SUCCESS', { a: 1 }, { url, forge });
		await make('oldTimestamp').deliver();
		await make('serial').deliver();
		await make('key').deliver();
		await make('unsigned').deliver();
		const [old, serial, key, unsigned] = received.splice(0);
		expect(Number(old.headers['wechatpay-timestamp'])).toBeLessThan(NOW / 1000 - 300);
		expect(isRight(old)).toBe(true);
		expect(serial.headers['wechatpay-serial']).not.toBe(pay.publicKey.id);
		expect(() =>
			openText((JSON.parse(key.body) as { resource: Sealed }).resource, pay.apiV3Key),
		).toThrow();
		expect(Object.keys(unsigned.headers).filter((name) => name.startsWith('wechatpay'))).toEqual(
			[],
		);
		const one = make();
		await one.deliver();
		await one.replay();
		expect(received[1]).toEqual(received[0]);
	});

	test('during a change either key signs', async () => {
		await start({ signsWith: 'change' });
		const [{ serial, cert }] = pay.platformCertificates;
		await pay.createNotification('REFUND.SUCCESS', {}, { url, serial }).deliver();
		const [{ headers, body }] = received;
		expect(headers['wechatpay-serial']).toBe(serial);
		expect(
			isSignedBy(
				createPublicKey(cert),
				linesOf(headers['wechatpay-timestamp'], headers['wechatpay-nonce'], body),
				headers['wechatpay-signature'],
			),
		).toBe(true);
	});
});
