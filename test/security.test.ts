import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import lock from '../package-lock.json';
import manifest from '../package.json';

const root = join(__dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const review = read('SECURITY.md');

/** The claims: what stands behind a dash, with the lines that belong to it. */
const claims = review
	.slice(review.indexOf('## What is checked'), review.indexOf('## What you have to see to'))
	.split(/\n(?=- |\n)/)
	.map((line) => line.trim().replace(/\s+/g, ' '))
	.filter((line) => line.startsWith('- '));

/** `test/….ts`: "title"; "title" */
const tests = [
	...review.replace(/\s+/g, ' ').matchAll(/`(test\/[^`]+\.ts)`: ("[^"]+"(?:; "[^"]+")*)/g),
];
const titles = tests.flatMap(([, file, list]) =>
	[...list.matchAll(/"([^"]+)"/g)].map(([, title]) => ({ file, title })),
);

describe('SECURITY.md', () => {
	test('makes claims', () => expect(claims.length).toBeGreaterThan(0));

	test.each(claims)('names a test for each of them: %s', (claim) =>
		expect(claim).toMatch(/\(`test\/[^`]+\.ts`: "[^"]+"/),
	);

	test.each(titles)('$file has the test "$title"', ({ file, title }) =>
		expect(read(file).replaceAll("\\'", "'")).toContain(title),
	);
});

const sources = ['nodes', 'credentials'].flatMap((folder) =>
	readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => join(folder, file)),
);

// Keys, certificates, addresses, compressed data, and the type of a response: no files, no processes, no code that is made as it runs.
test('the pack asks Node.js for nothing that could touch files, processes or code', () => {
	const code = sources.map(read).join('\n');
	const asked = code.matchAll(/(?:from|import\(|require\()\s*['"](?:node:)?([\w/-]+)['"]/g);
	const own = Object.keys(manifest.dependencies);
	const others = [...asked].map(([, name]) => name).filter((name) => !own.includes(name));
	expect([...new Set(others)].sort()).toEqual([
		'crypto',
		'dns/promises',
		'http',
		'https',
		'n8n-workflow',
		'net',
		'tls',
		'zlib',
	]);
	expect(code).not.toMatch(/\beval\(|new Function\(|\bconsole\.\w+\(/);
	// Only to refuse what others would leave unchecked.
	expect(code).not.toMatch(/\brejectUnauthorized\b(?! === false|: true)/);
});

describe('what is installed with the pack', () => {
	interface Installed {
		dev?: boolean;
		devOptional?: boolean;
		peer?: boolean;
		integrity?: string;
		hasInstallScript?: boolean;
		os?: string[];
		cpu?: string[];
		libc?: string[];
		/** A link to a folder of this repository, which has an entry of its own. */
		link?: true;
	}
	const installed = Object.entries(lock.packages as Record<string, Installed>).filter(
		([path, { dev, devOptional, peer, link }]) =>
			path !== '' && !dev && !devOptional && !peer && !link,
	);

	/** Of sharp there is a build for each system, and npm takes one of them. */
	const onOneSystem = installed.filter(
		([, { os = ['linux'], cpu = ['x64'], libc = ['glibc'] }]) =>
			os.includes('linux') && cpu.includes('x64') && libc.includes('glibc'),
	);

	test('is little', () => expect(onOneSystem.length).toBeLessThan(90));

	test.each(installed)('%s has a checksum, and runs nothing when it is installed', (_, one) => {
		expect(one.integrity).toMatch(/^sha512-/);
		expect(one.hasInstallScript).toBeUndefined();
	});
});
