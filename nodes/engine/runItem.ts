import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Call, Download } from '../api/apiClient';
import { mapWithLimit } from '../base/mapWithLimit';
import { listFields } from './properties';
import { listAll } from './pagination';
import { readParams } from './parameters';
import type { Field, Operation, Run, Sender } from './define';
import { readUpload, pickPath, toWire } from './request';

/** The checked values of an operation for one item. */
export const readItemParams = (
	context: IExecuteFunctions,
	operation: Pick<Operation, 'fields' | 'page' | 'simple'>,
	item: number,
): IDataObject =>
	readParams(listFields(operation), ({ name, type, default: fallback }) =>
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
	const params = readItemParams(context, operation, item);
	const { path = '', method, host, bearer, page, safe = page && true } = operation;
	const { files: fileFields, ...wire } = toWire(listFields(operation), params);
	const call: Call = { path, method, host, bearer, safe, ...wire };
	const uploads = await mapWithLimit(Object.entries(fileFields), 1, async ([part, field]) => [
		part,
		await readUpload(context, field, String(params[field.name]), item),
	]);
	if (uploads.length > 0) call.files = Object.fromEntries(uploads) as Call['files'];

	const attached: Array<{ field: string; file: Download }> = [];
	const rows = await readResult(operation, {
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
	const output = toOutput(context, rows, item);
	for (const { field, file } of attached)
		(output[0].binary ??= {})[field] = await context.helpers.prepareBinaryData(
			file.bytes,
			file.fileName || undefined,
			file.contentType || undefined,
		);
	return output;
}

export function toOutput(
	{ helpers }: IExecuteFunctions,
	rows: IDataObject[],
	item: number,
): INodeExecutionData[] {
	return helpers.constructExecutionMetaData(helpers.returnJsonArray(rows), { itemData: { item } });
}

async function readResult<C extends Sender>(
	operation: Operation<readonly Field[], C>,
	run: Run<IDataObject, C>,
): Promise<IDataObject[]> {
	const { page, simple } = operation;
	const rows = operation.run
		? toRowList(await operation.run(run))
		: page
			? (await run.list()).map((entry) => toRow(entry, page.as))
			: toRows(operation, await run.send(run.call));
	return simple && run.params.simple ? rows.map((row) => simplify(row, simple)) : rows;
}

/** What an answer becomes. */
export function toRows(
	{ pick: path, done = { success: true } }: Pick<Operation, 'pick' | 'done'>,
	answer: object,
): IDataObject[] {
	if (Object.keys(answer).length === 0) return [done];
	return toRowList((path ? pickPath(answer, path) : answer) as object);
}

const toRow = (entry: unknown, as: string | undefined) =>
	as ? { [as]: entry as string } : (entry as IDataObject);

const toRowList = (result: object) => (Array.isArray(result) ? result : [result]) as IDataObject[];

export const simplify = (row: IDataObject, keys: string[]): IDataObject =>
	Object.fromEntries(keys.filter((key) => key in row).map((key) => [key, row[key]]));
