import type { Format } from './message';
import { PushRejected } from './pushRejected';

/*
 * Anybody can send an envelope: it is read before its signature can be checked. So no parser reads it. What matters is
 * cut out of it, in one pass from its beginning to its end.
 */

/**
 * Cuts the encrypted text out of an envelope, in safe or compatible mode. A blank in it stands for the `+` that
 * something on the way took for one: Base64 has no blanks.
 *
 * @throws {PushRejected} when it is not whole, or there is no Encrypt.
 * @see https://github.com/binarywang/WxJava/issues/359
 */
export function extractEncrypted(envelope: string, format: Format): string {
	const encrypted = format === 'json' ? findInJson(envelope) : findInXml(envelope);
	if (!encrypted)
		throw new PushRejected(
			403,
			`The ${format.toUpperCase()} body has no Encrypt, but the address says that the push is encrypted.`,
		);
	return encrypted.includes(' ') ? restorePlus(encrypted) : encrypted;
}

const [BLANK, PLUS] = Buffer.from(' +');

/** For nothing but blanks `replaceAll` takes thirty times as long. */
function restorePlus(base64: string): string {
	const bytes = Buffer.from(base64);
	for (let at = 0; at < bytes.length; at++) if (bytes[at] === BLANK) bytes[at] = PLUS;
	return bytes.toString();
}

const CDATA = '<![CDATA[';
const CDATA_END = ']]>';
const XML_START = /^\s*(?:<\?[^>]*>\s*)*<xml[\s>]/;
const XML_MARKS = /<!\[CDATA\[|<!|<Encrypt>|<\/xml>/g;

/** Looks at no more than the marks: texts in CDATA may hold anything, such as an `<Encrypt>` that a user wrote. */
function findInXml(xml: string): string | undefined {
	if (!XML_START.test(xml)) throw new PushRejected(400, 'The body is not one <xml> document.');
	let encrypted: string | undefined;
	const marks = new RegExp(XML_MARKS);
	for (let mark = marks.exec(xml); mark; mark = marks.exec(xml)) {
		const from = marks.lastIndex;
		switch (mark[0]) {
			case '</xml>':
				if (xml.slice(from).trim() === '') return encrypted;
				throw new PushRejected(400, 'The body is not one <xml> document.');
			case '<!':
				throw new PushRejected(
					400,
					'The XML declares a document type (DOCTYPE) or holds a comment.',
				);
			case '<Encrypt>':
				marks.lastIndex = findEnd(xml, '</Encrypt>', from);
				encrypted = unwrapCdata(xml.slice(from, marks.lastIndex));
				break;
			default:
				marks.lastIndex = findEnd(xml, CDATA_END, from);
		}
	}
	throw new PushRejected(400, 'The XML is cut off.');
}

function findEnd(xml: string, end: string, from: number): number {
	const at = xml.indexOf(end, from);
	if (at < 0) throw new PushRejected(400, 'The XML is cut off inside a text.');
	return at;
}

/** Blanks around CDATA do not count. */
function unwrapCdata(element: string): string {
	const text = element.trim();
	const from = text.startsWith(CDATA) ? CDATA.length : 0;
	return text.slice(from, text.endsWith(CDATA_END) ? -CDATA_END.length : undefined);
}

const KEY = '"Encrypt"';

function findInJson(json: string): string | undefined {
	if (!json.trimEnd().endsWith('}')) throw new PushRejected(400, 'The JSON is cut off.');
	for (let start = json.indexOf('"'); start >= 0;) {
		const next = json.indexOf('"', findClosingQuote(json, start) + 1);
		const isKey = json.startsWith(KEY, start) && next > 0;
		if (isKey && json.slice(start + KEY.length, next).trim() === ':')
			return unescapeBase64(json.slice(next + 1, findClosingQuote(json, next)));
		start = next;
	}
	return undefined;
}

/** Finds the quote that ends a text: the next one with an even number of backslashes before it. */
function findClosingQuote(json: string, start: number): number {
	for (let at = json.indexOf('"', start + 1); at >= 0; at = json.indexOf('"', at + 1)) {
		let before = at;
		while (json[before - 1] === '\\') before--;
		if ((at - before) % 2 === 0) return at;
	}
	throw new PushRejected(400, 'The JSON is cut off inside a text.');
}

/** Some writers of JSON escape what Base64 is made of. */
const unescapeBase64 = (text: string) =>
	text
		.replace(/\\\//g, '/')
		.replace(/\\u002b/gi, '+')
		.replace(/\\u002f/gi, '/')
		.replace(/\\u003d/gi, '=');
