import { readBlocks, type Block } from './articleBlocks';
import { openHtmlTools } from './htmlTree';
import type { Run } from './inlineRuns';
import { restoreReferences } from './restoreReferences';
import { writeMarkdown } from './writeMarkdown';

/**
 * Reads the HTML of an article as WeChat gives it back, and writes it as Markdown: sections and spans around the text
 * are gone, pictures have their addresses, numbers that stood for links are links again.
 *
 * @throws {UserError} when elements lie more than 200 deep.
 */
export const toMarkdown = async (html: string): Promise<string> =>
	writeMarkdown(await parseArticle(html));

/** The same as plain text, with the addresses of links and pictures behind their words. */
export const toText = async (html: string): Promise<string> =>
	(await parseArticle(html)).map((block) => writePlain(block)).join('\n\n');

/** Lists the addresses of the pictures of an article, each once. */
export async function listPictures(html: string): Promise<string[]> {
	const runs = (await parseArticle(html)).flatMap(listRuns);
	return [...new Set(runs.flatMap(({ picture }) => picture ?? []))];
}

async function parseArticle(html: string): Promise<Block[]> {
	const { parse } = await openHtmlTools();
	return restoreReferences(readBlocks(parse(html).children));
}

function listRuns(block: Block): Run[] {
	if (block.kind === 'quote') return block.blocks.flatMap(listRuns);
	if (block.kind === 'list') return block.items.flatMap(({ blocks }) => blocks.flatMap(listRuns));
	if (block.kind === 'table') return block.rows.flat(2);
	return 'runs' in block ? block.runs : [];
}

function writePlain(block: Block): string {
	switch (block.kind) {
		case 'paragraph':
		case 'heading':
			return writeLine(block.runs);
		case 'note':
			return `[${block.number}] ${writeLine(block.runs)}`;
		case 'quote':
			return block.blocks.map((one) => writePlain(one)).join('\n\n');
		case 'list':
			return block.items
				.map(({ isDone, blocks }, index) => {
					const marker = block.start === undefined ? '-' : `${block.start + index}.`;
					const box = isDone === undefined ? '' : isDone ? '☑ ' : '☐ ';
					const text = blocks.map((one) => writePlain(one)).join('\n');
					return `${marker} ${box}${text.replaceAll('\n', '\n  ')}`;
				})
				.join('\n');
		case 'code':
			return block.text;
		case 'table':
			return block.rows.map((row) => row.map(writeLine).join('\t')).join('\n');
		case 'rule':
			return '';
	}
}

const writeLine = (runs: Run[]): string =>
	runs
		.map(({ text, isBreak, picture, note, link }) => {
			if (isBreak) return '\n';
			if (note !== undefined) return `[${note}]`;
			const address = picture ?? (link === text ? undefined : link);
			return [text, address && (text === '' ? address : `(${address})`)].filter(Boolean).join(' ');
		})
		.join('');
