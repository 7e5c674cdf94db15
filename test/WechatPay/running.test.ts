import { NodeHelpers, type INodeParameters } from 'n8n-workflow';
import { sendHttp } from '../../nodes/base/http';
import { ConnectionError } from '../../nodes/base/connectionError';
import { createPayClient } from '../../nodes/pay/payClient';
import { GET_PATH, SEND_PATH, SEND_GROUP_PATH, sendPacket } from '../../nodes/pay/redPacket';
import { readMerchant } from '../../nodes/n8n/merchant';
import { WechatPay } from '../../nodes/WechatPay/WechatPay.node';
import { newAuthority } from '../simulator/pay/certificates';
import {
	execution,
	PACK,
	prepareN8n,
	runNode,
	runWorkflow,
	type Credentials,
} from '../support/n8n';
import { MAKING_KEYS_MS, payCredentialsFor, pkcs12CredentialsFor, usePay } from '../support/pay';
import { pauses, services } from '../support/services';
import { packetTo, pay } from './support';

const brokenBy = (code: string, reason: string) =>
	new ConnectionError({ peer: { name: 'WeChat Pay', hint: 'Check it.' }, code, reason, path: '/' });

prepareN8n();
const server = usePay({ balance: 100_000_00 });
const signing = usePay({ signs: true });
let credentials: Credentials;
let openid = '';
let made = 0;
beforeEach(() => {
	credentials = payCredentialsFor(server());
	openid = `oReceiver${++made}`;
});

const calls = () => server().calls.length;
const send = async (changes: INodeParameters = {}, node = `node${made}`) =>
	await pay({ ...packetTo(server(), openid), ...changes }, credentials, { id: node });
const get = async (number: string, changes: INodeParameters = {}) =>
	await pay(
		{
			resource: 'redPacket',
			operation: 'get',
			appid: server().appId,
			mch_billno: number,
			...changes,
		},
		credentials,
	);
const paid = () => server().paymentsTo(openid);
const pathsSince = (before: number) =>
	server()
		.calls.slice(before)
		.map(({ path }) => path);
const numberIn = (message: string) => /\[order number (\w+)\]/.exec(message)?.[1];

describe('a packet', () => {
	test('is paid, and its order number told', async () => {
		const { rows } = await send();
		const [[number, order]] = [...server().orders].slice(-1);
		expect(rows).toEqual([
			{
				mch_billno: number,
				send_listid: order.listId,
				mch_id: server().mchId,
				wxappid: server().appId,
				re_openid: openid,
				total_amount: 100,
				total_num: 1,
				confirmedBy: 'answer',
			},
		]);
		expect(number).toMatch(/^[0-9a-f]{28}$/);
		expect(paid()).toBe(1);
	});

	test('is paid with the certificate of a PKCS#12 file, whose passphrase is the merchant number', async () => {
		credentials = pkcs12CredentialsFor(server());
		expect((await send()).message).toBe('');
		expect(paid()).toBe(1);
	});

	test('of a group is paid, and found again', async () => {
		const group = {
			operation: 'sendGroup',
			total_amount: 301,
			total_num: 3,
			mch_billno: `g${made}`,
		};
		server().fault({ path: SEND_GROUP_PATH, work: 'done', cut: 'read' });
		const { rows } = await send(group);
		expect(rows).toMatchObject([
			{ total_amount: 301, total_num: 3, hb_type: 'GROUP', status: 'SENT' },
		]);
		expect(paid()).toBe(1);
	});

	// XML has no way to write control characters: what is signed must be what arrives.
	test('loses the characters of its texts that XML cannot hold', async () => {
		expect((await send({ wishing: '={{ "a\\u0001b" }}', mch_billno: `own${made}` })).message).toBe(
			'',
		);
		expect(server().orders.get(`own${made}`)?.values.wishing).toBe('ab');
	});

	test('is not paid a second time by a second call with its number', async () => {
		const own = { mch_billno: `own${made}` };
		const [first] = (await send(own)).rows;
		const [second] = (await send(own, 'another node')).rows;
		expect(second).toEqual(first);
		expect(paid()).toBe(1);
	});

	// 签名: an answer that carries one is checked.
	test('is paid by a WeChat that signs its answers', async () => {
		credentials = payCredentialsFor(signing());
		expect((await send()).message).toBe('');
		signing().fault({ path: SEND_PATH, work: 'done', cut: 'half' });
		expect((await send({ re_openid: 'oSigned' })).rows).toMatchObject([{ status: 'SENT' }]);
		signing().fault({ path: SEND_PATH, work: 'done', isForged: true });
		expect((await send({ re_openid: 'oForged' })).rows).toMatchObject([{ confirmedBy: 'query' }]);
	});
});

