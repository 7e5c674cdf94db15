import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Call, Download } from '../api/client';
import { inOrder } from './concurrency';
import { fieldsOf } from './describe';
import { listAll } from './list';
import { readParams } from './params';
import type { Field, Operation, Run, Sender } from './spec';
import { uploadOf } from './upload';
import { pick, toWire } from './wire';

/** The checked values of an operation for one item. */
export const paramsOf = (
	context: IExecuteFunctions,
	operation: Pick<Operation, 'fields' | 'page' | 'simple'>,
	item: number,
): IDataObject =>
	readParams(fieldsOf(operation), ({ name, type, default: fallback }) =>
		context.getNodeParameter(
			name,
			item,
			fallback,
			type === 'resourceLocator' ? { extractValue: true } : undefined,
		),
	);

/** Runs an operation for one item. */
export async function runItem<C extends Sender>(
	context: IExecuteFunctions,
	operation: Operation<readonly Field[], C>,
	item: number,
	client: C,
): Promise<INodeExecutionData[]> {
	const params = paramsOf(context, operation, item);
	const { path = '', method, host, bearer, page, safe = page && true } = operation;
	const { files: fileFields, ...wire } = toWire(fieldsOf(operation), params);
	const call: Call = { path, method, host, bearer, safe, ...wire };
	const uploads = await inOrder(Object.entries(fileFields), 1, async ([part, field]) => [
		part,
		await uploadOf(context, field, String(params[field.name]), item),
	]);
	if (uploads.length > 0) call.files = Object.fromEntries(uploads) as Call['files'];

	const attached: Array<{ field: string; file: Download }> = [];
	const rows = await resultOf(operation, {
		...client,
		params,
		call,
		attach: (field, file) => attached.push({ field, file }),
		list: async () => {
			if (!page) throw new Error(`${path} is not a paged list`);
			const limit = params.returnAll ? Infinity : Number(params.limit);
			return await listAll(page, call, client.send, limit);
		},
	});
	const output = outputOf(context, rows, item);
	for (const { field, file } of attached)
		(output[0].binary ??= {})[field] = await context.helpers.prepareBinaryData(
			file.bytes,
			file.fileName || undefined,
			file.contentType || undefined,
		);
	return output;
}

export function outputOf(
	{ helpers }: IExecuteFunctions,
	rows: IDataObject[],
	item: number,
): INodeExecutionData[] {
	return helpers.constructExecutionMetaData(helpers.returnJsonArray(rows), { itemData: { item } });
}

async function resultOf<C extends Sender>(
	operation: Operation<readonly Field[], C>,
	run: Run<IDataObject, C>,
): Promise<IDataObject[]> {
	const { page, simple } = operation;
	const rows = operation.run
		? asRows(await operation.run(run))
		: page
			? (await run.list()).map((entry) => rowOf(entry, page.as))
			: rowsOf(operation, await run.send(run.call));
	return simple && run.params.simple ? rows.map((row) => simplified(row, simple)) : rows;
}

/** What an answer becomes. */
export function rowsOf(
	{ pick: path, done = { success: true } }: Pick<Operation, 'pick' | 'done'>,
	answer: object,
): IDataObject[] {
	if (Object.keys(answer).length === 0) return [done];
	return asRows((path ? pick(answer, path) : answer) as object);
}

const rowOf = (entry: unknown, as: string | undefined) =>
	as ? { [as]: entry as string } : (entry as IDataObject);

const asRows = (result: object) => (Array.isArray(result) ? result : [result]) as IDataObject[];

export const simplified = (row: IDataObject, keys: string[]): IDataObject =>
	Object.fromEntries(keys.filter((key) => key in row).map((key) => [key, row[key]]));
