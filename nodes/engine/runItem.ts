import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Answer, Call } from '../api/apiClient';
import { isDownload, type Download } from '../api/download';
import { readList } from '../api/response';
import { hasCode } from '../api/returnCodes';
import { isNotFound } from '../base/connectionError';
import { splitSpans } from './beijingTime';
import { mapWithLimit } from '../base/mapWithLimit';
import type { Upload } from '../base/multipart';
import { UserError } from '../base/userError';
import { toBinaryData } from '../n8n/binaryFile';
import { readLimit } from './fields';
import { listAll } from './pagination';
import { isWrittenIn, listFields, readParams } from './parameters';
import type { Described, Operation, RequestOperation, RequestRun, Values } from './define';
import { pickPath, toWire, type Wire } from './request';
import { readUpload } from './upload';

/** How many calls of one range of days are under way at a time. */
const SPANS_AT_A_TIME = 5;

/** A file and the binary field that it goes into. */
interface Attachment {
	field: string;
	file: Download;
}

/** The checked values of an operation for one item. */
export const readItemParams = (
	context: IExecuteFunctions,
	operation: Described,
	item: number,
): Values =>
	readParams(
		listFields(operation),
		({ name, default: fallback }) => context.getNodeParameter(name, item, fallback),
		isWrittenIn(context.getNode().parameters),
	);

/** Runs an operation for one item, with the values that {@link readItemParams} has read. */
export async function runItem<C>(
	context: IExecuteFunctions,
	operation: Operation<C>,
	item: number,
	client: C,
	params: Values,
): Promise<INodeExecutionData[]> {
	const { files: fileFields, ...wire } = toWire(listFields(operation), params);
	const files = await readUploads(context, fileFields, params, item);
	const attached: Attachment[] = [];
	const attach = (field: string, file: Download) => void attached.push({ field, file });
	const rows =
		operation.kind === 'local'
			? toRowList(await operation.run(params, client, { body: wire.body, files, attach }))
			: await runRequest(operation, client, params, toCall(operation, wire, files), attach);
	const output = toOutput(context, rows, item);
	for (const { field, file } of attached)
		(output[0].binary ??= {})[field] = await toBinaryData(context.helpers, file);
	return output;
}

async function readUploads(
	context: IExecuteFunctions,
	fields: Wire['files'],
	params: Values,
	item: number,
): Promise<Record<string, Upload>> {
	const uploads: Record<string, Upload> = {};
	for (const [part, field] of Object.entries(fields))
		uploads[part] = await readUpload(context, field, String(params[field.name]), item);
	return uploads;
}

/** The call that a table describes, with the values of an item in it. */
export function toCall<C>(
	{ path, method, host, bearer, effect, isRepeatable = false, constants }: RequestOperation<C>,
	{ query, body }: Pick<Wire, 'query' | 'body'>,
	files: Record<string, Upload> = {},
): Call {
	const call: Call = { path, method, host, bearer, query, body };
	call.safe = effect === 'read' || isRepeatable;
	if (constants && method === 'GET') call.query = { ...constants, ...query };
	else if (constants) call.body = { ...constants, ...body };
	if (Object.keys(files).length > 0) call.files = files;
	return call;
}

async function runRequest<C>(
	operation: RequestOperation<C>,
	client: C,
	params: Values,
	described: Call,
	attach: RequestRun<Values, C>['io']['attach'],
): Promise<IDataObject[]> {
	const { page, simple, path, prepare } = operation;
	const body = prepare?.(described.body ?? {}, params, client);
	const call = body ? { ...described, body } : described;
	const list = async () => {
		if (!page) throw new Error(`${path} is not a paged list`);
		const send = async (one: Call) => await operation.send(client, one);
		return await listAll(page, call, send, readLimit(params));
	};
	try {
		const rows = operation.run
			? toResult(operation, await operation.run({ params, client, call, io: { list, attach } }))
			: page
				? (await list()).map((entry) => toRow(entry, page.as))
				: await requestRows(operation, client, params, call, attach);
		return simple && params.simple ? rows.map((row) => simplify(row, simple)) : rows;
	} catch (error) {
		throw addHint(operation, error);
	}
}

