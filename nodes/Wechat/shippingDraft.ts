import type { Client } from '../api/apiClient';
import { findCompanyCode } from '../api/expressCompany';
import { UserError } from '../base/userError';
import { formatBeijingTime } from '../engine/beijingTime';

/** How goods reach the customer (物流模式), by WeChat's numbers. */
export const EXPRESS = 1;
export const SPLIT = 2;
const MAX_PARCELS = 15;

/** A parcel as it is entered. */
interface Parcel {
	company: string;
	trackingNumber: string;
	description: string;
	receiverPhone: string;
	senderPhone: string;
}

interface Shipment {
	logisticsType: number;
	deliveryMode: number;
	parcels: Parcel[];
}

/**
 * Makes the list of parcels (shipping_list), and checks what WeChat would refuse.
 *
 * @throws {UserError} when the parcels break a rule, or a company is unknown.
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/order_shipping/api_uploadshippinginfo
 */
export async function createShippingList(
	client: Pick<Client, 'send'>,
	{ logisticsType, deliveryMode, parcels }: Shipment,
): Promise<object[]> {
	if (parcels.length === 0 || parcels.length > MAX_PARCELS)
		throw new UserError(
			`A shipment has 1 to ${MAX_PARCELS} parcels, and this one ${parcels.length}`,
			'Add what was sent under "Parcels".',
		);
	if (deliveryMode !== SPLIT && parcels.length > 1)
		throw new UserError(
			'An order that is sent at once has one parcel',
			'Choose In Several Parcels (分拆发货) in "Delivery".',
		);
	if (deliveryMode === SPLIT && logisticsType !== EXPRESS)
		throw new UserError(
			'Only express parcels can be sent in parts',
			'Choose At Once (统一发货) in "Delivery".',
		);
	return await Promise.all(
		parcels.map(async (parcel) => await toShipping(client, logisticsType, parcel)),
	);
}

async function toShipping(
	client: Pick<Client, 'send'>,
	logisticsType: number,
	{ company, trackingNumber, description, receiverPhone, senderPhone }: Parcel,
): Promise<object> {
	if (logisticsType !== EXPRESS) return { item_desc: description };
	if (!company.trim() || !trackingNumber.trim())
		throw new UserError(
			'An express parcel needs "Company" and "Waybill Number"',
			'Fill in both, or choose another "How".',
		);
	const code = await findCompanyCode(client, company, 'miniProgram');
	const contact = {
		...(receiverPhone && { receiver_contact: maskPhone(receiverPhone) }),
		...(senderPhone && { consignor_contact: maskPhone(senderPhone) }),
	};
	const hasContact = Object.keys(contact).length > 0;
	if (code === 'SF' && !hasContact)
		throw new UserError(
			'SF Express (顺丰) needs the phone of the receiver or the sender',
			'Fill in "Receiver\'s Phone" or "Sender\'s Phone" of the parcel. It is masked before it is sent.',
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
