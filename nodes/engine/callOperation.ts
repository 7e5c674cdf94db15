import type { Bearer, Call, Client } from '../api/apiClient';
import { ApiError } from '../api/apiError';
import { isDownload, type Download } from '../api/download';
import { isOfPlatform, listCallFields, listFixedQuery } from '../callCatalog/callFields';
import { checkHasNoSecret, removeSecrets } from '../callCatalog/callSecrets';
import { checkEnteredPath, checkIsAllowed } from '../callCatalog/enteredCall';
import { findKnownCall, type Catalogs } from '../callCatalog/knownCalls';
import { isNotFound } from '../base/connectionError';
import type { HttpMethod } from '../base/http';
import { writeJson } from '../base/json';
import type { Upload } from '../base/multipart';
import { UserError } from '../base/userError';
import { createLocator } from '../n8n/locator';
import { readCallValues } from './callValues';
import type { Params, RequestRun, Values } from './define';
import { binaryField } from './fields';
import type { Field } from './fieldTypes';
import { toPath } from './request';

const known = { displayOptions: { show: { callFrom: ['list'] } } };
const other = { displayOptions: { show: { callFrom: ['path'] } } };

const name = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. openid',
	description: 'As it stands on the page of the call',
} as const satisfies Field;

/** Rows of names and values. */
const createRows = <const N extends string>(rows: N, displayName: string) =>
	({
		displayName,
		name: rows,
		type: 'fixedCollection',
		wire: false,
		typeOptions: { multipleValues: true },
		default: {},
		placeholder: 'Add Field',
		options: [
			{
				displayName: 'Field',
				name: 'field',
				values: [
					name,
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						description: 'Sent as text, also when it is empty',
					},
				],
			},
		],
	}) as const satisfies Field;

/** What the calls of a server are like, in the words of the editor. */
interface CallWords<M extends HttpMethod> {
	methods: readonly M[];
	/** About how many calls are in the list. */
	known: string;
	/** How a call is entered by its key in place of choosing it. */
	key: { placeholder: string; format: { regex: string; errorMessage: string } };
	/** A path as somebody enters it. */
	path: string;
	/** What is said of paths. */
	pathNote: string;
}

/** Methods of requests without a body. */
const BODILESS: readonly HttpMethod[] = ['DELETE', 'GET'];

