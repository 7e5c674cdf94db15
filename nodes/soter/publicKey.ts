import { createPublicKey, type KeyObject } from 'node:crypto';
import { extractPem } from '../base/pem';
import { UserError } from '../base/userError';
import { parseStatement } from './soterExport';

const LEAST_BITS = 2048;
const HINT =
	'Enter the text from "-----BEGIN PUBLIC KEY-----" on, or the JSON of the key with pub_key in it.';
const HINT_IN_CHINESE =
	'请填写从“-----BEGIN PUBLIC KEY-----”开始的全文，或含有 pub_key 的密钥 JSON';

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
			`公钥不是至少 ${LEAST_BITS} 位的 RSA 密钥，而 SOTER 只有这种密钥：请使用手机导出的公钥。`,
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
			'密钥以证书链（certs）形式给出，部分 SOTER 2.0 手机如此，只有微信能验证：请先用“验证 ASK”（Attestation: Verify ASK）验证，再以 PEM 填写第一张证书的公钥。',
		);
	if (typeof pem !== 'string')
		throw new UserError(
			'The JSON of the key holds no pub_key',
			HINT,
			`密钥 JSON 中没有 pub_key：${HINT_IN_CHINESE}。`,
		);
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
	throw new UserError(
		'The public key is not a PEM',
		HINT,
		`公钥不是 PEM 格式：${HINT_IN_CHINESE}。`,
	);
}
