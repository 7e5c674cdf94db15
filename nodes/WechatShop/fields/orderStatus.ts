/**
 * What the numbers of an order's status mean.
 * @see https://developers.weixin.qq.com/doc/store/API/order/order_status_graph.html
 */
export const ORDER_STATUS = [
	{ value: 10, name: 'Waiting for Payment (待付款)' },
	{ value: 12, name: 'Gift Waiting to Be Accepted (礼物待收下)' },
	{ value: 13, name: 'Group Purchase Under Way (凑单买凑团中, 一起买待成团)' },
	{ value: 20, name: 'Paid, Waiting for Shipment (待发货)' },
	{ value: 21, name: 'Shipped in Part (部分发货)' },
	{ value: 30, name: 'Shipped (待收货)' },
	{ value: 100, name: 'Completed (完成)' },
	{ value: 200, name: 'Closed After All Was Given Back (全部商品售后之后，订单取消)' },
	{ value: 250, name: 'Cancelled Before Payment (未付款取消)' },
];

const texts = new Map(ORDER_STATUS.map(({ value, name }) => [value, name] as const));

/** Adds the status of an order in words. */
export const describeOrder = (order: object): object => {
	const statusText = texts.get(Number((order as { status?: unknown }).status));
	return statusText === undefined ? order : { ...order, statusText };
};
