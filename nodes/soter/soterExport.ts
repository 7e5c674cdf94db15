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
const HINT_IN_CHINESE = '请原样传入 App 从 SOTER 得到的数据，即长度（4 字节）、JSON 和签名';

/**
 * Splits an export: the length of the JSON (4 bytes, little endian), the JSON, and the signature.
 * Source: Tencent/soter, its library for apps.
 *
 * @throws {UserError} when it is too large or cut off.
 */
export function splitExport(blob: Buffer): SoterExport {
	checkSize(blob.length);
	if (blob.length <= LENGTH_BYTES)
		throw new UserError(
			`The export is cut off: it has ${blob.length} bytes`,
			HINT,
			`导出数据不完整，只有 ${blob.length} 字节：${HINT_IN_CHINESE}。`,
		);
	const end = LENGTH_BYTES + blob.readUInt32LE(0);
	if (end === LENGTH_BYTES || end >= blob.length)
		throw new UserError(
			`The export is cut off, or is not one: its JSON should have ${end - LENGTH_BYTES} bytes, and ${blob.length - LENGTH_BYTES} follow`,
			HINT,
			`导出数据不完整，或并非导出数据，其 JSON 应有 ${end - LENGTH_BYTES} 字节，实际只剩 ${blob.length - LENGTH_BYTES} 字节：${HINT_IN_CHINESE}。`,
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
export function decodeBase64(base64: string, what: string, chinese: string): Buffer {
	const text = base64.replace(/\s+/g, '');
	if (/^[\w+/-]+={0,2}$/.test(text)) return Buffer.from(text, 'base64');
	throw new UserError(
		`${what} is not Base64`,
		'Pass it on as the app got it: letters, digits, + and /, perhaps = at the end.',
		`${chinese}不是 Base64：请原样传入 App 得到的内容，即字母、数字、+ 和 /，末尾可有 =。`,
	);
}

function checkSize(bytes: number): void {
	if (bytes > MAX_BYTES)
		throw new UserError(
			`The export has ${bytes} bytes; SOTER takes ${MAX_BYTES}`,
			'A real one has about one thousand. Look at what the app sends.',
			`导出数据有 ${bytes} 字节，SOTER 最多接受 ${MAX_BYTES} 字节：真正的导出数据约一千字节，请检查 App 发送的内容。`,
		);
}

function decodeUtf8(bytes: Buffer): string {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw new UserError(
			'The JSON of the export is not UTF-8',
			HINT,
			`导出数据中的 JSON 不是 UTF-8 编码：${HINT_IN_CHINESE}。`,
		);
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
		'手机导出的内容不是 JSON 对象：请原样传入 App 从 SOTER 得到的数据。',
	);
}
