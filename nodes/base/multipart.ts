import { randomBytes } from 'node:crypto';
import { removeControls } from './controlCharacters';
import { writeJson } from './json';

/** A file to upload. It is in memory, so that a retry can send it again. */
export interface Upload {
	bytes: Buffer;
	/** With its extension: some servers refuse files without one. */
	fileName: string;
	contentType: string;
}

/** A part of a form; without a file name it is no file, but has a type. */
type Part = Omit<Upload, 'fileName'> & Partial<Pick<Upload, 'fileName'>>;

/** A type as headers have it, perhaps with parameters (RFC 9110, 8.3.1). */
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:; *[\w-]+=[\w.+-]+)*$/;

/** What stands in a line of a part's head: nothing in it may end the name, or the line. */
const toQuotable = (name: string) => name.replace(/["\\\p{Cc}\u2028\u2029]/gu, '_');

/**
 * Encodes a form with files (multipart/form-data). Names are raw UTF-8, because not every server knows RFC 5987
 * (`filename*=`). Objects are sent as JSON. `FormData` of Node.js would write CRLF for the line breaks in values and
 * copy files four times, which takes four times as long.
 */
export function encodeMultipart(
	fields: Record<string, unknown>,
	files: Record<string, Part>,
): { body: Buffer; contentType: string } {
	const boundary = `form-${randomBytes(16).toString('hex')}`;
	const parts = [
		...Object.entries(files).map(([name, { bytes, fileName, contentType }]) => [
			`name="${toQuotable(name)}"${fileName === undefined ? '' : `; filename="${toQuotable(fileName)}"`}\r\nContent-Type: ${
				MEDIA_TYPE.test(contentType) ? contentType : 'application/octet-stream'
			}`,
			bytes,
		]),
		...Object.entries(fields).map(([name, value]) => [
			`name="${toQuotable(name)}"`,
			typeof value === 'string' ? removeControls(value) : writeJson(value),
		]),
	].map(([head, content]) =>
		Buffer.concat([
			Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${String(head)}\r\n\r\n`),
			Buffer.from(content as string),
			Buffer.from('\r\n'),
		]),
	);
	return {
		body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
		contentType: `multipart/form-data; boundary=${boundary}`,
	};
}
