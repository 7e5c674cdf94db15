import { createCipheriv, createDecipheriv } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { toAesKey } from '../../nodes/push/cipher';
import { toEventType } from '../../nodes/push/eventTypes';
import { isRepeated, toDedupeKey, type Message } from '../../nodes/push/message';
import { MAX_PUSH_BYTES, openPush, type Push, type PushSecrets } from '../../nodes/push/openPush';
import { toPlainText } from '../../nodes/base/html';
import { readPlainXml } from '../../nodes/base/plainXml';
import { createFullXmlParser } from '../../nodes/base/xml';
import { PushRejected } from '../../nodes/push/pushRejected';
import { findReleaseTestStep } from '../../nodes/push/releaseTest';
import { encryptReply } from '../../nodes/push/reply';
import { buildPush, DEFAULT_ACCOUNT as account, seal as sealed, sign } from '../simulator';
import { datePush } from '../support/pushSamples';
import { integersFrom } from '../support/random';
import { secrets } from '../support/secrets';
import { isWhatItSays } from './oracle';

/**
 * Pushes that are broken in every way, and what must come of them: a clean refusal, or the message that was
 * signed, exactly, within 50 ms, and no prototype changed. A case is made from its seed and number alone.
 */

export interface Case {
	kind: Kind;
	query: Record<string, unknown>;
	body: Buffer;
	mode: PushSecrets['mode'];
	/** What must be read, if anything is. */
	text?: string;
	/** It is as WeChat sends it: a refusal would be wrong. */
	whole?: boolean;
	expected?: Message;
}

/** What came of a case; a problem is for a person to look at. */
export interface Outcome {
	outcome: 'read' | 'refused' | 'problem';
	problem?: string;
	/** How long it took, in milliseconds. */
	ms: number;
}

const LIMIT_MS = 50;
const NOW = 1_760_000_000_000;
const TIMESTAMP = String(NOW / 1000);
const NONCE = '7';
const key = toAesKey(account.encodingAESKey) as Buffer;
const folder = join(__dirname, '..', 'fixtures', 'pushes');
const samplesOf = (type: string) =>
	readdirSync(folder)
		.filter((name) => name.endsWith(type))
		.map((name) => datePush(readFileSync(join(folder, name), 'utf8'), TIMESTAMP));
const samples = samplesOf('.xml');
const jsonSamples = samplesOf('.json');
/** Numbers beyond 2^53, and values that are no text. */
jsonSamples.push('{"MsgId":24990011223344557,"n":null,"b":true,"f":-1.5e3,"list":{"a":[]}}');

const PIECES = [
	...['<', '>', '</', '/>', '<a/>', '<a>', '</a>', '<a b="c">', '<?', '?>', '<!', '<!--', '-->'],
	...['<![CDATA[', ']]>', ']]', '<xml>', '</xml>', '<item>', '</item>', '<Encrypt>', '</Encrypt>'],
	...['<!DOCTYPE a [<!ENTITY e "x">]>', '&', '&e;', '&lt;', '&amp;', '&#0;', '&#x110000;', '='],
	...['"', "'", '{', '}', '[', ']', ',', ':', '\\', '\\u', '\\ud800', '1e999', '-', '0', 'null'],
	...['__proto__', '<__proto__>', '"__proto__":{"polluted":1},', 'constructor', 'prototype'],
	...['<constructor><prototype>', 'toString', 'hasOwnProperty', '#text', 'Encrypt', 'MsgType'],
	...['\u0000', '\ufeff', '\u2028', '\u0085', '\r', '\r\n', '\t', ' ', '😀', '\u0301', 'é', '你'],
];
const MODES = ['safe', 'compatible', 'plaintext'] as const;
const FORMATS = ['xml', 'json'] as const;

type Roll = (sides: number) => number;
const pick = <T>(list: readonly T[], roll: Roll): T => list[roll(list.length)];

/** The same numbers in each run. */
export function dice(seed: number): Roll {
	const next = integersFrom(Math.imul(seed, 0x9e3779b1));
	return (sides) => next() % sides;
}

/** Changes, removes, doubles or inserts something at a few places, rarely at many. */
function mutated(bytes: Buffer, roll: Roll): Buffer {
	let result = bytes;
	for (let count = roll(20) === 0 ? 30 : 1 + roll(1 + roll(4)); count > 0; count--) {
		const at = roll(result.length + 1);
		const end = at + roll(roll(20) === 0 ? result.length + 1 : 20);
		const [before, after] = [result.subarray(0, at), result.subarray(end)];
		const ways = [
			() => [before, Buffer.from([roll(256)]), after],
			() => [before, after],
			() => [before, result.subarray(at, end), result.subarray(at)],
			() => [before, Buffer.from(pick(PIECES, roll)), result.subarray(at)],
			() => [before, Buffer.from([(result[at] ?? 0) ^ (1 << roll(8))]), result.subarray(at + 1)],
		];
		result = Buffer.concat(pick(ways, roll)());
	}
	return result;
}