/** The fields of an operation that makes any call of a server, see {@link runCall}. */
export const createCallFields = <M extends HttpMethod>(words: CallWords<M>) => {
	const posted = {
		callFrom: ['path'],
		method: words.methods.filter((method) => !BODILESS.includes(method)),
	};
	// The editor drops a list when the field that it shows by changes, and the list stays in sight. Body hides it anyway.
	const listed = posted.method.length > 1 ? { callFrom: ['path'] } : posted;
	return [
		{
			displayName: 'Find Call (查找接口)',
			name: 'callFrom',
			type: 'options',
			wire: false,
			options: [
				{
					name: 'By Path (其他接口)',
					value: 'path',
					description: 'A call that the list does not know yet',
				},
				{
					name: 'In List (已知接口)',
					value: 'list',
					description: `One of about ${words.known} known calls, with a form for its fields`,
				},
			],
			default: 'list',
			description: 'How to say which call to make',
		},
		{
			displayName: 'Call (接口)',
			name: 'call',
			...createLocator('searchCalls', {
				label: 'Known Path',
				...words.key,
			}),
			wire: false,
			required: true,
			...known,
			description:
				'Search by words of its path or title, in English or Chinese (中文名称或路径); several words in any order',
		},
		{
			displayName: 'Fields',
			name: 'callFields',
			type: 'resourceMapper',
			wire: false,
			noDataExpression: true,
			typeOptions: {
				loadOptionsDependsOn: ['call.value'],
				resourceMapper: {
					resourceMapperMethod: 'getCallFields',
					mode: 'add',
					fieldWords: { singular: 'field', plural: 'fields' },
					addAllFields: false,
					supportAutoMap: false,
					noFieldsError: 'This call takes no fields (此接口没有参数)',
				},
			},
			default: { mappingMode: 'defineBelow', value: null },
			...known,
			description:
				'Under the names that WeChat has for them. Lists and objects are JSON, times those of Beijing, amounts in fen (分). Files are named by their binary field.',
		},
		{
			displayName: 'Method (请求方法)',
			name: 'method',
			type: 'options',
			wire: false,
			options: words.methods.map((method) => ({ name: method, value: method })),
			default: 'POST',
			...other,
			description: 'As on the page of the call',
		},
		{
			displayName: 'Path (路径)',
			name: 'path',
			type: 'string',
			wire: false,
			required: true,
			default: '',
			placeholder: words.path,
			...other,
			description: words.pathNote,
		},
		{
			...createRows('query', 'Query'),
			...other,
			description:
				'What stands behind the question mark on the page of the call, without the token',
		},
		{
			displayName: 'Body (请求内容)',
			name: 'bodyKind',
			type: 'options',
			wire: false,
			options: [
				{ name: 'Fields', value: 'fields', description: 'A JSON object of texts' },
				{ name: 'Form With Files', value: 'form', description: 'Files from binary fields' },
				{ name: 'JSON', value: 'json' },
				{ name: 'None', value: 'none' },
			],
			default: 'json',
			displayOptions: { show: posted },
			description: 'How to say what the call sends',
		},
		{
			displayName: 'JSON',
			name: 'bodyJson',
			type: 'json',
			as: 'json',
			wire: false,
			required: true,
			default: '{}',
			displayOptions: { show: { ...posted, bodyKind: ['json'] } },
			description: 'Sent as entered. Long numbers keep their digits.',
		},
		{
			...createRows('bodyFields', 'Body Fields'),
			displayOptions: { show: { ...listed, bodyKind: ['fields'] } },
			description: 'Sent as texts. For numbers, lists and objects choose JSON above.',
		},
		{
			...createRows('formFields', 'Form Fields'),
			displayOptions: { show: { ...listed, bodyKind: ['form'] } },
			description: 'What goes with the files',
		},
		{
			displayName: 'Files (文件)',
			name: 'files',
			type: 'fixedCollection',
			wire: false,
			typeOptions: { multipleValues: true },
			default: {},
			placeholder: 'Add File',
			displayOptions: { show: { ...listed, bodyKind: ['form'] } },
			options: [
				{
					displayName: 'File',
					name: 'file',
					values: [
						{ ...name, placeholder: 'e.g. media', description: 'Of the part of the form' },
						{
							displayName: 'Input Binary Field',
							name: 'binaryField',
							type: 'string',
							required: true,
							default: 'data',
							hint: 'The name of the input binary field containing the file',
						},
					],
				},
			],
			description: 'Which files go with the form',
		},
		{
			displayName: 'Answer (应答)',
			name: 'answer',
			type: 'options',
			wire: false,
			options: [
				{ name: 'File', value: 'file', description: 'Goes into a binary field' },
				{ name: 'JSON', value: 'json', description: 'Most calls answer with it' },
				{ name: 'Text', value: 'text', description: 'Such as a bill in lines' },
			],
			default: 'json',
			...other,
			description: 'What WeChat answers with. Its errors are understood in each case.',
		},
		{
			...binaryField,
			displayOptions: { show: { callFrom: ['path'], answer: ['file'] } },
		},
		{
			displayName: 'Only Reads (只读)',
			name: 'isRead',
			type: 'boolean',
			wire: false,
			default: false,
			...other,
			description:
				'Whether the call changes nothing, so that it may be sent again when the connection broke',
		},
	] as const satisfies readonly Field[];
};

/** Of calls of api.weixin.qq.com. */
export const callFields = createCallFields({
	methods: ['GET', 'POST'],
	known: '1,600',
	key: {
		placeholder: 'e.g. /cgi-bin/tags/get',
		format: { regex: '\\s*/.*', errorMessage: 'A path begins with a slash' },
	},
	path: 'e.g. /cgi-bin/tags/get',
	pathNote: 'Without server and token. Calls that replace tokens or take secrets are refused.',
});

