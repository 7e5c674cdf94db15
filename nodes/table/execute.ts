import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import type { Call, Client, Download } from '../api/client';
import { explain } from '../host/errors';
import { inOrder } from './concurrency';
import { fieldsOf } from './describe';
import { listAll } from './list';
import { FieldError, readParams } from './params';
import type { Field, Operation, Resource, Run } from './spec';
import { pick, toWire } from './wire';

const CONCURRENCY = 5;

/**
 * Runs the chosen operation for every item: several at a time, results in the order of the items. What
 * goes wrong with one item is that item's, when the node is set to continue on errors.
 */
export async function execute(
	this: IExecuteFunctions,
	resources: Resource[],
	client: Pick<Client, 'send' | 'download'>,
	items = this.getInputData(),
): Promise<INodeExecutionData[][]> {
	const options = this.getNodeParameter('options', 0, {}) as { concurrency?: number };
	const results = await inOrder(
		items,
		Math.max(1, Number(options.concurrency) || CONCURRENCY),
		async (_, item) => {
			try {
				return await runItem.call(this, findOperation.call(this, resources, item), item, client);
			} catch (error) {
				const shown = explain(this.getNode(), toNodeError.call(this, error, item), item);
				if (!this.continueOnFail()) throw shown;
				const json: IDataObject = { error: shown.message };
				return [{ json, error: shown as NodeOperationError, pairedItem: { item } }];
			}
		},
	);
	return [results.flat()];
}

function findOperation(this: IExecuteFunctions, resources: Resource[], item: number): Operation {
	const resource = this.getNodeParameter('resource', item) as unknown;
	const operation = this.getNodeParameter('operation', item) as unknown;
	const found = resources
		.find(({ value }) => value === resource)
		?.operations.find(({ value }) => value === operation);
	if (found) return found;
	throw new NodeOperationError(
		this.getNode(),
		`There is no operation "${String(operation)}" of "${String(resource)}"`,
		{ itemIndex: item, description: 'Choose Resource and Operation from their menus.' },
	);
}

async function runItem(
	this: IExecuteFunctions,
	operation: Operation,
	item: number,
	client: Pick<Client, 'send' | 'download'>,
): Promise<INodeExecutionData[]> {
	const fields = fieldsOf(operation);
	const params = readParams(fields, (field) => valueOf.call(this, field, item));
	const { path, method, host, withoutToken, page } = operation;
	const call: Call = { path, method, host, withoutToken, ...toWire(fields, params) };
	const files: Array<{ field: string; file: Download }> = [];
	const run: Run<IDataObject> = {
		params,
		call,
		send: client.send,
		download: client.download,
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
	const output = this.helpers.constructExecutionMetaData(this.helpers.returnJsonArray(rows), {
		itemData: { item },
	});
	for (const { field, file } of files)
		(output[0].binary ??= {})[field] = await this.helpers.prepareBinaryData(
			file.bytes,
			file.fileName || undefined,
			file.contentType || undefined,
		);
	return output;
}

async function resultOf(operation: Operation, run: Run<IDataObject>): Promise<IDataObject[]> {
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

function valueOf(this: IExecuteFunctions, { name, type, default: fallback }: Field, item: number) {
	const options = type === 'resourceLocator' ? { extractValue: true } : undefined;
	return this.getNodeParameter(name, item, fallback, options);
}

function toNodeError(this: IExecuteFunctions, error: unknown, itemIndex: number): unknown {
	if (!(error instanceof FieldError)) return error;
	const { message, description } = error;
	return new NodeOperationError(this.getNode(), message, { itemIndex, description });
}
