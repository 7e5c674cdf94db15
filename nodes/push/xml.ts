import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Refusal } from './refusal';
import { REPEATED, type Message, type Tree } from './tree';

const parser = new XMLParser({
	parseTagValue: false, // or `0012` becomes 12
	ignoreAttributes: true,
	ignoreDeclaration: true,
	ignorePiTags: true,
	jPath: false, // paths as text cost a third of the time, and nobody reads them here
	isArray: (name) => REPEATED.has(name),
});

/** Reads `<xml>…</xml>`. Text stays text; CDATA stays as it is, other text loses blanks at its ends. */
export function parseXml(text: string): Message {
	const { xml, ...others } = parse(text);
	if (typeof xml !== 'object' || xml === null || Object.keys(others).length > 0)
		throw new Refusal(400, 'The body is not one <xml> document.');
	return xml as Message;
}

/** Writes `<xml>…</xml>`: text as CDATA, as in WeChat's samples, numbers bare, a list as an element for each entry. */
export function toXml(tree: Tree): string {
	return element('xml', tree);
}

function parse(text: string): Record<string, unknown> {
	// Broken markup shows without the texts in it, which are nearly all there is to read.
	const valid = XMLValidator.validate(markupOf(text));
	if (valid !== true) throw new Refusal(400, `The XML is broken: ${valid.err.msg}`);
	try {
		return parser.parse(text) as Record<string, unknown>;
	} catch (error) {
		throw new Refusal(400, `The XML is broken: ${(error as Error).message}`);
	}
}

/**
 * What is left without the CDATA. Outside of it WeChat sends no `<!` at all: no DOCTYPE, hence no
 * entities, and no comments.
 */
function markupOf(text: string): string {
	let markup = '';
	let from = 0;
	for (let at = text.indexOf('<!'); at >= 0; at = text.indexOf('<!', from)) {
		if (!text.startsWith('<![CDATA[', at))
			throw new Refusal(400, 'The XML declares a document type (DOCTYPE) or holds a comment.');
		const end = text.indexOf(']]>', at);
		if (end < 0) throw new Refusal(400, 'The XML is cut off inside a text.');
		markup += text.slice(from, at);
		from = end + 3;
	}
	return markup + text.slice(from);
}

function element(name: string, value: Tree[string]): string {
	if (Array.isArray(value)) return value.map((entry) => element(name, entry)).join('');
	return `<${name}>${contentOf(value)}</${name}>`;
}

function contentOf(value: Tree | string | number): string {
	if (typeof value === 'number') return String(value);
	// `]]>` ends CDATA, so it is divided between two.
	if (typeof value === 'string')
		return `<![CDATA[${withoutControls(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
	return Object.entries(value)
		.map(([name, inner]) => element(name, inner))
		.join('');
}

/** XML 1.0 has no way to write these characters, not even in CDATA. */
export function withoutControls(text: string): string {
	return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}
