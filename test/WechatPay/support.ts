import type { INodeParameters } from 'n8n-workflow';
import type { PayServer } from '../simulator/pay';
import { runNode, type Credentials } from '../support/n8n';

/** A packet that WeChat accepts. */
export const packetTo = ({ appId }: PayServer, openid: string): INodeParameters => ({
	resource: 'redPacket',
	operation: 'send',
	appid: appId,
	re_openid: openid,
	total_amount: 100,
	send_name: 'Tea House',
	wishing: 'Thank you!',
	act_name: 'Autumn survey',
	remark: 'One for each answer',
});

export interface Told {
	rows: Array<Record<string, unknown>>;
	message: string;
	description: string;
}

/** Runs WeChat Pay for one item: what it puts out, or how it fails. */
export async function pay(
	parameters: INodeParameters,
	credentials: Credentials,
	more: Parameters<typeof runNode>[4] = {},
	items: Parameters<typeof runNode>[3] = [{ json: {} }],
): Promise<Told> {
	const { output, error } = await runNode('wechatPay', parameters, credentials, items, more);
	return {
		rows: output.map(({ json }) => json),
		message: error?.message ?? '',
		description: error?.description ?? '',
	};
}
