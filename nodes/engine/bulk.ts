import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Answer } from '../api/apiClient';
import { readList } from '../api/response';
import { hasCode, ONE_ENTRY_WRONG } from '../api/returnCodes';
import { writeJson } from '../base/json';
import { UserError } from '../base/userError';
import {
	addHint,
	findAppId,
	toBulkCall,
	toOutput,
	readItemParams,
	toRows,
	runItem,
	simplify,
} from './runItem';
import type { Bulk, RequestOperation, Values } from './define';
import { pickPath } from './request';

/** An item that can share a bulk call, with its checked values. */
interface BulkItem<C> {
	item: number;
	params: Values;
	values: string[];
	client: C;
}

/** Items that share a call, or the one that had none to share with. */
interface BulkCall<C> {
	items: Array<BulkItem<C>>;
}

/** An operation whose items share calls. */
export type BulkOperation<C> = RequestOperation<C> & { bulk: Bulk };

/** What became of an item. */
export interface ItemOutcome {
	item: number;
	output?: INodeExecutionData[];
	error?: unknown;
}

/**
 * Plans as few calls as possible for the items of a run. Items share a call, in their order, when their other values
 * are equal.
 */
export async function planBulkCalls<C>(
	context: IExecuteFunctions,
	operation: BulkOperation<C>,
	count: number,
	openClient: (item: number) => Promise<C>,
): Promise<{ calls: Array<BulkCall<C>>; failed: ItemOutcome[] }> {
	const { field, size } = operation.bulk;
	const calls: Array<BulkCall<C>> = [];
	const failed: ItemOutcome[] = [];
	const open = new Map<string, BulkCall<C> & { capacity: number }>();
	for (let item = 0; item < count; item++)
		try {
			const params = readItemParams(context, operation, item);
			const client = await openClient(item);
			const { [field]: own, ...others } = params;
			const values = toValues(own);
			const key = writeJson({ appId: findAppId(client), others });
			let call = open.get(key);
			if (!call || call.capacity < values.length) {
				call = { items: [], capacity: size };
				open.set(key, call);
				calls.push(call);
			}
			call.items.push({ item, params, values, client });
			call.capacity -= values.length;
		} catch (error) {
			failed.push({ item, error });
		}
	return { calls, failed };
}

const toValues = (value: unknown): string[] =>
	Array.isArray(value) ? value.map(String) : [String(value)];

/** Makes the call that some items share. When WeChat refuses one of their entries, the others are sent without it. */
export async function runBulkCall<C>(
	context: IExecuteFunctions,
	operation: BulkOperation<C>,
	{ items }: BulkCall<C>,
): Promise<ItemOutcome[]> {
	const [{ item, params, client }] = items;
	try {
		if (items.length === 1)
			return [{ item, output: await runItem(context, operation, item, client, params) }];
		const values = items.flatMap((one) => one.values);
		const answer = await operation.send(client, toBulkCall(operation, client, params, values));
		return items.map((one) => {
			const rows = pickRows(one, operation, answer);
			return Array.isArray(rows)
				? { item: one.item, output: toOutput(context, rows, one.item) }
				: { item: one.item, error: rows };
		});
	} catch (error) {
		const isOne = hasCode(error, ONE_ENTRY_WRONG);
		if (!isOne || items.length === 1) {
			const explained = addHint(operation, error);
			return items.map((one) => ({ item: one.item, error: explained }));
		}
		const half = items.length >> 1;
		return [
			...(await runBulkCall(context, operation, { items: items.slice(0, half) })),
			...(await runBulkCall(context, operation, { items: items.slice(half) })),
		];
	}
}

function pickRows<C>(
	{ values, params, client }: BulkItem<C>,
	operation: BulkOperation<C>,
	answer: Answer,
): IDataObject[] | UserError {
	const { answers } = operation.bulk;
	if (!answers) return toRows(operation, answer, params, client);
	const entries = readList<IDataObject>(pickPath(answer, answers.at));
	const rows: IDataObject[] = [];
	for (const value of values) {
		const found = entries.find((entry) => entry[answers.by] === value);
		if (!found)
			return new UserError(
				`WeChat has left "${value}" out of its answer`,
				undefined,
				`微信的应答中没有“${value}”。`,
			);
		rows.push(operation.simple && params.simple ? simplify(found, operation.simple) : found);
	}
	return rows;
}
