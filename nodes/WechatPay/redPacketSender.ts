import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';
import type { Services } from '../api/services';
import { UserError } from '../base/userError';
import { readMerchant, WECHAT_PAY } from '../n8n/merchant';
import { createOrderNumber, type Packet } from '../pay/packet';
import { createPayClient } from '../pay/payClient';
import type { PayFields } from '../pay/paySignature';
import { getPacket, SEND_GROUP_PATH, SEND_PATH, sendPacket } from '../pay/redPacket';

/** Sends and finds red packets for the merchant of the node's credential. */
export interface RedPacketSender {
	send(packet: PayFields): Promise<Packet>;
	/** Sends a packet that its receiver shares with others. */
	sendGroup(packet: PayFields): Promise<Packet>;
	get(order: PayFields): Promise<Packet>;
}

/** The sender for each item of a run. Two different packets of a run cannot have one order number. */
export function createRedPacketSenders(
	context: IExecuteFunctions,
	services: Services,
): (item: number) => Promise<RedPacketSender> {
	const opened = context
		.getCredentials<ICredentialDataDecryptedObject>(WECHAT_PAY)
		.then((credential) =>
			createPayClient(readMerchant(credential), services.http, services.clock.now),
		);
	/** What each order number of this run stands for. */
	const orders = new Map<string, string>();
	return async (item) => {
		const client = await opened;

		/** The packet under its order number, or one made for the item. */
		function withNumber(path: string, fields: PayFields): PayFields {
			const number = String(fields.mch_billno ?? '').trim() || createItemOrderNumber(context, item);
			const packet = { ...fields, mch_billno: number };
			const values = JSON.stringify([path, packet]);
			if ((orders.get(number) ?? values) !== values)
				throw new UserError(
					`Two different items have the order number ${number}`,
					'Give each packet an Order Number of its own, with an expression such as {{ $json.answerId }}.',
				);
			orders.set(number, values);
			return packet;
		}

		return {
			send: async (packet) =>
				await sendPacket(client, SEND_PATH, withNumber(SEND_PATH, packet), services),
			sendGroup: async (packet) =>
				await sendPacket(client, SEND_GROUP_PATH, withNumber(SEND_GROUP_PATH, packet), services),
			get: async (order) => await getPacket(client, order, services),
		};
	};
}

/**
 * The order number of an item that has none: the same whenever n8n tries the node again, another one in another
 * execution. Values of fields have no part in it: an expression may make another one at the next try.
 */
function createItemOrderNumber(context: IExecuteFunctions, item: number): string {
	// n8n gives each node that is a tool a type of its own.
	if (context.getNode().type.endsWith('Tool'))
		throw new UserError(
			'As a tool, WeChat Pay sends no red packet without an Order Number',
			'An agent may call a tool again, and each call would pay. Enter an Order Number made of what the packet is for, e.g. of the ID of the order or of the user.',
		);
	const execution = context.getExecutionId();
	if (!execution)
		throw new UserError(
			'This run has no execution ID to make an order number of',
			'Enter an Order Number.',
		);
	const { $runIndex } = context.getWorkflowDataProxy(item);
	return createOrderNumber([
		context.getInstanceId(),
		context.getWorkflow().id ?? '',
		execution,
		context.getNode().id,
		Number($runIndex),
		item,
	]);
}
