import { createHash } from 'node:crypto';
import { gunzip } from 'node:zlib';
import { UserError } from '../base/userError';
import { BILL_COLUMNS, SUMMARY_COLUMNS, type BillColumn } from './billColumns';

/** A row of a bill: amounts are numbers of fen, all else is text, null where the bill has nothing for an amount. */
type BillRow = Record<string, string | number | null>;

/** What a bill says, by the words of the API; what it has no word for keeps its Chinese name. */
interface Bill {
	rows: BillRow[];
	/** How many rows there are, and the sums of their amounts. */
	summary: BillRow;
}

/** What WeChat Pay says of the file before it is downloaded. */
interface Digest {
	hash_type: string;
	hash_value: string;
}

/** Some 800,000 rows: more than n8n holds as items. */
const MAX_UNPACKED_MB = 256;

const unzip = async (packed: Buffer, options: { maxOutputLength: number }): Promise<Buffer> =>
	await new Promise((resolve, reject) => {
		gunzip(packed, options, (error, bytes) => (error ? reject(error) : resolve(bytes)));
	});

/**
 * Unpacks a bill that was downloaded, and checks it by its digest, which is that of the unpacked file. Nothing else
 * proves that it is whole and of WeChat Pay: answers that are bills carry no signature.
 *
 * @throws {UserError} when the file is damaged, or has more than 256 MB unpacked
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012556692
 */
export async function openBill(bytes: Buffer, digest: Digest): Promise<Buffer> {
	const file = isGzip(bytes) ? await gunzipBill(bytes) : bytes;
	const type = digest.hash_type.toUpperCase();
	if (type !== 'SHA1')
		throw new UserError(
			`The bill has a digest of the kind ${type}, and this pack only knows SHA1`,
			'Look for a newer version of this pack.',
			`账单的摘要类型为 ${type}，而此节点包只支持 SHA1：请查看节点包是否有新版本。`,
		);
	const found = createHash('sha1').update(file).digest('hex');
	if (found !== digest.hash_value.toLowerCase()) throw createDamagedError();
	return file;
}

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function gunzipBill(bytes: Buffer): Promise<Buffer> {
	try {
		return await unzip(bytes, { maxOutputLength: MAX_UNPACKED_MB * 2 ** 20 });
	} catch (error) {
		if ((error as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE') throw createDamagedError();
		throw new UserError(
			`The bill has more than ${MAX_UNPACKED_MB} MB`,
			'Get the payments and the refunds of the day as two bills, under Bill Type, or download it from pay.weixin.qq.com.',
			`账单超过 ${MAX_UNPACKED_MB} MB：请在“账单类型”中分别获取当日的支付账单和退款账单，或到 pay.weixin.qq.com 下载。`,
		);
	}
}

const createDamagedError = () =>
	new UserError(
		'The bill was damaged on its way: it does not have the digest that WeChat Pay named',
		'Run the node again. If it always happens, a proxy may change the file: look at Proxy URL and API Base URL in the credential.',
		'账单在传输中损坏，与微信支付给出的摘要不一致：请重新运行节点；若每次都如此，可能是代理改动了文件，请检查凭据中的“代理地址”和“接口地址”。',
	);

/** What the summary begins with: of payments and refunds, and of the flow of funds. */
const SUMMARY = /^`?(?:总交易单数|资金流水总笔数)/;

/**
 * Reads a bill: a line of column names, rows, a line with the names of the summary, and the summary. Each value has a
 * backtick before it, so that Excel takes ids for texts: commas and line breaks in names of goods separate nothing.
 *
 * @throws {UserError} when it is not in that form
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012556692
 */
export function parseBill(file: Buffer): Bill {
	const [header, ...lines] = file
		.toString('utf8')
		.replace(/^\uFEFF/, '')
		.trimEnd()
		.split(/\r?\n/);
	const end = lines.findLastIndex((line) => SUMMARY.test(line));
	if (end < 0 || end !== lines.length - 2)
		throw new UserError(
			'The bill has no summary at its end',
			'Choose File under Output, and look at what WeChat Pay sent.',
			'账单末尾没有汇总：请在“Output”中选择“File”，查看微信支付返回的内容。',
		);
	const columns = findColumns(header, BILL_COLUMNS);
	return {
		rows: joinLines(lines.slice(0, end)).map((line) => readRow(line, columns)),
		summary: readRow(lines[end + 1], findColumns(lines[end], SUMMARY_COLUMNS)),
	};
}

/** A line that does not begin with a backtick goes on with a text of the one before. */
function joinLines(lines: string[]): string[] {
	const joined: string[] = [];
	for (const line of lines)
		if (joined.length > 0 && !line.startsWith('`')) joined.push(`${joined.pop()}\n${line}`);
		else joined.push(line);
	return joined;
}

const splitNames = (line: string) => line.split(',').map((name) => name.replace(/^`/, '').trim());

function findColumns(
	header: string,
	known: Readonly<Record<string, BillColumn | undefined>>,
): BillColumn[] {
	return splitNames(header).map((name) => {
		const plain = name.replace(/[(（]元[)）]$/, '');
		return known[plain] ?? { key: plain, kind: plain.endsWith('金额') ? 'fen' : 'text' };
	});
}

function readRow(line: string, columns: BillColumn[]): BillRow {
	const cells = line.replace(/^`/, '').split(',`');
	if (cells.length !== columns.length)
		throw new UserError(
			`A row of the bill has ${cells.length} values for ${columns.length} columns`,
			'Choose File under Output, and look at the names of the goods: one may hold a comma with a backtick behind it.',
			`账单中有一行为 ${cells.length} 个值，而列数为 ${columns.length}：请在“Output”中选择“File”，检查商品名称中是否有逗号后跟反引号。`,
		);
	return Object.fromEntries(
		columns.map(({ key, kind }, index) => {
			const text = cells[index].trim();
			return [key, kind === 'text' ? text : kind === 'count' ? Number(text) : toFen(text)];
		}),
	);
}

/**
 * Converts an amount in yuan, such as `12.30`, without computing: 0.57 * 100 is not 57. Fees have five decimals, so that
 * `0.00600` is 0.6 fen.
 */
function toFen(yuan: string): number | null {
	if (yuan === '') return null;
	const [, sign, whole, decimals = ''] = /^([-+]?)(\d+)(?:\.(\d*))?$/.exec(yuan) ?? [];
	if (whole === undefined)
		throw new UserError(
			`"${yuan}" stands in the bill where an amount in yuan should be`,
			'Choose File under Output, and look at what WeChat Pay sent.',
			`账单中应为金额（元）之处是“${yuan}”：请在“Output”中选择“File”，查看微信支付返回的内容。`,
		);
	const fen = `${whole}${decimals.slice(0, 2).padEnd(2, '0')}`;
	// Of -0.00, too, the number is 0.
	return Number(`${sign}${fen}.${decimals.slice(2) || '0'}`) + 0;
}
