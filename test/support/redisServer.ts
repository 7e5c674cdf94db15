import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { newAuthority } from '../simulator/pay/certificates';
import { stopChild } from '../e2e/services/cleanup';
import { startDaemon } from '../e2e/services/daemon';
import { eventually } from '../e2e/services/eventually';
import { withLock } from '../e2e/services/folderLock';
import { LOOPBACK, freePorts } from '../e2e/services/ports';
import { findOrInstall } from '../e2e/services/programs';
import { REDIS } from '../e2e/services/redis';

/** What stands in redis.conf, by name. */
type Settings = Record<string, string>;

/** A real Redis on this computer, which keeps its files until it is stopped. */
export interface RedisServer {
	port: number;
	/** Without a login. */
	url: string;
	/** Runs one command as somebody who may do everything. */
	run(...command: Array<number | string>): Promise<unknown>;
	/** Ends it at once, as a power failure does. */
	kill(): Promise<void>;
	/** Starts it again with the same files, after `kill()`. */
	start(): Promise<void>;
	/** Lets it answer nothing, though the system still takes connections for it. */
	pause(): void;
	resume(): void;
	/** Ends it, and removes its files. */
	stop(): Promise<void>;
}

/** Installing takes longer than a test may. */
export const START_MS = 300_000;

/**
 * Starts a Redis on a free port of 127.0.0.1. Without other settings it keeps nothing on disk and asks for no password.
 * As root on Debian it installs the package when it is missing.
 */
export async function startRedisServer(settings: Settings = {}): Promise<RedisServer> {
	const [port] = await freePorts(1);
	return await startOn(port, { save: '', ...settings });
}

/** Starts a Redis that speaks TLS only, with a certificate for 127.0.0.1 and a name. `ca` is a PEM. */
export async function startTlsRedis(
	settings: Settings = {},
	name = 'localhost',
): Promise<RedisServer & { ca: string }> {
	const authority = newAuthority('Authority of a test');
	const { cert, key } = authority.issue(name);
	const [port] = await freePorts(1);
	const server = await startOn(
		port,
		{ save: '', ...settings },
		{ 'cert.pem': cert, 'key.pem': key, 'ca.pem': authority.ca },
	);
	return { ...server, url: `rediss://localhost:${port}`, ca: authority.ca };
}

/** Starts a Redis that follows another one, and waits until it has what that one has. */
export async function startReplica(
	master: RedisServer,
	settings: Settings = {},
): Promise<RedisServer> {
	const replica = await startRedisServer({
		replicaof: `${LOOPBACK} ${master.port}`,
		'repl-diskless-sync-delay': '0',
		...settings,
	});
	await eventually(async () => {
		const info = String(await replica.run('INFO', 'replication'));
		if (!info.includes('master_link_status:up')) throw new Error('The replica has not caught up.');
	}, 30_000);
	return replica;
}

/** Starts a Sentinel that watches a Redis by that name, and holds it for dead after a second. */
export async function startSentinel(
	master: RedisServer,
	name: string,
	settings: Settings = {},
): Promise<RedisServer> {
	const [port] = await freePorts(1);
	const lines = [
		`sentinel monitor ${name} ${LOOPBACK} ${master.port} 1`,
		`sentinel down-after-milliseconds ${name} 1000`,
		`sentinel failover-timeout ${name} 3000`,
	];
	const server = await startOn(port, settings, {}, lines);
	return { ...server, url: `redis+sentinel://${LOOPBACK}:${port}/${name}` };
}

/** Starts a cluster of so many nodes that share all slots. */
export async function startCluster(count: number, settings: Settings = {}): Promise<RedisServer[]> {
	const nodes: RedisServer[] = [];
	for (let left = count; left > 0; left--) {
		const [port, busPort] = await freePorts(2);
		const cluster = {
			'cluster-enabled': 'yes',
			'cluster-port': String(busPort),
			'cluster-announce-ip': LOOPBACK,
			'cluster-require-full-coverage': 'no',
			'cluster-node-timeout': '2000',
		};
		const node = await startOn(port, { save: '', ...cluster, ...settings });
		nodes.push({ ...node, url: `redis+cluster://${LOOPBACK}:${port}` });
		for (const other of nodes.slice(0, -1))
			await node.run('CLUSTER', 'MEET', LOOPBACK, other.port, await readBusPort(other));
	}
	const size = Math.ceil(SLOTS / count);
	for (const [index, node] of nodes.entries()) {
		const end = Math.min(SLOTS, (index + 1) * size) - 1;
		await node.run('CLUSTER', 'ADDSLOTSRANGE', index * size, end);
	}
	for (const node of nodes)
		await eventually(async () => {
			const info = String(await node.run('CLUSTER', 'INFO'));
			if (!info.includes(`cluster_slots_ok:${SLOTS}`) || !info.includes('cluster_state:ok'))
				throw new Error('The nodes do not know each other.');
		}, 30_000);
	return nodes;
}

