import type { Alignment, Block, ListItem } from './articleBlocks';
import type { Run } from './inlineRuns';
import { writeRuns } from './writeRuns';

/** Writes blocks as CommonMark, with the tables, tasks, strikethrough and footnotes of GitHub. */
export const writeMarkdown = (blocks: Block[]): string => writeBlocks(blocks).join('\n');

function writeBlocks(blocks: Block[]): string[] {
	const lines: string[] = [];
	let before: Block | undefined;
	let hasOtherMarker = false;
	for (const block of blocks) {
		// Two lists behind each other would be one.
		hasOtherMarker = isSameList(block, before) && !hasOtherMarker;
		const written = writeBlock(block, hasOtherMarker);
		if (lines.length > 0) lines.push('');
		lines.push(...written);
		before = block;
	}
	return lines;
}

const isSameList = (block: Block, before: Block | undefined): boolean =>
	block.kind === 'list' &&
	before?.kind === 'list' &&
	(block.start === undefined) === (before.start === undefined);

function writeBlock(block: Block, hasOtherMarker: boolean): string[] {
	switch (block.kind) {
		case 'paragraph':
			return writeRuns(block.runs).split('\n').map(escapeLineStart);
		case 'heading':
			return [`${'#'.repeat(block.level)} ${writeRuns(block.runs).replace(/(#+)$/, '\\$1')}`];
		case 'quote':
			return writeBlocks(block.blocks).map((line) => (line === '' ? '>' : `> ${line}`));
		case 'list':
			return writeList(block.items, block.start, hasOtherMarker);
		case 'code':
			return writeCode(block.language, block.text);
		case 'table':
			return writeTable(block.rows, block.alignments);
		case 'rule':
			// Three hyphens at the beginning would be front matter.
			return ['***'];
		case 'note':
			return [`[^${block.number}]: ${writeRuns(block.runs).replaceAll('\n', '\n    ')}`];
	}
}

/** What would make something else of a line than a paragraph. */
const escapeLineStart = (line: string): string =>
	line
		.replace(/^(#{1,6})(?=\s|$)/, '\\$1')
		.replace(/^[>+-]/, (mark) => (mark === '>' || /^[+-](\s|$|-)/.test(line) ? `\\${mark}` : mark))
		.replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
		.replace(/^(=+\s*|~~~)/, '\\$1');

function writeList(
	items: ListItem[],
	start: number | undefined,
	hasOtherMarker: boolean,
): string[] {
	const isLoose = items.some(({ blocks }) =>
		blocks.some((block, index) => index > 0 && block.kind !== 'list'),
	);
	return items.flatMap(({ isDone, blocks }, index) => {
		const marker =
			start === undefined
				? hasOtherMarker
					? '*'
					: '-'
				: `${start + index}${hasOtherMarker ? ')' : '.'}`;
		const indent = ' '.repeat(marker.length + 1);
		const written = isLoose
			? writeBlocks(blocks)
			: blocks.flatMap((block) => writeBlock(block, false));
		const box = isDone === undefined ? '' : isDone ? '[x] ' : '[ ] ';
		const [first = '', ...rest] = written;
		const lines = [
			`${marker} ${box}${first}`.trimEnd(),
			...rest.map((line) => (line === '' ? '' : indent + line)),
		];
		return isLoose && index > 0 ? ['', ...lines] : lines;
	});
}

/** The fence must be longer than any row of backticks inside. */
function writeCode(language: string, text: string): string[] {
	const inside = (text.match(/`{3,}/g) ?? []).map((fence) => fence.length);
	const fence = '`'.repeat(inside.reduce((longest, length) => Math.max(longest, length), 2) + 1);
	return [fence + language, ...text.split('\n'), fence];
}

const RULES = { left: ':---', center: ':---:', right: '---:' };

function writeTable(rows: Run[][][], alignments: Alignment[]): string[] {
	const width = Math.max(...rows.map((row) => row.length));
	const toRow = (cells: string[]) => `| ${cells.join(' | ')} |`;
	const columns = Array.from({ length: width }, (_, index) => index);
	const written = rows.map((row) =>
		toRow(columns.map((index) => writeRuns(row[index] ?? [], true))),
	);
	const rule = toRow(
		columns.map((index) => (alignments[index] ? RULES[alignments[index]] : '---')),
	);
	return [written[0], rule, ...written.slice(1)];
}
