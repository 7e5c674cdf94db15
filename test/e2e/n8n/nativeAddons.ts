import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { npm } from './npm';

type Say = (line: string) => void;

/**
 * n8n was installed without install scripts; run those of the packages that it cannot do without.
 * Each tries a download of a ready-made binary and compiles when there is none to be had.
 */
export async function buildAddons(
	folder: string,
	names: string[],
	node: string,
	say: Say,
): Promise<void> {
	const env = { JOBS: 'max', ...findHeaders(node) };
	for (const path of installedCopies(folder, names)) {
		say(`Building ${basename(path)}`);
		try {
			await npm(['run', 'install'], join(folder, path), env, node);
		} catch (error) {
			throw new Error(`${basename(path)} could not be built. ${adviceOnTools()}\n${String(error)}`);
		}
	}
}

/** Warn early: the install itself takes minutes before the first compiler is needed. */
export function warnAboutTools(say: Say): void {
	if (missingTools().length > 0) {
		say(`If no ready-made SQLite can be downloaded, one has to be compiled. ${adviceOnTools()}`);
	}
}

/** npm's own record of what it installed, so that the large tree need not be searched. */
function installedCopies(folder: string, names: string[]): string[] {
	const record = JSON.parse(
		readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8'),
	) as { packages: Record<string, unknown> };
	return Object.keys(record.packages).filter((path) =>
		names.some((name) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`)),
	);
}

/** Headers of a Node.js on this computer; without them node-gyp downloads some. */
function findHeaders(node: string): Record<string, string> {
	const major = /^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout)?.[1];
	const prefix = [dirname(dirname(node)), '/usr'].find(
		(folder) => readHeaderVersion(folder) === major,
	);
	return prefix ? { npm_config_nodedir: prefix } : {};
}

function readHeaderVersion(prefix: string): string | undefined {
	const file = join(prefix, 'include', 'node', 'node_version.h');
	if (!existsSync(file)) return undefined;
	return /#define NODE_MAJOR_VERSION (\d+)/.exec(readFileSync(file, 'utf8'))?.[1];
}

function missingTools(): string[] {
	return ['python3', 'make', 'g++'].filter(
		(tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0,
	);
}

function adviceOnTools(): string {
	const missing = missingTools();
	if (missing.length === 0) return '';
	const debian = existsSync('/etc/debian_version');
	const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
	return debian
		? `Missing: ${missing.join(', ')}. Install with: ${sudo}apt-get install -y ${missing.join(' ')}`
		: `Missing: ${missing.join(', ')}. Install them (python3, make and a C++ compiler) and try again.`;
}
