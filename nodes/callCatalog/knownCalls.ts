import { brotliDecompressSync } from 'node:zlib';
import { createCache } from '../base/cache';
import type { HttpMethod } from '../base/http';

/**
 * What a value looks like: a type word such as `string` or `int64`, a list with the shape of its entries, or an object by
 * keys. `key?` may be left out. callFields.ts says what the words mean.
 */
export type Shape = string | Shape[] | { [key: string]: Shape };

/** A call of api.weixin.qq.com as two SDKs and WeChat's pages describe it. One line of calls.json. */
export interface KnownCall {
	/** Its path, with more behind it where a path does several things. */
	key: string;
	path: string;
	method: 'GET' | 'POST';
	/** In English and in Chinese. */
	title: [string, string];
	/** What it is about, see groups.json. */
	group: string;
	/** For which kinds of accounts it is. */
	area: string[];
	/** A `read` changes nothing, so that it may be sent again. */
	effect: 'read' | 'write';
	/** Whose token allows it. Default: the account's. */
	token?: 'component_access_token' | 'none';
	/** `name`, `name:type`, or `name=value` where it is fixed. */
	query?: string[];
	body?: Shape;
	/** Whether it takes a file, by the names of the parts of its form. */
	upload?: boolean;
	form?: string[];
	/** Whether the form may be left out in favor of an address in the query. */
	json_too?: boolean;
	/** Whether the body is sent as it is, and not as JSON fields. */
	raw_body?: boolean;
	/** Whether its answer is a file. */
	download?: boolean;
	/** Since when WeChat does not answer it any more. */
	gone?: string;
	/** WeChat's page, below https://developers.weixin.qq.com. */
	doc?: string;
}

/** A call of api.mch.weixin.qq.com/v3 (WeChat Pay). One line of payCalls.json; its `key` begins with its method. */
export interface PayCall extends Omit<KnownCall, 'method' | 'token'> {
	method: HttpMethod;
	/** What stands in braces in the path: `name`, or `name:type`. */
	params?: string[];
	/** Paths of texts that are encrypted one by one, `*` for each entry of a list: for WeChat Pay, and for the merchant. */
	sealed?: { body?: string[]; answer?: string[] };
	/** Names of headers that it needs beside those of each call. */
	headers?: string[];
}

/** By the names of their files. */
export interface Catalogs {
	calls: KnownCall;
	payCalls: PayCall;
}

const GROUP_FILES: Record<keyof Catalogs, string> = { calls: 'groups', payCalls: 'payGroups' };

/** Of the calls that runs use. A record has 300 bytes on average, and 20 KB at most. */
const found = createCache<KnownCall | PayCall>({ max: 50 });

/** Finds a call by its key. All calls are read for it, and dropped again: most processes of n8n never need them. */
export async function findKnownCall<C extends keyof Catalogs = 'calls'>(
	key: string,
	catalog: C = 'calls' as C,
): Promise<Catalogs[C] | undefined> {
	const known = found.get(`${catalog} ${key}`) as Catalogs[C] | undefined;
	if (known) return known;
	const call = (await readKnownCalls(catalog)).find((one) => one.key === key);
	if (call) found.set(`${catalog} ${key}`, call);
	return call;
}

/** A whole call catalog, for lists in the editor. Takes about 10 ms. */
export const readKnownCalls = async <C extends keyof Catalogs = 'calls'>(
	catalog: C = 'calls' as C,
): Promise<Array<Catalogs[C]>> => await readData<Array<Catalogs[C]>>(catalog);

/** The names of groups, in English and in Chinese. */
export const readGroupNames = async (
	catalog: keyof Catalogs = 'calls',
): Promise<Record<string, [string, string]>> =>
	await readData<Record<string, [string, string]>>(GROUP_FILES[catalog]);

/** What the build makes of a file, see gulpfile.js: compressed, Node.js keeps little of it in memory. */
interface Compressed {
	/** JSON, by Brotli and Base64. */
	brotli: string;
}

/** The name of the file is not part of the code, else TypeScript would copy it to the build as it is. */
async function readData<T extends object>(name: string): Promise<T> {
	const { default: data } = (await import(`./${name}.json`)) as { default: T | Compressed };
	if (!('brotli' in data)) return data;
	return JSON.parse(brotliDecompressSync(Buffer.from(data.brotli, 'base64')).toString()) as T;
}
