import { detectFileType, isTextType } from '../base/fileType';
import type { HttpResponse } from '../base/http';
import { UserError } from '../base/userError';
import { parseJsonBody, type Answer } from './response';

export interface Download {
	bytes: Buffer;
	contentType: string;
	/** As WeChat names it, e.g. `MEDIA_ID.jpg`; empty when it does not. */
	fileName: string;
}

/** There is a page or a message where a file should be. */
export class NoFileError extends UserError {
	constructor(server: string, found: string) {
		super(
			`${server} named an address for the file, but ${found} is there`,
			'Open the address in a browser. A permanent video of an official account may only have a page to play it on.',
			'微信给出的文件地址上不是文件：请用浏览器打开该地址查看；公众号的永久视频可能只有播放页面。',
		);
		this.name = 'NoFileError';
	}
}

export const isDownload = (answer: Download | Answer): answer is Download =>
	Buffer.isBuffer(answer.bytes);

export const toDownload = ({ body, contentType, disposition }: HttpResponse): Download => ({
	bytes: body,
	contentType,
	fileName: readFileName(disposition),
});

/**
 * Checks that an address led to a file. The link of a permanent video leads to a page (w7corp/easywechat#290).
 *
 * @param server who named the address
 * @throws {NoFileError} when a page or JSON came.
 */
export function checkIsFile({ body, contentType }: HttpResponse, server: string): void {
	const [mimeType] = contentType.toLowerCase().split(';');
	const type = detectFileType(body);
	if (type && !isTextType(type)) return;
	if (type?.extension === 'json' || mimeType === 'application/json') {
		const { errcode, errmsg } = parseJsonBody(body) ?? {};
		const words = errcode ? ` (${String(errmsg ?? 'no words')}, errcode ${String(errcode)})` : '';
		throw new NoFileError(server, `a JSON text${words}`);
	}
	if (type?.extension === 'html' || mimeType === 'text/html')
		throw new NoFileError(server, 'a web page');
}

const PARAMETER = /(?:^|[;\s])(filename\*?)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)/gi;

/**
 * Reads the file name in a `Content-Disposition`. `filename*` counts before `filename` (RFC 6266); of a plain name, the
 * bytes may be UTF-8 (binarywang/WxJava#3146, #3348). A name never holds a folder.
 */
export function readFileName(disposition: string): string {
	const names = new Map(
		[...disposition.matchAll(PARAMETER)].map(([, key, value]) => [
			key.toLowerCase(),
			value.trim().replace(/^"|"$/g, '').replace(/\\(.)/g, '$1'),
		]),
	);
	const name = decodeExtended(names.get('filename*')) ?? decodePlain(names.get('filename') ?? '');
	return name.replace(/^.*[\\/]/s, '').replace(/\p{Cc}/gu, '');
}

/** e.g. `utf-8''%E6%B5%8B.jpg` (RFC 5987); undefined when it is none. */
function decodeExtended(value = ''): string | undefined {
	const [, charset, text] = /^([\w-]+)'[^']*'(.+)$/.exec(value) ?? [];
	const toByte = (_: string, hex: string) => String.fromCharCode(parseInt(hex, 16));
	return text && decode(text.replace(/%([\da-f]{2})/gi, toByte), charset);
}

/** Node.js reads each byte of a header as one character. */
const decodePlain = (value: string) => decode(value, 'utf-8') ?? value;

function decode(latin1: string, charset: string): string | undefined {
	if (/[^\0-\xff]/.test(latin1)) return undefined;
	try {
		return new TextDecoder(charset, { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
	} catch {
		return undefined;
	}
}
