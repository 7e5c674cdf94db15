import { delimiter, dirname } from 'node:path';
import { runCommand } from '../services/command';

/**
 * Runs npm with a Node.js, by default the one that runs us, and answers its standard output.
 * A script started by `npm run` inherits that npm's settings (its project folder, this repository's
 * ignore-scripts) as variables; they would steer an npm that works in another folder.
 */
export async function npm(
	args: string[],
	cwd: string,
	extraEnv: Record<string, string> = {},
	node = process.execPath,
): Promise<string> {
	const env = { ...withoutNpmRun(process.env), ...extraEnv };
	env.PATH = `${dirname(node)}${delimiter}${env.PATH ?? ''}`;
	return await runCommand('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund'], {
		cwd,
		env,
	});
}

function withoutNpmRun(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const inherited =
		/^(npm_package_|npm_lifecycle_|npm_config_(ignore_scripts|local_prefix)$|INIT_CWD$)/i;
	return Object.fromEntries(Object.entries(env).filter(([name]) => !inherited.test(name)));
}
