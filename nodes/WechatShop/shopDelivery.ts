import type { Client } from '../api/apiClient';
import { findCompanyCode } from '../api/expressCompany';
import { readList } from '../api/response';
import { UserError } from '../base/userError';

/** A product of a parcel (product_infos). */
interface ParcelProduct {
	product_id: string;
	sku_id: string;
	product_cnt: number;
}

interface OrderedProduct {
	product_id: string;
	sku_id: string;
	sku_cnt: number;
	on_aftersale_sku_cnt?: number;
	finish_aftersale_sku_cnt?: number;
}

interface Order {
	order_detail?: {
		product_infos?: OrderedProduct[];
		delivery_info?: { delivery_product_info?: Array<{ product_infos?: ParcelProduct[] }> };
	};
}

/** By courier, or without one. */
export const COURIER = 1;
export const VIRTUAL = 3;

interface Delivery {
	orderId: string;
	type: typeof COURIER | typeof VIRTUAL;
	company: string;
	waybill: string;
	/** Empty for all that is left of the order. */
	products: ParcelProduct[];
}

/**
 * Makes the parcel of a delivery (delivery_list). Products that nobody chose are those of the order that were not sent
 * yet, without what is given back.
 *
 * @throws {UserError} when the company is unknown, or nothing is left to send.
 */
export async function createParcel(
	client: Pick<Client, 'send'>,
	{ orderId, type, company, waybill, products }: Delivery,
): Promise<Record<string, unknown>> {
	const isCourier = type === COURIER;
	if (isCourier && !(company.trim() && waybill.trim()))
		throw new UserError(
			'A parcel needs "Company" and "Waybill Number"',
			'Fill in both, or choose Virtual (虚拟商品) in "Delivery Type".',
			'没有填写“快递公司”或“快递单号”：请都填上，或在“发货方式”中选择虚拟商品。',
		);
	return {
		deliver_type: type,
		...(isCourier && {
			delivery_id: await findCompanyCode(client, company, 'shop'),
			waybill_id: waybill.trim(),
		}),
		product_infos: products.length > 0 ? products : await listUnsent(client, orderId),
	};
}

/**
 * Lists what of an order is neither sent nor given back.
 *
 * @throws {UserError} when nothing is left, or WeChat does not say what.
 */
async function listUnsent(client: Pick<Client, 'send'>, orderId: string): Promise<ParcelProduct[]> {
	const body = { order_id: orderId };
	const { order } = await client.send({ path: '/channels/ec/order/get', body, safe: true });
	const { product_infos, delivery_info } = (order as Order | undefined)?.order_detail ?? {};
	const sent = readList<{ product_infos?: ParcelProduct[] }>(
		delivery_info?.delivery_product_info,
	).flatMap((parcel) => readList<ParcelProduct>(parcel.product_infos));
	const unsent = readList<OrderedProduct>(product_infos).map((product) => ({
		product_id: String(product.product_id),
		sku_id: String(product.sku_id),
		product_cnt: countUnsent(product, sent),
	}));
	const left = unsent.filter(({ product_cnt }) => product_cnt > 0);
	if (left.length > 0) return left;
	throw new UserError(
		`Nothing of order ${orderId} is left to send`,
		'All is sent or given back. Look at the order with Order: Get. To send more of it all the same, choose that in "Products"; to correct a waybill, call /channels/ec/order/deliveryinfo/update by API: Call of the WeChat node.',
		`订单 ${orderId} 没有待发货的商品，都已发货或退回：请用“获取订单详情”查看；如仍要发货，请在“商品”中指定；如要更正快递单号，请用 WeChat 节点的“调用任意接口”调用 /channels/ec/order/deliveryinfo/update。`,
	);
}

/** Of what was given back, WeChat does not say whether it had been sent. */
function countUnsent(
	{ product_id, sku_id, sku_cnt, ...given }: OrderedProduct,
	sent: ParcelProduct[],
): number {
	const inParcels = sent
		.filter((one) => `${one.product_id} ${one.sku_id}` === `${product_id} ${sku_id}`)
		.reduce((sum, one) => sum + Number(one.product_cnt), 0);
	const { on_aftersale_sku_cnt: asked = 0, finish_aftersale_sku_cnt: back = 0 } = given;
	const notSent = Number(sku_cnt) - inParcels;
	const least = Math.max(0, notSent - asked - back);
	const most = notSent - Math.max(0, asked + back - inParcels);
	if (least >= most) return least;
	throw new UserError(
		`Of SKU ${sku_id}, ${inParcels} are sent and ${asked + back} are given back or to be: WeChat does not say whether the same ones`,
		`Choose in "Products" what is in the parcel; of this SKU ${least} to ${most} are left.`,
		`SKU ${sku_id} 已发货 ${inParcels} 件，已退或售后中 ${asked + back} 件，微信没有说明是否为同一批：请在“商品”中指定包裹内容，此 SKU 还剩 ${least} 至 ${most} 件。`,
	);
}
