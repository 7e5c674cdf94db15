import type { IDataObject, IExecuteFunctions, INodePropertyOptions } from 'n8n-workflow';
import type { Answer, Bearer, Call, Client } from '../api/apiClient';
import type { Download } from '../api/download';
import type { Clock } from '../base/clock';
import type { DateStep } from './beijingTime';
import { HARMLESS } from '../base/connectionError';
import type { HttpMethod } from '../base/http';
import type { Upload } from '../base/multipart';
import type { beginDate, endDate, limit, returnAll, simplify } from './fields';
import type { Field, Params, Values } from './fieldTypes';

export type {
	Accepted,
	DateValue,
	Field,
	FieldGroup,
	MediaUse,
	Params,
	Rgb,
	Values,
} from './fieldTypes';

/**
 * A list: in one piece, in pages of which each begins after the last entry of the one before (`cursor`),
 * or in pages by number (`offset`).
 */
export interface Page {
	/** Field of the request that says where to begin; empty at first. */
	cursor?: string;
	/** Where the answer says how to go on; empty or unchanged at the end. */
	next?: string;
	/** Fields of the request that say how many entries to skip and to send, and the most that WeChat sends. */
	offset?: { skip: string; count: string; size: number };
	/** Where the entries are; empty when the answer itself is the list. */
	items: string;
	/** The name that an entry gets when it is bare text. */
	as?: string;
}

/**
 * How the items of a run share calls: WeChat has bulk twins of some calls, and lists in others. A list of one item that
 * is longer than a call takes is cut into calls.
 */
export interface Bulk {
	/** The field in which the items of a call differ. All their other fields must be equal. */
	field: string;
	/** Most values of it in one call. */
	size: number;
	/** The bulk twin, when it is another call; it is not used for a single value. */
	path?: string;
	/** The body of the bulk twin, where it is not that of the operation with all values in it. */
	body?(values: string[], params: Values): Values;
	/** Where the answers are, and the field in each that says which value it is for. */
	answers?: { at: string; by: string };
}

/** How the end of a write is waited for, where WeChat's answer only says that the work has begun. */
export interface Wait {
	/** What the field says: `Published` makes "Wait Until Published". */
	until: string;
	/** What has begun, as a clause that names its ID, for errors. */
	describe(begun: Answer): string;
	/** What to do when nobody knows yet how it ended, as sentences. */
	later: string;
	/** The call that tells how far it is. */
	ask(begun: Answer): Pick<Call, 'path' | 'body'>;
	/** Codes of that call which mean that it goes on. */
	goesOn?: ReadonlySet<number>;
	/**
	 * The result, once it is over; undefined before.
	 * @throws {UserError} when it ended otherwise than it should
	 */
	finish(state: Answer): Answer | undefined;
}

/** What is added to an error with one of these codes, or where WeChat does not know the path. */
export interface Hint {
	codes: ReadonlySet<number>;
	text: string;
	/** The text in Chinese, as sentences. */
	chinese?: string;
}

interface Menu extends INodePropertyOptions {
	value: string;
	action: string;
	/** The action in the words of WeChat's Chinese pages. Stands in brackets behind name and action. */
	chinese: string;
	/** WeChat's page of the call, below https://developers.weixin.qq.com/doc/; elsewhere, the whole address. */
	doc?: string;
}

/** What the editor needs to know of an operation. */
export interface Described extends Menu {
	fields?: readonly Field[];
	page?: Page;
	dateSpans?: DateStep;
	simple?: readonly string[];
	wait?: Wait;
}

/** One entry of the Operation menu that stands for all operations of a resource: a field below it says which one. */
export interface Choice extends Menu {
	field: { displayName: string; name: string; description: string };
}

/** What the editor needs to know of a resource. */
export interface DescribedResource {
	name: string;
	value: string;
	operations: Described[];
	/** Where there are many of one kind, such as figures. The names of the operations are those of what is chosen then. */
	choice?: Choice;
}

/** The way of an operation to the binary fields of its item. */
interface Attaching {
	/** Adds a file to the result, in the binary field of this name. */
	attach(field: string, file: Download): void;
}

