import {
	createDecipheriv,
	createPrivateKey,
	createPublicKey,
	randomBytes,
	sign,
	verify,
} from 'node:crypto';
import NodeV3 from 'wechatpay-node-v3';
import { createServices } from '../../nodes/api/services';
import { writeJson } from '../../nodes/base/json';
import { openNotification } from '../../nodes/payV3/notification';
import type { PayV3Merchant } from '../../nodes/payV3/payV3Client';
import { sendSigned } from '../../nodes/payV3/payV3Request';
import { startPayV3Server, type PayV3Server } from '../simulator/payV3';
import { median, ratioOf, rounds, type Work } from './measure';
import { say } from './results';

/**
 * `npm run bench -- --pay`: WeChat Pay API v3. A notification is verified and opened beside wechatpay-node-v3, which most
 * people install, and beside node:crypto alone with JSON.parse, which has the key ready, looks at no time, and keeps no
 * digits; a request is signed beside node:crypto alone.
 */

const TAG_BYTES = 16;
const PAYMENT = {
	mchid: '1900000109',
	appid: 'wxd678efh567hg6787',
	out_trade_no: '1217752501201407033233368018',
	transaction_id: '1217752501201407033233368018',
	trade_type: 'JSAPI',
	trade_state: 'SUCCESS',
	trade_state_desc: '支付成功',
	bank_type: 'CMC',
	attach: '自定义数据',
	success_time: '2018-06-08T10:34:56+08:00',
	payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
	amount: { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' },
};

const merchantOf = (pay: PayV3Server): PayV3Merchant => ({
	mchId: pay.mchId,
	apiV3Key: pay.apiV3Key,
	certificate: { kind: 'pem', certificate: pay.client.cert, privateKey: pay.client.key },
	publicKey: pay.publicKey,
	baseUrl: pay.url,
});

/** The static list of keys is for heirs only. */
class NodeV3Client extends NodeV3 {
	static know(id: string, pem: string): void {
		NodeV3.certificates = { [id]: pem };
	}
}

interface Resource {
	ciphertext: string;
	nonce: string;
	associated_data: string;
}

async function benchOpening(pay: PayV3Server): Promise<void> {
	const { body, headers } = pay.createNotification('TRANSACTION.SUCCESS', PAYMENT).request();
	const rawBody = Buffer.from(body);
	const merchant = merchantOf(pay);
	// The clock stands still, else all would be too old after five minutes.
	const services = createServices({ clock: clockAt(Date.now()) });
	const { appId: appid, mchId: mchid, apiV3Key: key, publicKey } = pay;
	const [cert, privateKey] = [pay.client.cert, pay.client.key].map((pem) => Buffer.from(pem));
	const other = new NodeV3({ appid, mchid, publicKey: cert, privateKey, key });
	NodeV3Client.know(publicKey.id, publicKey.pem);
	const { 'wechatpay-timestamp': timestamp, 'wechatpay-nonce': nonce } = headers;
	const { 'wechatpay-serial': serial, 'wechatpay-signature': signature } = headers;
	const keyObject = createPublicKey(publicKey.pem);

	const works = {
		ours: async () => (await openNotification({ rawBody, headers }, merchant, services)).resource,
		// As its pages say: the server has parsed the body.
		nodeV3: async () => {
			const parsed = JSON.parse(rawBody.toString()) as { resource: Resource };
			if (
				!(await other.verifySign({ timestamp, nonce, serial, signature, body: rawBody.toString() }))
			)
				throw new Error('forged');
			const { ciphertext, associated_data, nonce: iv } = parsed.resource;
			return other.decipher_gcm<unknown>(ciphertext, associated_data, iv);
		},
		crypto: () => {
			const text = rawBody.toString();
			const { resource } = JSON.parse(text) as { resource: Resource };
			const signed = Buffer.from(`${timestamp}\n${nonce}\n${text}\n`);
			if (!verify('RSA-SHA256', signed, keyObject, Buffer.from(signature, 'base64')))
				throw new Error('forged');
			const bytes = Buffer.from(resource.ciphertext, 'base64');
			const decipher = createDecipheriv('aes-256-gcm', key, resource.nonce);
			decipher.setAAD(Buffer.from(resource.associated_data));
			decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
			const opened = decipher.update(bytes.subarray(0, -TAG_BYTES));
			decipher.final();
			return JSON.parse(opened.toString()) as unknown;
		},
	};
	for (const work of Object.values(works))
		if (writeJson(await work()) !== writeJson(PAYMENT)) throw new Error('opened wrongly');
	await report(`Verify and open a notification of ${toKb(rawBody.length)}`, works, {
		nodeV3: 'wechatpay-node-v3',
		crypto: 'crypto, JSON.parse',
	});
}

async function benchSigning(pay: PayV3Server): Promise<void> {
	const merchant = merchantOf(pay);
	const response = { status: 200, contentType: '', disposition: '', body: Buffer.alloc(0) };
	let authorization = '';
	const services = createServices({
		clock: clockAt(Date.now()),
		http: async ({ headers = {} }) => {
			({ authorization = '' } = headers);
			return await Promise.resolve(response);
		},
	});
	const body = writeJson({ ...PAYMENT, notify_url: 'https://pay.example.com/notify' });
	const target = '/v3/pay/transactions/jsapi';
	const content = { body, contentType: 'application/json' };
	const keyObject = createPrivateKey(pay.client.key);
	const works = {
		ours: async () => {
			await sendSigned(merchant, services, {
				method: 'POST',
				target,
				content,
				isRepeatable: false,
			});
			return authorization;
		},
		crypto: () => {
			const timestamp = Math.floor(Date.now() / 1000);
			const nonce = randomBytes(16).toString('hex');
			const lines = `POST\n${target}\n${timestamp}\n${nonce}\n${body}\n`;
			const signature = sign('RSA-SHA256', Buffer.from(lines), keyObject).toString('base64');
			return `WECHATPAY2-SHA256-RSA2048 mchid="${pay.mchId}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${pay.merchantSerial}"`;
		},
	};
	const [mine, straight] = [await works.ours(), works.crypto()];
	if (mine.length !== straight.length) throw new Error('signed in another form');
	const title = `Sign a request of ${toKb(body.length)}, with all that is sent`;
	await report(title, works, { crypto: 'node:crypto alone' });
}

async function report<K extends string>(
	title: string,
	works: Record<K | 'ours', Work>,
	names: Partial<Record<K, string>>,
): Promise<void> {
	const times = await rounds(works);
	const us = (values: number[]) => `${median(values).toFixed(1)} µs`;
	say(`${title}: ${us(times.ours)}`);
	for (const [name, label] of Object.entries(names) as Array<[K, string]>) {
		const { median: middle, low, high } = ratioOf(times.ours, times[name]);
		say(
			`  ${label.padEnd(20)} ${us(times[name]).padStart(10)}  ${middle.toFixed(2)} x  (${low.toFixed(2)} to ${high.toFixed(2)})`,
		);
	}
}

const toKb = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;
const clockAt = (now: number) => ({
	now: () => now,
	later: () => () => {},
	sleep: async () => await Promise.resolve(),
});

export async function benchPay(): Promise<void> {
	const pay = await startPayV3Server();
	try {
		say(
			'CPU time, medians of 21 rounds in turn. Ratio: this pack to the other, below 1 is faster;',
		);
		say('in brackets the middle half of the rounds.\n');
		await benchOpening(pay);
		await benchSigning(pay);
	} finally {
		await pay.close();
	}
}
