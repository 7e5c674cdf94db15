import { ApiError } from './errors';
import { unknownField } from './schema';

export interface FilePart {
	fileName: string;
	contentType: string;
	bytes: Buffer;
}

export interface Form {
	texts: Record<string, string>;
	files: Record<string, FilePart>;
}

/** Splits a multipart body; whatever WeChat would not recognize as a file is 41005. */
export function parseForm(contentType: string, body: Buffer): Form {
	const boundary = /^multipart\/form-data;.*\bboundary="?([^";]+)"?/i.exec(contentType)?.[1];
	if (boundary === undefined) throw new ApiError(41005, 'media data missing: not multipart');
	const form: Form = { texts: {}, files: {} };
	for (const part of split(body, boundary)) addPart(form, part);
	return form;
}

function split(body: Buffer, boundary: string): Buffer[] {
	const delimiter = Buffer.from(`\r\n--${boundary}`);
	const rest = Buffer.concat([Buffer.from('\r\n'), body]);
	const parts: Buffer[] = [];
	for (let start = rest.indexOf(delimiter); start >= 0;) {
		start += delimiter.length;
		if (rest.subarray(start, start + 2).toString() === '--') return parts;
		const end = rest.indexOf(delimiter, start);
		parts.push(rest.subarray(start, end));
		start = end;
	}
	throw new ApiError(41005, 'media data missing: the form has no end');
}

function addPart(form: Form, part: Buffer): void {
	const gap = part.indexOf('\r\n\r\n');
	const head = part.subarray(0, gap).toString();
	const bytes = part.subarray(gap + 4);
	const disposition = /^content-disposition: *form-data(.*)$/im.exec(head)?.[1] ?? '';
	const name = /; *name="([^"]*)"/.exec(disposition)?.[1];
	if (gap < 0 || name === undefined) throw new ApiError(41005);
	if (Object.hasOwn(form.texts, name) || Object.hasOwn(form.files, name)) throw unknownField(name);

	// A file name in the RFC 5987 form (filename*=) is not recognized; raw UTF-8 is.
	const fileName = /; *filename="([^"]*)"/.exec(disposition)?.[1];
	if (/; *filename\*=/i.test(disposition)) throw new ApiError(41005);
	if (fileName === undefined) {
		form.texts[name] = bytes.toString();
		return;
	}
	form.files[name] = {
		fileName,
		contentType: /^content-type: *(\S.*)$/im.exec(head)?.[1].trim() ?? '',
		bytes,
	};
}

/** A file needs a plain name with an extension, a Content-Type, and bytes. */
export function checkFile(file: FilePart | undefined): void {
	if (!file || file.contentType === '' || !/^[^\p{Cc}]+$/u.test(file.fileName)) {
		throw new ApiError(41005);
	}
	if (!/.\.\w+$/.test(file.fileName)) throw new ApiError(40113);
	if (file.bytes.length === 0) throw new ApiError(44001);
}