const SLOTS = 16_384;

async function readBusPort(node: RedisServer): Promise<string> {
	const [, busPort = ''] = (await node.run('CONFIG', 'GET', 'cluster-port')) as string[];
	return busPort;
}

/** Starts a Redis for all tests of a file, and stops it afterwards. */
export function useRedis<T extends RedisServer>(start: () => Promise<T>): () => T {
	let server: T | undefined;
	beforeAll(async () => void (server = await start()), START_MS);
	afterAll(async () => await server?.stop());
	return () => {
		if (!server) throw new Error('Redis runs while tests run, not before.');
		return server;
	};
}

async function startOn(
	port: number,
	settings: Settings,
	pems: Record<string, string> = {},
	sentinelLines: string[] = [],
): Promise<RedisServer> {
	const isTls = 'cert.pem' in pems;
	const folder = mkdtempSync(join(tmpdir(), 'wechat-redis-'));
	const inFolder = (name: string) => join(folder, name);
	for (const [name, pem] of Object.entries(pems))
		writeFileSync(inFolder(name), pem, { mode: 0o600 });
	const tls: Settings = {
		port: '0',
		'tls-port': String(port),
		'tls-cert-file': inFolder('cert.pem'),
		'tls-key-file': inFolder('key.pem'),
		'tls-ca-cert-file': inFolder('ca.pem'),
		'tls-auth-clients': 'no',
	};
	const all: Settings = {
		bind: LOOPBACK,
		dir: folder,
		'repl-diskless-sync-delay': '0',
		...(isTls ? tls : { port: String(port) }),
		// For run(), whatever the password is.
		unixsocket: inFolder('socket'),
		...settings,
	};
	// A Sentinel writes to this file, so it has to be one.
	const lines = Object.entries(all).map(([name, value]) => `${name} ${value || '""'}`);
	writeFileSync(inFolder('redis.conf'), [...lines, ...sentinelLines, ''].join('\n'));

	let child: ChildProcess;
	const start = async () => {
		const programs = REDIS.find() ?? (await installRedis());
		child = await startDaemon({
			name: 'Redis',
			command: join(programs, 'redis-server'),
			args: [inFolder('redis.conf'), ...(sentinelLines.length > 0 ? ['--sentinel'] : [])],
			env: { PATH: process.env.PATH },
			logFile: inFolder('redis.log'),
			isReady: async () => await answers(port, isTls),
		});
	};
	await start();
	return {
		port,
		url: `redis://${LOOPBACK}:${port}`,
		async run(command, ...values) {
			const redis = new Redis(inFolder('socket'), {
				lazyConnect: true,
				password: settings.requirepass,
			});
			try {
				return await redis.call(String(command), ...values);
			} finally {
				redis.disconnect();
			}
		},
		kill: async () => await stopChild(child, { signal: 'SIGKILL' }),
		start,
		pause: () => void child.kill('SIGSTOP'),
		resume: () => void child.kill('SIGCONT'),
		async stop() {
			// Whether it is paused or not.
			await stopChild(child, { signal: 'SIGKILL' });
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Test files run at the same time; apt-get does not. */
const LOCK = join(tmpdir(), 'wechat-redis-install.lock');
const say = (line: string) => void process.stderr.write(`${line}\n`);

async function installRedis(): Promise<string> {
	const [programs] = await withLock(LOCK, say, async () => await findOrInstall([REDIS], say));
	return programs;
}

/** Whether a server takes commands: also one that wants a password, or TLS, first. */
async function answers(port: number, isTls: boolean): Promise<boolean> {
	return await new Promise((resolve) => {
		const end = (answer: boolean) => {
			socket.destroy();
			resolve(answer);
		};
		const socket = connect(port, LOOPBACK, () =>
			isTls ? end(true) : void socket.write('PING\r\n'),
		);
		socket.once('data', (text) => end(!text.toString().startsWith('-LOADING')));
		socket.once('error', () => end(false));
		socket.setTimeout(3000, () => end(false));
	});
}