/** Of known calls whose answer is a file: the binary field that it goes into. */
export const OUTPUT_FIELD = 'output_binary_field';

type CallParams = Params<ReturnType<typeof createCallFields>>;
type CallClient = Pick<Client, 'send' | 'download'>;
type Io = RequestRun<Values, unknown>['io'];

type CallRecord = Catalogs[keyof Catalogs];

/** Whose calls are made. */
export interface CallServer {
	catalog: keyof Catalogs;
	/** Checks a path that was entered. */
	checkPath(path: string): void;
	/** Adds to a call what follows from its values or from what is known of it, and checks it. */
	complete(call: Call, known?: CallRecord): Call;
	/** Reads what is particular in an answer. */
	openAnswer(answer: object, known?: CallRecord): Promise<object>;
}

const API_SERVER: CallServer = {
	catalog: 'calls',
	checkPath: checkEnteredPath,
	complete: (call, known) =>
		known && isOfPlatform(known) ? { ...call, bearer: 'component' } : call,
	openAnswer: async (answer) => answer,
};

/** What a call is, and what its answer. */
interface Planned {
	call: Call;
	/** Of a call that was chosen. */
	known?: CallRecord;
	answer: 'json' | 'file' | 'text';
	/** The binary field of a file. */
	into: string;
}

/**
 * Makes the call that somebody has chosen or entered. `bearer` is whose token allows it; where it is not given, the record
 * of a known call says so.
 *
 * @throws {UserError} when the call is refused or not known, or holds a token or secret
 * @throws {FieldError} when a value is missing or wrong
 */
export async function runCall(
	{ params, client, call, io }: RequestRun<CallParams, CallClient>,
	bearer?: Bearer,
	server = API_SERVER,
): Promise<object | object[]> {
	const planned =
		params.callFrom === 'list'
			? await planKnownCall(params, io, server)
			: await planOtherCall(params, io, server);
	const { known, answer, into } = planned;
	checkHasNoSecret([planned.call.query, planned.call.body]);
	const complete = server.complete(planned.call, known);
	const { ifLost, isShown } = call;
	const made: Call = {
		...complete,
		bearer: bearer ?? complete.bearer,
		isShown,
		...(!complete.safe && { ifLost }),
	};
	const show = async (given: object) => removeSecrets(await server.openAnswer(given, known));
	const checked = async <T>(work: Promise<T>) => await (known ? work : work.catch(explainPath));
	if (answer === 'json') return await show(await checked(client.send(made)));
	const file = await checked(client.download(made));
	if (!isDownload(file)) return await show(file);
	if (answer === 'text') return { text: toText(file) };
	io.attach(into, file);
	return {};
}

const NO_SUCH_PATH = 40066;

const CHECK_PATH =
	'Check Path first: WeChat seems to know no such call. Compare it, letter by letter, and Method with the page of the call at developers.weixin.qq.com.';

const CHECK_PATH_IN_CHINESE =
	'微信似乎没有此接口：请对照 developers.weixin.qq.com 上的接口文档逐字检查“路径”和“请求方法”。';

/** Says of a path that was entered, and that the server does not know, that it may be wrong. */
function explainPath(error: unknown): never {
	if (isNotFound(error))
		throw error.with({
			hint: `${CHECK_PATH} If both are right, look at API Base URL and Proxy URL in the credential.`,
			chinese: `${CHECK_PATH_IN_CHINESE}若都正确，请检查凭据中的“接口地址”和“代理地址”。`,
		});
	if (error instanceof ApiError && error.errcode === NO_SUCH_PATH)
		throw error.with({
			hint: `${CHECK_PATH} If both are right, check the links in the fields of the call.`,
			chinese: `${CHECK_PATH_IN_CHINESE}若都正确，请检查接口字段中的链接。`,
		});
	throw error;
}

