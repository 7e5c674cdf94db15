/** Of a bill: what the API calls it, and what its values are. */
export interface BillColumn {
	key: string;
	/** `fen`: an amount in yuan, which becomes one of fen. */
	kind: 'text' | 'fen' | 'count';
}

const text = (key: string): BillColumn => ({ key, kind: 'text' });
const fen = (key: string): BillColumn => ({ key, kind: 'fen' });
const count = (key: string): BillColumn => ({ key, kind: 'count' });

/**
 * The columns of bills, by the names in their first line: payments and refunds (交易账单), then the flow of funds
 * (资金账单). Which ones a bill has depends on its type. Keys are the words of the API for the same thing; where it has
 * none, they say what the column says.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012556692
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012556748
 */
export const BILL_COLUMNS: Readonly<Record<string, BillColumn | undefined>> = {
	交易时间: text('trade_time'),
	公众账号ID: text('appid'),
	商户号: text('mchid'),
	特约商户号: text('sub_mchid'),
	子商户号: text('sub_mchid'),
	设备号: text('device_id'),
	微信订单号: text('transaction_id'),
	商户订单号: text('out_trade_no'),
	用户标识: text('openid'),
	交易类型: text('trade_type'),
	交易状态: text('trade_state'),
	付款银行: text('bank_type'),
	货币种类: text('currency'),
	应结订单金额: fen('settlement_total'),
	代金券金额: fen('coupon_total'),
	退款申请时间: text('refund_create_time'),
	退款成功时间: text('refund_success_time'),
	微信退款单号: text('refund_id'),
	商户退款单号: text('out_refund_no'),
	退款金额: fen('settlement_refund'),
	充值券退款金额: fen('coupon_refund'),
	退款类型: text('refund_channel'),
	退款状态: text('refund_status'),
	商品名称: text('description'),
	商户数据包: text('attach'),
	手续费: fen('fee'),
	费率: text('fee_rate'),
	订单金额: fen('total'),
	申请退款金额: fen('refund'),
	费率备注: text('fee_rate_remark'),

	记账时间: text('accounting_time'),
	微信支付业务单号: text('business_no'),
	资金流水单号: text('fund_flow_no'),
	业务名称: text('business_name'),
	业务类型: text('business_type'),
	收支类型: text('direction'),
	收支金额: fen('amount'),
	账户结余: fen('balance'),
	资金变更提交申请人: text('applicant'),
	备注: text('remark'),
	业务凭证号: text('voucher_no'),
};

/** The same of the summary, where sums have names of their own. */
export const SUMMARY_COLUMNS: Readonly<Record<string, BillColumn | undefined>> = {
	总交易单数: count('count'),
	应结订单总金额: fen('settlement_total'),
	退款总金额: fen('settlement_refund'),
	充值券退款总金额: fen('coupon_refund'),
	手续费总金额: fen('fee'),
	订单总金额: fen('total'),
	申请退款总金额: fen('refund'),

	资金流水总笔数: count('count'),
	收入笔数: count('income_count'),
	收入金额: fen('income'),
	支出笔数: count('expense_count'),
	支出金额: fen('expense'),
};
