import type { Client } from '../api/apiClient';
import { findCompanyCode } from '../api/expressCompany';
import { UserError } from '../base/userError';
import { formatBeijingTime } from '../engine/beijingTime';
import { DELIVERY_MODES, EXPRESS } from './fields/shipment';

/** A parcel as it is entered. */
interface Parcel {
	company: string;
	trackingNumber: string;
	description: string;
	receiverPhone: string;
	senderPhone: string;
}

/** What was sent of an order; a field that the method hides is missing. */
interface Shipment {
	shippingMethod?: number;
	deliveryMode?: keyof typeof DELIVERY_MODES;
	parcels?: Parcel[];
	goods?: string;
}

/**
 * Makes what WeChat has to know of a shipment, and checks what it would refuse. `place` begins the errors.
 *
 * @throws {UserError} when the parcels break a rule, or a company is unknown.
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/order_shipping/api_uploadshippinginfo
 */
export async function createShipment(
	client: Pick<Client, 'send'>,
	{ shippingMethod = EXPRESS, deliveryMode = 'atOnce', parcels = [], goods }: Shipment,
	place = '',
): Promise<object> {
	if (shippingMethod !== EXPRESS)
		return {
			logistics_type: shippingMethod,
			...DELIVERY_MODES.atOnce,
			shipping_list: [{ item_desc: goods }],
		};
	if (deliveryMode === 'atOnce' && parcels.length > 1)
		throw new UserError(
			`${place}An order that is sent at once has one parcel`,
			'Choose In Parts (分拆发货) in "Delivery Mode (发货模式)".',
			'统一发货的订单只能有一个包裹：请在“发货模式”中选择分拆发货。',
		);
	return {
		logistics_type: EXPRESS,
		...DELIVERY_MODES[deliveryMode],
		shipping_list: await Promise.all(
			parcels.map(async (parcel) => await toShipping(client, parcel, place)),
		),
	};
}

async function toShipping(
	client: Pick<Client, 'send'>,
	{ company, trackingNumber, description, receiverPhone, senderPhone }: Parcel,
	place: string,
): Promise<object> {
	const code = await findCompanyCode(client, company, 'miniProgram');
	const contact = {
		...(receiverPhone && { receiver_contact: maskPhone(receiverPhone) }),
		...(senderPhone && { consignor_contact: maskPhone(senderPhone) }),
	};
	const hasContact = Object.keys(contact).length > 0;
	if (code === 'SF' && !hasContact)
		throw new UserError(
			`${place}SF Express (顺丰) needs the phone of the receiver or the sender`,
			'Fill in "Receiver\'s Phone" or "Sender\'s Phone" of the parcel. It is masked before it is sent.',
			"顺丰快递需要收件人或寄件人的电话：请填写包裹的“Receiver's Phone”或“Sender's Phone”，发送前会自动打码。",
		);
	return {
		tracking_no: trackingNumber.trim(),
		express_company: code,
		item_desc: description,
		...(hasContact && { contact }),
	};
}

/** WeChat takes phones with at least the last four digits in sight (189****1234, 021-****1234); whole ones stay here. */
const maskPhone = (phone: string): string =>
	phone.includes('*') ? phone.trim() : phone.trim().replace(/\d(?=(?:\D*\d){4,7}\D*$)/g, '*');

/** RFC 3339 in Beijing time, as WeChat's sample has it. Later shipments of an order need a later time. */
export const toUploadTime = (now: number): string => `${formatBeijingTime(now)}+08:00`;
