import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { XMLBuilder, XMLParser } from 'fast-xml-parser';

/** The same work written straight down, with nothing checked that WeChat's sample code does not check. */

const sha1 = (parts: string[]) => createHash('sha1').update(parts.sort().join('')).digest('hex');

function decrypt(key: Buffer, encrypted: string): string {
	const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	const plain = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]);
	return plain.toString('utf8', 20, 20 + plain.readUInt32BE(16));
}

function encrypt(key: Buffer, appId: string, message: string): string {
	const text = Buffer.from(message);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(text.length);
	const content = Buffer.concat([randomBytes(16), length, text, Buffer.from(appId)]);
	const pad = 32 - (content.length % 32);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([
		cipher.update(Buffer.concat([content, Buffer.alloc(pad, pad)])),
		cipher.final(),
	]).toString('base64');
}

/** Nothing but node:crypto: the floor. */
export const cryptoOnly = {
	open: (key: Buffer, signed: string[], encrypted: string) => [
		sha1([...signed, encrypted]),
		decrypt(key, encrypted),
	],
	seal: (key: Buffer, signed: string[], appId: string, message: string) => {
		const encrypted = encrypt(key, appId, message);
		return [encrypted, sha1([...signed, encrypted])];
	},
};

const parser = new XMLParser({ parseTagValue: false });
const builder = new XMLBuilder({ cdataPropName: '__cdata' });

/** node:crypto and fast-xml-parser. */
export const withXml = {
	open(key: Buffer, signed: string[], signature: string, body: Buffer): unknown {
		const { xml } = parser.parse(body.toString()) as { xml: { Encrypt: string } };
		if (sha1([...signed, xml.Encrypt]) !== signature) throw new Error('forged');
		return (parser.parse(decrypt(key, xml.Encrypt)) as { xml: unknown }).xml;
	},
	seal(key: Buffer, signed: string[], appId: string, tree: Record<string, unknown>): string {
		const text = (value: unknown) => (typeof value === 'string' ? { __cdata: value } : value);
		const marked = Object.fromEntries(
			Object.entries(tree).map(([name, value]) => [name, text(value)]),
		);
		const encrypted = encrypt(key, appId, builder.build({ xml: marked }));
		const MsgSignature = text(sha1([...signed, encrypted]));
		return builder.build({
			xml: {
				Encrypt: text(encrypted),
				MsgSignature,
				TimeStamp: Number(signed[1]),
				Nonce: text(signed[2]),
			},
		});
	},
};
