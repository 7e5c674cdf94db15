import type { Call } from '../api/apiClient';
import { isDownload } from '../api/download';
import { ConnectionError } from '../base/connectionError';
import { UserError } from '../base/userError';
import { openBill } from './billFile';
import type { PayV3Client } from './payV3Client';
import { PayV3Error } from './payV3Error';

/** That a download has more than base/http.ts takes: 32 MB, which are some 400,000 rows when they are packed. */
const TOO_LARGE = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/** There was nothing on that day of which WeChat Pay would make a bill. */
const NO_BILL = 'NO_STATEMENT_EXIST';

/** Like {@link downloadBill}, but undefined when there is no bill of the day. One that is not ready is an error. */
export async function findBill(client: PayV3Client, call: Call): Promise<Buffer | undefined> {
	try {
		return await downloadBill(client, call);
	} catch (error) {
		if (error instanceof PayV3Error && error.code === NO_BILL) return undefined;
		throw error;
	}
}

/**
 * Downloads a bill: `call` asks WeChat Pay to hand it out, and is answered with an address that is good for five
 * minutes, and with the digest that the file is checked by.
 *
 * @returns the file, unpacked
 * @throws {UserError} when it is too large, damaged or not there
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012556654
 */
export async function downloadBill(client: PayV3Client, call: Call): Promise<Buffer> {
	const { body, ...asked } = call;
	const { download_url, hash_type, hash_value } = await client.send({
		...asked,
		query: { ...asked.query, tar_type: 'GZIP' },
	});
	const address = String(download_url);
	if (!URL.canParse(address))
		throw new UserError(
			'WeChat Pay named no address of the bill',
			'Run the node again. If it always happens, look whether pay.weixin.qq.com has the bill.',
			'微信支付没有返回账单的下载地址：请重新运行节点；若每次都如此，请到 pay.weixin.qq.com 查看是否有此账单。',
		);
	// The server is always that of the credential.
	const { pathname: path, searchParams } = new URL(address);
	const query = Object.fromEntries(searchParams);
	const file = await client
		.download({ method: 'GET', path, query, isShown: call.isShown })
		.catch((error: unknown) => {
			throw error instanceof ConnectionError && error.code === TOO_LARGE
				? error.with({
						hint: 'The bill of this day has more than 32 MB, packed. Get its payments and its refunds as two bills, under Bill Type, or download it from pay.weixin.qq.com.',
						chinese:
							'当日账单压缩后超过 32 MB：请在“账单类型”中分别获取支付账单和退款账单，或到 pay.weixin.qq.com 下载。',
					})
				: error;
		});
	if (!isDownload(file))
		throw new UserError(
			'WeChat Pay sent no file where the bill should be',
			'Run the node again.',
			'微信支付没有返回账单文件：请重新运行节点。',
		);
	return await openBill(file.bytes, {
		hash_type: String(hash_type),
		hash_value: String(hash_value),
	});
}
