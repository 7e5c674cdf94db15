import type {
	GenericValue,
	IDataObject,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';
import type { Bearer, Call, Client, Download } from '../api/apiClient';

/** An n8n property that also says where its value goes on the wire and what WeChat allows. */
export interface Field extends INodeProperties {
	/**
	 * Wire key, default `name`. Dots nest (`tag.name`), numbers are places in a list
	 * (`news.articles.0.title`), `{name}` stands for the value of that field; `false` keeps it off, with all that is in it.
	 */
	wire?: string | false;
	in?: 'body' | 'query';
	/**
	 * What the wire wants where the editor gives text: `list` splits at commas, blanks and line breaks,
	 * `json` reads an object or list, `integer` sends digits as a number of any size, `file` sends the file in
	 * the binary field of that name.
	 */
	as?: 'list' | 'number' | 'integer' | 'json' | 'file';
	/** Which files WeChat takes. */
	accepts?: Accepted;
	/** Most entries of a list. */
	maxEntries?: number;
	/** Longest text in UTF-8, as WeChat counts. */
	maxBytes?: number;
	/** Longest text in characters. */
	maxLength?: number;
	/** An empty text means something to WeChat: send it. */
	sendEmpty?: boolean;
}

/** Limits of a file, as the page of the call gives them. */
export interface Accepted {
	/** Without the dot, in lower case. */
	extensions: string[];
	maxBytes: number;
}

type Scalar = {
	string: string;
	number: number;
	boolean: boolean;
	resourceLocator: string;
	multiOptions: string[];
	collection: IDataObject;
	fixedCollection: IDataObject[];
};
type ValueOf<F extends Field> = F extends { as: 'list' }
	? string[]
	: F extends { as: 'json' }
		? IDataObject | IDataObject[]
		: F extends { as: 'number' }
			? number
			: F['type'] extends 'options'
				? F extends { options: Array<infer O> }
					? O extends { value: infer V }
						? V
						: string
					: string
				: F['type'] extends keyof Scalar
					? Scalar[F['type']]
					: GenericValue;
/** Fields that the other values hide are missing. */
export type Params<F extends readonly Field[]> = {
	[K in F[number] as K['name']]: K extends { displayOptions: object }
		? ValueOf<K> | undefined
		: ValueOf<K>;
};

/** The least that operations need to be run with. */
export type Sender = Pick<Client, 'send'> & Partial<Pick<Client, 'download'>>;

/** What a hand-written operation gets: the client of its item, and this. It never touches n8n. */
export type Run<P, C extends Sender = Client> = C & {
	params: P;
	/** The call that the table describes, with the item's values in it. */
	call: Call;
	/** The entries of a paged list, as many as the item asks for. */
	list(): Promise<unknown[]>;
	/** Puts a file into the binary field of this name beside the result. */
	attach(field: string, file: Download): void;
};

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

/** How the items of a run share calls: WeChat has bulk twins of some calls, and lists in others. */
export interface Batch {
	/** The field that tells the items of a call apart; all their other fields must be the same. */
	field: string;
	/** Most values of it in one call. */
	size: number;
	/** The bulk twin, when it is another call; it is not used for a single value. */
	path?: string;
	/** The body of the bulk twin, where it is not that of the operation with all values in it. */
	body?(values: string[], params: IDataObject): IDataObject;
	/** Where the answers are, and the field in each that says which value it is for. */
	answers?: { at: string; by: string };
}

/** One entry of the Operation menu and everything that is needed to run it. */
export interface Operation<
	F extends readonly Field[] = readonly Field[],
	C extends Sender = Client,
> extends INodePropertyOptions {
	value: string;
	action: string;
	/** Operations that call nothing have none. */
	path?: string;
	method?: 'GET' | 'POST';
	host?: 'api' | 'mp';
	/** Whose token allows the call; the account's unless said otherwise. */
	bearer?: Bearer;
	fields?: F;
	page?: Page;
	/** WeChat's page of the call, below https://developers.weixin.qq.com/doc/; elsewhere, the whole address. */
	doc?: string;
	/** The call changes nothing: it may be sent again when the connection broke. GET calls and lists never do. */
	safe?: boolean;
	/** How items share calls. */
	batch?: Batch;
	/** What Simplify leaves of an answer of more than ten fields. */
	simple?: string[];
	/** Where the useful part of the answer is, e.g. `tag`. A list there becomes one item for each entry. */
	pick?: string;
	/** The result when WeChat answers with nothing but "ok". */
	done?: IDataObject;
	/** The way out for what one JSON request cannot express. */
	run?(call: Run<Params<F>, C>): Promise<object | object[]>;
}

export interface Resource<C extends Sender = Client> {
	name: string;
	value: string;
	operations: Array<Operation<readonly Field[], C>>;
}

/** Identity; it makes `params` in `run` typed from `fields`. */
export const createDefiner =
	<C extends Sender>() =>
	<const F extends readonly Field[] = []>(spec: Operation<F, C>): Operation<readonly Field[], C> =>
		spec;

export const defineOperation = createDefiner<Client>();

export const defineResource = <C extends Sender = Client>(
	name: string,
	value: string,
	operations: Array<Operation<readonly Field[], C>>,
): Resource<C> => ({ name, value, operations });
