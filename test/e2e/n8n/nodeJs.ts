import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUpAtEnd } from '../services/cleanup';
import { withLock } from '../services/folderLock';
import { npm } from './npm';

/** Each n8n wants another Node.js: npm has those that do not run us, as packages with headers for compilers. */
const VERSIONS: Record<number, string> = { 20: '20.20.2', 24: '24.21.0' };

/** The program of a Node.js of this major version: the running one, or one that is kept in a folder. */
export async function findOrInstallNode(
	major: number,
	folder: string,
	say: (line: string) => void,
): Promise<string> {
	if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
	const version = VERSIONS[major];
	const dir = join(folder, `node-${version}`);
	const name = `node-${process.platform}-${process.arch}`;
	const program = join(dir, 'node_modules', name, 'bin', 'node');
	if (existsSync(program)) return program;

	mkdirSync(folder, { recursive: true });
	await withLock(`${dir}.lock`, say, async () => {
		if (!existsSync(program)) await installInto(dir, { [name]: version }, say);
	});
	return program;
}

/** Everything happens in a folder of another name, so that a half-made one is never taken for the whole. */
async function installInto(
	dir: string,
	dependencies: Record<string, string>,
	say: (line: string) => void,
): Promise<void> {
	const partial = `${dir}.partial`;
	rmSync(partial, { recursive: true, force: true });
	mkdirSync(partial);
	cleanUpAtEnd(() => rmSync(partial, { recursive: true, force: true }));
	const manifest = { name: 'node-for-tests', private: true, dependencies };
	writeFileSync(join(partial, 'package.json'), JSON.stringify(manifest));
	say(`Installing Node.js into ${dir} (once)`);
	await npm(['install', '--ignore-scripts', '--no-progress'], partial);
	rmSync(dir, { recursive: true, force: true });
	renameSync(partial, dir);
}