const toText = ({ bytes }: Download) => bytes.toString('utf8').replace(/^\uFEFF/, '');

async function planKnownCall(
	{ call: key, callFields: entered }: CallParams,
	io: Io,
	{ catalog }: CallServer,
): Promise<Planned> {
	const trimmed = (key ?? '').trim();
	checkIsAllowed(trimmed.replace(/^[A-Z]+ |[?#].*/gs, ''));
	const record = await findKnownCall(trimmed, catalog);
	if (!record)
		throw new UserError(
			'No call of the list has this path',
			'Choose it from the list. To make a call that the list does not know, set Find Call to By Path.',
			'接口列表中没有此路径：请从列表中选择；如要调用列表之外的接口，请将“查找接口”设为“其他接口”。',
		);
	if (record.gone)
		throw new UserError(
			`WeChat has switched this call off (已下线): ${record.gone}`,
			'Choose another call from the list.',
			`微信已下线此接口（${record.gone}）：请从列表中选择其他接口。`,
		);
	const values = { ...entered };
	const into = String(values[OUTPUT_FIELD] ?? '').trim() || binaryField.default;
	const { path, query, body, content, files } = readCallValues(listCallFields(record), values);
	const call: Call = {
		method: record.method,
		path: toPath(record.path, path),
		query: { ...listFixedQuery(record), ...query },
		body,
		safe: record.effect === 'read',
		...(await toSentFiles(record, files, content, io)),
	};
	return { call, known: record, answer: record.download ? 'file' : 'json', into };
}

async function toSentFiles(
	{ form = [] }: Pick<CallRecord, 'form'>,
	named: Record<string, string>,
	content: unknown,
	io: Io,
): Promise<Pick<Call, 'files' | 'content'>> {
	const files = await readFiles(
		Object.entries(named).map(([part, field]) => ({ name: part, binaryField: field })),
		io,
	);
	if (files.content && form.includes('(raw body)')) return { content: files.content };
	if (content !== undefined) return { content: toContent(content) };
	return Object.keys(files).length > 0 ? { files } : {};
}

/** A body that is not of WeChat's making, such as the argument of a cloud function. */
const toContent = (content: unknown): Call['content'] => ({
	bytes: Buffer.from(typeof content === 'string' ? content : writeJson(content)),
	contentType: 'application/json',
});

async function planOtherCall(
	params: CallParams,
	io: Io,
	{ checkPath }: CallServer,
): Promise<Planned> {
	const { path = '', method, query = [], isRead = false } = params;
	const entered = path.trim();
	checkPath(entered);
	const files = await readFiles(params.bodyKind === 'form' ? (params.files ?? []) : [], io);
	const call: Call = {
		method,
		path: entered,
		query: toObject(query),
		safe: isRead,
		...(method && !BODILESS.includes(method) && { body: readBody(params) }),
		...(params.bodyKind === 'form' && { files }),
	};
	const into = params.binaryPropertyName ?? binaryField.default;
	return { call, answer: params.answer ?? 'json', into };
}

function readBody({ bodyKind, bodyJson, bodyFields = [], formFields = [] }: CallParams): Values {
	if (bodyKind === 'json') return (bodyJson ?? {}) as Values;
	return toObject(bodyKind === 'form' ? formFields : bodyKind === 'fields' ? bodyFields : []);
}

const toObject = (rows: ReadonlyArray<{ name: string; value: string }>): Values =>
	Object.fromEntries(rows.map((row) => [row.name.trim(), row.value]));

async function readFiles(
	rows: ReadonlyArray<{ name: string; binaryField: string }>,
	io: Io,
): Promise<Record<string, Upload>> {
	const files: Record<string, Upload> = {};
	for (const row of rows)
		files[row.name] = await io.readUpload(
			{ displayName: row.name, name: row.name, type: 'string', default: '' },
			row.binaryField,
		);
	return files;
}
