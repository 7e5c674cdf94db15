import { createPublicKey, type KeyObject } from 'node:crypto';
import { extractPem } from '../base/pem';
import { UserError } from '../base/userError';
import { parseStatement } from './soterExport';

const LEAST_BITS = 2048;
const HINT =
	'Enter the text from "-----BEGIN PUBLIC KEY-----" on, or the JSON of the key with pub_key in it.';

/**
 * Reads the public key in a PEM, or in the JSON of a key that a phone exported.
 *
 * @throws {UserError} when there is no RSA key of at least 2048 bits.
 */
export function readPublicKey(text: string): KeyObject {
	const key = parsePem(findPem(text.trim()));
	const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
	if (key.asymmetricKeyType !== 'rsa' || modulusLength < LEAST_BITS)
		throw new UserError(
			`The public key is not an RSA key of at least ${LEAST_BITS} bits`,
			'SOTER has no other keys. Take the one that the phone exported.',
		);
	return key;
}

function findPem(text: string): string {
	if (!text.startsWith('{')) return text;
	const { pub_key: pem, certs } = parseStatement(text);
	if (certs !== undefined)
		throw new UserError(
			'The key comes as a chain of certificates (certs), which SOTER 2.0 has on some phones',
			'Only WeChat can check such a chain: Attestation: Verify ASK. Then enter the public key of the first certificate as PEM.',
		);
	if (typeof pem !== 'string') throw new UserError('The JSON of the key holds no pub_key', HINT);
	return pem;
}

/** Only public keys: Node.js would take a private one, too, which must not be here. */
function parsePem(text: string): KeyObject {
	try {
		const pem = extractPem(text, 'PUBLIC KEY');
		if (pem) return createPublicKey(pem);
	} catch {
		// Not a key: the error below says so.
	}
	throw new UserError('The public key is not a PEM', HINT);
}
