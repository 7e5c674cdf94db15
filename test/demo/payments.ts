import { randomInt } from 'node:crypto';
import { isObject, parseJson } from '../simulator/http/json';
import type { PayV3Server } from '../simulator/payV3';
import { openText, type Sealed } from '../simulator/payV3/crypt';
import type { Chat } from './chat';
import { indented } from './decryptBody';
import type { DeliveryItem, Feed, PushItem } from './feed';
import { Refusal } from './refusal';
import { webAddress } from './text';

/** What the visitor pays for: fen are hundredths of a yuan. */
const GOODS = { description: '乌龙茶 Oolong tea', fen: 990 };

/** Payments of the visitor (微信支付), of which WeChat Pay notifies n8n. */
export class Payments {
	private url?: string;

	constructor(
		private readonly server: PayV3Server,
		private readonly feed: Feed,
	) {}

	get isConnected(): boolean {
		return this.url !== undefined;
	}

	/** Enters the notify_url of orders: the production URL of a WeChat Pay Trigger. */
	connect(address: string): void {
		const url = webAddress(address);
		if (!url) throw new Refusal('noAddress');
		this.url = url;
	}

	/** The visitor pays an order. Answers the amount in yuan. */
	pay({ id: account, account: { appId }, openid }: Chat): string {
		const { url, server } = this;
		if (url === undefined) throw new Refusal('notConnected');
		const number = `demo${Date.now()}${randomInt(1000, 10_000)}`;
		// As a shop would have ordered it.
		server.payments.set(number, {
			tradeType: 'JSAPI',
			values: { appid: appId, description: GOODS.description, amount: { total: GOODS.fen } },
			state: 'NOTPAY',
			handle: number,
			openid,
		});
		void this.notify(account, url, server.pay(number));
		return (GOODS.fen / 100).toFixed(2);
	}

	/** Posts the notification, and shows it beside the chat. */
	private async notify(
		account: string,
		url: string,
		resource: ReturnType<PayV3Server['pay']>,
	): Promise<void> {
		const { server, feed } = this;
		const notification = server.createNotification('TRANSACTION.SUCCESS', resource, { url });
		const began = Date.now();
		const delivered = notification.deliver();
		const { headers = {}, body = '' } = notification.sent ?? {};
		const lines = Object.entries(headers).filter(([name]) => name.startsWith('wechatpay-'));
		const head = lines.map(([name, value]) => `${name}: ${value}`).join('\n');
		const sent: DeliveryItem = { url, body: `${head}\n\n${body}`, plain: this.open(body) };
		const item: PushItem = {
			type: 'push',
			id: notification.id,
			account,
			at: began,
			title: 'TRANSACTION.SUCCESS',
			appId: server.mchId,
			deliveries: [sent],
		};
		feed.put(item);
		const { status, body: answered } = await delivered;
		const isTaken = status === 200 || status === 204;
		const outcome = isTaken ? 'success' : status === 0 ? 'timeout' : 'refused';
		const answer = { outcome, ms: Date.now() - began, status, body: answered };
		feed.put({ ...item, deliveries: [{ ...sent, answer }], outcome });
	}

	/** What is sealed in a notification, as n8n decrypts it with the APIv3 key. */
	private open(body: string): string | undefined {
		const notification = parseJson(body);
		if (!isObject(notification) || !isObject(notification.resource)) return undefined;
		return indented(openText(notification.resource as unknown as Sealed, this.server.apiV3Key));
	}
}
