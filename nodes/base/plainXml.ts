/** An element that was read. Every leaf is text. */
export type XmlObject = { [key: string]: XmlValue };
export type XmlValue = string | XmlObject | XmlValue[];

/** Whether an element is read as a list, also when there is only one. `isText`: it holds no elements. */
export type IsRepeated = (name: string, isText: boolean) => boolean;

const NAME = '[A-Za-z_][\\w.-]*';
/** Up to the first `]]>`. */
const CDATA = '<!\\[CDATA\\[([^\\]]*(?:\\](?!\\]>)[^\\]]*)*)\\]\\]>';
const TEXT = '([^<>&]*)';
/** A whole element that holds a text, or the start tag of another element, or an end tag. */
const PART = new RegExp(
	`[ \\t\\n]*<(?:(${NAME})>(?:(?:${CDATA}|${TEXT})</\\1>)?|/(${NAME})>)`,
	'y',
);
/** Parsers have a way of their own with these names. */
const MEMBERS = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);
const MAX_DEPTH = 20;

/**
 * Reads XML as most servers write it: each element holds either elements, or one text, bare or in CDATA. Returns
 * undefined when there is anything else, such as attributes, references, comments, line ends of Windows, or the name of
 * a member of Object. That is for a parser to judge; where this reads something, a parser reads the same.
 */
export function readPlainXml(text: string, isRepeated: IsRepeated): XmlObject | undefined {
	if (text.includes('\r')) return undefined;
	let at = 0;
	function readPart(): RegExpExecArray | null {
		PART.lastIndex = at;
		const part = PART.exec(text);
		at = PART.lastIndex;
		return part;
	}

	/** Reads what is in an element, and its end tag. */
	function readElements(parent: string, depth: number): XmlObject | undefined {
		if (depth > MAX_DEPTH) return undefined;
		const elements: XmlObject = {};
		for (let part = readPart(); part; part = readPart()) {
			const { 1: name, 2: cdata, 3: bareText, 4: end } = part;
			if (end !== undefined) return end === parent ? elements : undefined;
			if (MEMBERS.has(name)) return undefined;
			const value = cdata ?? bareText?.trim() ?? readElements(name, depth + 1);
			if (value === undefined) return undefined;
			const before = elements[name];
			if (Array.isArray(before)) before.push(value);
			else if (before !== undefined) elements[name] = [before, value];
			else elements[name] = isRepeated(name, typeof value === 'string') ? [value] : value;
		}
		return undefined;
	}

	const { 1: root, 2: cdata, 3: bareText } = readPart() ?? [];
	if (root !== 'xml' || cdata !== undefined || bareText !== undefined) return undefined;
	const document = readElements(root, 1);
	return /[^ \t\n]/.test(text.slice(at)) ? undefined : document;
}
