import { checkLimits, SEND_GROUP, type Values } from './calls';
import { PayRefusal } from './refusal';

export interface Order {
	path: string;
	values: Values;
	listId: string;
	status: string;
	/** How often money was paid for it: never, or once. */
	payments: number;
	sentAt: string;
}

/** What differs in each call for one order. */
const OF_CALL = ['nonce_str', 'sign'];

/** The book of a merchant: orders by mch_billno, and the money that is left. */
export class OrderBook {
	readonly orders = new Map<string, Order>();
	/** Orders that will be paid when the next call comes. */
	private late: Order[] = [];

	constructor(
		public balance: number,
		private readonly packetsPerDay: number,
	) {}

	/** 接口根据商户订单号支持重入: the same call is the same order; another one with its number is refused. */
	send(path: string, values: Values, isLate = false): Order {
		const known = this.orders.get(values.mch_billno);
		if (known) {
			if (keyOf(known.path, known.values) !== keyOf(path, values))
				throw new PayRefusal('FATAL_ERROR', 'openid和原始单参数不一致');
			if (known.status === 'FAILED')
				throw new PayRefusal('SEND_FAILED', '红包发放失败,请更换单号再重试');
			return known;
		}
		checkLimits(path, values);
		if (Number(values.total_amount) > this.balance)
			throw new PayRefusal('NOTENOUGH', '帐号余额不足,请到商户平台充值后再重试');
		if (this.packetsOf(values.re_openid) >= this.packetsPerDay)
			throw new PayRefusal('SENDNUM_LIMIT', '该用户今日领取红包个数超过限制');
		const order: Order = {
			path,
			values,
			listId: `100000000020${String(this.orders.size + 1).padStart(16, '0')}`,
			status: 'SENDING',
			payments: 0,
			sentAt: '2026-11-21 12:00:00',
		};
		this.orders.set(values.mch_billno, order);
		if (isLate) this.late.push(order);
		else this.pay(order);
		return order;
	}

	/** Pays what was still under way. */
	settle(): void {
		for (const order of this.late.splice(0)) this.pay(order);
	}

	private pay(order: Order): void {
		order.status = 'SENT';
		order.payments++;
		this.balance -= Number(order.values.total_amount);
	}

	private packetsOf(openid: string): number {
		return [...this.orders.values()].filter(({ values }) => values.re_openid === openid).length;
	}

	/** The order as gethbinfo tells it. */
	look(number: string): Record<string, unknown> {
		const order = this.orders.get(number);
		if (!order) throw new PayRefusal('NOT_FOUND', '指定单号数据不存在');
		const { path, values, listId, status, sentAt } = order;
		const { total_amount, re_openid, wishing, remark, act_name, mch_id } = values;
		const received = { openid: re_openid, amount: total_amount, rcv_time: '2026-11-21 12:01:00' };
		return {
			mch_billno: number,
			mch_id,
			detail_id: listId,
			status,
			send_type: 'API',
			hb_type: path === SEND_GROUP ? 'GROUP' : 'NORMAL',
			total_num: values.total_num,
			total_amount,
			send_time: sentAt,
			wishing,
			remark,
			act_name,
			...(status === 'FAILED' && { reason: '用户帐号异常' }),
			...(status === 'REFUND' && {
				refund_time: '2026-11-22 12:00:00',
				refund_amount: total_amount,
			}),
			...(status === 'RECEIVED' && { hblist: { hbinfo: received } }),
		};
	}
}

const keyOf = (path: string, values: Values) =>
	JSON.stringify([
		path,
		Object.entries(values)
			.filter(([name]) => !OF_CALL.includes(name))
			.sort(),
	]);
