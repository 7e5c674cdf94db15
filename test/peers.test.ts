import { existsSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';

/** The pages of peers: a table in which each cell leads to what proves it. */

const root = join(__dirname, '..');
const PAGES = [
	{ folder: 'docs', verdicts: ['yes', 'partly', 'no'] },
	{ folder: 'docs/zh-CN', verdicts: ['有', '部分', '无'] },
];

interface Cell {
	row: string;
	column: string;
	says: string;
	/** In the repository a path, else an address, or a heading of the page (`#…`). */
	proof: string;
}

function readPage(folder: string) {
	const text = readFileSync(join(root, folder, 'peers.md'), 'utf8');
	const lines = text.split('\n').filter((line) => line.startsWith('|'));
	const [head, , ...rows] = lines.map((line) =>
		line
			.slice(1, -1)
			.split('|')
			.map((cell) => cell.trim()),
	);
	const targets = new Map(
		[...text.matchAll(/^\[([\w-]+)\]: (\S+)$/gm)].map(([, name, target]) => [name, target]),
	);
	const cells = rows.flatMap(([row, ...others]) =>
		others.map((cell, at): Cell => {
			const [, says, name] = /^\[([^\]]+)\]\[([\w-]+)\]$/.exec(cell) ?? [];
			const proof = targets.get(name) ?? '';
			return { row, column: head[at + 1], says, proof: locate(folder, proof) };
		}),
	);
	return { text, head, rows, cells };
}

const locate = (folder: string, target: string) =>
	target.startsWith('#') || /^https?:/.test(target) || target === ''
		? target
		: normalize(join(folder, target)).replace('docs/zh-CN/', 'docs/');

describe.each(PAGES)('$folder/peers.md', ({ folder, verdicts: [yes, partly, no] }) => {
	const { text, head, rows, cells } = readPage(folder);
	const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading.toLowerCase());
	const [, own, ...others] = head;

	test('each cell has a proof', () => {
		expect(rows.length).toBeGreaterThan(12);
		for (const row of rows) expect(row).toHaveLength(head.length);
		expect(cells.filter(({ says, proof }) => !says || !proof)).toEqual([]);
	});

	test('what this pack can do is shown by a test that is there', () => {
		const ours = cells.filter(({ column, says }) => column === own && [yes, partly].includes(says));
		expect(ours.length).toBeGreaterThan(10);
		const unproven = ours.filter(
			({ proof }) => !/^test\/.+\.ts$/.test(proof) || !existsSync(join(root, proof)),
		);
		expect(unproven).toEqual([]);
	});

	test('what lies in the repository is there, also what is linked in the text', () => {
		const paths = cells.map(({ proof }) => proof).filter((proof) => !/^(?:#|https?:)/.test(proof));
		expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
		const named = [...text.matchAll(/\((\.\.\/[^)\s#]+)/g)].map(([, path]) => path);
		expect(named.filter((path) => !existsSync(join(root, folder, path)))).toEqual([]);
	});

	test('each peer has its part, in the order of the table, and what they lack leads there or to a file', () => {
		expect(headings).toEqual(others.map((name) => name.toLowerCase()));
		const astray = cells.filter(
			({ column, proof }) => proof.startsWith('#') && proof !== `#${column.toLowerCase()}`,
		);
		expect(astray).toEqual([]);
		const ownGaps = cells.filter(({ column, says }) => column === own && says === no);
		expect(ownGaps.map(({ proof }) => proof)).toEqual(ownGaps.map(() => 'docs/limits.md'));
		expect(ownGaps.length).toBeGreaterThan(0);
	});

	test('files of others are linked in one version, which nobody can change', () => {
		const addresses = [...text.matchAll(/https?:[^)\s]+/g)].map(([address]) => address);
		const loose = addresses.filter(
			(address) =>
				!/\/blob\/[0-9a-f]{40}\/|@\d+\.\d+\.\d+\/|javadoc\.io\/doc\/\S+\/\d/.test(address),
		);
		expect(loose).toEqual([]);
		expect(addresses.length).toBeGreaterThan(30);
	});
});

test('both languages say the same, with the same proofs', () => {
	const [one, other] = PAGES.map(({ folder, verdicts }) =>
		readPage(folder).cells.map(({ says, proof }) => ({ proof, verdict: verdicts.indexOf(says) })),
	);
	expect(other).toEqual(one);
});
