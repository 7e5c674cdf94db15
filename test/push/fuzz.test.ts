import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Secrets } from '../../nodes/push/open';
import { Refusal } from '../../nodes/push/refusal';
import { buildPush, DEFAULT_ACCOUNT as account } from '../simulator';

const secrets: Secrets = {
	appId: account.appId,
	token: account.token,
	encodingAesKey: account.encodingAESKey,
	mode: 'safe',
};
const folder = join(__dirname, '..', 'fixtures', 'pushes');
const samples = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
const PIECES = [
	'<',
	'>',
	'</',
	'<![CDATA[',
	']]>',
	'<!',
	'&',
	'&#0;',
	'"',
	'{',
	'[',
	'\\u',
	'\u0000',
	'__proto__',
	'\ufeff',
];

/** The same numbers in each run (mulberry32). */
function dice(seed: number): (sides: number) => number {
	let state = seed;
	return (sides) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
	};
}

/** Changes, removes, doubles or inserts something at a few places. */
function mutate(bytes: Buffer, roll: (sides: number) => number): Buffer {
	let result = Buffer.from(bytes);
	for (let count = 1 + roll(4); count > 0; count--) {
		const at = roll(result.length + 1);
		const end = at + roll(20);
		const [before, after] = [result.subarray(0, at), result.subarray(end)];
		const pieces = [
			[before, Buffer.from([roll(256)]), after],
			[before, after],
			[before, result.subarray(at, end), result.subarray(at)],
			[before, Buffer.from(PIECES[roll(PIECES.length)]), result.subarray(at)],
		];
		result = Buffer.concat(pieces[roll(pieces.length)]);
	}
	return result;
}

/** Nothing but a message or a clean refusal may come out. */
function outcome(query: Record<string, unknown>, body: Buffer, mode: Secrets['mode']): string {
	try {
		const { message } = open({ query, body }, { ...secrets, mode }, Date.now());
		return JSON.stringify(message);
	} catch (error) {
		if (error instanceof Refusal) return `${error.status}`;
		throw error;
	}
}

test('mutated envelopes are refused, or hold the message unchanged', () => {
	const roll = dice(1);
	const { query, body } = buildPush(account, {
		MsgType: 'text',
		Content: 'hello',
		FromUserName: 'o',
	});
	const right = outcome(query, Buffer.from(body), 'safe');
	const seen = new Set<string>();
	for (let round = 0; round < 10_000; round++)
		seen.add(outcome(query, mutate(Buffer.from(body), roll), 'safe'));
	expect(right).toContain('hello');
	expect([...seen].every((one) => one === right || /^40[013]$/.test(one))).toBe(true);
	expect(seen.size).toBeGreaterThan(2);
});

test.each(['safe', 'plaintext'] as const)(
	'mutated messages in %s mode are read or refused',
	(mode) => {
		const roll = dice(2);
		const outcomes = { read: 0, refused: 0 };
		for (let round = 0; round < 10_000; round++) {
			const inner = mutate(samples[roll(samples.length)], roll).toString();
			const { query, body } = buildPush(account, inner, { mode });
			const refused = /^40[013]$/.test(outcome(query, Buffer.from(body), mode));
			outcomes[refused ? 'refused' : 'read']++;
		}
		expect(outcomes.read).toBeGreaterThan(1000);
		expect(outcomes.refused).toBeGreaterThan(1000);
		expect(Object.keys(Object.prototype)).toEqual([]);
	},
);

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
			expect(outcome({ ...query, [name]: value }, Buffer.from(body), 'safe')).toMatch(/^40[13]$/);
});