async function requestRows<C>(
	operation: RequestOperation<C>,
	client: C,
	params: Values,
	call: Call,
	attach: RequestRun<Values, C>['io']['attach'],
): Promise<IDataObject[]> {
	const { dateSpans, download, toFile } = operation;
	if (dateSpans) return await requestSpans(operation, client, params, call);
	if (!download) return toRows(operation, await operation.send(client, call), params, client);
	const file = await operation.fetchFile(client, call);
	if (!isDownload(file))
		throw new UserError(
			'WeChat answered without a file',
			'Run the node again. If it stays so, see whether API Base URL in the credential leads to WeChat.',
		);
	attach(String(params[download]), toFile ? toFile(file, params, client) : file);
	return toRows(operation, {}, params, client);
}

/** Asks for any range of days in the spans that WeChat allows for a call, and joins the answers in their order. */
async function requestSpans<C>(
	operation: RequestOperation<C>,
	client: C,
	{ begin_date, end_date }: Values,
	call: Call,
): Promise<IDataObject[]> {
	const spans = splitSpans(operation.dateSpans ?? 1, begin_date, end_date, Date.now());
	const answers = await mapWithLimit(
		spans,
		SPANS_AT_A_TIME,
		async (span) => await operation.send(client, { ...call, body: { ...call.body, ...span } }),
	);
	return answers.flatMap(toSpanRows);
}

/** Some answers say next to their list that figures are still missing. */
function toSpanRows({ list, is_delay }: Answer): IDataObject[] {
	const rows = readList<IDataObject>(list);
	return is_delay === undefined
		? rows
		: rows.map((row) => ({ ...row, is_delay: is_delay as boolean }));
}

export function toOutput(
	{ helpers }: IExecuteFunctions,
	rows: IDataObject[],
	item: number,
): INodeExecutionData[] {
	return helpers.constructExecutionMetaData(helpers.returnJsonArray(rows), { itemData: { item } });
}

/** What an answer becomes. */
export function toRows<C>(
	operation: RequestOperation<C>,
	answer: Answer,
	params: Values,
	client: C,
): IDataObject[] {
	const { pick: path, present } = operation;
	if (present) return toResult(operation, present(answer, params, client));
	const isDone = Object.keys(answer).length === 0;
	const picked = path && !isDone ? pickPath(answer, path) : undefined;
	return toResult(operation, picked ?? answer);
}

/** An answer of nothing but "ok" has left nothing. */
function toResult<C>(
	{ done = { success: true } }: RequestOperation<C>,
	result: object,
): IDataObject[] {
	return toRowList(Object.keys(result).length === 0 && !Array.isArray(result) ? done : result);
}

const toRow = (entry: unknown, as: string | undefined) =>
	as ? { [as]: entry as string } : (entry as IDataObject);

const toRowList = (result: object) => (Array.isArray(result) ? result : [result]) as IDataObject[];

export const simplify = (row: IDataObject, keys: readonly string[]): IDataObject =>
	Object.fromEntries(keys.filter((key) => key in row).map((key) => [key, row[key]]));

/** Adds to an error what this operation knows about its code. */
export function addHint(
	{ hint }: Pick<RequestOperation<unknown>, 'hint'>,
	error: unknown,
): unknown {
	if (!hint || !(hasCode(error, hint.codes) || isNotFound(error))) return error;
	return error.with({ hint: `${hint.text} ${error.hint ?? ''}`.trim() });
}

/** The account that a client acts for; not every context of operations has one. */
export function findAppId(client: unknown): string | undefined {
	const { appId } = Object(client) as { appId?: unknown };
	return typeof appId === 'string' ? appId : undefined;
}
