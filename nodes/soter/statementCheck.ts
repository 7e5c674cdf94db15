import { constants, createHash, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import { UserError } from '../base/userError';
import { decodeBase64, type SoterExport, parseStatement, type Statement } from './soterExport';

/** What a signed JSON must contain. What is missing here is not checked. */
export interface Expected {
	/** The challenge that was given to the app, to be found as `raw`. */
	challenge?: string;
	cpu_id?: string;
	uid?: string;
	/** Largest `counter` so far, of up to 64 bits: the new one must be larger. */
	lastCounter?: bigint;
}

/** The first check that failed. */
type Reason = 'signature' | 'challenge' | 'cpu_id' | 'uid' | 'counter';

/** The result, with the fields of the JSON unless the signature is wrong. */
type Verdict = { verified: boolean; reason?: Reason } & Statement;

/** Salt of the signature in bytes, unless the JSON has another one as rsa_pss_saltlen. */
const SALT_BYTES = 20;
/** RSA-2048 with SHA-256 leaves no room for more. */
const MAX_SALT_BYTES = 222;

/**
 * Checks whether the key signed this: RSA-PSS with SHA-256 (wiki of Tencent/soter).
 *
 * @throws {UserError} when it cannot be a signature at all.
 */
export function isSignedBy(key: KeyObject, { json, signature }: SoterExport): boolean {
	const bytes = decodeBase64(signature, 'The signature', '签名');
	const saltLength = readSaltLength(parseStatement(json));
	const padding = constants.RSA_PKCS1_PSS_PADDING;
	return verify('sha256', Buffer.from(json), { key, padding, saltLength }, bytes);
}

/**
 * Checks what a phone says, once it is known whether it is signed.
 *
 * @throws {UserError} when it is not JSON.
 */
export function checkStatement(json: string, isSigned: boolean, expected: Expected): Verdict {
	if (!isSigned) return { verified: false, reason: 'signature' };
	// Nothing in the JSON may pass for the verdict.
	const { verified: _, reason: __, ...said } = parseStatement(json);
	const reason = findMismatch(said, expected);
	return reason ? { verified: false, reason, ...said } : { verified: true, ...said };
}

function findMismatch(said: Statement, expected: Expected): Reason | undefined {
	const { challenge, cpu_id, uid, lastCounter } = expected;
	if (challenge !== undefined && !isSame(said.raw, challenge)) return 'challenge';
	if (cpu_id !== undefined && !isSame(said.cpu_id, cpu_id)) return 'cpu_id';
	if (uid !== undefined && !isSame(said.uid, uid)) return 'uid';
	if (lastCounter !== undefined && !(readCounter(said) > lastCounter)) return 'counter';
	return undefined;
}

/** In constant time, whatever the lengths. Some phones write numbers where others write text. */
function isSame(said: unknown, expected: string): boolean {
	if (typeof said !== 'string' && typeof said !== 'number') return false;
	return timingSafeEqual(hashText(String(said)), hashText(expected));
}

const hashText = (text: string) => createHash('sha256').update(text).digest();

/** -1 when there is none. */
function readCounter({ counter }: Statement): bigint {
	const digits = String(counter);
	return /^\d+$/.test(digits) ? BigInt(digits) : -1n;
}

function readSaltLength({ rsa_pss_saltlen: length = SALT_BYTES }: Statement): number {
	const digits = String(length);
	if (/^\d{1,3}$/.test(digits) && Number(digits) <= MAX_SALT_BYTES) return Number(digits);
	throw new UserError(
		`rsa_pss_saltlen in the JSON is no length of a salt: ${digits.slice(0, 20)}`,
		'Look at what the app sends: SOTER has 20 or 32 there.',
		`JSON 中的 rsa_pss_saltlen 不是有效的盐长度（${digits.slice(0, 20)}）：SOTER 使用 20 或 32，请检查 App 发送的内容。`,
	);
}