interface RequestIo extends Attaching {
	/** The entries of a paged list, as many as the item asks for; of another call when it is given. */
	list(call?: Call): Promise<unknown[]>;
	/**
	 * Reads the file in a binary field of the item, where only values say which files a call takes.
	 * @throws {FieldError} when it is empty, or the node is the tool of an agent
	 */
	readUpload(field: Field, name: string): Promise<Upload>;
}

/** The way of an operation to the files of its item that its values name. */
export interface ItemFiles {
	/** None in the tool of an agent. */
	list(): Array<{ field: string; fileName: string }>;
	/** @throws {UserError} when there is no file in that field, or the node is the tool of an agent */
	read(field: string): Promise<Buffer>;
}

interface LocalIo extends Attaching {
	itemFiles: ItemFiles;
	/** The values of the fields where their `wire` puts them. */
	body: Values;
	/** The files that fields name, by their `wire`. */
	files: Record<string, Upload>;
}

/** What a hand-written request gets. It never touches n8n. */
export interface RequestRun<P, C> {
	params: P;
	client: C;
	/** The call that the table describes, with the item's values in it. */
	call: Call;
	io: RequestIo;
}

/** The least that requests need to be made with. */
type RequestClient = Pick<Client, 'send'> & Partial<Pick<Client, 'download' | 'services'>>;

type PageOrNone = Page | undefined;
type SpansOrNone = DateStep | undefined;
type KeysOrNone = readonly string[] | undefined;

/** The values of a request, with those of the fields that its kind brings along. */
type RequestParams<
	F extends readonly Field[],
	P extends PageOrNone,
	D extends SpansOrNone,
	S extends KeysOrNone,
> = Params<
	readonly [
		...F,
		...(P extends Page ? [typeof returnAll, typeof limit] : []),
		...(D extends DateStep ? [typeof beginDate, typeof endDate] : []),
		...(S extends readonly string[] ? [typeof simplify] : []),
	]
>;

/** One entry of the Operation menu that calls WeChat, and everything that is needed to run it. */
interface RequestSpec<
	F extends readonly Field[],
	P extends PageOrNone,
	D extends SpansOrNone,
	S extends KeysOrNone,
> extends Menu {
	/** `{name}` is replaced by the value of the field that goes there, see {@link Field.in}. */
	path: string;
	/** A `read` changes nothing, so it is sent again when the connection broke. */
	effect: 'read' | 'write';
	/** Of a write: what it sends replaces what was sent before, so that sending it again does no harm. */
	isRepeatable?: boolean;
	/**
	 * Of a write: what to do before it is sent again when its answer was lost, as a sentence. Default: to look into the
	 * list of its resource.
	 */
	ifLost?: string;
	method?: HttpMethod;
	host?: 'api' | 'mp';
	/** Whose token allows the call; the account's unless said otherwise. */
	bearer?: Bearer;
	fields?: F;
	/** Values that every call sends, in addition to those of the fields. */
	constants?: Values;
	page?: P;
	/** The days of a call, see {@link DateStep}. A range of days is asked for in as many calls as it takes. */
	dateSpans?: D;
	/** How items share calls. */
	bulk?: Bulk;
	/** The answer is a file, which goes into the binary field that the field of this name names. */
	download?: F[number]['name'];
	/** Where the useful part of the answer is, e.g. `tag`. A list there becomes one item for each entry. */
	pick?: string;
	/** The result when WeChat answers with nothing but "ok"; `{ success: true }` unless said otherwise. */
	done?: Values;
	/** What Simplify leaves of an answer of more than ten fields. */
	simple?: S;
	/** What to do about some errors of this call. */
	hint?: Hint;
	/** How to wait for the end, if the item asks for it. The answer must be an object, and no `present` changes it. */
	wait?: Wait;
}

/** What of a request is code. */
interface RequestCode<P, C> {
	/** The file of a download as n8n gets it, e.g. under another name. */
	toFile?(file: Download, params: P, client: C): Download;
	/** The body that is sent, made of the values where their `wire` puts them. Throws what is wrong with them. */
	prepare?(body: Values, params: P, client: C): Values;
	/** What the operation returns of an answer. */
	present?(answer: Answer, params: P, client: C): object | object[];
	/** The way out for what one JSON request cannot express. */
	run?(run: RequestRun<P, C>): Promise<object | object[]>;
}

