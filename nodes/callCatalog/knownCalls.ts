import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { createCache } from '../base/cache';

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

/** Of the calls that runs use. A record has 300 bytes on average, and 20 KB at most. */
const found = createCache<KnownCall>({ max: 50 });

/**
 * Finds a call by its key. The text of all calls is read for it, and dropped again: it has 400 KB, which most processes
 * of n8n never need.
 */
export async function findKnownCall(key: string): Promise<KnownCall | undefined> {
	const known = found.get(key);
	if (known) return known;
	const text = await readData('calls.json');
	const start = text.indexOf(`\n{"key":${JSON.stringify(key)},`);
	if (start < 0) return undefined;
	// No regular expression: it keeps the last text that it matched, and so all of this one.
	const line = text.slice(start, text.indexOf('\n', start + 1));
	const record = line.endsWith(',') ? line.slice(0, -1) : line;
	return found.set(key, JSON.parse(record) as KnownCall);
}

/** The whole call catalog, for lists in the editor. */
export async function readKnownCalls(): Promise<KnownCall[]> {
	return JSON.parse(await readData('calls.json')) as KnownCall[];
}

/** The names of groups, in English and in Chinese. */
export async function readGroupNames(): Promise<Record<string, [string, string]>> {
	return JSON.parse(await readData('groups.json')) as Record<string, [string, string]>;
}

/** The build compresses the data, and leaves out of it what only tests read: see gulpfile.js. */
async function readData(name: string): Promise<string> {
	// eslint-disable-next-line @n8n/community-nodes/no-restricted-globals -- the data lies beside this file
	const path = join(__dirname, name);
	if (existsSync(path)) return await readFile(path, 'utf8');
	return (await promisify(gunzip)(await readFile(`${path}.gz`))).toString();
}