describe('the order number that the node makes', () => {
	const numbers = async (items: number, node: string, executions = 1) => {
		const input = Array.from({ length: items }, () => ({ json: {} }));
		const found: unknown[] = [];
		for (let count = 0; count < executions; count++) {
			const { rows } = await pay(packetTo(server(), openid), credentials, { id: node }, input);
			found.push(...rows.map(({ mch_billno }) => mch_billno));
		}
		return found;
	};

	test('is the same when n8n tries again, and another one for each item and node', async () => {
		const [first, second] = await numbers(2, 'a');
		expect(first).not.toBe(second);
		expect(await numbers(2, 'a')).toEqual([first, second]);
		expect(await numbers(1, 'b')).not.toEqual([first]);
		expect(paid()).toBe(3);
	});

	test('is another one in another execution', async () => {
		const [first] = await numbers(1, `e${made}`);
		execution.id = '2';
		const [second] = await numbers(1, `e${made}`);
		execution.id = '1';
		expect(second).not.toBe(first);
		expect(paid()).toBe(2);
	});

	test('cannot be made without an execution', async () => {
		const before = calls();
		execution.id = '';
		const { message, description } = await send();
		execution.id = '1';
		expect(message).toContain('no execution ID');
		expect(description).toBe(
			'Enter an Order Number.\n此次运行没有执行 ID，无法生成商户订单号：请填写“商户订单号”。',
		);
		expect(calls()).toBe(before);
	});

	// An agent calls a tool again when it likes, with other values, within one execution.
	test('is not made for an agent whose tool the node is', async () => {
		const before = calls();
		const tool = { type: `${PACK}.wechatPayTool` };
		const bare = await pay(packetTo(server(), openid), credentials, tool);
		expect(bare.message).toContain('sends no red packet without an Order Number');
		expect(calls()).toBe(before);
		const own = { ...packetTo(server(), openid), mch_billno: `tool${made}` };
		expect((await pay(own, credentials, tool)).rows).toMatchObject([{ mch_billno: `tool${made}` }]);
		expect((await pay(own, credentials, tool)).message).toBe('');
		expect(paid()).toBe(1);
	});

	test.each<[string | undefined, boolean]>([
		[undefined, true],
		['', true],
		['survey1', false],
		['={{ $json.id }}', false],
	])('of %p: a notice says that a second run pays again: %p', (mch_billno, isShown) => {
		const { description } = new WechatPay();
		const notices = description.properties.filter(
			({ type, displayName }) => type === 'notice' && displayName.includes('pays again'),
		);
		const values = { resource: 'redPacket', operation: 'send', mch_billno: mch_billno ?? '' };
		const shown = notices.filter((one) =>
			NodeHelpers.displayParameter(values, one, { typeVersion: 1 }, description),
		);
		expect(shown).toHaveLength(isShown ? 1 : 0);
	});

	// Packets of random amounts: n8n works out expressions at each try.
	test('is the same when an expression has another value at the next try', async () => {
		server().fault({ path: SEND_PATH, times: 99, work: 'done', cut: 'read' });
		server().fault({ path: GET_PATH, times: 99, cut: 'read' });
		const { message } = await send({ total_amount: 150 });
		server().clearFaults();
		const again = await send({ total_amount: 160 });
		expect(again.message).toContain('FATAL_ERROR');
		expect(numberIn(again.message)).toBe(numberIn(message));
		expect(paid()).toBe(1);
	});

	test('is used again by Retry On Fail of n8n itself', async () => {
		server().fault({ path: SEND_PATH, times: 1, work: 'done', cut: 'read' });
		server().fault({ path: GET_PATH, times: 7, cut: 'read' });
		const retrying = { id: `r${made}`, retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const before = calls();
		const { output, error } = await runNode(
			'wechatPay',
			packetTo(server(), openid),
			credentials,
			undefined,
			retrying,
		);
		expect(error).toBeUndefined();
		expect(output).toHaveLength(1);
		expect(pathsSince(before).filter((path) => path === SEND_PATH)).toHaveLength(2);
		expect(paid()).toBe(1);
	});

	test('is another one in each round of a loop', async () => {
		const start = {
			id: 's',
			name: 'Start',
			type: 'n8n-nodes-base.start',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		};
		const node = {
			...start,
			id: `loop${made}`,
			name: 'Pay',
			type: 'n8n-nodes-wechat-platform.wechatPay',
			parameters: packetTo(server(), openid),
			credentials: credentials.references,
		};
		const to = [
			[
				{ node: 'Pay', type: 'main', index: 0 },
				{ node: 'Pay', type: 'main', index: 0 },
			],
		];
		const { run } = await runWorkflow(
			{ nodes: [start, node] as never, connections: { Start: { main: to } } as never },
			credentials,
		);
		expect(run.data.resultData.runData.Pay).toHaveLength(2);
		expect(paid()).toBe(2);
	});
});

describe('what is not certain', () => {
	test.each<[string, object]>([
		['the connection ends before the call is read', { cut: 'unread' }],
		['the connection ends when the call was read', { cut: 'read' }],
		['the connection ends when the money was paid', { work: 'done', cut: 'read' }],
		['the connection ends in the middle of the answer', { work: 'done', cut: 'half' }],
		['SYSTEMERROR, paid', { work: 'done', errCode: 'SYSTEMERROR' }],
		['SYSTEMERROR, not paid', { errCode: 'SYSTEMERROR' }],
		['PROCESSING, paid', { work: 'done', errCode: 'PROCESSING' }],
		['PROCESSING, not paid', { errCode: 'PROCESSING' }],
		['an err_code that nobody knows, not paid', { errCode: 'NEW_IN_2027' }],
		['an err_code that nobody knows, paid', { work: 'done', errCode: 'NEW_IN_2027' }],
		['no err_code', { work: 'done', answer: { result_code: 'FAIL', err_code: '' } }],
		['NOT_FOUND as an answer to Send', { work: 'done', errCode: 'NOT_FOUND' }],
		['no result_code', { work: 'done', answer: { result_code: '' } }],
		['return_code FAIL beside a success', { work: 'done', answer: { return_code: 'FAIL' } }],
		['a page of somebody else', { work: 'done', status: 502, body: '<html>' }],
		['a success with another HTTP status', { work: 'done', status: 500 }],
		['no XML', { work: 'done', body: 'garbage' }],
		[
			'XML with a DOCTYPE',
			{ work: 'done', body: '<!DOCTYPE x><xml><return_code>SUCCESS</return_code></xml>' },
		],
		['nothing', { work: 'done', body: '' }],
		['a wrong signature', { work: 'done', isForged: true }],
		['an answer about another order', { work: 'done', answer: { mch_billno: 'another' } }],
		['an answer about another amount', { work: 'done', answer: { total_amount: '1' } }],
		['an answer about another user', { work: 'done', answer: { re_openid: 'oOther' } }],
		['an answer to another merchant', { work: 'done', answer: { mch_id: '1' } }],
	])('%s: WeChat is asked, and money paid once', async (_, fault) => {
		const before = calls();
		server().fault({ path: SEND_PATH, ...fault });
		const { rows, message } = await send();
		expect(message).toBe('');
		expect(paid()).toBe(1);
		const asked = pathsSince(before);
		expect(asked).toContain(GET_PATH);
		expect(
			new Set(
				server()
					.calls.slice(before)
					.map(({ body }) => (body as { mch_billno: string }).mch_billno),
			).size,
		).toBe(1);
		expect(rows).toMatchObject([
			{
				mch_billno: expect.stringMatching(/^\w{28}$/) as string,
				re_openid: openid,
				total_amount: 100,
			},
		]);
	});

	test('an order that WeChat does not know is sent again, the very same', async () => {
		const before = calls();
		server().fault({ path: SEND_PATH, errCode: 'SYSTEMERROR' });
		expect((await send()).rows).toMatchObject([{ confirmedBy: 'answer' }]);
		expect(pathsSince(before)).toEqual([SEND_PATH, GET_PATH, SEND_PATH]);
		const [first, , second] = server().calls.slice(before);
		expect(second.body).toEqual(first.body);
	});

	// 查询红包记录: what does not exist may be under way.
	test('an order that is paid but not shown yet is sent again, the very same', async () => {
		server().fault({ path: SEND_PATH, work: 'done', cut: 'read' });
		server().fault({ path: GET_PATH, errCode: 'NOT_FOUND' });
		expect((await send()).rows).toMatchObject([{ confirmedBy: 'answer' }]);
		expect(paid()).toBe(1);
	});

	test('an order is unknown in older words, too: SYSTEMERROR, 指定单号数据不存在', async () => {
		const before = calls();
		const old = {
			return_code: 'FAIL',
			result_code: 'FAIL',
			err_code: 'SYSTEMERROR',
			err_code_des: '指定单号数据不存在',
		};
		server().fault({ path: SEND_PATH, cut: 'read' });
		server().fault({ path: GET_PATH, answer: old });
		expect((await send()).message).toBe('');
		expect(pathsSince(before)).toEqual([SEND_PATH, GET_PATH, SEND_PATH]);
	});

	test('an order that stays uncertain is an error with its number and what to do', async () => {
		const before = calls();
		server().fault({ path: SEND_PATH, work: 'done', cut: 'read' });
		server().fault({ path: GET_PATH, times: 99, errCode: 'SYSTEMERROR' });
		const { message, description } = await send();
		expect(message).toMatch(
			/^The red packet may or may not have been sent\. No answer from WeChat Pay: 127.0.0.1:\d+ closed the connection \(UND_ERR_SOCKET\) \[order number \w{28}\]$/,
		);
		expect(description).toMatch(
			/Wait some minutes.*run Get.*or Send with this Order Number and the same values.*Another number could/,
		);
		expect(description).toContain(`Order number: ${numberIn(message)}.`);
		expect(pathsSince(before)).toEqual([SEND_PATH, ...Array<string>(7).fill(GET_PATH)]);
		// WeChat: 1 s at least between two calls for one order.
		expect(pauses).toHaveLength(7);
		expect(pauses.every((ms) => ms >= 1000 && ms <= 12_000)).toBe(true);
		expect(Math.max(...pauses)).toBeGreaterThanOrEqual(8000);
		server().clearFaults();
		expect((await get(numberIn(message) ?? '')).rows).toMatchObject([
			{ status: 'SENT', total_amount: 100 },
		]);
		expect((await send({ mch_billno: String(numberIn(message)) })).message).toBe('');
		expect(paid()).toBe(1);
	});

	test('an order is sent and asked for in 8 calls at most', async () => {
		const before = calls();
		server().fault({ path: SEND_PATH, times: 99, errCode: 'SYSTEMERROR' });
		expect((await send()).message).toContain(
			'may or may not have been sent. WeChat Pay says: SYSTEMERROR',
		);
		expect(pathsSince(before)).toEqual([
			SEND_PATH,
			GET_PATH,
			SEND_PATH,
			GET_PATH,
			SEND_PATH,
			GET_PATH,
			SEND_PATH,
			GET_PATH,
		]);
	});

	test('a refusal after an uncertain call is no proof that nothing was paid', async () => {
		server().fault({ path: SEND_PATH, work: 'late', cut: 'read' });
		server().fault({ path: GET_PATH, times: 2, errCode: 'NOT_FOUND' });
		server().fault({ path: SEND_PATH, errCode: 'SENDNUM_LIMIT' });
		const { message, description } = await send();
		expect(message).toContain('may or may not have been sent. WeChat Pay says: SENDNUM_LIMIT');
		expect(description).toContain('10');
		expect(paid()).toBe(1);
	});

	test('a refusal of what an earlier run has paid: the packet is found', async () => {
		const own = { mch_billno: `own${made}` };
		await send(own);
		server().fault({ path: SEND_PATH, errCode: 'NOTENOUGH' });
		expect((await send(own)).rows).toMatchObject([{ status: 'SENT', confirmedBy: 'query' }]);
	});

	test('a refusal when WeChat does not tell what it knows', async () => {
		server().fault({ path: SEND_PATH, errCode: 'NOTENOUGH' });
		server().fault({ path: GET_PATH, times: 99, cut: 'read' });
		expect((await send()).message).toContain(
			'may or may not have been sent. WeChat Pay says: NOTENOUGH',
		);
	});

	test('an answer that takes too long: nothing is sent that could pay twice', async () => {
		const merchant = readMerchant(credentials.data);
		let isFirst = true;
		const slow: typeof sendHttp = async (request) => {
			const answer = await sendHttp(request);
			if (!isFirst) return answer;
			isFirst = false;
			throw brokenBy('UND_ERR_HEADERS_TIMEOUT', 'did not answer');
		};
		const { resource, operation, appid, ...values } = packetTo(server(), openid);
		void [resource, operation];
		const packet = { ...values, wxappid: appid, client_ip: '127.0.0.1', mch_billno: `slow${made}` };
		expect(
			await sendPacket(createPayClient(merchant, slow), SEND_PATH, packet, services),
		).toMatchObject({
			confirmedBy: 'query',
		});
		expect(paid()).toBe(1);
	});
});

describe('the packet that is found', () => {
	beforeEach(() => server().fault({ path: SEND_PATH, work: 'done', cut: 'read' }));
	const found = (answer: object) => server().fault({ path: GET_PATH, work: 'done', answer });

	test('has failed: an error, and never another number', async () => {
		found({ status: 'FAILED', reason: '用户帐号异常' });
		const { message, description } = await send();
		expect(message).toMatch(
			/^The red packet could not be sent: 用户帐号异常 \[order number \w{28}\]$/,
		);
		expect(description).toContain(
			'Nothing was paid. To try once more, send it with another Order Number',
		);
	});

	test.each([
		['SENDING', '发放中'],
		['RECEIVED', '已领取'],
		['RFUND_ING', '退款中'],
		['REFUND', '已退款'],
	])('is %s: it says so', async (status, words) => {
		found({ status });
		const { rows } = await send();
		expect(rows).toMatchObject([
			{ status, statusMeaning: expect.stringContaining(words) as string },
		]);
	});

	test('is in a state that nobody knows: its name is all that is told', async () => {
		found({ status: 'NEW' });
		expect((await send()).rows).toMatchObject([{ status: 'NEW', statusMeaning: 'NEW' }]);
	});

	test.each<[string, object]>([
		['another amount', { total_amount: '200' }],
		['other numbers of packets', { total_num: '3' }],
		['another receiver', { hblist: { hbinfo: { openid: 'oOther', amount: '100' } } }],
	])('has %s: it is not ours', async (_, answer) => {
		found(answer);
		const { message, description } = await send();
		expect(message).toMatch(/^There is another red packet with this order number \[order/);
		expect(description).toContain('Order Number of its own');
	});

	test('is of a group, of which others have opened their parts', async () => {
		server().clearFaults();
		server().fault({ path: SEND_GROUP_PATH, work: 'done', cut: 'read' });
		const hblist = { hbinfo: [{ openid: 'oFriend', amount: '100' }] };
		found({ status: 'RECEIVED', hblist });
		const { rows } = await send({ operation: 'sendGroup', total_amount: 300, total_num: 3 });
		expect(rows).toMatchObject([{ hblist: [{ openid: 'oFriend', amount: 100 }] }]);
	});

	test('is about another order: WeChat is asked again', async () => {
		found({ mch_billno: 'another' });
		expect((await send()).rows).toMatchObject([{ status: 'SENT' }]);
	});
});

describe('a refusal', () => {
	test.each([
		['NO_AUTH', 'not active'],
		['SENDNUM_LIMIT', 'tomorrow'],
		['CA_ERROR', 'apiclient_cert'],
		['ILLEGAL_APPID', '公众号'],
		['SIGN_ERROR', 'API v2 Key'],
		['XML_ERROR', 'unusual characters'],
		['PARAM_ERROR', 'own words'],
		['OPENID_ERROR', 'OpenID'],
		['NOTENOUGH', 'Add funds'],
		['DAY_ OVER_LIMITED', 'tomorrow'],
		['MONEY_LIMIT', 'Scene'],
		['SEND_AMOUNT_LIMIT', 'limits'],
		['RCVDAMOUNT_LIMIT', 'tomorrow'],
	])('%s says what to do, and is not repeated', async (errCode, advice) => {
		const before = calls();
		server().fault({ path: SEND_PATH, errCode });
		const { message, description } = await send();
		const code = errCode.replace(' ', '');
		expect(message).toMatch(
			new RegExp(`^WeChat Pay says: .* \\(${code}\\) \\[order number \\w{28}\\]$`),
		);
		expect(description).toContain(advice);
		expect(description).toContain(`Order number: ${numberIn(message)}.`);
		expect(pathsSince(before)).toEqual([SEND_PATH, GET_PATH]);
		expect(paid()).toBe(0);
	});

	test.each([
		['SEND_FAILED', 'another Order Number'],
		['FATAL_ERROR', 'number of its own'],
	])('%s is for good', async (errCode, advice) => {
		const before = calls();
		server().fault({ path: SEND_PATH, errCode });
		const { message, description } = await send();
		expect(message).toContain(`(${errCode}) [order number`);
		expect(description).toContain(advice);
		expect(pathsSince(before)).toEqual([SEND_PATH]);
	});

	test.each(['FREQ_LIMIT', 'SECOND_OVER_LIMITED'])(
		'%s is waited for, with the same number',
		async (errCode) => {
			const before = calls();
			server().fault({ path: SEND_PATH, times: 3, errCode });
			expect((await send()).message).toBe('');
			expect(pathsSince(before)).toEqual([SEND_PATH, SEND_PATH, SEND_PATH, SEND_PATH]);
			expect(pauses).toHaveLength(3);
			expect(paid()).toBe(1);
		},
	);

	test('FREQ_LIMIT that stays', async () => {
		server().fault({ path: SEND_PATH, times: 99, errCode: 'FREQ_LIMIT' });
		const { message, description } = await send();
		expect(message).toMatch(/^WeChat Pay says: .*FREQ_LIMIT/);
		expect(description).toContain('fewer at a time');
	});

	test('too little money, in the words of WeChat', async () => {
		server().setBalance(99);
		const { message } = await send();
		server().setBalance(100_000_00);
		expect(message).toContain('帐号余额不足,请到商户平台充值后再重试 (NOTENOUGH)');
		expect(paid()).toBe(0);
	});

	test('an order number of another packet, and nothing of it is paid', async () => {
		const own = { mch_billno: `own${made}` };
		await send(own);
		expect((await send({ ...own, re_openid: 'oOther' })).message).toContain('FATAL_ERROR');
		expect(server().paymentsTo('oOther')).toBe(0);
	});

	test('the key does not get into errors', async () => {
		const words = `签名错误 ${server().apiKey}`;
		server().fault({
			path: SEND_PATH,
			answer: {
				return_code: 'FAIL',
				return_msg: words,
				result_code: '',
				err_code: '',
				err_code_des: '',
			},
		});
		const { message } = await send();
		expect(message).toContain('签名错误 *** (SIGN_ERROR)');
	});
});

describe('no answer from WeChat Pay', () => {
	test.each<[string, Record<string, string>, RegExp]>([
		[
			'a closed port',
			{ baseUrl: 'https://127.0.0.1:9' },
			/^No answer from WeChat Pay: 127.0.0.1:9 refuses connections \(ECONNREFUSED\) \[.*Check API Base URL/,
		],
		[
			'an authority that is not known',
			{ caCertificate: '' },
			/certificate of 127\S+ is not to be trusted.*CA Certificate/,
		],
		['an odd scheme', { baseUrl: 'xhttps://127.0.0.1:9' }, /"API Base URL" is not an address/],
		['plain HTTP', { baseUrl: 'http://127.0.0.1:9' }, /"API Base URL" is not an address.*https:/],
		[
			'a password in the address',
			{ baseUrl: 'https://user:pa55@127.0.0.1:9' },
			/^"API Base URL" has a user name or password in it(?!.*pa55)/,
		],
		['a key of 31 characters', { apiKey: 'x'.repeat(31) }, /"API v2 Key".*32.*APIv2密钥/],
		['a number that is none', { mchId: 'wx1' }, /"Merchant Number".*digits/],
		['a proxy that is none', { proxyUrl: 'proxy' }, /"Proxy URL" is not an address/],
		['an authority that is none', { caCertificate: 'x' }, /"CA Certificate".*not a PEM/],
	])('%s: one call at most, and the order number', async (_, changes, sentence) => {
		credentials = payCredentialsFor(server(), changes);
		const before = calls();
		const { message, description } = await send();
		expect(`${message} ${description}`).toMatch(sentence);
		expect(message).not.toContain('may or may not');
		expect(numberIn(message)).toMatch(/^\w{28}$/);
		expect([calls(), pauses.length]).toEqual([before, 0]);
	});

	test(
		'a certificate of another authority',
		async () => {
			const { cert, key } = newAuthority('Another').issue(server().mchId);
			credentials = payCredentialsFor(server(), { certificate: cert, privateKey: key });
			const { message } = await send();
			expect(message).toContain('No answer from WeChat Pay');
			expect(paid()).toBe(0);
		},
		MAKING_KEYS_MS,
	);

	test.each([
		['WeChat is not there any more', 1],
		// Not there, or not yet: the order is sent again.
		['WeChat has shown nothing, and is not there any more', 2],
	])('after a call that may have been carried out, %s: still not certain', async (_, answered) => {
		const merchant = readMerchant(credentials.data);
		let turn = 0;
		const leaving: typeof sendHttp = async (request) => {
			if (++turn > answered) throw brokenBy('ECONNREFUSED', 'refuses connections');
			const answer = await sendHttp(request);
			if (turn > 1) return answer;
			throw brokenBy('ECONNRESET', 'closed the connection');
		};
		if (answered > 1) server().fault({ path: GET_PATH, errCode: 'NOT_FOUND' });
		const { resource, operation, appid, ...values } = packetTo(server(), openid);
		void [resource, operation];
		const number = `gone${made}`;
		const packet = { ...values, wxappid: appid, client_ip: '127.0.0.1', mch_billno: number };
		await expect(
			sendPacket(createPayClient(merchant, leaving), SEND_PATH, packet, services),
		).rejects.toMatchObject({
			outcome: 'unclear',
		});
		expect(paid()).toBe(1);
	});
});

// 发放规则: 1 to 200 yuan each, or a scene; a group of 3 at least, 1000 yuan at most.
describe('limits, before anything is sent', () => {
	const group = (total_amount: number, total_num = 3) => ({
		operation: 'sendGroup',
		total_amount,
		total_num,
	});

	test.each<[string, INodeParameters, RegExp]>([
		['99 fen', { total_amount: 99 }, /"Amount" is 0\.99 yuan; WeChat allows 1 to 200 yuan.*Scene/],
		['20,001 fen', { total_amount: 20001 }, /"Amount" is 200\.01 yuan/],
		['half a fen', { total_amount: 100.5 }, /"Amount \(金额\)" must be a whole number.*in fen/],
		['no amount', { total_amount: 0 }, /"Amount \(金额\)" must be at least 1/],
		['text', { total_amount: 'five' }, /"Amount \(金额\)" must be a number/],
		['299 fen for three', group(299), /"Amount" makes 0\.997 yuan for each of 3 packets/],
		['60,001 fen for three', group(60001), /"Amount" makes 200\.003 yuan/],
		[
			'100,001 fen for ten',
			group(100001, 10),
			/"Amount" is 1000\.01 yuan; a group gets at most 1000/,
		],
		['a group of two', group(300, 2), /"Number of Packets \(红包个数\)" must be at least 3/],
		[
			'a group of three and a half',
			group(400, 3.5),
			/"Number of Packets \(红包个数\)" must be a whole number/,
		],
		[
			'a sender of 33 characters',
			{ send_name: '天'.repeat(33) },
			/"Sender \(商户名称\)" has 33 characters; WeChat takes 32/,
		],
		[
			'an activity of 33 characters',
			{ act_name: 'a'.repeat(33) },
			/"Activity \(活动名称\)" has 33/,
		],
		['wishes of 129 characters', { wishing: 'a'.repeat(129) }, /"Wishing \(红包祝福语\)" has 129/],
		['a remark of 257 characters', { remark: 'a'.repeat(257) }, /"Remark \(备注\)" has 257/],
		['no OpenID', { re_openid: '={{ "" }}' }, /"OpenID" is missing/],
		['an OpenID with a blank', { re_openid: 'o 1' }, /"OpenID" has letters, digits/],
		[
			'an order number of 29 characters',
			{ mch_billno: 'a'.repeat(29) },
			/"Order Number" must be 1 to 28/,
		],
		['an order number with a dash', { mch_billno: 'a-1' }, /"Order Number" must be.*"a-1"/],
		['a client without an address', { client_ip: 'localhost' }, /"Client IP" is not an IPv4/],
	])('%s', async (_, changes, sentence) => {
		const before = calls();
		const { message, description } = await send(changes);
		expect(`${message} ${description}`).toMatch(sentence);
		expect(calls()).toBe(before);
	});

	test.each<[string, INodeParameters]>([
		['1 yuan', { total_amount: 100 }],
		['200 yuan', { total_amount: 20000 }],
		['as text', { total_amount: '={{ "150" }}' }],
		['1 fen with a scene', { total_amount: 1, additionalFields: { scene_id: 'PRODUCT_2' } }],
		['201 yuan with a scene', { total_amount: 20100, additionalFields: { scene_id: 'PRODUCT_1' } }],
		['3 yuan for three', group(300)],
		['600 yuan for three', group(60000)],
		['1000 yuan for five', group(100000, 5)],
	])('%s is allowed', async (_, changes) => {
		expect((await send(changes)).message).toBe('');
		expect(paid()).toBe(1);
	});

	test('blanks around an order number do not count', async () => {
		const { rows } = await send({ mch_billno: ` own${made} ` });
		expect(rows).toMatchObject([{ mch_billno: `own${made}` }]);
	});

	test('one order number for two different items', async () => {
		const items = ['oFirst', 'oSecond'].map((to) => ({ json: { to: `${to}${made}` } }));
		const same = {
			...packetTo(server(), '={{ $json.to }}'),
			mch_billno: `twice${made}`,
			options: {},
		};
		const { output } = await runNode('wechatPay', same, credentials, items, {
			onError: 'continueRegularOutput',
		});
		expect(output.map(({ json }) => json.mch_billno ?? json.error)).toEqual([
			`twice${made}`,
			`Two different items have the order number twice${made}`,
		]);
		expect(server().paymentsTo(`oSecond${made}`)).toBe(0);
	});
});

describe('Get', () => {
	test('tells that an order does not exist', async () => {
		const before = calls();
		const { message, description } = await get('nothing1');
		expect(message).toBe('WeChat Pay says: 指定单号数据不存在 (NOT_FOUND) [order number nothing1]');
		expect(description).toContain('30 days');
		expect(calls()).toBe(before + 1);
	});

	test('is asked again when WeChat is busy or does not answer, and gives up', async () => {
		await send({ mch_billno: `got${made}` });
		server().fault({ path: GET_PATH, errCode: 'FREQ_LIMIT' });
		server().fault({ path: GET_PATH, errCode: 'SYSTEMERROR' });
		server().fault({ path: GET_PATH, cut: 'half', work: 'done' });
		expect((await get(`got${made}`)).rows).toMatchObject([
			{ mch_billno: `got${made}`, total_amount: 100 },
		]);
		const before = calls();
		server().fault({ path: GET_PATH, times: 9, errCode: 'SYSTEMERROR' });
		expect((await get(`got${made}`)).message).toContain('SYSTEMERROR');
		expect(calls()).toBe(before + 4);
	});

	test('refuses an order number that is missing, or none', async () => {
		const before = calls();
		expect((await get('={{ "" }}')).message).toBe('"Order Number (商户订单号)" is missing');
		expect((await get('a b')).message).toContain('1 to 28 letters and digits');
		expect(calls()).toBe(before);
	});

	test('tells of a failed packet as of any other', async () => {
		await send({ mch_billno: `got${made}` });
		server().fault({ path: GET_PATH, work: 'done', answer: { status: 'FAILED', reason: 'r' } });
		expect((await get(`got${made}`)).rows).toMatchObject([
			{
				status: 'FAILED',
				reason: 'r',
				statusMeaning: expect.stringContaining('nothing was paid') as string,
			},
		]);
	});
});

test('the error of one item does not stop the others', async () => {
	const items = [100, 99, 101].map((fen) => ({ json: { fen } }));
	const packets = { ...packetTo(server(), openid), total_amount: '={{ $json.fen }}' };
	const { output } = await runNode('wechatPay', packets, credentials, items, {
		id: `c${made}`,
		onError: 'continueRegularOutput',
	});
	expect(output.map(({ json }) => json.total_amount ?? String(json.error))).toEqual([
		100,
		expect.stringMatching(/^"Amount" is 0\.99 yuan.*\[order number \w{28}\]$/),
		101,
	]);
});

test('the node asks for the credential, and says where WeChat describes the calls', () => {
	const { description } = new WechatPay();
	expect(description.credentials).toEqual([
		{ name: 'wechatPayApi', required: true, testedBy: 'testWechatPay' },
	]);
	const pages = description.properties
		.filter(({ name }) => name === 'doc')
		.filter(({ displayOptions }) => displayOptions?.show?.resource?.includes('redPacket'))
		.map(({ displayName }) => /href="([^"]+)"/.exec(displayName)?.[1]);
	expect(pages).toEqual(
		['13_4&index=3', '13_5&index=4', '13_6&index=5'].map(
			(chapter) =>
				`https://pay.weixin.qq.com/wiki/doc/api/tools/cash_coupon.php?chapter=${chapter}`,
		),
	);
});
