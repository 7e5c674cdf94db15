import {
	createCipheriv,
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	randomBytes,
	sign,
	verify,
	X509Certificate,
	type KeyObject,
} from 'node:crypto';
import { createServices, type Services } from '../../nodes/api/services';
import type { HttpRequest, HttpResponse } from '../../nodes/base/http';
import type { PayV3Merchant } from '../../nodes/payV3/payV3Client';
import { newAuthority } from '../simulator/pay/certificates';
import { createTestClock, type TestClock } from './clock';

/** A key that the WeChat of a test signs with. */
export interface SigningKey {
	serial: string;
	privateKey: KeyObject;
	publicKey: KeyObject;
	pem: string;
}

/** What the WeChat of a test says to a request. */
interface Said {
	status?: number;
	body?: string;
	/** Default: the public key of the credential. `null` signs nothing. */
	signedWith?: SigningKey | null;
	/** Changes what was signed rightly. */
	change?(headers: Record<string, string>): Record<string, string>;
}

const authority = newAuthority('WeChat Pay of a test');
export const API_V3_KEY = 'abcdefghijklmnopqrstuvwxyz012345';
export const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000001092026112900000000000001';
const client = authority.issue('1900000109');
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The WeChat Pay public key of the merchant. */
export const ownKey: SigningKey = {
	serial: PUBLIC_KEY_ID,
	privateKey,
	publicKey,
	pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
};

/** Makes a platform certificate. */
export function newPlatformCertificate(serial: string): SigningKey {
	const { cert, key } = authority.issue('Tenpay.com');
	return {
		serial,
		privateKey: createPrivateKey(key),
		publicKey: createPublicKey(cert),
		pem: cert,
	};
}

export const merchant: PayV3Merchant = {
	mchId: '1900000109',
	apiV3Key: API_V3_KEY,
	certificate: { kind: 'pem', certificate: client.cert, privateKey: client.key },
	publicKey: { id: PUBLIC_KEY_ID, pem: ownKey.pem },
	baseUrl: 'https://api.mch.weixin.qq.com',
};
export const { publicKey: _, ...certificateMerchant } = merchant;
export const merchantKey = new X509Certificate(client.cert);
export const merchantPrivateKey = createPrivateKey(client.key);

/** Headers of a signature: `timestamp\nnonce\nbody\n`. */
export function signBody(
	body: string | Buffer,
	{ serial, privateKey: key }: SigningKey,
	now: number,
): Record<string, string> {
	const timestamp = String(Math.floor(now / 1000));
	const nonce = randomBytes(16).toString('hex');
	const signed = Buffer.concat([
		Buffer.from(`${timestamp}\n${nonce}\n`),
		Buffer.from(body),
		Buffer.from('\n'),
	]);
	return {
		'wechatpay-serial': serial,
		'wechatpay-timestamp': timestamp,
		'wechatpay-nonce': nonce,
		'wechatpay-signature': sign('RSA-SHA256', signed, key).toString('base64'),
	};
}

/** AEAD_AES_256_GCM, with the tag behind. */
export function encryptResource(text: string, associated_data = 'transaction', key = API_V3_KEY) {
	const nonce = randomBytes(6).toString('hex');
	const cipher = createCipheriv('aes-256-gcm', key, nonce);
	cipher.setAAD(Buffer.from(associated_data));
	const bytes = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
	return {
		algorithm: 'AEAD_AES_256_GCM',
		nonce,
		associated_data,
		ciphertext: bytes.toString('base64'),
	};
}

/** What GET /v3/certificates answers. */
export const listCertificates = (keys: SigningKey[], now: number, key = API_V3_KEY): string =>
	JSON.stringify({
		data: keys.map(({ serial, pem }, index) => ({
			serial_no: serial,
			effective_time: new Date(now - 1000 + index).toISOString(),
			expire_time: new Date(now + 86_400_000 * (10 + index)).toISOString(),
			encrypt_certificate: encryptResource(pem, 'certificate', key),
		})),
	});

/** The parts of Authorization, and whether they sign what was sent. */
export function readAuthorization(
	{ method, url, headers, body }: HttpRequest,
	signedBody?: string,
) {
	const [schema, ...rest] = (headers?.authorization ?? '').split(' ');
	const parts = Object.fromEntries(
		[...rest.join(' ').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
	);
	const signed = [
		method,
		url.pathname + url.search,
		parts.timestamp,
		parts.nonce_str,
		signedBody ?? String(body ?? ''),
		'',
	].join('\n');
	const isSigned = verify(
		'RSA-SHA256',
		Buffer.from(signed),
		merchantKey.publicKey,
		Buffer.from(parts.signature ?? '', 'base64'),
	);
	return { schema, isSigned, ...parts } as Record<string, unknown>;
}

/** A WeChat Pay that says what a test wants, and signs it. */
export function createPayV3Double(
	answer: (request: HttpRequest, count: number) => Said | Promise<Said>,
): { services: Services; clock: TestClock; requests: HttpRequest[] } {
	const clock = createTestClock(Date.parse('2026-11-29T04:00:00Z'));
	const requests: HttpRequest[] = [];
	const http = async (request: HttpRequest): Promise<HttpResponse> => {
		requests.push(request);
		const said = await answer(request, requests.length);
		const { status = 200, body = '{}', signedWith = ownKey, change = (same) => same } = said;
		const headers = change({
			'request-id': '08F78BB5',
			date: new Date(clock.now()).toUTCString(),
			...(signedWith && signBody(body, signedWith, clock.now())),
		});
		return {
			status,
			headers,
			contentType: 'application/json',
			disposition: '',
			body: Buffer.from(body),
		};
	};
	const sleep = async (ms: number) => clock.turn(ms);
	const services = createServices({ http, clock: { ...clock, sleep }, random: () => 0 });
	return { services, clock, requests };
}
