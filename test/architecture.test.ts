import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Who may import whom, beside its own folder. Capital folders are nodes on the canvas. */
const ALLOWED: Record<string, string[]> = {
	api: [],
	push: [],
	pay: ['api', 'push'],
	replies: ['api', 'push'],
	host: ['api', 'pay', 'push'],
	table: ['api', 'host'],
	soter: ['api'],
	Node: ['api', 'host', 'pay', 'push', 'replies', 'soter', 'table'],
};
const N8N_FREE = ['api', 'pay', 'push', 'replies', 'soter'];

const root = join(__dirname, '..', 'nodes');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
	file.endsWith('.ts'),
);
const importsOf = (file: string) =>
	[...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(
		([, from]) => from,
	);

test('there is something to look at', () => expect(files.length).toBeGreaterThan(20));

test.each(files)('%s keeps to the arrows', (file) => {
	const [folder] = file.split('/');
	const isNode = /^[A-Z]/.test(folder);
	const allowed = [folder, ...ALLOWED[isNode ? 'Node' : folder]];
	for (const from of importsOf(file)) {
		if (from.startsWith('.')) expect(allowed).toContain(join(file, '..', from).split('/')[0]);
		if (N8N_FREE.includes(folder)) expect(from).not.toMatch(/^n8n-/);
		if (from === 'undici') expect(file).toBe('api/http.ts');
	}
});
