import type { Block } from './articleBlocks';
import { mergeRuns, type Run } from './inlineRuns';

/** What stands above the list of references: here, and in other tools for articles. */
const HEADING = /^(参考资料|参考链接|引用链接|References)[:：]?$/;
const ROW = /^\[(\d{1,4})\]:?\s+/;
/** The last word of a row, where it can be an address. */
const ADDRESS =
	/^(?:(.*?)[:：]\s+)?((?:https?:\/\/|mailto:|\/\/)\S+|[^\s@]+@[^\s@]+\.\w+|\S*[./]\S*)$/s;

interface Restoring {
	references: ReadonlyMap<number, Reference>;
	/** The numbers that the text refers to, and those among them that are footnotes. */
	used: Set<number>;
	notes: Set<number>;
}

interface Reference {
	/** The words of the link, and where it leads. */
	text: string;
	address?: string;
	runs: Run[];
}

/** Makes links again of numbers, and of the list below an article that says where they lead. */
export function restoreReferences(blocks: Block[]): Block[] {
	const at = findList(blocks);
	if (at === undefined) return blocks;
	const references = new Map<number, Reference>();
	for (const block of blocks.slice(at + 1))
		if (block.kind === 'paragraph') readReference(block.runs, references);
	const used = new Set<number>();
	const notes = new Set<number>();
	const restore = (runs: Run[]) => restoreRuns(runs, { references, used, notes });
	const restored = blocks.slice(0, at).map((block) => restoreBlock(block, restore));
	// What a footnote refers to may be a footnote, too: the set grows while it is read.
	for (const number of notes) {
		const { runs } = references.get(number) as Reference;
		restored.push({ kind: 'note', number, runs: restore(runs) });
	}
	// Numbers that nothing in the text refers to are a list of the author's own.
	return used.size === references.size ? restored : blocks;
}

const toText = (runs: Run[]): string => runs.map(({ text }) => text).join('');

/** Where the heading of the list is: nothing but its rows, numbered from 1, stands below. */
function findList(blocks: Block[]): number | undefined {
	const at = blocks.findLastIndex(
		(block) =>
			(block.kind === 'paragraph' || block.kind === 'heading') && HEADING.test(toText(block.runs)),
	);
	const rows = blocks.slice(at + 1);
	const isList = rows.every(
		(row, index) =>
			row.kind === 'paragraph' && ROW.exec(toText(row.runs))?.[1] === String(index + 1),
	);
	return at >= 0 && rows.length > 0 && isList ? at : undefined;
}

function readReference(runs: Run[], references: Map<number, Reference>): void {
	const written = toText(runs);
	const [head, number] = ROW.exec(written) ?? [];
	if (head === undefined) return;
	const rest = written.slice(head.length);
	const [, text = '', address] = ADDRESS.exec(rest) ?? [];
	references.set(Number(number), { text, address, runs: cutStart(runs, head.length) });
}

function cutStart(runs: Run[], length: number): Run[] {
	let left = length;
	return runs.flatMap((run) => {
		const cut = Math.min(left, run.text.length);
		left -= cut;
		return cut === run.text.length && cut > 0 ? [] : [{ ...run, text: run.text.slice(cut) }];
	});
}

function restoreBlock(block: Block, restore: (runs: Run[]) => Run[]): Block {
	switch (block.kind) {
		case 'paragraph':
		case 'heading':
		case 'note':
			return { ...block, runs: restore(block.runs) };
		case 'quote':
			return { ...block, blocks: block.blocks.map((one) => restoreBlock(one, restore)) };
		case 'list':
			return {
				...block,
				items: block.items.map((item) => ({
					...item,
					blocks: item.blocks.map((one) => restoreBlock(one, restore)),
				})),
			};
		case 'table':
			return { ...block, rows: block.rows.map((row) => row.map(restore)) };
		case 'code':
		case 'rule':
			return block;
	}
}

function restoreRuns(runs: Run[], restoring: Restoring): Run[] {
	const restored: Run[] = [];
	for (const run of runs) {
		// Neighboring marks are one run.
		const numbers = run.script === 'sup' ? (/^(\[\d{1,4}\])+$/.exec(run.text)?.[0] ?? '') : '';
		const found = [...numbers.matchAll(/\d+/g)].map(([digits]) => Number(digits));
		if (found.length === 0 || !found.every((number) => restoring.references.has(number))) {
			restored.push(run);
			continue;
		}
		for (const number of found) restoreOne(number, restored, restoring);
	}
	return mergeRuns(restored);
}

function restoreOne(number: number, before: Run[], { references, used, notes }: Restoring): void {
	used.add(number);
	const { text, address } = references.get(number) as Reference;
	const link = address !== undefined && /^[^\s@:/]+@/.test(address) ? `mailto:${address}` : address;
	if (link !== undefined && linkText(before, text, link)) return;
	if (link !== undefined && text === '' && linkPicture(before, link)) return;
	// The same address stood behind other words before, or it is a footnote.
	if (link !== undefined && /^(https?|mailto):/.test(link))
		before.push({ text: `[${number}]`, link });
	else {
		notes.add(number);
		before.push({ text: '', note: number });
	}
}

/** Makes a link of the words at the end of what was read, if they are those of the reference. */
function linkText(runs: Run[], text: string, link: string): boolean {
	if (text === '' || !readEnd(runs, text.length).trimEnd().endsWith(text)) return false;
	let left = text.length;
	for (let at = runs.length - 1; at >= 0 && left > 0; at--) {
		const run = runs[at];
		if (run.isBreak || run.picture !== undefined) continue;
		const shown = at === runs.length - 1 ? run.text.trimEnd() : run.text;
		const cut = Math.max(0, shown.length - left);
		left -= shown.length - cut;
		const parts = [
			{ ...run, text: shown.slice(0, cut) },
			{ ...run, text: shown.slice(cut), link },
		];
		runs.splice(at, 1, ...parts.filter((part) => part.text !== ''));
	}
	return true;
}

/** The end of a line, at least as long as asked for, where it is not shorter. */
function readEnd(runs: Run[], length: number): string {
	let end = '';
	for (let at = runs.length - 1; at >= 0 && end.trimEnd().length < length; at--)
		end = runs[at].text + end;
	return end;
}

function linkPicture(runs: Run[], link: string): boolean {
	const last = runs.at(-1);
	if (last?.picture === undefined) return false;
	runs[runs.length - 1] = { ...last, link };
	return true;
}
