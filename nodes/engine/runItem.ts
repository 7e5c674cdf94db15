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
import { openItemMedia } from './itemMedia';
import { listAll } from './pagination';
import { isWrittenIn, listFields, readParams } from './parameters';
import type {
	Bulk,
	Described,
	Field,
	RequestOperation,
	RequestRun,
	RunOperation,
	Values,
} from './define';
import { toPath, pickPath, toWire, type Wire } from './request';
import {
	openItemFiles,
	prepareUpload,
	readGivenFile,
	readUpload,
	type FileFetcher,
} from './upload';

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
	operation: RunOperation<C>,
	item: number,
	client: C,
	params: Values,
): Promise<INodeExecutionData[]> {
	const media = openItemMedia(context, client, item);
	const attached: Attachment[] = [];
	const io = {
		attach: (field: string, file: Download) => void attached.push({ field, file }),
		readUpload: async (field: Field, name: string) => await readUpload(context, field, name, item),
	};
	const rows = await media.retryLost(async () => {
		const wire = toWire(listFields(operation), params);
		const files = await readUploads(context, wire.files, params, item, client);
		await media.place(wire);
		if (operation.kind === 'request') {
			const call = toCall(operation, wire, params, client, files);
			return await runRequest(operation, client, params, call, io);
		}
		return toRowList(
			await operation.run(params, client, {
				body: wire.body,
				files,
				attach: io.attach,
				itemFiles: openItemFiles(context, item),
			}),
		);
	});
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
	client: unknown,
): Promise<Record<string, Upload>> {
	const uploads: Record<string, Upload> = {};
	for (const [part, field] of Object.entries(fields)) {
		const value = String(params[field.name]);
		const given = await readGivenFile(context, client as FileFetcher, field, value, item);
		uploads[part] = await prepareUpload(field, given);
	}
	return uploads;
}

