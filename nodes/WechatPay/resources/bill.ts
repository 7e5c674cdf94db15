import type { Call } from '../../api/apiClient';
import { readPastDay } from '../../engine/beijingTime';
import { defineRequestFor, defineResource, type Field, type Params } from '../../engine/define';
import { binaryField } from '../../engine/fields';
import { parseBill } from '../../payV3/billFile';
import { downloadBill, findBill } from '../../payV3/downloadBill';
import type { PayV3Client } from '../../payV3/payV3Client';

const defineRequest = defineRequestFor<PayV3Client>();

const date = {
	displayName: 'Date (账单日期)',
	name: 'bill_date',
	type: 'dateTime',
	wire: false,
	default: '',
	placeholder: 'e.g. 2026-01-31',
	description:
		'Which day, in Beijing time; WeChat makes its bill on the next day from 9:00 on, and keeps it for three months. Leave empty for yesterday; run the workflow after 10:00 there.',
} as const satisfies Field;

const output = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		wire: false,
		options: [
			{
				name: 'File',
				value: 'file',
				description: 'The CSV file as WeChat made it, in a binary field',
			},
			{
				name: 'Rows (明细)',
				value: 'rows',
				description: 'An item for each row: amounts in fen (分), IDs as text',
			},
			{
				name: 'Summary (汇总)',
				value: 'summary',
				description: 'One item with the number of rows and the sums, in fen (分)',
			},
		],
		default: 'rows',
		description: 'What to make of the bill. It is always checked by the digest that WeChat names.',
	},
	{
		...binaryField,
		displayOptions: { show: { output: ['file'] } },
	},
	{
		displayName: 'Empty Without Bill (无账单时为空)',
		name: 'emptyWithoutBill',
		type: 'boolean',
		wire: false,
		default: false,
		description:
			'Whether a day without a bill (NO_STATEMENT_EXIST, 当日无账单) has no rows, and is no error. WeChat makes none of a day on which nothing happened.',
	},
] as const satisfies readonly Field[];

const subMerchant = {
	displayName: 'Sub-Merchant Number (子商户号)',
	name: 'sub_mchid',
	type: 'string',
	in: 'query',
	default: '',
	placeholder: 'e.g. 1900000109',
	description: 'For service providers (服务商): the merchant whose bill it is',
} as const satisfies Field;

type BillParams = Params<readonly [typeof date, ...typeof output]>;

interface BillRun {
	params: BillParams;
	client: PayV3Client;
	call: Call;
	io: {
		attach(field: string, file: { bytes: Buffer; contentType: string; fileName: string }): void;
	};
}

/** Downloads a bill, and makes of it what the item asks for. */
async function getBill({ params, client, call, io }: BillRun, kind: string) {
	const bill_date = readPastDay('Date', params.bill_date, client.services.clock.now());
	const isRows = params.output === 'rows';
	const load = params.emptyWithoutBill ? findBill : downloadBill;
	const bytes = await load(client, { ...call, query: { bill_date, ...call.query } });
	if (!bytes) return isRows ? [] : { bill_date, count: 0 };
	if (params.output === 'file') {
		const field = params.binaryPropertyName ?? binaryField.default;
		io.attach(field, { bytes, contentType: 'text/csv', fileName: `${kind}-${bill_date}.csv` });
		return { bill_date, bytes: bytes.length };
	}
	const { rows, summary } = parseBill(bytes);
	return isRows ? rows : { bill_date, ...summary };
}

/** What happened on a day (账单). */
export const bill = defineResource<PayV3Client>('Bill (账单)', 'bill', [
	defineRequest({
		name: 'Get Trades',
		value: 'getTrades',
		action: 'Get trade bill',
		chinese: '下载交易账单',
		description: 'Get the payments and refunds of a day (交易账单)',
		doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012556692',
		method: 'GET',
		path: '/v3/bill/tradebill',
		effect: 'read',
		fields: [
			date,
			{
				displayName: 'Bill Type (账单类型)',
				name: 'bill_type',
				type: 'options',
				in: 'query',
				options: [
					{ name: 'Payments (成功支付)', value: 'SUCCESS' },
					{ name: 'Payments and Refunds (所有订单)', value: 'ALL' },
					{ name: 'Refunds (退款)', value: 'REFUND' },
					{ name: 'Refunds of Recharges (充值退款)', value: 'RECHARGE_REFUND' },
				],
				default: 'ALL',
				description: 'What is in the bill (账单类型)',
			},
			subMerchant,
			...output,
		],
		run: async (run) => await getBill(run, 'trades'),
	}),
	defineRequest({
		name: 'Get Fund Flow',
		value: 'getFundFlow',
		action: 'Get fund flow bill',
		chinese: '下载资金账单',
		description:
			'Get what came into an account of the merchant and went out of it on a day (资金账单), such as transfers and withdrawals',
		doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012556748',
		method: 'GET',
		path: '/v3/bill/fundflowbill',
		effect: 'read',
		fields: [
			date,
			{
				displayName: 'Account',
				name: 'account_type',
				type: 'options',
				in: 'query',
				options: [
					{ name: 'Basic (基本账户)', value: 'BASIC' },
					{ name: 'Fees (手续费账户)', value: 'FEES' },
					{ name: 'Operation (运营账户)', value: 'OPERATION' },
				],
				default: 'BASIC',
				description: 'Which account of the merchant (资金账户类型)',
			},
			subMerchant,
			...output,
		],
		run: async (run) => await getBill(run, 'fundflow'),
	}),
]);
