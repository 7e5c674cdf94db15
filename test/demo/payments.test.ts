import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_ACCOUNT } from '../simulator';
import { startPayV3Server, type PayV3Server } from '../simulator/payV3';
import type { Chat } from './chat';
import { Feed, type PushItem } from './feed';
import { Payments } from './payments';

const OPENID = 'oVisitorOfTheDemoPage0000001';
const chat = { id: 'own', account: DEFAULT_ACCOUNT, openid: OPENID } as Chat;

let pay: PayV3Server;
let n8n: Server;
let url: string;
/** What n8n answers, and what it got. */
let status: number;
let received: Array<{ headers: Record<string, unknown>; body: string }>;
let feed: Feed;
let pushes: PushItem[];
let payments: Payments;

beforeAll(async () => {
	pay = await startPayV3Server({ appIds: [DEFAULT_ACCOUNT.appId] });
	n8n = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
		request.on('end', () => {
			received.push({ headers: request.headers, body });
			response.writeHead(status).end();
		});
	});
	await new Promise<void>((resolve) => n8n.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(n8n.address() as AddressInfo).port}/webhook/x/wechat-pay`;
});
afterAll(async () => {
	n8n.closeAllConnections();
	await new Promise((resolve) => n8n.close(resolve));
	await pay.close();
});
beforeEach(() => {
	status = 200;
	received = [];
	pushes = [];
	feed = new Feed();
	feed.read((item) => item.type === 'push' && void pushes.push(item));
	payments = new Payments(pay, feed);
});

async function untilAnswered(): Promise<PushItem> {
	while (!pushes.at(-1)?.outcome) await new Promise((done) => setImmediate(done));
	return pushes.at(-1) as PushItem;
}

test('who pays is told to n8n, and the page shows the notification as sent and decrypted', async () => {
	payments.connect(url);
	const before = pay.balance;
	expect(payments.pay(chat)).toBe('9.90');
	expect(pay.balance).toBe(before + 990);
	// At once, while WeChat Pay waits.
	expect(pushes).toMatchObject([{ account: 'own', title: 'TRANSACTION.SUCCESS' }]);
	const { outcome, deliveries } = await untilAnswered();
	const [{ body, plain = '', answer }] = deliveries;
	expect(outcome).toBe('success');
	expect(answer).toMatchObject({ outcome: 'success', status: 200, body: '' });
	const [got] = received;
	expect(body.endsWith(`\n\n${got.body}`)).toBe(true);
	expect(body).toContain(`wechatpay-signature: ${String(got.headers['wechatpay-signature'])}\n`);
	expect(got.body).not.toContain(OPENID);
	expect(JSON.parse(plain)).toMatchObject({
		appid: DEFAULT_ACCOUNT.appId,
		trade_state: 'SUCCESS',
		payer: { openid: OPENID },
		amount: { total: 990 },
	});
});

test('what n8n refuses is shown as refused', async () => {
	payments.connect(url);
	status = 401;
	payments.pay(chat);
	expect(await untilAnswered()).toMatchObject({ outcome: 'refused' });
});

test('nobody pays before there is an address to tell', () => {
	expect(payments.isConnected).toBe(false);
	expect(() => payments.pay(chat)).toThrow('notConnected');
	expect(() => payments.connect('javascript:alert(1)')).toThrow('noAddress');
});
