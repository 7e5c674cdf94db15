import { parse, stringify } from 'lossless-json';
import { unseal } from '../simulator';
import { isObject, parseJson } from '../simulator/http/json';
import { parseXml } from '../simulator/http/xml';

/** What is sealed in a push or an answer, indented; undefined when nothing is, or another key sealed it. */
export function decryptBody(body: string, encodingAESKey: string): string | undefined {
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

/** An element without others inside of it, or a tag. */
const PIECE = /<(\w+)>(?:<!\[CDATA\[[^]*?\]\]>|[^<])*<\/\1>|<[^>]+>/g;

/** XML or JSON with an element or a field to a line; any other text as it is. */
export function indented(text: string): string {
	try {
		return text.startsWith('{') ? indentedJson(text) : indentedXml(text);
	} catch {
		return text;
	}
}

const indentedJson = (text: string) => stringify(parse(text), undefined, 2) ?? text;

function indentedXml(text: string): string {
	parseXml(text);
	let depth = 0;
	const lines = [...text.matchAll(PIECE)].map(([piece, leaf]) => {
		if (piece.startsWith('</')) depth--;
		const line = '  '.repeat(depth) + piece;
		if (leaf === undefined && !piece.startsWith('</') && !piece.endsWith('/>')) depth++;
		return line;
	});
	return lines.join('\n');
}
