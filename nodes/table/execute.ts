import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import type { Call, Download } from '../api/client';
import { explain } from '../host/errors';
import { inOrder } from './concurrency';
import { fieldsOf } from './describe';
import { listAll } from './list';
import { readParams } from './params';
import type { Field, Operation, Resource, Run, Sender } from './spec';
import { pick, toWire } from './wire';

const CONCURRENCY = 5;

/**
 * Runs the chosen operation for every item: several at a time, results in the order of the items. What
 * goes wrong with one item is that item's, when the node is set to continue on errors.
 */
export async function execute<C extends Sender>(
	context: IExecuteFunctions,
	resources: Array<Resource<C>>,
	clientOf: (item: number) => Promise<C>,
	items = context.getInputData(),
): Promise<INodeExecutionData[][]> {
	const options = context.getNodeParameter('options', 0, {}) as { concurrency?: number };
	const results = await inOrder(
		items,
		Math.max(1, Number(options.concurrency) || CONCURRENCY),
		async (_, item) => {
			try {
				const operation = findOperation(context, resources, item);
				return await runItem(context, operation, item, await clientOf(item));
			} catch (error) {
				const shown = explain(context.getNode(), error, item);
				if (!context.continueOnFail()) throw shown;
				const json: IDataObject = { error: shown.message };
				return [{ json, error: shown as NodeOperationError, pairedItem: { item } }];
			}
		},
	);
	return [results.flat()];
}

function findOperation<C extends Sender>(
	context: IExecuteFunctions,
	resources: Array<Resource<C>>,
	item: number,
): Operation<readonly Field[], C> {
	const resource = context.getNodeParameter('resource', item) as unknown;
	const operation = context.getNodeParameter('operation', item) as unknown;
	const found = resources
		.find(({ value }) => value === resource)
		?.operations.find(({ value }) => value === operation);
	if (found) return found;
	throw new NodeOperationError(
		context.getNode(),
		`There is no operation "${String(operation)}" of "${String(resource)}"`,
		{ itemIndex: item, description: 'Choose Resource and Operation from their menus.' },
	);
}

async function runItem<C extends Sender>(
	context: IExecuteFunctions,
	operation: Operation<readonly Field[], C>,
	item: number,
	client: C,
): Promise<INodeExecutionData[]> {
	const fields = fieldsOf(operation);
	const params = readParams(fields, (field) => valueOf(context, field, item));
	const { path = '', method, host, bearer, page } = operation;
	const call: Call = { path, method, host, bearer, ...toWire(fields, params) };
	const files: Array<{ field: string; file: Download }> = [];
	const run: Run<IDataObject, C> = {
		...client,
		params,
		call,
		attach: (field, file) => files.push({ field, file }),
		list: async () => {
			if (!page) throw new Error(`${path} is not a paged list`);
			return await listAll(
				page,
				call,
				client.send,
				params.returnAll ? Infinity : Number(params.limit),
			);
		},
	};
	const rows = await resultOf(operation, run);
	const { helpers } = context;
	const output = helpers.constructExecutionMetaData(helpers.returnJsonArray(rows), {
		itemData: { item },
	});
	for (const { field, file } of files)
		(output[0].binary ??= {})[field] = await helpers.prepareBinaryData(
			file.bytes,
			file.fileName || undefined,
			file.contentType || undefined,
		);
	return output;
}

async function resultOf<C extends Sender>(
	operation: Operation<readonly Field[], C>,
	run: Run<IDataObject, C>,
): Promise<IDataObject[]> {
	const { page, pick: path, done = { success: true } } = operation;
	if (operation.run) return asRows(await operation.run(run));
	if (page)
		return (await run.list()).map((entry) =>
			page.as ? { [page.as]: entry as string } : (entry as IDataObject),
		);
	const answer = await run.send(run.call);
	if (Object.keys(answer).length === 0) return [done];
	return asRows((path ? pick(answer, path) : answer) as object);
}

const asRows = (result: object) => (Array.isArray(result) ? result : [result]) as IDataObject[];

function valueOf(
	context: IExecuteFunctions,
	{ name, type, default: fallback }: Field,
	item: number,
) {
	const options = type === 'resourceLocator' ? { extractValue: true } : undefined;
	return context.getNodeParameter(name, item, fallback, options);
}
