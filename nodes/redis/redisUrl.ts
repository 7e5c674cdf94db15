import { isIPv6 } from 'node:net';
import { UserError } from '../base/userError';

/** Where state is kept in Redis, and the login for it. */
export interface RedisTarget {
	kind: 'cluster' | 'sentinel' | 'single';
	/** The server; or Sentinels or nodes of a cluster to begin with, which name the others. */
	nodes: RedisNode[];
	isTls: boolean;
	username?: string;
	password?: string;
	/** Of a cluster always 0. */
	database: number;
	/** What Sentinels call the server. */
	masterName?: string;
}

interface RedisNode {
	/** A name or an address; IPv6 without brackets. */
	host: string;
	port: number;
}

const PORT = 6379;
const SENTINEL_PORT = 26379;

/** Kind, who logs in, where, and what is there. A password may have any character; the last @ ends it. */
const URL_PARTS = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:(.*)@)?([^/?#]*)([^?#]*)(.*)$/is;
const HOST_PARTS = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s;
const NAME = /^[\w.-]+$/;

const FORMS =
	'It looks like redis://user:password@redis.example.com:6379/0, with rediss:// for TLS, redis+sentinel://user:password@host1,host2/name for Sentinel, or redis+cluster://user:password@host1,host2 for a cluster.';
const FORMS_IN_CHINESE =
	'地址形如 redis://user:password@redis.example.com:6379/0；TLS 用 rediss://，Sentinel 用 redis+sentinel://user:password@host1,host2/name，集群用 redis+cluster://user:password@host1,host2。';

/**
 * Reads `redis://user:password@host:6379/2` and its kin: `rediss://` for TLS; `redis+sentinel://` with Sentinels, the name of
 * the server and perhaps a database; `redis+cluster://` with some of its nodes. Ports and login may be left out.
 *
 * @throws {UserError} when it is none. What is wrong is said without repeating any of it: a part may be the password.
 */
export function readRedisUrl(text: string): RedisTarget {
	const parts = URL_PARTS.exec(text.trim());
	if (!parts)
		throw createUrlError(
			'does not begin with redis:// or rediss://',
			'不是以 redis:// 或 rediss:// 开头',
		);
	const [, scheme, kindName, login, hosts, path, query] = parts;
	if (query)
		throw createUrlError(
			'has something behind ? or #, which means nothing here',
			'中 ? 或 # 之后的内容在此无效',
		);
	const kind = readKind(kindName);
	const defaultPort = kind === 'sentinel' ? SENTINEL_PORT : PORT;
	const nodes = hosts.split(',').map((host) => readNode(host, defaultPort));
	if (kind === 'single' && nodes.length > 1)
		throw createUrlError(
			'has several hosts, and does not say whether they are Sentinels or a cluster',
			'含有多个主机，却没有说明是 Sentinel 还是集群',
		);
	return {
		kind,
		nodes,
		isTls: scheme.toLowerCase() === 'rediss',
		...readLogin(login),
		...readPath(kind, path),
	};
}

/** Host and port, for logs and errors. Holds no secret. */
export function describeTarget({ kind, nodes, masterName }: RedisTarget): string {
	const hosts = nodes.map(({ host, port }) => `${isIPv6(host) ? `[${host}]` : host}:${port}`);
	const list = hosts.join(', ');
	if (kind === 'sentinel') return `"${masterName}" of the Sentinels at ${list}`;
	return kind === 'cluster' ? `the cluster at ${list}` : list;
}

function readKind(name = ''): RedisTarget['kind'] {
	const kind = name.toLowerCase();
	return kind === 'sentinel' || kind === 'cluster' ? kind : 'single';
}

function readNode(text: string, defaultPort: number): RedisNode {
	const [, name = '', portText] = HOST_PARTS.exec(text.trim()) ?? [];
	const host = name.replace(/^\[|\]$/g, '');
	const port = portText === undefined ? defaultPort : Number(/^\d+$/.exec(portText));
	if (port < 1 || port > 65535)
		throw createUrlError(
			'has a port that is no number from 1 to 65535. IPv6 stands in [ ], and @ between password and host',
			'的端口不是 1 到 65535 的数字；IPv6 地址要放在 [ ] 中，密码与主机之间用 @ 分隔',
		);
	if (!host) throw createUrlError('has no host', '缺少主机');
	if (name.startsWith('[') ? !isIPv6(host) : !NAME.test(host))
		throw createUrlError(
			'has a host that is neither a name nor an address',
			'的主机既不是域名也不是 IP 地址',
		);
	return { host, port };
}

function readLogin(login: string | undefined): Pick<RedisTarget, 'password' | 'username'> {
	if (!login || login === ':') return {};
	const colon = login.indexOf(':');
	if (colon < 0)
		throw createUrlError(
			'has a user and no password. A password without a user has a colon before it, as in redis://:password@host',
			'有用户名而没有密码；只有密码时，密码前要有冒号，如 redis://:password@host',
		);
	const username = decode(login.slice(0, colon));
	return { ...(username && { username }), password: decode(login.slice(colon + 1)) };
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw createUrlError(
			'has a % in user or password that begins no escape. Write % as %25',
			'的用户名或密码中有未转义的 %，应写成 %25',
		);
	}
}

function readPath(
	kind: RedisTarget['kind'],
	path: string,
): Pick<RedisTarget, 'database' | 'masterName'> {
	const parts = path.split('/').slice(1);
	if (kind !== 'sentinel') {
		const database = readDatabase(parts);
		if (kind === 'cluster' && database > 0)
			throw createUrlError(
				'names a database. A cluster has only one: leave the number out',
				'指定了数据库，而集群只有一个数据库：请去掉编号',
			);
		return { database };
	}
	const [masterName = '', ...rest] = parts;
	if (!NAME.test(masterName))
		throw createUrlError(
			'does not say behind the hosts what the Sentinels call the server, such as /mymaster',
			'的主机之后缺少 Sentinel 中的服务名称，如 /mymaster',
		);
	return { masterName, database: readDatabase(rest) };
}

function readDatabase(parts: string[]): number {
	const [number = '', ...rest] = parts;
	if (rest.length > 0 || !/^\d{0,6}$/.test(number))
		throw createUrlError(
			'ends in something that is not the number of a database',
			'末尾不是数据库编号',
		);
	return Number(number);
}

const createUrlError = (problem: string, problemInChinese: string) =>
	new UserError(
		`"Redis URL" ${problem}`,
		FORMS,
		`“Redis地址”${problemInChinese}。${FORMS_IN_CHINESE}`,
	);