const mutatedText = (text: string, roll: Roll) => mutated(Buffer.from(text), roll).toString();

/** A push of any text at all: the simulator would read it first, and takes minutes for some. */
function delivery(text: string, mode: PushSecrets['mode'], format: 'xml' | 'json' = 'xml') {
	const query: Record<string, unknown> = {
		signature: sign(account.token, TIMESTAMP, NONCE),
		timestamp: TIMESTAMP,
		nonce: NONCE,
	};
	if (mode === 'plaintext') return { query, body: Buffer.from(text), mode };
	const Encrypt = sealed(account.encodingAESKey, account.appId, text, 'r'.repeat(16));
	query.encrypt_type = 'aes';
	query.msg_signature = sign(account.token, TIMESTAMP, NONCE, Encrypt);
	const isWhole = mode === 'compatible';
	const fields = `<Encrypt><![CDATA[${Encrypt}]]></Encrypt></xml>`;
	const body =
		format === 'json'
			? JSON.stringify({ ...(isWhole ? (JSON.parse(text) as object) : {}), Encrypt })
			: `${isWhole ? text.trim().slice(0, -'</xml>'.length) : '<xml><ToUserName><![CDATA[gh_1]]></ToUserName>'}${fields}`;
	return { query, body: Buffer.from(body), mode };
}

/** An envelope around a text that WeChat would have signed. */
function signed(Encrypt: string, roll: Roll): Omit<Case, 'kind'> {
	const msg_signature = sign(account.token, TIMESTAMP, NONCE, Encrypt);
	const body = roll(4)
		? `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${Encrypt}]]></Encrypt></xml>`
		: JSON.stringify({ ToUserName: 'gh_1', Encrypt });
	const query = { timestamp: TIMESTAMP, nonce: NONCE, encrypt_type: 'aes', msg_signature };
	return { query, body: Buffer.from(body), mode: pick(MODES, roll), text: insideOf(Encrypt) };
}

/** What an encrypted text holds, by the lengths in it. */
function insideOf(encrypted: string): string {
	const bytes = Buffer.from(encrypted, 'base64');
	const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	const plain = decipher.update(bytes);
	return plain.length < 20 ? '' : plain.toString('utf8', 20, 20 + plain.readUInt32BE(16));
}

function encrypted(plain: Buffer): string {
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	return cipher.update(plain).toString('base64');
}

const ODD_LENGTHS = [0, 1, 15, 16, 17, 19, 20, 0x7fffffff, 0x80000000, 0xffffffff];

function oddValue(value: unknown, roll: Roll): unknown {
	const text = typeof value === 'string' ? value : '';
	const ways: unknown[] = [
		...[undefined, null, 0, 1, NaN, true, [], {}, '', '0', 'Infinity', '-1', '0x68e777c0'],
		...[[text], [text, text], { a: text }, { toString: text }, ` ${text}`, `${text}\n`],
		...[Buffer.from(text), Symbol.iterator, () => text, new Date(NOW), 1n, NOW / 1000],
		...[text.toUpperCase(), text.slice(1), text + text, 'x'.repeat(100_000), '\ud800'],
		Object.create(null),
		JSON.parse('{"__proto__":{"polluted":1}}'),
		mutatedText(text, roll),
	];
	return pick(ways, roll);
}

