import {
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	X509Certificate,
	type KeyObject,
} from 'node:crypto';
import { newAuthority, type Authority, type Certified } from '../pay/certificates';

/** What WeChat Pay signs with, and opens sealed fields with. */
export interface PlatformKey {
	/** Wechatpay-Serial: PUB_KEY_ID_…, or the serial number of a platform certificate. */
	serial: string;
	privateKey: KeyObject;
	publicKey: KeyObject;
	pem: string;
}

export interface PlatformCertificate extends PlatformKey {
	/** The certificate as PEM. */
	cert: string;
	effectiveTime: number;
	expireTime: number;
}

export interface MerchantKeys {
	client: Certified;
	/** Of the certificate, in capitals. */
	serial: string;
	privateKey: KeyObject;
	publicKey: KeyObject;
}

export interface Keys {
	authority: Authority;
	/** For TLS. */
	server: Certified;
	merchant: MerchantKeys;
	publicKey: PlatformKey;
	certificates: PlatformCertificate[];
}

/** The sample of WeChat's pages has digits only behind it. */
export const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000001092026112900000000000001';
const DAY_MS = 86_400_000;

export const numberOf = (hex: string) => hex.toUpperCase().replace(/^0+(?=.)/, '');

const made = new Map<string, Keys>();

/** Makes keys once for each merchant: it takes a second. */
export function makeKeys(mchId: string, certificates: number, merchantSerial?: string): Keys {
	const name = JSON.stringify([mchId, certificates, merchantSerial]);
	const keys = made.get(name) ?? createKeys(mchId, certificates, merchantSerial);
	made.set(name, keys);
	return keys;
}

function createKeys(mchId: string, certificates: number, merchantSerial?: string): Keys {
	const authority = newAuthority('WeChat Pay API v3 of the tests');
	const client = authority.issue(mchId, 100, merchantSerial ?? serialOf('3775B6A45ACD588826D1'));
	const platform = (index: number): PlatformCertificate => {
		const { cert, key } = authority.issue('Tenpay.com Platform', 100, serialOf(`50${index}AF`));
		const { serialNumber, validFrom, validTo } = new X509Certificate(cert);
		return {
			serial: serialNumber,
			cert,
			privateKey: createPrivateKey(key),
			publicKey: createPublicKey(cert),
			pem: cert,
			// The newest one is in use the shortest time.
			effectiveTime: Date.parse(validFrom) + index * DAY_MS,
			expireTime: Date.parse(validTo),
		};
	};
	return {
		authority,
		server: authority.issue('127.0.0.1'),
		merchant: {
			client,
			serial: numberOf(new X509Certificate(client.cert).serialNumber),
			privateKey: createPrivateKey(client.key),
			publicKey: createPublicKey(client.cert),
		},
		publicKey: makePublicKey(),
		certificates: Array.from({ length: certificates }, (_, index) => platform(index)),
	};
}

/** As WeChat's: 20 bytes. */
const serialOf = (start: string) => start.padEnd(40, '0123456789ABCDEF');

function makePublicKey(): PlatformKey {
	const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
	return { serial: PUBLIC_KEY_ID, privateKey, publicKey, pem };
}
