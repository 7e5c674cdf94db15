import { isDeepStrictEqual } from 'node:util';
import { type XmlValue } from '../../nodes/base/xml';
import { isRepeated, type Message } from '../../nodes/push/message';

/**
 * A second, independent reading of messages: as much of XML as WeChat writes, and JSON by the engine. What it cannot
 * judge (attributes, text beside elements, instructions …) it leaves open.
 */

const NAME = /<([A-Za-z_][\w.-]*)>/y;
const TEXT = /[^<&>]*/y;
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/y;

/** Whether a message is what the text says; true where this reading has no opinion. */
export function isWhatItSays(message: Message, text: string): boolean {
	return /^\s*\{/.test(text) ? isJson(message, text) : isXml(message, text);
}

function isXml(message: Message, text: string): boolean {
	const expected = xmlOf(text);
	return expected === undefined || isDeepStrictEqual(message, expected);
}

/** Numbers stay text in our reading, so only their values are compared. */
function isJson(message: Message, text: string): boolean {
	try {
		return isSame(message, JSON.parse(written(text.replace(/^\uFEFF/, ''))));
	} catch {
		return false; // It was read, and is no JSON.
	}
}

/** JSON as it should have been written: servers do not escape everything, and leave commas at the end. */
function written(text: string): string {
	let json = '';
	let quoted = false;
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		const escape = /^\\(["\\/bfnrt]|u[\da-fA-F]{4})/.exec(text.slice(at, at + 6))?.[0];
		if (character === '"') quoted = !quoted;
		if (escape) {
			json += escape;
			at += escape.length - 1;
		} else if (quoted && character === '\\') json += '\\\\';
		else if (character < ' ') json += quoted ? JSON.stringify(character).slice(1, -1) : ' ';
		else if (quoted || character !== ',' || !/^,[\0- ]*[}\]]/.test(text.slice(at)))
			json += character;
	}
	return json;
}

function isSame(ours: XmlValue, theirs: unknown, key = ''): boolean {
	const isText = typeof theirs !== 'object' || theirs === null;
	if (isRepeated(key, isText) && !Array.isArray(theirs)) return isSame(ours, [theirs]);
	if (Array.isArray(theirs))
		return (
			Array.isArray(ours) &&
			ours.length === theirs.length &&
			ours.every((entry, at) => isSame(entry, theirs[at]))
		);
	if (typeof theirs === 'object' && theirs !== null) {
		if (typeof ours !== 'object' || Array.isArray(ours)) return false;
		const entries = Object.entries(theirs);
		return (
			Object.keys(ours).length === entries.length &&
			entries.every(([name, value]) => Object.hasOwn(ours, name) && isSame(ours[name], value, name))
		);
	}
	if (typeof theirs === 'number') return typeof ours === 'string' && Number(ours) === theirs;
	return ours === (theirs === null ? '' : String(theirs));
}

/** Undefined where the text is not of the kind that WeChat writes. */
export function xmlOf(text: string): Message | undefined {
	// Line ends are one character to every reader of XML (XML 1.0, 2.11).
	const source = text.replace(/\r\n?/g, '\n').trim();
	let at = 0;
	const take = (pattern: RegExp): RegExpExecArray | null => {
		pattern.lastIndex = at;
		const found = pattern.exec(source);
		if (found) at = pattern.lastIndex;
		return found;
	};

	/** What stands up to the end of an element. */
	function content(name: string): XmlValue | undefined {
		const end = `</${name}>`;
		const before = take(TEXT)?.[0] ?? '';
		let value: XmlValue | undefined;
		if (source.startsWith('<![CDATA[', at)) value = before.trim() === '' ? cdata() : undefined;
		else if (source.startsWith(end, at)) value = before.trim();
		else value = before.trim() === '' ? elements() : undefined;
		if (value === undefined || !source.startsWith(end, at)) return undefined;
		at += end.length;
		return value;
	}

	function cdata(): string | undefined {
		let value = '';
		for (let part = take(CDATA); part; part = take(CDATA)) value += part[1];
		return take(TEXT)?.[0].trim() === '' ? value : undefined;
	}

	function elements(): Message | undefined {
		const found: [string, XmlValue][] = [];
		for (let start = take(NAME); start; start = take(NAME)) {
			const value = content(start[1]);
			if (value === undefined) return undefined;
			found.push([start[1], value]);
			if (take(TEXT)?.[0].trim() !== '') return undefined;
		}
		return found.length > 0 ? gathered(found) : undefined;
	}

	const root = take(NAME);
	const value = root?.[1] === 'xml' ? content('xml') : undefined;
	return typeof value === 'object' && at === source.length ? (value as Message) : undefined;
}

/** What comes twice, or always as a list, becomes one. */
function gathered(entries: [string, XmlValue][]): Message {
	const names = new Set(entries.map(([name]) => name));
	return Object.fromEntries(
		[...names].map((name) => {
			const values = entries.filter(([one]) => one === name).map(([, value]) => value);
			return [
				name,
				values.length > 1 || isRepeated(name, typeof values[0] === 'string') ? values : values[0],
			];
		}),
	);
}
