import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { PayV3Refusal, wrongField } from './refusal';
import type { Behavior, PayV3Call, World } from './world';

/** Bills (账单): asked for, then downloaded from another address within minutes. */

const DAY = /^\d{4}-\d\d-\d\d$/;
const KINDS = {
	trade: { name: 'bill_type', values: ['ALL', 'SUCCESS', 'REFUND'] },
	fundflow: { name: 'account_type', values: ['BASIC', 'OPERATION', 'FEES'] },
};
export type BillKind = keyof typeof KINDS;
const DOWNLOAD_MS = 300_000;
const MONTHS_MS = 93 * 86_400_000;

function askForBill(kind: BillKind) {
	return ({ query }: PayV3Call, world: World) => {
		const { bill_date: day, tar_type } = query;
		const { name, values } = KINDS[kind];
		if (!DAY.test(day)) throw wrongField('bill_date', 'is no date', 'query', day);
		const age = world.now() - Date.parse(`${day}T00:00:00+08:00`);
		if (age > MONTHS_MS) throw wrongField('bill_date', 'is too long ago', 'query', day);
		if (age < 86_400_000) throw wrongField('bill_date', 'is not over', 'query', day);
		if (!values.includes(query[name] ?? values[0]))
			throw wrongField(name, 'is not allowed', 'query', query[name]);
		if (tar_type !== undefined && tar_type !== 'GZIP')
			throw wrongField('tar_type', 'is not allowed', 'query', tar_type);
		const bill = world.bills.get(`${kind} ${day}`);
		if (!bill) throw new PayV3Refusal(400, 'NO_STATEMENT_EXIST', '账单文件不存在');
		const token = randomUUID().replaceAll('-', '');
		const text = bill.isDamaged ? bill.text.slice(0, -1) : bill.text;
		const bytes = tar_type === 'GZIP' ? gzipSync(text) : Buffer.from(text);
		world.downloads.set(token, { bytes, until: world.now() + DOWNLOAD_MS });
		const tar = tar_type === 'GZIP' ? '&tartype=gzip' : '';
		return {
			json: {
				hash_type: 'SHA1',
				// Of the file as it is without compression.
				hash_value: createHash('sha1').update(bill.text).digest('hex'),
				download_url: `${world.url}/v3/billdownload/file?token=${token}${tar}`,
			},
		};
	};
}

function downloadBill({ query }: PayV3Call, { downloads, now }: World) {
	const found = downloads.get(query.token);
	if (!found || found.until < now())
		throw new PayV3Refusal(400, 'INVALID_REQUEST', '下载链接已失效，请重新申请账单');
	return { bytes: found.bytes, type: 'text/plain' };
}

export const BILLS: Record<string, Behavior> = {
	'GET /v3/bill/tradebill': askForBill('trade'),
	'GET /v3/bill/fundflowbill': askForBill('fundflow'),
	'GET /v3/billdownload/file': downloadBill,
};
