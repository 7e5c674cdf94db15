import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { n8n } from '../../package.json';
import { loadPack, type PackLoading } from '../support/packLoading';
import { median } from './measure';

const root = join(__dirname, '..', '..');

/** Loads `first`, then measures what `files` take, and makes one of each class in them when asked to. */
const script = `
const [first, files, makes] = JSON.parse(process.argv[1]);
for (const file of first) require(file);
global.gc();
const memory = () => process.memoryUsage().heapUsed + process.memoryUsage().external;
const before = memory();
const began = performance.now();
for (const file of files) {
	const loaded = require(file);
	if (makes) for (const Type of Object.values(loaded)) if (typeof Type === 'function') new Type();
}
const ms = performance.now() - began;
global.gc();
console.log(JSON.stringify({ ms, mb: (memory() - before) / 2 ** 20, undici: Object.keys(require.cache).some((key) => key.includes('undici')) }));
`;

export interface Load {
	ms: number;
	mb: number;
	undici: boolean;
}

/** Cold: in a new process. */
function loadOnce(first: string[], files: string[], makes = false): Load {
	const args = ['--expose-gc', '--no-deprecation', '-e', script];
	const out = execFileSync(process.execPath, [...args, JSON.stringify([first, files, makes])], {
		cwd: root,
		encoding: 'utf8',
	});
	return JSON.parse(out) as Load;
}

const middleOf = (loads: Load[]): Load => ({
	ms: median(loads.map(({ ms }) => ms)),
	mb: median(loads.map(({ mb }) => mb)),
	undici: loads.some(({ undici }) => undici),
});

export interface PackLoads {
	/** What n8n does when it starts. */
	start: Pick<PackLoading, 'ms' | 'mb'>;
	/** Every node and credential. */
	pack: Load;
	/** It is loaded before. */
	workflow: Load;
}

/** The built pack, in turn with n8n-workflow; medians. */
export function measurePack(times: number): PackLoads {
	const files = [...n8n.credentials, ...n8n.nodes].map((file) => join(root, file));
	const before = [require.resolve('n8n-workflow')];
	const starts: PackLoading[] = [];
	const loads: Record<'pack' | 'workflow', Load[]> = { pack: [], workflow: [] };
	for (let turn = 0; turn < times; turn++) {
		loads.workflow.push(loadOnce([], before));
		loads.pack.push(loadOnce(before, files, true));
		starts.push(loadPack('LazyPackageDirectoryLoader'));
	}
	const start = { ms: median(starts.map(({ ms }) => ms)), mb: median(starts.map(({ mb }) => mb)) };
	return { start, pack: middleOf(loads.pack), workflow: middleOf(loads.workflow) };
}

/** Several, in turn, with node:crypto loaded before; medians. */
export function measureLoads<K extends string>(
	subjects: Record<K, string[]>,
	times: number,
): Record<K, Load> {
	const names = Object.keys(subjects) as K[];
	const loads = Object.fromEntries(names.map((name) => [name, [] as Load[]]));
	for (let turn = 0; turn < times; turn++)
		for (const name of names) loads[name].push(loadOnce(['node:crypto'], subjects[name]));
	return Object.fromEntries(names.map((name) => [name, middleOf(loads[name])])) as Record<K, Load>;
}
