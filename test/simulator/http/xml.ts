import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { isObject, type JsonObject } from './json';

const TEXT = '#text';

/** Order kept and nothing trimmed, so that a text comes out exactly as it was written. */
const parser = new XMLParser({
	preserveOrder: true,
	ignoreDeclaration: true,
	trimValues: false,
	parseTagValue: false,
});

/** One element as `{ name: children }`, or a text as `{ '#text': text }`. */
type Node = Record<string, Node[] | string>;

/** Reads `<xml>…</xml>` into texts, objects, and lists where an element repeats. */
export function parseXml(text: string): JsonObject {
	if (/^\s*(<\?[^>]*>)?\s*<!DOCTYPE/i.test(text)) throw new Error('the XML has a DOCTYPE');
	const verdict = XMLValidator.validate(text);
	if (verdict !== true) throw new Error(`the XML is broken: ${verdict.err.msg}`);
	const roots = (parser.parse(text) as Node[]).filter((node) => !isBlank(node));
	const content = roots.length === 1 ? read(roots[0].xml) : undefined;
	if (!isObject(content)) throw new Error('the root element is not <xml>');
	return content;
}

function read(children: Node[] | string | undefined): unknown {
	if (!Array.isArray(children)) return undefined;
	const elements = children.filter((node) => !(TEXT in node));
	const texts = children.filter((node) => TEXT in node);
	if (elements.length === 0) return texts.map((node) => node[TEXT]).join('');
	if (!texts.every(isBlank)) throw new Error('the XML has text between its elements');

	const result: JsonObject = {};
	for (const element of elements) {
		const [name] = Object.keys(element);
		const value = read(element[name]);
		const earlier = Object.hasOwn(result, name) ? [result[name]].flat() : [];
		result[name] = earlier.length > 0 ? [...earlier, value] : value;
	}
	return result;
}

const isBlank = (node: Node) => String(node[TEXT] ?? 'x').trim() === '';

/** Writes XML as pushes have it: texts in CDATA, numbers plain, lists as repeated elements. */
export function printXml(name: string, value: unknown): string {
	if (Array.isArray(value)) return value.map((item) => printXml(name, item)).join('');
	return `<${name}>${printContent(name, value)}</${name}>`;
}

function printContent(name: string, value: unknown): string {
	if (isObject(value)) {
		return Object.entries(value)
			.map(([key, item]) => printXml(key, item))
			.join('');
	}
	const isNumber = typeof value === 'number' || typeof value === 'bigint';
	if (isNumber || isIdNumber(name, value)) return String(value);
	return `<![CDATA[${String(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** 64-bit ids are kept as a string but travel as a number. */
export const isIdNumber = (name: string, value: unknown): value is string =>
	/^Msg(Data)?I[dD]$/.test(name) && typeof value === 'string' && /^\d+$/.test(value);
