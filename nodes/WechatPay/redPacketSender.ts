import type { Services } from '../api/services';
import type { Packet } from '../pay/packet';
import type { PayClient } from '../pay/payClient';
import type { PayFields } from '../pay/paySignature';
import { getPacket, SEND_GROUP_PATH, SEND_PATH, sendPacket } from '../pay/redPacket';
import type { ItemNumber } from './itemNumbers';

/** Sends and finds red packets for the merchant of the node's credential. */
export interface RedPacketSender {
	send(packet: PayFields): Promise<Packet>;
	/** Sends a packet that its receiver shares with others. */
	sendGroup(packet: PayFields): Promise<Packet>;
	get(order: PayFields): Promise<Packet>;
}

const NAMES = {
	label: 'Order Number',
	labelInChinese: '商户订单号',
	refusal: 'sends no red packet',
	refusalInChinese: '不发放红包',
};

/** The sender for an item of a run. */
export function createRedPacketSender(
	client: PayClient,
	number: ItemNumber,
	services: Services,
): RedPacketSender {
	/** Sends the packet under its order number, or one made for the item. */
	async function send(path: typeof SEND_PATH | typeof SEND_GROUP_PATH, packet: PayFields) {
		const values = [path, packet];
		const mch_billno = number.claim(packet.mch_billno, { ...NAMES, values });
		return await sendPacket(client, path, { ...packet, mch_billno }, services);
	}

	return {
		send: async (packet) => await send(SEND_PATH, packet),
		sendGroup: async (packet) => await send(SEND_GROUP_PATH, packet),
		get: async (order) => await getPacket(client, order, services),
	};
}