const KINDS = {
	/** The bytes around the encrypted text, and of it. */
	envelope(roll: Roll) {
		const mode = pick(MODES.slice(0, 2), roll);
		const format = pick(FORMATS, roll);
		const text = format === 'json' ? pick(jsonSamples, roll) : pick(samples, roll);
		const given = delivery(text, mode, format);
		return { ...given, body: mutated(given.body, roll), text };
	},
	/** Query values of every type, and of every content. */
	query(roll: Roll) {
		const text = pick(samples, roll);
		const { query, body, mode } = delivery(text, pick(MODES, roll));
		const names = [...Object.keys(query), '__proto__', 'constructor', 'toString'];
		for (let count = 1 + roll(2); count > 0; count--) {
			const name = pick(names, roll);
			const value = oddValue(query[name], roll);
			Object.defineProperty(query, name, { value, enumerable: true, configurable: true });
		}
		// Signed by WeChat, however strange.
		const { timestamp, nonce } = query;
		if (mode === 'plaintext' && typeof timestamp === 'string' && typeof nonce === 'string')
			if (roll(2)) query.signature = sign(account.token, timestamp, nonce);
		return { query, body, mode, text };
	},
	/** Lengths, AppID and padding inside the encrypted text. */
	inside(roll: Roll) {
		const plain = Buffer.from(
			sealed(account.encodingAESKey, account.appId, pick(samples, roll)),
			'base64',
		);
		const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
		let bytes: Buffer = decipher.setAutoPadding(false).update(plain);
		if (roll(3) === 0) bytes = mutated(bytes, roll);
		if (roll(3) === 0 && bytes.length >= 20)
			bytes.writeUInt32BE(roll(2) ? pick(ODD_LENGTHS, roll) : roll(bytes.length + 40), 16);
		if (roll(3) === 0 && bytes.length > 0)
			bytes[bytes.length - 1 - roll(Math.min(40, bytes.length))] = roll(40);
		if (roll(3) === 0) bytes = Buffer.concat([bytes, Buffer.alloc(roll(70), roll(40))]);
		return signed(encrypted(bytes.subarray(0, bytes.length - (bytes.length % 16))), roll);
	},
	/** The Base64 text, signed as it is. */
	base64(roll: Roll) {
		const text = sealed(account.encodingAESKey, account.appId, pick(samples, roll));
		const changed = roll(2)
			? mutatedText(text, roll)
			: text.slice(0, roll(text.length)) + pick(['=', '==', '-', '_', ' ', '\n', '!', 'é'], roll);
		return signed(changed.replace(/[<>&"\\]/g, ''), roll);
	},
	/** Any text at all, signed and sealed as if it were a message. */
	message(roll: Roll) {
		const isJson = roll(3) === 0;
		const text = mutatedText(pick(isJson ? jsonSamples : samples, roll), roll);
		const mode = pick(['safe', 'plaintext'] as const, roll);
		return { ...delivery(text, mode, 'xml'), text };
	},
	/** Nothing but one piece, up to the largest body and beyond. */
	inflated(roll: Roll) {
		const piece = pick(PIECES, roll);
		const size = roll(8) === 0 ? MAX_PUSH_BYTES + 1 : roll(MAX_PUSH_BYTES);
		const filling = piece.repeat(Math.max(1, Math.floor(size / Buffer.byteLength(piece))));
		const text = pick(
			[
				filling,
				`<xml>${filling}`,
				`<xml>${filling}</xml>`,
				`<xml><Content>${filling}</Content></xml>`,
				`<xml ${filling}></xml>`,
				`{"a":${filling}}`,
				`{"a":[${filling}]}`,
				`{"a":"${filling}"}`,
			],
			roll,
		);
		const mode = pick(MODES, roll);
		return mode === 'compatible'
			? { ...delivery(pick(samples, roll), 'safe'), body: Buffer.from(text), text: undefined }
			: { ...delivery(text, mode), text };
	},
	/** A message as WeChat writes it, of any characters and any shape: nothing may be refused. */
	whole(roll: Roll) {
		const expected = treeOf(roll, 3);
		const [mode, format] = [pick(MODES, roll), pick(FORMATS, roll)];
		const options = { timestamp: TIMESTAMP, nonce: NONCE, mode, format };
		const { query, body } = buildPush(account, expected, options);
		return { query, body: Buffer.from(body), mode, whole: true, expected };
	},
};
type Kind = keyof typeof KINDS;

/** Fields as a message has them. XML holds no control characters, and one kind of line end. */
function treeOf(roll: Roll, depth: number): Message {
	const entries = Array.from({ length: 1 + roll(5) }, (_, at): [string, Message[string]] => [
		`F${at}${'xyz_'.slice(0, roll(5))}`,
		depth > 0 && roll(4) === 0 ? treeOf(roll, depth - 1) : textOf(roll),
	]);
	const tree = Object.fromEntries(entries);
	if (roll(4) === 0) tree.item = Array.from({ length: 1 + roll(3) }, () => textOf(roll));
	return tree;
}

const PLANES = [0x20, 0x80, 0x300, 0x3000, 0x4e00, 0xe000, 0xff00, 0x10000, 0x1f600, 0x10ff00];

/** Characters of every plane, and the pieces that mean something in XML, JSON and Base64. */
export function textOf(roll: Roll): string {
	const one = () =>
		roll(3) === 0
			? pick(PIECES, roll)
			: String.fromCodePoint(pick(PLANES, roll) + roll(roll(2) ? 0x60 : 0xe0));
	return Array.from({ length: roll(12) }, one)
		.join('')
		.replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '');
}

/** Case `number` of a run. Large ones are rare: each takes as long as hundreds of the others. */
export function caseOf(seed: number, number: number): Case {
	const roll = dice(seed * 1_000_003 + number);
	const kinds = Object.keys(KINDS).filter((name) => name !== 'inflated') as Kind[];
	const kind = number % 1000 === 0 ? 'inflated' : kinds[number % kinds.length];
	return { kind, ...KINDS[kind](roll) };
}

/** Opens it as the trigger does, and says whether what came is right. */
export function outcomeOf(given: Case): Outcome {
	const began = performance.now();
	const opened = opening(given);
	const took = performance.now() - began;
	const ms = took > LIMIT_MS ? leastOf(given) : took;
	if (ms > LIMIT_MS) return { ms, outcome: 'problem', problem: `takes longer than ${LIMIT_MS} ms` };
	if (opened instanceof PushRejected)
		return given.whole
			? { ms, outcome: 'problem', problem: `refused: ${opened.message}` }
			: { ms, outcome: 'refused' };
	if (opened instanceof Error)
		return { ms, outcome: 'problem', problem: opened.stack ?? opened.message };
	const problem = problemOf(given, opened) ?? differenceIn(given.text);
	return problem ? { ms, outcome: 'problem', problem } : { ms, outcome: 'read' };
}

/** The machine may have been busy with something else, or V8 with collecting and compiling. */
function leastOf(given: Case): number {
	const times = Array.from({ length: 5 }, () => {
		const began = cpuTime();
		opening(given);
		return cpuTime() - began;
	});
	return Math.min(...times);
}

/** Of this thread, in milliseconds, as Linux counts it; elsewhere that of the clock. */
function cpuTime(): number {
	try {
		return parseInt(readFileSync('/proc/thread-self/schedstat', 'utf8'), 10) / 1e6;
	} catch {
		return performance.now();
	}
}

/** What the trigger makes of a push, down to the answer. */
function opening({ query, body, mode }: Case): Push | Error {
	try {
		const push = openPush({ query, body }, { ...secrets, mode }, NOW);
		const { message } = push;
		toEventType(message);
		toDedupeKey(message);
		findReleaseTestStep(message);
		toPlainText(String(message.Reason ?? message.Content ?? ''));
		return push;
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

function problemOf({ text, expected }: Case, push: Push): string | undefined {
	const { message } = push;
	if (!isPlain(message)) return 'the message holds more than texts, lists and plain objects';
	if (text !== undefined && !isWhatItSays(message, text)) return 'the message is another';
	if (expected && !isDeepStrictEqual(withoutAdded(message, expected), expected))
		return 'the message is not the one that was sent';
	return undefined;
}

const parse = createFullXmlParser(isRepeated);

/** What the reader of plain XML reads, the library reads too, and in the same order. */
function differenceIn(text = ''): string | undefined {
	const plain = readPlainXml(text, isRepeated);
	if (plain === undefined) return undefined;
	try {
		if (JSON.stringify(plain) === JSON.stringify(parse(text))) return undefined;
	} catch {
		return 'the library refuses what was read as plain XML';
	}
	return 'the library reads another message';
}

/** What WeChat adds to every message is not part of the comparison. */
const withoutAdded = (message: Message, { ...expected }: Message): Message =>
	Object.fromEntries(Object.entries(message).filter(([name]) => name in expected));

function isPlain(value: unknown): boolean {
	if (typeof value === 'string') return true;
	if (Array.isArray(value)) return value.every(isPlain);
	return (
		typeof value === 'object' &&
		value !== null &&
		Object.getPrototypeOf(value) === Object.prototype &&
		Object.values(value).every(isPlain)
	);
}

/** A reply to a push of this format, sealed, and opened again as if it were a push. */
export function thereAndBack(Content: string, format: 'xml' | 'json'): string {
	const message = { ToUserName: 'gh_1', FromUserName: 'o' };
	const { body } = encryptReply(
		{ MsgType: 'text', Content },
		{ message, format, key },
		secrets,
		NOW,
	);
	const cut = (name: string) =>
		new RegExp(`"?${name}"?[>:](?:<!\\[CDATA\\[|")?([^"<\\],]*)`).exec(body)?.[1] ?? '';
	const query = {
		encrypt_type: 'aes',
		timestamp: cut('TimeStamp'),
		nonce: cut('Nonce'),
		msg_signature: cut('MsgSignature'),
	};
	return String(openPush({ query, body: Buffer.from(body) }, secrets, NOW).message.Content);
}

const BUILT_IN = [Object, Array, String, Number, Function, Map, Buffer, Error, RegExp, Promise];

/** All that the prototypes hold, to be compared with what they hold later. */
export function prototypes(): unknown[] {
	return BUILT_IN.flatMap(({ prototype }) =>
		Reflect.ownKeys(prototype as object).flatMap((name) => [
			name,
			Reflect.getOwnPropertyDescriptor(prototype as object, name)?.value as unknown,
		]),
	);
}

/** As much as is needed to look at a case again. */
export function printed({ kind, query, body, mode }: Case): string {
	const shown = JSON.stringify(query, (_, value: unknown) =>
		['string', 'object', 'boolean', 'number'].includes(typeof value) ? value : String(value),
	);
	return `${kind}, ${mode} mode, query ${shown.slice(0, 2000)}\nbody, base64: ${body.toString('base64')}`;
}
