import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { openidOf } from './account';

export interface Exported {
	json: string;
	/** Base64. */
	signature: string;
	/** Length of the JSON (4 bytes, little endian), JSON, signature. */
	blob: Buffer;
}

interface Make {
	manufacturer: string;
	model: string;
	/** The device ID, by which Tencent finds its root key. */
	cpuId: string;
	/** 0 none, 1 fingerprint, 2 face, 3 both. */
	supportType: number;
	/** Who uses mini programs on it. */
	owner: string;
}

const MAKE: Make = {
	manufacturer: 'vivo',
	model: 'vivo X6D',
	cpuId: '10',
	supportType: 1,
	owner: '0',
};

const SALT_BYTES = 20;

/**
 * A phone with SOTER: the root key (ATTK) of the factory signs the app secure key (ASK), that one signs the
 * key of a purpose (AuthKey), and that one what the user confirms with a finger.
 */
export class Phone {
	readonly make: Make;
	readonly attk = newKey();
	readonly ask = newKey();
	readonly authKey = newKey();
	private counter = 122;

	constructor(make: Partial<Make> = {}) {
		this.make = { ...MAKE, ...make };
	}

	exportAsk(changes: object = {}, salt = SALT_BYTES): Exported {
		return exported(this.keyJson(this.ask, changes), this.attk.privateKey, salt);
	}

	exportAuthKey(changes: object = {}, salt = SALT_BYTES): Exported {
		return exported(this.keyJson(this.authKey, changes), this.ask.privateKey, salt);
	}

	/** The user puts a finger on the phone. */
	confirm(challenge: string, changes: object = {}, salt = SALT_BYTES): Exported {
		const json = printTee({
			raw: challenge,
			fid: '1',
			counter: ++this.counter,
			tee_n: 'TEE',
			tee_v: '1.0',
			fp_n: 'fingerprint',
			fp_v: '1.0',
			cpu_id: this.make.cpuId,
			uid: '21',
			...changes,
		});
		return exported(json, this.authKey.privateKey, salt);
	}

	isOf(appId: string, openid: unknown): boolean {
		return openidOf(appId, this.make.owner) === openid;
	}

	private keyJson({ pem }: Key, changes: object): string {
		const about = { cpu_id: this.make.cpuId, counter: ++this.counter, uid: '21' };
		return printTee({ pub_key: pem, ...about, ...changes });
	}
}

type Key = ReturnType<typeof newKey>;

function newKey() {
	const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const pem = String(publicKey.export({ type: 'spki', format: 'pem' })).trim();
	return { publicKey, privateKey, pem };
}

/** The blanks of a real phone, see the example of verify_ask. */
function printTee(said: object): string {
	const pairs = Object.entries(said)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]) => `"${key}":${typeof value === 'bigint' ? value : JSON.stringify(value)}`);
	return `{ ${pairs.join(' , ')} }`;
}

/** Packs a JSON as a phone does, signed with RSA-PSS and SHA-256. */
export function exported(json: string, key: KeyObject, saltLength = SALT_BYTES): Exported {
	const bytes = Buffer.from(json);
	const padding = constants.RSA_PKCS1_PSS_PADDING;
	const signed = sign('sha256', bytes, { key, padding, saltLength });
	const length = Buffer.alloc(4);
	length.writeUInt32LE(bytes.length);
	return {
		json,
		signature: signed.toString('base64'),
		blob: Buffer.concat([length, bytes, signed]),
	};
}
