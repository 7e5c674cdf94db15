import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';
import type { Answer, Call } from '../api/apiClient';
import type { Services } from '../api/services';
import { readMerchant, readPayV3Merchant, WECHAT_PAY } from '../n8n/merchant';
import { createPayClient } from '../pay/payClient';
import { createPayV3Client, type PayV3Client } from '../payV3/payV3Client';
import { createItemNumbers, type ItemNumber, type NumberedWork } from './itemNumbers';
import { createRedPacketSender, type RedPacketSender } from './redPacketSender';

/** What the operations of an item run with: the merchant's client of API v3, and red packets, which are of API v2. */
export interface PayContext extends PayV3Client {
	redPackets: RedPacketSender;
	number: ItemNumber;
}

/** The context for each item of a run, for the merchant of the node's credential. */
export function createPayContexts(
	context: IExecuteFunctions,
	services: Services,
): (item: number) => Promise<PayContext> {
	const opened = context
		.getCredentials<ICredentialDataDecryptedObject>(WECHAT_PAY)
		.then((credential) => ({
			v2: createPayClient(readMerchant(credential), services.http, services.clock.now),
			v3: createPayV3Client(readPayV3Merchant(credential), services),
		}));
	const openNumber = createItemNumbers(context);
	return async (item) => {
		const { v2, v3 } = await opened;
		const number = openNumber(item);
		return { ...v3, number, redPackets: createRedPacketSender(v2, number, services) };
	};
}

/** The call under the number that the item has for it, see {@link ItemNumber}. */
export function claimNumber(
	{ number }: PayContext,
	call: Call,
	field: string,
	names: Omit<NumberedWork, 'values'>,
): Call {
	const body = call.body as Answer;
	const values = [call.path, body];
	return { ...call, body: { ...body, [field]: number.claim(body[field], { ...names, values }) } };
}
