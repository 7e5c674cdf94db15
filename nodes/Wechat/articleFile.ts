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
			`二进制字段“${field}”中的文件为 ${(bytes.length / MAX_BYTES).toFixed(1)} MB，而文章应小于 1 MB：请只传入文章正文，图片放在各自的二进制字段中。`,
		);
	const text = decodeUtf8(bytes);
	if (text === undefined || text.includes('\0'))
		throw new UserError(
			`${name} is no text in UTF-8`,
			'Save it as Markdown or HTML in UTF-8. Of a Word or PDF file get the text before this node.',
			`二进制字段“${field}”中的文件不是 UTF-8 文本：请另存为 UTF-8 编码的 Markdown 或 HTML；Word 或 PDF 请先在此节点之前提取文字。`,
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
