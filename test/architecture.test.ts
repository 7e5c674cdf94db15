import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Who may import whom, beside its own folder. Capital folders are nodes on the canvas. */
const ALLOWED: Record<string, string[]> = {
	base: [],
	api: ['base'],
	push: ['base'],
	pay: ['base'],
	replyRules: ['api', 'base', 'push'],
	socialinzen: ['api', 'base'],
	soter: ['base'],
	n8n: ['api', 'base', 'pay', 'push', 'socialinzen'],
	engine: ['api', 'base', 'n8n'],
	Node: ['api', 'base', 'engine', 'n8n', 'pay', 'push', 'replyRules', 'socialinzen', 'soter'],
};
const N8N_FREE = ['api', 'base', 'pay', 'push', 'replyRules', 'socialinzen', 'soter'];

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
		if (from === 'undici') expect(file).toBe('base/http.ts');
	}
});
