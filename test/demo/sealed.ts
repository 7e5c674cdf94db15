import { parse, stringify } from 'lossless-json';
import { unseal } from '../simulator';
import { isObject, parseJson } from '../simulator/json';
import { parseXml } from '../simulator/xml';

/** What is sealed in a push or an answer, indented; undefined when nothing is, or another key sealed it. */
export function opened(body: string, encodingAESKey: string): string | undefined {
	const encrypted = encryptedIn(body);
	if (encrypted === undefined) return undefined;
	try {
		return indented(unseal(encodingAESKey, encrypted).message);
	} catch {
		return undefined;
	}
}

function encryptedIn(body: string): string | undefined {
	try {
		const outer = body.startsWith('{') ? parseJson(body) : parseXml(body);
		return isObject(outer) && typeof outer.Encrypt === 'string' ? outer.Encrypt : undefined;
	} catch {
		return undefined;
	}
}

const PIECE = /<!\[CDATA\[[^]*?\]\]>|<\/?[^>]+>|[^<]+/g;

/** XML or JSON with an element or a field to a line; any other text as it is. */
export function indented(text: string): string {
	if (text.startsWith('{')) return indentedJson(text);
	if (!text.startsWith('<')) return text;
	const lines: string[] = [];
	let depth = 0;
	let isOpen = false;
	for (const [piece] of text.matchAll(PIECE)) {
		const isTag = piece.startsWith('<') && !piece.startsWith('<!');
		if (!isTag) {
			if (piece.trim() !== '') lines.push(`${lines.pop() ?? ''}${piece}`);
			continue;
		}
		if (piece.startsWith('</')) {
			depth--;
			if (isOpen) lines.push(`${lines.pop() ?? ''}${piece}`);
			else lines.push('  '.repeat(depth) + piece);
			isOpen = false;
			continue;
		}
		lines.push('  '.repeat(depth) + piece);
		depth++;
		isOpen = true;
	}
	return lines.join('\n');
}

function indentedJson(text: string): string {
	try {
		return stringify(parse(text), undefined, 2) ?? text;
	} catch {
		return text;
	}
}
