import { spawn } from 'node:child_process';
import { trackProcess } from './cleanup';

/** Whom a process belongs to. Only root can choose. */
export interface User {
	uid: number;
	gid: number;
}

interface Surroundings {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	user?: User;
}

/** Runs a command to its end and answers its standard output. */
export async function runCommand(
	command: string,
	args: string[],
	{ cwd, env, user }: Surroundings = {},
): Promise<string> {
	const child = spawn(command, args, { cwd, env, ...user, stdio: ['ignore', 'pipe', 'pipe'] });
	trackProcess(child);

	let out = '';
	let tail = '';
	child.stdout.on('data', (text: Buffer) => {
		out += text.toString();
		tail = `${tail}${text.toString()}`.slice(-4000);
	});
	child.stderr.on('data', (text: Buffer) => {
		tail = `${tail}${text.toString()}`.slice(-4000);
	});

	const status = await new Promise<number | string>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
	});
	if (status !== 0) {
		const where = cwd ? ` in ${cwd}` : '';
		throw new Error(`${command} ${args.join(' ')} ended with ${status}${where}\n${tail.trim()}`);
	}
	return out;
}
