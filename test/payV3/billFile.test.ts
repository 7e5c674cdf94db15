import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { parseBill, openBill } from '../../nodes/payV3/billFile';

/** Source: what merchants downloaded in 2019 and 2021, with a byte order mark and CRLF; numbers changed. */
const NAMES =
	'交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const PAID =
	'`2026-11-27 08:35:41,`wxd222ec9daccce0b9,`1900000109,`0,`,`4200000451202611271334502019,`0012026112700000017,`oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s,`JSAPI,`SUCCESS,`PSBC_DEBIT,`CNY,`0.57,`0.00,`0,`0,`0.00,`0.00,`,`,`茶,`,`0.00600,`0.60%,`1.00,`0.00,`';
const REFUNDED =
	'`2026-11-27 11:00:00,`wxd222ec9daccce0b9,`1900000109,`0,`,`4200000451202611271334502019,`0012026112700000017,`oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s,`JSAPI,`REFUND,`PSBC_DEBIT,`CNY,`0.00,`0.00,`50300806962026112705978994968,`R17,`260.00,`0.00,`ORIGINAL,`SUCCESS,`茶,`,`-1.56000,`0.60%,`0.00,`260.00,`';
const SUMS =
	'总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';
const TRADES = [NAMES, PAID, REFUNDED, SUMS, '`2,`0.57,`260.00,`0.00,`-1.55400,`1.00,`260.00', ''];
const FUNDS = [
	'记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号',
	'`2026-11-27 13:54:01,`50300806962026112705978994968,`4200000920202611271197964319,`退款,`退款,`支出,`0.01,`1234567.89,`1900000109API,`退款总金额0.01元;含手续费0.00元,`S20261127135356381941',
	'资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额',
	'`1,`0,`0,`1,`0.01',
];

const fileOf = (lines: string[], end = '\r\n') => Buffer.from(`\uFEFF${lines.join(end)}`);

test('amounts are fen, ids keep all digits and zeros, and the summary stands apart', () => {
	const { rows, summary } = parseBill(fileOf(TRADES));
	expect(rows).toHaveLength(2);
	expect(rows[0]).toEqual({
		trade_time: '2026-11-27 08:35:41',
		appid: 'wxd222ec9daccce0b9',
		mchid: '1900000109',
		sub_mchid: '0',
		device_id: '',
		transaction_id: '4200000451202611271334502019',
		out_trade_no: '0012026112700000017',
		openid: 'oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
		trade_type: 'JSAPI',
		trade_state: 'SUCCESS',
		bank_type: 'PSBC_DEBIT',
		currency: 'CNY',
		settlement_total: 57,
		coupon_total: 0,
		refund_id: '0',
		out_refund_no: '0',
		settlement_refund: 0,
		coupon_refund: 0,
		refund_channel: '',
		refund_status: '',
		description: '茶',
		attach: '',
		fee: 0.6,
		fee_rate: '0.60%',
		total: 100,
		refund: 0,
		fee_rate_remark: '',
	});
	expect(rows[1]).toMatchObject({ refund: 26000, fee: -156, settlement_total: 0 });
	expect(summary).toEqual({
		count: 2,
		settlement_total: 57,
		settlement_refund: 26000,
		coupon_refund: 0,
		fee: -155.4,
		total: 100,
		refund: 26000,
	});
});

test('the flow of funds has its own columns, with the unit in the names of amounts', () => {
	expect(parseBill(fileOf(FUNDS, '\n'))).toEqual({
		rows: [
			{
				accounting_time: '2026-11-27 13:54:01',
				business_no: '50300806962026112705978994968',
				fund_flow_no: '4200000920202611271197964319',
				business_name: '退款',
				business_type: '退款',
				direction: '支出',
				amount: 1,
				balance: 123456789,
				applicant: '1900000109API',
				remark: '退款总金额0.01元;含手续费0.00元',
				voucher_no: 'S20261127135356381941',
			},
		],
		summary: { count: 1, income_count: 0, income: 0, expense_count: 1, expense: 1 },
	});
});

test('commas, line breaks and the words of a summary in the name of goods change nothing', () => {
	const goods = '茶, 100g\n总交易单数,\r\n绿茶';
	const lines = [NAMES, PAID.replace('`茶', '`' + goods), ...TRADES.slice(2)];
	const { rows } = parseBill(fileOf(lines));
	expect(rows.map(({ description }) => description)).toEqual([goods.replace('\r\n', '\n'), '茶']);
});

test('columns that nobody knows keep their names, and their amounts become fen', () => {
	const { rows } = parseBill(
		fileOf(['新编号,优惠金额', '`0017,`19.99', '总交易单数,新总金额', '`1,`19.99']),
	);
	expect(rows).toEqual([{ 新编号: '0017', 优惠金额: 1999 }]);
});

test('a day without rows has a summary', () =>
	expect(parseBill(fileOf([NAMES, SUMS, '`0,`0.00,`0.00,`0.00,`0.00,`0.00,`0.00']))).toMatchObject({
		rows: [],
		summary: { count: 0 },
	}));

test.each([
	['without a summary', TRADES.slice(0, 3), 'no summary'],
	['cut off before the sums', TRADES.slice(0, 4), 'no summary'],
	['with a value too many', [NAMES, `${PAID},\`x`, ...TRADES.slice(2)], '28 values for 27 columns'],
	['with a word for an amount', [NAMES, PAID.replace('0.57', '57分'), ...TRADES.slice(2)], '57分'],
])('a bill %s is refused', (_, lines, message) =>
	expect(() => parseBill(fileOf(lines))).toThrow(message),
);

/** To pack 257 MB takes a second, and much longer beside other tests. */
const PACKING_MS = 120_000;

describe('a bill that was downloaded', () => {
	const file = fileOf(TRADES);
	const hash_value = createHash('sha1').update(file).digest('hex');
	const digest = { hash_type: 'SHA1', hash_value };

	test('is checked unpacked, whether it comes packed or not', async () => {
		expect(await openBill(gzipSync(file), digest)).toEqual(file);
		expect(await openBill(file, digest)).toEqual(file);
		expect(
			await openBill(file, { hash_type: 'sha1', hash_value: hash_value.toUpperCase() }),
		).toEqual(file);
	});

	test.each([
		['has one byte more', Buffer.concat([file, Buffer.from('x')])],
		['is cut off', gzipSync(file).subarray(0, 200)],
		['is another one', gzipSync(fileOf(FUNDS))],
	])('is refused when it %s', async (_, bytes) =>
		expect(openBill(bytes, digest)).rejects.toThrow('damaged'),
	);

	test('is refused with a digest that nobody knows', async () =>
		expect(openBill(file, { ...digest, hash_type: 'SM3' })).rejects.toThrow('SM3'));

	test(
		'is not unpacked to more than 256 MB',
		async () =>
			expect(openBill(gzipSync(Buffer.alloc(257 * 2 ** 20), { level: 1 }), digest)).rejects.toThrow(
				'more than 256 MB',
			),
		PACKING_MS,
	);
});
