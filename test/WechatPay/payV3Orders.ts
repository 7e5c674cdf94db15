import type { INodeParameters } from 'n8n-workflow';
import type { PayV3Server } from '../simulator/payV3';

/** Something that the node does once for each number of the merchant's, and how WeChat's ledger tells of it. */
export interface OrderKind {
	name: string;
	/** The field of its number, what it is called in a sentence, and by an error. */
	field: string;
	label: string;
	/** The label in the editor. */
	fieldLabel: string;
	errorLabel: string;
	sendPath: string;
	lookPath: string;
	/** WeChat's code for what it does not have. */
	absent: string;
	/** Prepares the server for it, and answers the parameters of the node; `tag` is a user of its own. */
	prepare(server: PayV3Server, tag: string): INodeParameters;
	/** The field that may not differ under one number, and another value of it. */
	other: INodeParameters;
	/** The numbers under which WeChat has it, of this user. */
	listNumbers(server: PayV3Server, tag: string): string[];
	/** What was moved or promised for it, in fen; that of one of them is `fen`. */
	countFen(server: PayV3Server, tag: string): number;
	fen: number;
	/** The number in what the node puts out. */
	readNumber(row: Record<string, unknown>): unknown;
}

const NOTIFY_URL = 'https://n8n.example.com/webhook/pay';

const payment: OrderKind = {
	name: 'payment',
	field: 'out_trade_no',
	label: 'Order Number',
	fieldLabel: 'Order Number (商户订单号)',
	errorLabel: 'order number',
	sendPath: '/v3/pay/transactions/jsapi',
	lookPath: 'GET /v3/pay/transactions/out-trade-no/{out_trade_no}',
	absent: 'ORDER_NOT_EXIST',
	prepare: ({ appId }, tag) => ({
		resource: 'payment',
		operation: 'createJsapi',
		appid: appId,
		openid: tag,
		description: 'Spring tea',
		total: 100,
		notify_url: NOTIFY_URL,
	}),
	other: { total: 101 },
	listNumbers: ({ payments }, tag) =>
		[...payments].filter(([, { openid }]) => openid === tag).map(([number]) => number),
	countFen: ({ payments }, tag) =>
		[...payments.values()].filter(({ openid }) => openid === tag).length * 100,
	fen: 100,
	readNumber: ({ out_trade_no }) => out_trade_no,
};

const refund: OrderKind = {
	name: 'refund',
	field: 'out_refund_no',
	label: 'Refund Number',
	fieldLabel: 'Refund Number (商户退款单号)',
	errorLabel: 'refund number',
	sendPath: '/v3/refund/domestic/refunds',
	lookPath: 'GET /v3/refund/domestic/refunds/{out_refund_no}',
	absent: 'RESOURCE_NOT_EXISTS',
	prepare: (server, tag) => {
		if (!server.payments.has(tag)) {
			const values = { appid: server.appId, amount: { total: 1000 } };
			server.payments.set(tag, {
				tradeType: 'JSAPI',
				values,
				state: 'NOTPAY',
				handle: 'wx1',
				openid: 'o1',
			});
			server.pay(tag);
		}
		return {
			resource: 'refund',
			operation: 'create',
			by: 'out_trade_no',
			out_trade_no: tag,
			refund: 30,
			total: 1000,
		};
	},
	other: { refund: 31 },
	listNumbers: ({ refunds }, tag) =>
		[...refunds].filter(([, { outTradeNo }]) => outTradeNo === tag).map(([number]) => number),
	countFen: (server, tag) => server.refundedOf(tag),
	fen: 30,
	readNumber: ({ out_refund_no }) => out_refund_no,
};

const transfer: OrderKind = {
	name: 'transfer',
	field: 'out_bill_no',
	label: 'Transfer Number',
	fieldLabel: 'Transfer Number (商户单号)',
	errorLabel: 'transfer number',
	sendPath: '/v3/fund-app/mch-transfer/transfer-bills',
	lookPath: 'GET /v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}',
	absent: 'NOT_FOUND',
	prepare: ({ appId }, tag) => ({
		resource: 'transfer',
		operation: 'create',
		appid: appId,
		openid: tag,
		transfer_amount: 50,
		transfer_scene_id: '1009',
		transfer_scene_report_infos: { rows: [{ info_type: '采购商品名称', info_content: 'tea' }] },
		transfer_remark: 'tea',
		additionalFields: { user_name: '张三' },
	}),
	other: { transfer_amount: 51 },
	listNumbers: ({ transfers }, tag) =>
		[...transfers].filter(([, { values }]) => values.openid === tag).map(([number]) => number),
	countFen: (server, tag) => server.transfersTo(tag) * 50,
	fen: 50,
	readNumber: ({ out_bill_no }) => out_bill_no,
};

export const ORDER_KINDS: OrderKind[] = [payment, refund, transfer];
