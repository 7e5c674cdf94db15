import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { removeControls } from './controlCharacters';
import { readReferences } from './html';
import { readPlainXml, type IsRepeated, type XmlObject, type XmlValue } from './plainXml';
import { FormatError } from './userError';

export type { XmlObject, XmlValue };

/** An element to write: text, or numbers without CDATA. Undefined values are left out. */
export type XmlTree = { [key: string]: XmlTree | XmlTree[] | string | number | undefined };

/**
 * Creates a reader of `<xml>…</xml>`. Text stays text; CDATA stays as it is, other text loses blanks at its ends, and
 * its references (`&#65;`, `&lt;`) are read. An element may have any name, also that of a member of Object.
 *
 * @throws {FormatError} The reader throws it when the text is not one well-formed `<xml>` document, or declares a
 * document type.
 */
export function createXmlParser(isRepeated: IsRepeated = () => false): (text: string) => XmlObject {
	const parse = createFullXmlParser(isRepeated);
	// Ten times as fast, and enough for nearly all that comes.
	return (text) => readPlainXml(text, isRepeated) ?? parse(text);
}

/** The same for whatever XML there is, by the library alone. */
export function createFullXmlParser(isRepeated: IsRepeated): (text: string) => XmlObject {
	let isRenamed = false;
	const parser = new XMLParser({
		parseTagValue: false, // or `0012` becomes 12
		ignoreAttributes: true,
		ignoreDeclaration: true,
		ignorePiTags: true,
		jPath: false, // paths as text cost a third of the time, and nobody reads them here
		entityDecoder: REFERENCES,
		isArray: (name, _, isLeaf) => isRepeated(name, isLeaf),
		transformTagName(name) {
			if (!(name in Object.prototype) && name !== 'prototype') return name;
			isRenamed = true;
			return name + MARK;
		},
	});
	return (text) => {
		isRenamed = false;
		const { xml, ...others } = parseDocument(parser, text);
		if (typeof xml !== 'object' || xml === null || Object.keys(others).length > 0)
			throw new FormatError('The body is not one <xml> document.');
		return (isRenamed ? restoreNames(xml as XmlObject) : xml) as XmlObject;
	};
}

/** Makes another name of one that the parser refuses or renames; no name of an element has a blank in it. */
const MARK = ' ';

const restoreNames = (value: XmlValue): XmlValue => {
	if (typeof value === 'string') return value;
	if (Array.isArray(value)) return value.map(restoreNames);
	return Object.fromEntries(
		Object.entries(value).map(([name, inner]) => [name.replace(MARK, ''), restoreNames(inner)]),
	);
};

/** The parser's own decoder does not read numeric references. */
const REFERENCES = {
	decode: readReferences,
	reset() {},
	setXmlVersion() {},
	addInputEntities() {},
	setExternalEntities() {},
};

/** Writes `<xml>…</xml>`: text as CDATA, numbers bare, a list as an element for each entry. */
export function toXml(tree: XmlTree): string {
	return writeElement('xml', tree);
}

function parseDocument(parser: XMLParser, text: string): Record<string, unknown> {
	// Broken markup shows without the texts in it, which are nearly all there is to read.
	const valid = XMLValidator.validate(removeCdata(text));
	if (valid !== true) throw new FormatError(`The XML is broken: ${valid.err.msg}`);
	try {
		return parser.parse(text) as Record<string, unknown>;
	} catch (error) {
		throw new FormatError(`The XML is broken: ${(error as Error).message}`);
	}
}

/**
 * Removes the CDATA. Outside of it no `<!` is accepted: no DOCTYPE, hence no entities, and no comments.
 */
function removeCdata(text: string): string {
	let markup = '';
	let from = 0;
	for (let at = text.indexOf('<!'); at >= 0; at = text.indexOf('<!', from)) {
		if (!text.startsWith('<![CDATA[', at))
			throw new FormatError('The XML declares a document type (DOCTYPE) or holds a comment.');
		const end = text.indexOf(']]>', at);
		if (end < 0) throw new FormatError('The XML is cut off inside a text.');
		markup += text.slice(from, at);
		from = end + 3;
	}
	return markup + text.slice(from);
}

function writeElement(name: string, value: XmlTree[string]): string {
	if (value === undefined) return '';
	if (Array.isArray(value)) return value.map((entry) => writeElement(name, entry)).join('');
	return `<${name}>${writeContent(value)}</${name}>`;
}

function writeContent(value: XmlTree | string | number): string {
	if (typeof value === 'number') return String(value);
	// `]]>` ends CDATA, so it is divided between two.
	if (typeof value === 'string')
		return `<![CDATA[${removeControls(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
	return Object.entries(value)
		.map(([name, inner]) => writeElement(name, inner))
		.join('');
}
