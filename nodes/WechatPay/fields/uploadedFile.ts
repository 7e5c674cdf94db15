import { createHash } from 'node:crypto';
import type { Upload } from '../../base/multipart';
import { UserError } from '../../base/userError';
import { inputFile } from '../../engine/fields';
import type { Field, RequestRun } from '../../engine/define';
import type { PayV3Client } from '../../payV3/payV3Client';

const MB = 1024 * 1024;

/** A picture for WeChat Pay. */
export const payImage = {
	...inputFile,
	wire: 'file',
	accepts: { extensions: ['bmp', 'jpg', 'png'], maxBytes: 2 * MB },
	description: 'BMP, JPG or PNG of at most 2 MB',
} as const satisfies Field;

/** A film for WeChat Pay. */
export const payVideo = {
	...inputFile,
	wire: 'file',
	accepts: { extensions: ['avi', 'flv', 'mov', 'mp4', 'wmv'], maxBytes: 5 * MB },
	description: 'AVI, FLV, MOV, MP4 or WMV of at most 5 MB',
} as const satisfies Field;

/** What WeChat Pay wants to be told of a file, and is signed in place of it. */
export const describeFile = ({ fileName, bytes }: Upload) => ({
	filename: fileName,
	sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** Uploads the file of an item. The same file may be uploaded again: nothing comes of it but another media ID. */
export async function uploadFile({ client, call }: RequestRun<object, PayV3Client>) {
	const file = call.files?.file;
	if (!file)
		throw new UserError(
			'There is no file to upload',
			'Enter the name of a binary field.',
			'没有可上传的文件：请填写二进制字段的名称。',
		);
	return await client.send({ ...call, body: { ...call.body, ...describeFile(file) } });
}
