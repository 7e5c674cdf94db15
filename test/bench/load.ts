import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { n8n } from '../../package.json';

const root = join(__dirname, '..', '..');

/** Loads n8n-workflow, then every node and credential of the built pack, and prints what the latter took. */
const script = `
const files = ${JSON.stringify([...n8n.credentials, ...n8n.nodes])};
require('n8n-workflow');
global.gc();
const memory = () => process.memoryUsage().heapUsed + process.memoryUsage().external;
const before = memory();
const began = performance.now();
for (const file of files) for (const Type of Object.values(require('./' + file))) if (typeof Type === 'function') new Type();
const ms = performance.now() - began;
global.gc();
console.log(JSON.stringify({ ms, mb: (memory() - before) / 2 ** 20, undici: Object.keys(require.cache).some((key) => key.includes('undici')) }));
`;

export interface Load {
	ms: number;
	mb: number;
	undici: boolean;
}

/** Cold: each time in a new process. */
export function measureLoad(times: number): Load[] {
	return Array.from({ length: times }, () => {
		const out = execFileSync(process.execPath, ['--expose-gc', '-e', script], {
			cwd: root,
			encoding: 'utf8',
		});
		return JSON.parse(out) as Load;
	}).sort((a, b) => a.ms - b.ms);
}
