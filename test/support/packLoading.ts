import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dependencies } from '../../package.json';

const root = join(__dirname, '..', '..');

/**
 * The loaders of n8n-core: n8n starts with the lazy one, which reads what the build has written about nodes, and takes the
 * other one for a pack that it has just installed, or that nothing was written about. Then n8n asks for the credentials.
 */
const script = `
const [name, root] = JSON.parse(process.argv[1]);
const Loader = require('n8n-core/dist/nodes-loader/' + name.replace(/\\B[A-Z]/g, '-$&').toLowerCase())[name];
const memory = () => {
	// The second one frees the buffers of files that were read.
	global.gc();
	global.gc();
	return (process.memoryUsage().heapUsed + process.memoryUsage().external) / 2 ** 20;
};
const before = new Set(Object.keys(require.cache));
async function load() {
	const empty = memory();
	const began = performance.now();
	const loader = new Loader(root);
	await loader.loadAll();
	for (const type of Object.keys(loader.known.credentials)) loader.getCredential(type);
	const ms = performance.now() - began;
	loader.releaseTypes();
	const mb = memory() - empty;
	const files = Object.keys(require.cache).filter((file) => !before.has(file));
	// Another one, as a loader that loads twice names the nodes of a credential twice.
	const second = new Loader(root);
	await second.loadAll();
	console.log(JSON.stringify({ ms, mb, files, types: JSON.stringify(second.types) }));
}
void load();
`;

export type LoaderName = 'LazyPackageDirectoryLoader' | 'PackageDirectoryLoader';

export interface PackLoading {
	ms: number;
	/** What stays when n8n has started: it forgets the descriptions then, and reads them again when it needs them. */
	mb: number;
	/** Of the pack and of what it depends on, from the folder of the pack. */
	files: string[];
	/** JSON of what the editor gets. */
	types: string;
}

/** Loads the built pack in a new process, as n8n does. @throws {Error} when it is not built. */
export function loadPack(loader: LoaderName): PackLoading {
	if (!existsSync(join(root, 'dist', 'types')))
		throw new Error('There is nothing to load: run npm run build first.');
	const args = ['--expose-gc', '--no-deprecation', '-e', script, JSON.stringify([loader, root])];
	// The types alone are more than the megabyte that Node.js takes by default.
	const out = execFileSync(process.execPath, args, {
		cwd: root,
		encoding: 'utf8',
		maxBuffer: 64 * 2 ** 20,
	});
	const { files, ...loading } = JSON.parse(out) as PackLoading;
	const own = [
		join(root, 'dist'),
		...Object.keys(dependencies).map((name) => join(root, 'node_modules', name)),
	];
	return {
		...loading,
		files: files
			.filter((file) => own.some((folder) => file.startsWith(join(folder, '/'))))
			.map((file) => file.slice(root.length + 1)),
	};
}
