import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPush } from '../../nodes/push/openPush';
import { PushRejected } from '../../nodes/push/pushRejected';
import { removeControls } from '../../nodes/base/controlCharacters';
import { buildPush, DEFAULT_ACCOUNT as account } from '../simulator';
import { secrets } from '../support/secrets';
import { caseOf, dice, outcomeOf, printed, prototypes, textOf, thereAndBack } from './fuzzing';
import { isWhatItSays, xmlOf } from './oracle';

// A part of `npm run fuzz`, which takes a million.
test('broken pushes are refused, or hold the message that was signed', () => {
	const before = prototypes();
	const tally: Record<string, number> = {};
	for (let number = 1; number <= 12_000; number++) {
		const given = caseOf(1, number);
		const { outcome, problem } = outcomeOf(given);
		if (problem) throw new Error(`${problem}\n${printed(given)}`);
		const name = `${given.kind} ${outcome}`;
		tally[name] = (tally[name] ?? 0) + 1;
	}
	expect(prototypes()).toEqual(before);
	expect(tally['whole refused']).toBeUndefined();
	for (const kind of ['base64', 'envelope', 'inside', 'message', 'query'])
		for (const outcome of ['read', 'refused'])
			expect(tally[`${kind} ${outcome}`]).toBeGreaterThan(50);
}, 60_000);

describe('the second reading', () => {
	const folder = join(__dirname, '..', 'fixtures', 'pushes');

	test.each(readdirSync(folder).filter((name) => name.endsWith('.xml')))(
		'has an opinion of %s',
		(name) => {
			const text = readFileSync(join(folder, name), 'utf8');
			expect(xmlOf(text)).toBeDefined();
			expect(isWhatItSays({ Content: 'another' }, text)).toBe(false);
		},
	);

	test.each([
		['{"a":1}', { a: '2' }],
		['{"a":1}', { a: '1', b: '2' }],
		['{"a":"1","b":"2"}', { a: '1' }],
		['{"a":["1","2"]}', { a: ['2', '1'] }],
		['{"item":"1"}', { item: '1' }],
		['{"a":{"b":"1"}}', { a: { b: '2' } }],
		['{"a":1', { a: '1' }],
	])('sees that %s is not %j', (text, message) => expect(isWhatItSays(message, text)).toBe(false));

	test('knows JSON as servers write it', () => {
		const text = '\uFEFF{"a":"x\ny\u001b",\u0000"b":"\\d",}';
		expect(isWhatItSays({ a: 'x\ny\u001b', b: '\\d' }, text)).toBe(true);
		expect(isWhatItSays({ a: 'xy', b: 'd' }, text)).toBe(false);
	});

	test.each([
		[
			'{"a":12345678901234567890,"b":null,"c":true}',
			{ a: '12345678901234567890', b: '', c: 'true' },
		],
		['<xml><a> x </a><b><![CDATA[ ]]]]><![CDATA[> ]]></b></xml>', { a: 'x', b: ' ]]> ' }],
		['<xml><a>1</a><a>2</a><item>3</item></xml>', { a: ['1', '2'], item: ['3'] }],
		['<xml><a><b>1</b></a></xml>', { a: { b: '1' } }],
	])('reads %s', (text, message) => expect(isWhatItSays(message, text)).toBe(true));
});

describe.each(['xml', 'json'] as const)('what is sealed opens, in %s', (format) => {
	/** No control characters are sent; XML has one kind of line end. */
	const held = (text: string) =>
		format === 'xml' ? removeControls(text).replace(/\r\n?/g, '\n') : removeControls(text);

	test('of every length', () => {
		for (let length = 0; length <= 2100; length++) {
			const text = '你a'.repeat(length).slice(0, length);
			expect(thereAndBack(text, format)).toBe(text);
		}
	});

	test('with every character', () => {
		for (let start = 0; start < 0x110000; start += 0x800) {
			const codes = Array.from({ length: 0x800 }, (_, at) => start + at);
			// Halves of characters are none; the next test is about them.
			if (start === 0xd800) continue;
			const text = `|${String.fromCodePoint(...codes)}|`;
			expect(thereAndBack(text, format)).toBe(held(text));
		}
	});

	test('with halves of characters', () => {
		for (const text of ['a\ud83d', '\ude00a', '\ude00\ud83d'])
			expect(thereAndBack(text, format)).toBe(held(text));
	});

	test('with all that means something in XML, JSON and Base64', () => {
		const roll = dice(3);
		for (let round = 0; round < 3000; round++) {
			const text = `(${textOf(roll)})`;
			expect(thereAndBack(text, format)).toBe(held(text));
		}
	});
});

test('query values of any type are refused', () => {
	const { query, body } = buildPush(account, { MsgType: 'text', Content: 'hello' });
	const odd = [
		undefined,
		null,
		1,
		true,
		[],
		[''],
		{},
		{ a: 'b' },
		'',
		'x'.repeat(100_000),
		'\u0000',
	];
	for (const name of Object.keys(query).filter((key) => key !== 'openid' && key !== 'signature'))
		for (const value of odd)
			expect(statusOf({ ...query, [name]: value }, body)).toMatch(/^40[13]$/);
});

function statusOf(query: Record<string, unknown>, body: string): string {
	try {
		openPush({ query, body: Buffer.from(body) }, secrets, Date.now());
		return 'read';
	} catch (error) {
		if (error instanceof PushRejected) return String(error.status);
		throw error;
	}
}
