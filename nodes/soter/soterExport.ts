import { UserError } from '../base/userError';
import { parseJson } from '../base/json';

/** What a phone exports: a key, or the result of a fingerprint or face. */
export interface SoterExport {
	/** The JSON, byte for byte: its blanks are signed too. */
	json: string;
	/** Base64. */
	signature: string;
}

/** Longest export, as Tencent's own library for apps takes it. */
const MAX_BYTES = 1024 * 1024;
const LENGTH_BYTES = 4;

const HINT = 'Pass on what the app got from SOTER as it is: length (4 bytes), JSON and signature.';

/**
 * Splits an export: the length of the JSON (4 bytes, little endian), the JSON, and the signature.
 * Source: Tencent/soter, its library for apps.
 *
 * @throws {UserError} when it is too large or cut off.
 */
export function splitExport(blob: Buffer): SoterExport {
	checkSize(blob.length);
	if (blob.length <= LENGTH_BYTES)
		throw new UserError(`The export is cut off: it has ${blob.length} bytes`, HINT);
	const end = LENGTH_BYTES + blob.readUInt32LE(0);
	if (end === LENGTH_BYTES || end >= blob.length)
		throw new UserError(
			`The export is cut off, or is not one: its JSON should have ${end - LENGTH_BYTES} bytes, and ${blob.length - LENGTH_BYTES} follow`,
			HINT,
		);
	return {
		json: decodeUtf8(blob.subarray(LENGTH_BYTES, end)),
		signature: blob.subarray(end).toString('base64'),
	};
}

/**
 * Makes an export of its two parts.
 *
 * @throws {UserError} when it is too large.
 */
export function joinExport(json: string, signature: string): SoterExport {
	checkSize(Buffer.byteLength(json) + signature.length);
	return { json, signature };
}

/**
 * Decodes Base64, also with the line breaks of Android, and in its form for addresses.
 *
 * @throws {UserError} when it is not Base64.
 */
export function decodeBase64(base64: string, what: string): Buffer {
	const text = base64.replace(/\s+/g, '');
	if (/^[\w+/-]+={0,2}$/.test(text)) return Buffer.from(text, 'base64');
	throw new UserError(
		`${what} is not Base64`,
		'Pass it on as the app got it: letters, digits, + and /, perhaps = at the end.',
	);
}

function checkSize(bytes: number): void {
	if (bytes > MAX_BYTES)
		throw new UserError(
			`The export has ${bytes} bytes; SOTER takes ${MAX_BYTES}`,
			'A real one has about one thousand. Look at what the app sends.',
		);
}

function decodeUtf8(bytes: Buffer): string {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw new UserError('The JSON of the export is not UTF-8', HINT);
	}
}

/** What a phone says about itself, a key or a fingerprint; numbers beyond 2^53 are text. */
export type Statement = Record<string, unknown>;

/**
 * Parses the JSON that a phone exported. Only believe what is signed.
 *
 * @throws {UserError} when it is no JSON object.
 */
export function parseStatement(json: string): Statement {
	let read: unknown;
	try {
		// What is signed is not mended: first it must be JSON as it stands.
		JSON.parse(json);
		read = parseJson(json);
	} catch {
		// Not JSON: the error below says so.
	}
	if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Statement;
	throw new UserError(
		'What the phone exported holds no JSON object',
		'Pass on what the app got from SOTER as it is.',
	);
}