/** The call that a table describes, with the values of an item in it. */
function toCall<C>(
	operation: RequestOperation<C>,
	{ path, query, body, encrypted }: Omit<Wire, 'files' | 'media'>,
	params: Values,
	client: C,
	files: Record<string, Upload> = {},
): Call {
	const { method, host, bearer, effect, isRepeatable = false, constants } = operation;
	const call: Call = { path: operation.path, method, host, bearer, query, body, isShown: true };
	if (/\{/.test(call.path)) call.path = toPath(call.path, path);
	if (encrypted.length > 0) call.encrypted = encrypted;
	const { ifLost, fields } = operation;
	const secrets = fields?.filter(({ secret }) => secret).map(({ name }) => name);
	if (secrets?.length) call.secrets = secrets;
	call.safe = effect === 'read' || isRepeatable;
	if (ifLost) call.ifLost = ifLost;
	if (constants && method === 'GET') call.query = { ...constants, ...query };
	else if (constants) call.body = { ...constants, ...body };
	if (operation.prepare) call.body = operation.prepare(call.body ?? {}, params, client);
	if (Object.keys(files).length > 0) call.files = files;
	return call;
}

/** The call for these values of the field of {@link Bulk}. The bulk twin of a call is a POST, also where that is none. */
export function toBulkCall<C>(
	operation: RequestOperation<C> & { bulk: Bulk },
	client: C,
	params: Values,
	values: string[],
): Call {
	const { bulk } = operation;
	const all = { ...params, [bulk.field]: values };
	const wire = bulk.body
		? { path: {}, query: {}, body: bulk.body(values, params), encrypted: [] }
		: toWire(listFields(operation), all);
	const call = toCall(operation, wire, all, client);
	return { ...call, path: bulk.path ?? call.path, method: undefined };
}

async function runRequest<C>(
	operation: RequestOperation<C>,
	client: C,
	params: Values,
	call: Call,
	io: Omit<RequestRun<Values, C>['io'], 'list'>,
): Promise<IDataObject[]> {
	const { page, simple, path } = operation;
	const list = async (of = call) => {
		if (!page) throw new Error(`${path} is not a paged list`);
		const send = async (one: Call) => await operation.send(client, one);
		return await listAll(page, of, send, readLimit(params));
	};
	try {
		const rows = operation.run
			? toResult(operation, await operation.run({ params, client, call, io: { ...io, list } }))
			: page
				? (await list()).map((entry) => toRow(entry, page.as))
				: await requestRows(operation, client, params, call, io.attach);
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
	if (!download)
		return toRows(operation, await sendInParts(operation, client, params, call), params, client);
	const file = await operation.fetchFile(client, call);
	if (!isDownload(file))
		throw new UserError(
			'WeChat answered without a file',
			'Run the node again. If it stays so, see whether API Base URL in the credential leads to WeChat.',
			'微信的应答中没有文件：请再次运行节点；若仍如此，请检查凭据中的“接口地址”是否指向微信。',
		);
	attach(String(params[download]), toFile ? toFile(file, params, client) : file);
	return toRows(operation, {}, params, client);
}

/**
 * Sends a list that is longer than a call takes in several calls, one after another, and joins their answers to one.
 * An error ends it, and says how far it came.
 */
async function sendInParts<C>(
	operation: RequestOperation<C>,
	client: C,
	params: Values,
	call: Call,
): Promise<Answer> {
	const { bulk } = operation;
	const values = bulk && params[bulk.field];
	if (!bulk || !Array.isArray(values) || values.length <= bulk.size)
		return await operation.send(client, call);
	const answers: Answer[] = [];
	for (let done = 0; done < values.length; done += bulk.size) {
		const part = (values as string[]).slice(done, done + bulk.size);
		try {
			const one = toBulkCall({ ...operation, bulk }, client, params, part);
			answers.push(await operation.send(client, one));
		} catch (error) {
			throw operation.effect === 'read' ? error : tellProgress(error, values, done, bulk.size);
		}
	}
	return joinAnswers(answers);
}

/** Adds to an error which entries of a list are done: the same list once more would do them again. */
function tellProgress(error: unknown, values: unknown[], done: number, size: number): unknown {
	if (!(error instanceof UserError)) return error;
	const failed = Math.min(size, values.length - done);
	const untried = values.length - done - failed;
	const before = done > 0 ? `${done} are done, up to ${String(values[done - 1])}` : 'none is done';
	const beforeInChinese =
		done > 0 ? `前 ${done} 项已完成（到 ${String(values[done - 1])} 为止）` : '没有一项完成';
	return error.with({
		message: `${error.message}. Of ${values.length} entries ${before}; this is about the next ${failed}, and ${untried} were not tried`,
		chinese: `${error.chinese ?? ''}共 ${values.length} 项，${beforeInChinese}；出错的是其后 ${failed} 项，另有 ${untried} 项没有尝试。`,
	});
}

/** Lists one behind the other; of all else what was said last. */
function joinAnswers(answers: Answer[]): Answer {
	const joined: Answer = {};
	for (const answer of answers)
		for (const [key, value] of Object.entries(answer)) {
			const before = joined[key];
			const areEntries = Array.isArray(before) || Array.isArray(value);
			joined[key] = areEntries ? [...readList(before), ...readList(value)] : value;
		}
	return joined;
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

/**
 * Some answers say next to their list that figures are still missing. One that has a date of its own is of one day, week
 * or month, and one row.
 */
function toSpanRows(answer: Answer): IDataObject[] {
	if (answer.ref_date !== undefined) return [answer as IDataObject];
	const { list, is_delay } = answer;
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
	return error.with({
		hint: `${hint.text} ${error.hint ?? ''}`.trim(),
		chinese: [hint.chinese, error.chinese].filter(Boolean).join(''),
	});
}

/** The account that a client acts for; not every context of operations has one. */
export function findAppId(client: unknown): string | undefined {
	const { appId } = Object(client) as { appId?: unknown };
	return typeof appId === 'string' ? appId : undefined;
}
