import type { IExecuteFunctions } from 'n8n-workflow';
import type { Upload } from '../api/multipart';
import { FieldError } from './params';
import type { Field } from './spec';

/** The file in a binary field of an item, once it is known that WeChat takes it. Throws {@link FieldError}. */
export async function uploadOf(
	{ helpers }: IExecuteFunctions,
	field: Field,
	name: string,
	item: number,
): Promise<Upload> {
	const { fileName = '', fileExtension = '', mimeType } = helpers.assertBinaryData(item, name);
	const extension = (/\.([^./\\]+)$/.exec(fileName)?.[1] ?? fileExtension).toLowerCase();
	const { extensions, maxBytes } = field.accepts ?? { extensions: [extension], maxBytes: Infinity };
	if (!extensions.includes(extension))
		throw new FieldError(
			field,
			`holds ${extension ? `a .${extension} file` : 'a file without an extension'}; WeChat takes ${extensions.join(', ')} here`,
		);
	const bytes = await helpers.getBinaryDataBuffer(item, name);
	if (bytes.length > maxBytes)
		throw new FieldError(field, `holds ${sizeOf(bytes.length)}; WeChat takes ${sizeOf(maxBytes)}`);
	if (bytes.length === 0) throw new FieldError(field, 'holds an empty file');
	const named = fileName.toLowerCase().endsWith(`.${extension}`);
	return {
		bytes,
		fileName: named ? fileName : `${fileName || 'file'}.${extension}`,
		contentType: mimeType,
	};
}

const sizeOf = (bytes: number) =>
	bytes >= 1024 * 1024
		? `${Math.ceil((bytes / 1024 / 1024) * 10) / 10} MB`
		: `${Math.ceil(bytes / 1024)} KB`;
