import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import lock from '../package-lock.json';
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

interface Installed {
	version?: string;
	hasInstallScript?: boolean;
	dependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
}

const installed: Record<string, Installed | undefined> = lock.packages;
const FOLDER = 'node_modules/';

/** Where Node.js finds a package that is needed by the one at `from`: beside it, or further up. */
function locate(name: string, from: string): string | undefined {
	const at = `${from && `${from}/`}${FOLDER}${name}`;
	if (installed[at]) return at;
	if (from === '') return undefined;
	return locate(name, from.slice(0, Math.max(0, from.lastIndexOf(`/${FOLDER}`))));
}

/** All that is installed with the pack, also for other systems than this one. */
function listInstalled(names: string[], from = '', found = new Set<string>()): Set<string> {
	for (const name of names) {
		const at = locate(name, from);
		if (!at || found.has(at)) continue;
		found.add(at);
		const { dependencies, optionalDependencies } = installed[at] ?? {};
		listInstalled(Object.keys({ ...dependencies, ...optionalDependencies }), at, found);
	}
	return found;
}

describe('what is installed with the pack', () => {
	const names = Object.keys(manifest.dependencies);
	const all = [...listInstalled(names)];

	test('is all found', () =>
		expect(all).toEqual(
			expect.arrayContaining(
				['sharp', '@img/sharp-linux-x64', 'entities'].map(
					(name) => expect.stringMatching(`${FOLDER}${name}$`) as string,
				),
			),
		));

	// n8n 2.8.4 and 2.41.1 install community packages with --ignore-scripts: one that needs its script would not work.
	test('runs no script when it is installed', () =>
		expect(all.filter((at) => installed[at]?.hasInstallScript)).toEqual([]));

	test.each(['README.md', 'README.zh-CN.md'])('is listed in %s, and nothing else is', (readme) => {
		const text = readFileSync(join(root, readme), 'utf8');
		const [, table] = /<!-- dependencies -->([^]*?)<!-- end -->/.exec(text) ?? [];
		const listed = [...table.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
		expect(listed.sort()).toEqual(names.toSorted());
	});
});
