import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startDaemon } from './daemon';
import { LOOPBACK, freePorts } from './ports';
import { findFolder, type Programs } from './programs';

export const REDIS: Programs = {
	debianPackage: 'redis-server',
	find: () => findFolder(['redis-server']),
};

/** A Redis of our own that keeps nothing. Answers what n8n has to be told to use it. */
export async function startRedis(
	programs: string,
	folder: string,
): Promise<{ child: ChildProcess; url: string; env: Record<string, string> }> {
	const [port = 0] = await freePorts(1);
	const settings = { port: String(port), bind: LOOPBACK, dir: folder, save: '', appendonly: 'no' };
	const child = await startDaemon({
		name: 'Redis',
		command: join(programs, 'redis-server'),
		args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
		env: { PATH: process.env.PATH },
		logFile: join(folder, 'redis.log'),
		isReady: async () => await pongs(port),
		leave: { afterOthers: true },
	});
	return {
		child,
		url: `redis://${LOOPBACK}:${port}`,
		env: { QUEUE_BULL_REDIS_HOST: LOOPBACK, QUEUE_BULL_REDIS_PORT: String(port) },
	};
}

async function pongs(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, LOOPBACK, () => void socket.write('PING\r\n'));
		const end = (answer: boolean) => {
			socket.destroy();
			resolve(answer);
		};
		socket.once('data', (text) => end(text.toString().startsWith('+PONG')));
		socket.once('error', () => end(false));
		socket.setTimeout(3000, () => end(false));
	});
}