/** One entry of the Operation menu that is done here, in a context such as the rules of an account. */
interface LocalSpec<F extends readonly Field[]> extends Menu {
	fields?: F;
}

interface LocalCode<P, Context> {
	run(params: P, context: Context, io: LocalIo): Promise<object | object[]>;
}

/** One entry of the Operation menu that asks a person and puts the run to wait. A webhook of the node resumes it. */
interface PauseCode<P, C> {
	/** Does what the run waits for. Runs for one item only, and not in the tool of an agent. */
	pause(params: P, client: C, context: IExecuteFunctions): Promise<Pause>;
}

/** How a run waits. */
interface Pause {
	/** In milliseconds. */
	until: number;
	/** What the run goes on with when nothing has resumed it by then. */
	output: IDataObject;
}

export interface RequestOperation<C>
	extends
		RequestSpec<readonly Field[], PageOrNone, SpansOrNone, KeysOrNone>,
		RequestCode<Values, C> {
	kind: 'request';
	/** How this client makes a call. */
	send: (client: C, call: Call) => Promise<Answer>;
	fetchFile: (client: C, call: Call) => Promise<Download | Answer>;
	findClock: (client: C) => Clock;
}

interface LocalOperation<Context> extends LocalSpec<readonly Field[]>, LocalCode<Values, Context> {
	kind: 'local';
}

export interface PauseOperation<C> extends LocalSpec<readonly Field[]>, PauseCode<Values, C> {
	kind: 'pause';
}

/** An operation that ends with its result. */
export type RunOperation<C> = RequestOperation<C> | LocalOperation<C>;

/** An operation that runs with a client or another context. */
export type Operation<C> = RunOperation<C> | PauseOperation<C>;

export interface Resource<C> extends DescribedResource {
	operations: Array<Operation<C>>;
}

/** Makes requests of a client with more than calls, such as that of a platform. `fields` give `params` their types. */
export const defineRequestFor =
	<C extends RequestClient>() =>
	<
		const F extends readonly Field[] = [],
		const P extends PageOrNone = undefined,
		const D extends SpansOrNone = undefined,
		const S extends KeysOrNone = undefined,
	>(
		spec: RequestSpec<F, P, D, S> & RequestCode<RequestParams<F, P, D, S>, C>,
	): RequestOperation<C> => ({
		...spec,
		kind: 'request',
		send: async (client, call) => await client.send(call),
		fetchFile: async (client, call) => {
			if (!client.download) throw new Error('This client downloads no files');
			return await client.download(call);
		},
		findClock: ({ services }) => {
			if (!services) throw new Error('This client has no clock');
			return services.clock;
		},
	});

export const defineRequest = defineRequestFor<Client>();

/** Makes an operation that needs no request of its own. `fields` give `params` their types. */
export const defineLocal =
	<Context>() =>
	<const F extends readonly Field[] = []>(
		spec: LocalSpec<F> & LocalCode<Params<F>, Context>,
	): LocalOperation<Context> => ({ ...spec, kind: 'local' });

/** Makes an operation that puts the run to wait. `fields` give `params` their types. */
export const definePause =
	<C>() =>
	<const F extends readonly Field[] = []>(
		spec: LocalSpec<F> & PauseCode<Params<F>, C>,
	): PauseOperation<C> => ({ ...spec, kind: 'pause' });

export const defineResource = <C = Client>(
	name: string,
	value: string,
	operations: Array<Operation<C>>,
	choice?: Choice,
): Resource<C> => {
	const ifLost = describeLook(name, operations);
	const explain = (operation: Operation<C>): Operation<C> =>
		operation.kind === 'request' && operation.effect === 'write'
			? { ...operation, ifLost: operation.isRepeatable ? HARMLESS : (operation.ifLost ?? ifLost) }
			: operation;
	return { name, value, operations: operations.map(explain), ...(choice && { choice }) };
};

/** Names the operation that lists what a resource has, or else gets it. */
function describeLook<C>(resource: string, operations: Array<Operation<C>>): string | undefined {
	const read = ['getAll', 'getAllTemplates', 'get']
		.map((wanted) => operations.find(({ value }) => value === wanted))
		.find(Boolean);
	const label = resource.replace(/ \(.*/, '');
	return read && `Before you send it again, see with ${label}: ${read.name} whether it was.`;
}
