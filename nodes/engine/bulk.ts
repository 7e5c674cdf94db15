import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ApiError } from '../api/apiError';
import { UserError } from '../base/userError';
import { listFields } from './properties';
import { toOutput, readItemParams, toRows, runItem, simplify } from './runItem';
import type { Batch, Field, Operation, Sender } from './define';
import { pickPath, toWire } from './request';

/** An item that waits to go along with others. */
interface BulkItem<C> {
	item: number;
	params: IDataObject;
	values: string[];
	client: C;
}

/** Items that share a call, or the one that had none to share with. */
export interface BulkCall<C> {
	passengers: Array<BulkItem<C>>;
}

/** What became of an item. */
export interface ItemOutcome {
	item: number;
	output?: INodeExecutionData[];
	error?: unknown;
}

/** What WeChat says of one entry of a list: the other ones are right. */
const OF_ONE_ENTRY: ReadonlySet<number | string> = new Set([40003, 45059, 45171, 49003]);

/**
 * Gathers the items of a run into as few calls as possible: items whose other values are the same share
 * calls, in their order. Items whose values are wrong are told so at once.
 */
export async function planBulkCalls<C extends Sender & { appId?: string }>(
	context: IExecuteFunctions,
	operation: Operation<readonly Field[], C>,
	batch: Batch,
	count: number,
	clientOf: (item: number) => Promise<C>,
): Promise<{ rides: Array<BulkCall<C>>; failed: ItemOutcome[] }> {
	const rides: Array<BulkCall<C>> = [];
	const failed: ItemOutcome[] = [];
	const open = new Map<string, BulkCall<C> & { seats: number }>();
	for (let item = 0; item < count; item++)
		try {
			const params = readItemParams(context, operation, item);
			const client = await clientOf(item);
			const values = [params[batch.field]].flat() as string[];
			const { [batch.field]: _, ...others } = params;
			const key = JSON.stringify([client.appId, others]);
			let ride = open.get(key);
			if (!ride || ride.seats < values.length) {
				ride = { passengers: [], seats: batch.size };
				open.set(key, ride);
				rides.push(ride);
			}
			ride.passengers.push({ item, params, values, client });
			ride.seats -= values.length;
		} catch (error) {
			failed.push({ item, error });
		}
	return { rides, failed };
}

/** Makes the call that some items share. When WeChat refuses one of their entries, the others go on without it. */
export async function runBulkCall<C extends Sender>(
	context: IExecuteFunctions,
	operation: Operation<readonly Field[], C>,
	batch: Batch,
	passengers: Array<BulkItem<C>>,
): Promise<ItemOutcome[]> {
	const [{ item, params, client }] = passengers;
	try {
		if (passengers.length === 1)
			return [{ item, output: await runItem(context, operation, item, client) }];
		const values = passengers.flatMap((one) => one.values);
		const { query, body } = batch.body
			? { query: undefined, body: batch.body(values, params) }
			: toWire(listFields(operation), { ...params, [batch.field]: values });
		const path = batch.path ?? operation.path ?? '';
		const answer = await client.send({ path, query, body, safe: operation.safe });
		return passengers.map((one) => {
			const rows = pickRows(one, operation, batch, answer);
			return Array.isArray(rows)
				? { item: one.item, output: toOutput(context, rows, one.item) }
				: { item: one.item, error: rows };
		});
	} catch (error) {
		const isOne = error instanceof ApiError && OF_ONE_ENTRY.has(error.code);
		if (!isOne || passengers.length === 1)
			return passengers.map((one) => ({ item: one.item, error }));
		const half = passengers.length >> 1;
		return [
			...(await runBulkCall(context, operation, batch, passengers.slice(0, half))),
			...(await runBulkCall(context, operation, batch, passengers.slice(half))),
		];
	}
}

function pickRows<C extends Sender>(
	{ values, params }: BulkItem<C>,
	operation: Operation<readonly Field[], C>,
	{ answers }: Batch,
	answer: object,
): IDataObject[] | UserError {
	if (!answers) return toRows(operation, answer);
	const entries = (pickPath(answer, answers.at) ?? []) as IDataObject[];
	const rows: IDataObject[] = [];
	for (const value of values) {
		const found = entries.find((entry) => entry[answers.by] === value);
		if (!found) return new UserError(`WeChat has left "${value}" out of its answer`);
		rows.push(operation.simple && params.simple ? simplify(found, operation.simple) : found);
	}
	return rows;
}
