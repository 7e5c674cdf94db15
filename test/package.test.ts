import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../package.json';

const root = join(__dirname, '..');

interface Packed {
	files: Array<{ path: string }>;
}

const [{ files }] = JSON.parse(
	execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: root,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	}),
) as Packed[];
const paths = files.map(({ path }) => path);

const WANTED =
	/^(dist\/(nodes|credentials)\/.+\.(js|json|svg)|dist\/(known|types)\/\w+\.json|README(\.zh-CN)?\.md|LICENSE|package\.json)$/;

test('the package holds what its users need, and nothing else', () =>
	expect(paths.filter((path) => !WANTED.test(path))).toEqual([]));

test.each(['README.md', 'README.zh-CN.md', 'LICENSE', 'package.json'])(
	'the package holds %s',
	(file) => expect(paths).toContain(file),
);

// n8n loads these files and no others.
test.each([...manifest.n8n.nodes, ...manifest.n8n.credentials])('%s has its source', (file) => {
	const source = file.replace(/^dist\//, '').replace(/\.js$/, '.ts');
	expect(existsSync(join(root, source))).toBe(true);
});

test.each(['docs/installation.md', 'docs/zh-CN/installation.md'])(
	'%s lists what is installed with the pack',
	(page) => {
		const text = readFileSync(join(root, page), 'utf8');
		const [, table] = /<!-- dependencies -->([^]*?)<!-- end -->/.exec(text) ?? [];
		const listed = [...table.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
		expect(listed.sort()).toEqual(Object.keys(manifest.dependencies).toSorted());
	},
);
