import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** An n8n property that also says where its value goes on the wire and what WeChat allows. */
export interface Field extends Omit<INodeProperties, 'options'> {
	/** Entries of a menu, fields of a collection, or the one group of a form of rows. */
	options?: Array<INodePropertyOptions | Field | FieldGroup>;
	/**
	 * Wire key, default `name`. Dots nest (`tag.name`), and numbers are places in a list (`news.articles.0.title`).
	 * `{name}` is replaced by the value of that field. `false` sends neither the field nor what is in it.
	 */
	wire?: string | false;
	/** Where it goes; the body unless said otherwise. In the path it replaces `{wire}`. */
	in?: 'body' | 'query' | 'both' | 'path';
	/**
	 * What is sent where the editor gives text.
	 * `list` splits at commas, blanks and line breaks. `json` reads an object or list, `object` an object only.
	 * `integer` sends digits as a number of any size. `rgb` makes an object of a color.
	 * `fen` takes money in whole fen, and refuses what looks like yuan.
	 * `unixSeconds` makes a number of a date. `file` sends the file in the binary field of that name.
	 * `media` uploads that file before, and sends its media ID.
	 */
	as?:
		| 'list'
		| 'number'
		| 'integer'
		| 'json'
		| 'object'
		| 'fen'
		| 'rgb'
		| 'unixSeconds'
		| 'file'
		| 'media';
	/** What a file with a media ID is for. */
	media?: MediaUse;
	/** The file is at this web address, in place of a binary field. */
	isWebAddress?: boolean;
	/** An empty value is an error, also where the editor always shows one and needs no red star. */
	needed?: boolean;
	/**
	 * It refuses or limits something, and without a value it does not. So an option that was added, or a field that
	 * holds an expression, is an error when its value comes out empty. For fields and options, not for those of a row.
	 */
	check?: boolean;
	/** No error or output shows its value, whatever the server repeats. Names such as `password` say so themselves. */
	secret?: boolean;
	/** WeChat Pay wants its text encrypted (敏感信息加密). */
	encrypted?: boolean;
	/** `run` gets the value as n8n has it and reads it itself, so that a wrong one can be a part of its result. */
	readLater?: boolean;
	/** Which files WeChat takes. */
	accepts?: Accepted;
	/** Most entries of a list. */
	maxEntries?: number;
	/** Longest text in UTF-8, as WeChat counts. */
	maxBytes?: number;
	/** Longest text in characters. */
	maxLength?: number;
	/** Texts that WeChat takes, and what is wrong with all others; `{value}` stands for the text. */
	pattern?: { allows: RegExp; problem: string; chinese: string };
	/** An empty value means something to WeChat: send it. */
	sendEmpty?: boolean;
}

/** The types of media that WeChat has. */
export type MediaKind = 'image' | 'thumb' | 'video' | 'voice';

/** How a file becomes a media ID. */
export interface MediaUse {
	/** Temporary media (临时素材) live for three days, permanent material (永久素材) until it is deleted. */
	life: 'temporary' | 'permanent';
	/** Which type WeChat wants, where the other values of the operation say. */
	kind: MediaKind | ((values: Values) => MediaKind);
	/** The call that makes another media ID of the one of the upload, which is what WeChat wants here. */
	convert?: (mediaId: string, title: string, values: Values) => { path: string; body: Values };
	/** Several files: names or addresses, separated by commas, blanks or line breaks. */
	isList?: boolean;
}

/** The fields of a row. */
export interface FieldGroup {
	displayName: string;
	name: string;
	values: Field[];
}

/** Limits of a file, as the page of the call gives them. */
export interface Accepted {
	/** As in the table of file types: `jpg` takes `jpeg` as well. */
	extensions: string[];
	maxBytes: number;
	/**
	 * Makes of a file what WeChat takes, before it is checked.
	 * @throws {UserError} when it cannot, as the end of "The field holds …".
	 */
	convert?(bytes: Buffer): Promise<Buffer>;
}

/** The values of an operation, where its fields are not known. */
export type Values = Record<string, unknown>;

/** What expressions and the calendar of the editor yield: a text, or a date of luxon or JavaScript. */
export type DateValue = string | number | object;

/** A color as WeChat's pictures have it. */
export interface Rgb {
	r: number;
	g: number;
	b: number;
}

type TextType = 'string' | 'resourceLocator' | 'color' | 'json' | 'hidden';

/** The values on the menu; which ones a menu has that is loaded in the editor is not known. */
type Choice<F> = F extends { typeOptions: { loadOptionsMethod: string } }
	? string | number
	: F extends { options: ReadonlyArray<infer O> }
		? O extends { value: infer V }
			? V
			: never
		: string | number;

type Collected<O> = O extends Field
	? { [K in O as K['name']]?: Exclude<Arriving<K>, undefined> }
	: never;

type Row<O> = O extends { values: ReadonlyArray<infer V> } ? ParamsOf<Extract<V, Field>> : never;

/** What the word `as` makes of a value. */
interface ValueAs {
	list: string[];
	number: number;
	integer: bigint;
	json: IDataObject | IDataObject[];
	fen: number;
	object: IDataObject;
	rgb: Rgb;
	unixSeconds: number;
	file: string;
	media: string;
}

interface ValueOfType<F> {
	string: string;
	resourceLocator: string;
	color: string;
	json: string;
	hidden: string;
	number: number;
	boolean: boolean;
	dateTime: DateValue;
	options: Choice<F>;
	multiOptions: Array<Choice<F>>;
	collection: F extends { options: ReadonlyArray<infer O> } ? Merged<Collected<O>> : Values;
	fixedCollection: F extends { options: ReadonlyArray<infer O> } ? Array<Row<O>> : Values[];
	resourceMapper: Values;
}

/** The value of a field that is filled in. */
type Filled<F extends Field> = F extends { readLater: true }
	? unknown
	: F extends { as: infer A extends keyof ValueAs }
		? ValueAs[A]
		: F['type'] extends keyof ValueOfType<F>
			? ValueOfType<F>[F['type']]
			: unknown;

type Merged<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void
	? { [K in keyof I]: I[K] }
	: never;

/** Empty text stays text; collections and rows are empty ones. */
type MayBeMissing<F extends Field> = F extends { required: true } | { needed: true }
	? never
	: F extends { as: Exclude<keyof ValueAs, 'file' | 'media'> }
		? undefined
		: F extends { type: TextType | 'collection' | 'fixedCollection' | 'resourceMapper' }
			? never
			: undefined;

type Arriving<F extends Field> = Filled<F> | MayBeMissing<F>;

type ParamsOf<F extends Field> = {
	[K in Exclude<F, { type: 'callout' | 'notice' }> as K['name']]: K extends {
		displayOptions: object;
	}
		? Arriving<K> | undefined
		: Arriving<K>;
};

/**
 * What {@link readParams} makes of fields. Without a value, text is empty, collections and rows are empty, and all else is
 * `undefined`; so are fields that the values of others hide.
 */
export type Params<F extends readonly Field[]> = ParamsOf<F[number]>;
