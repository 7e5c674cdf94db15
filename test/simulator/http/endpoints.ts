import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '../behaviors/behavior';
import { catalogEndpointsAt } from './catalog';
import { parseJson, type JsonObject } from './json';
import { fieldTree, type Field, type Param } from './schema';

/** One line of endpoints.json: what the page of an API says, as facts. */
export interface EndpointRecord {
	id: string;
	method: 'GET' | 'POST';
	path: string;
	/**
	 * legacy: still answered, but WeChat names a successor. retired: WeChat has ended it. page: opened by browsers, not
	 * called. Without it: current. Only what is current or legacy is answered here.
	 */
	status?: 'legacy' | 'retired' | 'page';
	/** Another spelling of it, which the page has too. */
	alsoAt?: string;
	/** Only when it is not api.weixin.qq.com. */
	host?: string;
	/** false: the API takes no token; component: the platform's instead of the account's. */
	token?: false | 'component';
	/** The value of ?action= that tells this API from others at its path. */
	action?: string;
	/** The permission sets (权限集) of which a platform needs one. */
	permissions?: number[];
	request: 'json' | 'multipart' | 'query' | 'raw' | 'none';
	/** Also where no field is needed: an empty body is refused, {} is not. */
	needsBody?: boolean;
	response?: 'binary';
	params: Param[];
	errcodes?: number[];
	/** Success is only the listed fields, without errcode. */
	okOmitsErrcode?: boolean;
	sample?: JsonObject;
}

export interface Endpoint extends Omit<EndpointRecord, 'sample'> {
	sample?: Answer;
	query: Field;
	body: Field;
	parts: Field;
}

function prepare(record: EndpointRecord): Endpoint {
	const tree = (place: Param['in']) =>
		fieldTree(record.params.filter((param) => param.in === place));
	return { ...record, query: tree('query'), body: tree('body'), parts: tree('multipart') };
}

/** Everything that WeChat's documentation lists, also what it has ended. */
export const listedEndpoints = parseJson(
	readFileSync(join(__dirname, 'endpoints.json'), 'utf8'),
) as EndpointRecord[];

export const isCallable = ({ status }: EndpointRecord): boolean =>
	status !== 'retired' && status !== 'page';

/** What the simulator answers. */
export const endpoints: Endpoint[] = listedEndpoints.filter(isCallable).map(prepare);

const byPath = new Map<string, Endpoint[]>();
for (const endpoint of endpoints) {
	for (const path of [endpoint.path, endpoint.alsoAt ?? []].flat())
		byPath.set(path, [...(byPath.get(path) ?? []), endpoint]);
}

const listedPaths = new Set(listedEndpoints.map(({ path }) => path));

/**
 * Usually one; media/uploadimg has two pages, whose file is called media or buffer. What is not listed is answered as the
 * call catalog knows it.
 */
export const endpointsAt = (path: string): Endpoint[] =>
	byPath.get(path) ?? (listedPaths.has(path) ? [] : catalogEndpointsAt(path));
