import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { Download } from '../api/download';
import { detectFileType, isTextType, readExtension, toFileName } from '../base/fileType';

/**
 * Makes a file of an item. The bytes decide what it is and how its name ends: n8n looks at them only when the name has
 * no ending and no MIME type is given. A text keeps its name, because its beginning proves little, and so does an
 * archive: Office documents are archives, too.
 */
export async function toBinaryData(
	{ prepareBinaryData }: Pick<IExecuteFunctions['helpers'], 'prepareBinaryData'>,
	{ bytes, fileName, contentType }: Download,
): Promise<IBinaryData> {
	const type = detectFileType(bytes);
	if (type?.extension === 'zip' && readExtension(fileName))
		return await prepareBinaryData(bytes, fileName);
	if (!type || isTextType(type))
		return await prepareBinaryData(bytes, fileName || undefined, contentType || undefined);
	return await prepareBinaryData(bytes, toFileName(fileName, type.extension), type.mimeType);
}
