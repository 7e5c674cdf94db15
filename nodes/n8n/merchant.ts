import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';
import type { Call, Client } from '../api/apiClient';
import { UserError } from '../base/userError';
import type { CertificateSource } from '../pay/certificate';
import { createPayClient, type Merchant } from '../pay/payClient';
import { createOrderNumber } from '../pay/packet';
import { GET_PATH, getPacket, SEND_PATH, SEND_GROUP_PATH, sendPacket } from '../pay/redPacket';

export const WECHAT_PAY = 'wechatPayApi';

export type PacketClient = Pick<Client, 'send'>;

/** For each item of a run, what sends and finds red packets for the merchant of the node's credential. */
export function createRedPacketSenders(
	context: IExecuteFunctions,
): (item: number) => Promise<PacketClient> {
	const opened = context
		.getCredentials<ICredentialDataDecryptedObject>(WECHAT_PAY)
		.then((credential) => createPayClient(readMerchant(credential)));
	/** What each order number of this run stands for. */
	const orders = new Map<string, string>();
	return async (item) => {
		const client = await opened;
		return {
			async send({ path, body = {} }: Call) {
				if (path === GET_PATH) return await getPacket(client, body);
				const number = String(body.mch_billno ?? '').trim() || createItemOrderNumber(context, item);
				const packet = { ...body, mch_billno: number };
				const values = JSON.stringify([path, packet]);
				if ((orders.get(number) ?? values) !== values)
					throw new UserError(
						`Two different items have the order number ${number}`,
						'Give each packet an Order Number of its own, with an expression such as {{ $json.answerId }}.',
					);
				orders.set(number, values);
				return await sendPacket(
					client,
					path === SEND_GROUP_PATH ? SEND_GROUP_PATH : SEND_PATH,
					packet,
				);
			},
		};
	};
}

/**
 * The order number of an item that has none: the same whenever n8n tries the node again, another one in another
 * execution. Values of fields have no part in it: an expression may make another one at the next try.
 */
function createItemOrderNumber(context: IExecuteFunctions, item: number): string {
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

export function readMerchant(credential: ICredentialDataDecryptedObject): Merchant {
	const text = (name: string) => String(credential[name] ?? '').trim();
	const mchId = text('mchId');
	const certificate: CertificateSource =
		text('files') === 'pkcs12'
			? { kind: 'pkcs12', pkcs12: text('pkcs12'), passphrase: text('passphrase') || mchId }
			: { kind: 'pem', certificate: text('certificate'), privateKey: text('privateKey') };
	return {
		mchId,
		apiKey: text('apiKey'),
		certificate,
		caCertificate: text('caCertificate'),
		baseUrl: text('baseUrl'),
		proxyUrl: text('proxyUrl'),
	};
}
