import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { adopt } from './ending';

/**
 * Runs npm with the Node.js that runs us, and answers its standard output.
 * A script started by `npm run` inherits that npm's settings (its project folder, this repository's
 * ignore-scripts) as variables; they would steer an npm that works in another folder.
 */
export async function npm(
	args: string[],
	cwd: string,
	extraEnv: Record<string, string> = {},
): Promise<string> {
	const env = { ...withoutNpmRun(process.env), ...extraEnv };
	env.PATH = `${dirname(process.execPath)}${delimiter}${env.PATH ?? ''}`;

	const child = spawn('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund'], {
		cwd,
		env,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	adopt(child);

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
		throw new Error(`npm ${args.join(' ')} ended with ${status} in ${cwd}\n${tail.trim()}`);
	}
	return out;
}

function withoutNpmRun(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const inherited =
		/^(npm_package_|npm_lifecycle_|npm_config_(ignore_scripts|local_prefix)$|INIT_CWD$)/i;
	return Object.fromEntries(Object.entries(env).filter(([name]) => !inherited.test(name)));
}
