import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { hasCode, QUOTA_REACHED } from '../api/returnCodes';
import { toNodeError } from '../n8n/nodeError';
import { planBulkCalls, runBulkCall, type BulkOperation, type ItemOutcome } from './bulk';
import { mapWithLimit } from '../base/mapWithLimit';
import { findAppId, readItemParams, runItem, toOutput } from './runItem';
import { createSendOnce, isWrite } from './sentItems';
import type { Operation, RequestOperation, Resource, Wait } from './define';
import { createAloneError, runPause } from './runPause';
import { waitForEnd } from './waitForEnd';

const CONCURRENCY = 5;

/**
 * Runs the chosen operation for every item: several calls at a time, results in the order of the items. An error
 * belongs to its item when the node is set to continue on errors.
 *
 * @param concurrency How many at a time, where the node does not say so; 1 when what they do has an order.
 */
export async function execute<C>(
	context: IExecuteFunctions,
	resources: Array<Resource<C>>,
	openClient: (item: number) => Promise<C>,
	items = context.getInputData(),
	concurrency = CONCURRENCY,
): Promise<INodeExecutionData[][]> {
	const options = context.getNodeParameter('options', 0, {}) as { concurrency?: number };
	const limit = Math.max(1, Number(options.concurrency) || concurrency);
	/** Accounts for which WeChat takes no more calls today: asking again for each item would not help. */
	const exhausted = new Map<string | undefined, unknown>();

	function toItems({ item, output, error }: ItemOutcome): INodeExecutionData[] {
		if (output) return output;
		const shown = toNodeError(context.getNode(), error, item);
		if (!context.continueOnFail()) throw shown;
		const json: IDataObject = { error: shown.message };
		return [{ json, error: shown as NodeOperationError, pairedItem: { item } }];
	}

	async function runWithinQuota(
		client: C,
		of: number[],
		work: () => Promise<ItemOutcome[]>,
	): Promise<ItemOutcome[]> {
		const known = exhausted.get(findAppId(client));
		if (known) return of.map((item) => ({ item, error: known }));
		const outcomes = await work();
		const end = outcomes.find(({ error }) => error && hasCode(error, QUOTA_REACHED));
		if (end) exhausted.set(findAppId(client), end.error);
		return outcomes;
	}

	const first = items.length > 0 ? findOperation(context, resources, 0) : undefined;
	if (first && hasBulk(first) && items.length > 1) {
		const { calls, failed } = await planBulkCalls(context, first, items.length, openClient);
		const finished = await mapWithLimit(calls, limit, async (call) => {
			const sharing = call.items.map(({ item }) => item);
			const outcomes = await runWithinQuota(
				call.items[0].client,
				sharing,
				async () => await runBulkCall(context, first, call),
			);
			return outcomes.map((one) => ({ item: one.item, output: toItems(one) }));
		});
		const outputs: INodeExecutionData[][] = [];
		for (const { item, output } of finished.flat()) outputs[item] = output;
		for (const outcome of failed) outputs[outcome.item] = toItems(outcome);
		return [outputs.flat()];
	}

	const sendOnce = createSendOnce(context, items);
	if (first?.kind === 'pause') {
		const work = async () => await runPause(context, first, items, openClient);
		return [toItems(await sendOnce(0, work))];
	}
	const results = await mapWithLimit(items, limit, async (_, item) => {
		try {
			const operation = findOperation(context, resources, item);
			const work = async () => await runOne(operation, item);
			const sent = isWrite(operation) ? await sendOnce(item, work) : await work();
			return toItems(await finishOne(operation, sent));
		} catch (error) {
			return toItems({ item, error });
		}
	});
	return [results.flat()];

	async function runOne(operation: Operation<C>, item: number): Promise<ItemOutcome> {
		try {
			if (operation.kind === 'pause') throw createAloneError(items.length);
			const client = await openClient(item);
			const params = readItemParams(context, operation, item);
			const [outcome] = await runWithinQuota(client, [item], async () => [
				await runItem(context, operation, item, client, params).then(
					(output) => ({ item, output }),
					(error: unknown) => ({ item, error }),
				),
			]);
			return outcome;
		} catch (error) {
			return { item, error };
		}
	}

	/** Outside of what is sent once: a retry of n8n sends nothing again, and goes on waiting. */
	async function finishOne(operation: Operation<C>, begun: ItemOutcome): Promise<ItemOutcome> {
		if (!begun.output || !hasWait(operation)) return begun;
		const { item } = begun;
		const client = await openClient(item);
		const { wait, waitMinutes } = readItemParams(context, operation, item);
		if (!wait) return begun;
		const [{ json: answer }] = begun.output;
		const state = await waitForEnd(operation.wait, answer, {
			send: async (call) => await operation.send(client, call),
			clock: operation.findClock(client),
			minutes: Number(waitMinutes),
			isCancelled: () => context.getExecutionCancelSignal()?.aborted === true,
		});
		return { item, output: toOutput(context, [{ ...answer, ...state } as IDataObject], item) };
	}
}

const hasWait = <C>(operation: Operation<C>): operation is RequestOperation<C> & { wait: Wait } =>
	operation.kind === 'request' && operation.wait !== undefined;

const hasBulk = <C>(operation: Operation<C>): operation is BulkOperation<C> =>
	operation.kind === 'request' && operation.bulk !== undefined;

function findOperation<C>(
	context: IExecuteFunctions,
	resources: Array<Resource<C>>,
	item: number,
): Operation<C> {
	const read = (name: string) => context.getNodeParameter(name, item) as unknown;
	const resource = read('resource');
	const of = resources.find(({ value }) => value === resource);
	const operation = read('operation');
	const { choice } = of ?? {};
	const chosen = choice && choice.value === operation ? read(choice.field.name) : undefined;
	const wanted = choice ? chosen : operation;
	const found = of?.operations.find(({ value }) => value === wanted);
	if (found) return found;
	throw new NodeOperationError(
		context.getNode(),
		`There is no operation "${String(chosen ?? operation)}" of "${String(resource)}"`,
		{
			itemIndex: item,
			description: 'Choose Resource and Operation from their menus.\n请从菜单中选择资源和操作。',
		},
	);
}
