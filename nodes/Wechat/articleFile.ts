import { UserError } from '../base/userError';
import type { ItemFiles } from '../engine/define';

/** A whole content that names a binary field in place of a text. */
const BINARY_FIELD = /^\s*binary:([^\r\n]+?)\s*$/i;
/** WeChat takes less than this of a finished article. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads a content: the text itself, or of `binary:FIELD` the Markdown or HTML file in that field, with or without a byte
 * order mark.
 *
 * @throws {UserError} when there is no such file, it is larger than 1 MB, no text, or not in UTF-8.
 */
export async function readContent(content: string, files: ItemFiles): Promise<string> {
	const [, field] = BINARY_FIELD.exec(content) ?? [];
	if (!field) return content;
	const bytes = await files.read(field).catch((error: unknown) => {
		throw error instanceof UserError
			? error.with({ message: `"Content" cannot be read: ${error.message}` })
			: error;
	});
	const name = `The file in the binary field "${field}"`;
	if (bytes.length > MAX_BYTES)
		throw new UserError(
			`${name} has ${(bytes.length / MAX_BYTES).toFixed(1)} MB, and WeChat takes less than 1 MB of an article`,
			'Hand over the text of the article only; pictures have binary fields of their own.',
		);
	const text = decodeUtf8(bytes);
	if (text === undefined || text.includes('\0'))
		throw new UserError(
			`${name} is no text in UTF-8`,
			'Save it as Markdown or HTML in UTF-8. Of a Word or PDF file get the text before this node.',
		);
	return text;
}

function decodeUtf8(bytes: Buffer): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
