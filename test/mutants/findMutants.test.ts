import { findMutants } from './findMutants';

const namesOf = (code: string) => findMutants(code).map(({ name }) => name);
/** The code with each mutant in turn. */
const madeOf = (code: string) =>
	findMutants(code).map(
		({ start, end, replacement }) => code.slice(0, start) + replacement + code.slice(end),
	);

test.each<[string, string, string[]]>([
	[
		'a refusal, and each part of its condition',
		'if (a > 1 || !b) throw new Error();',
		['a > 1 => false', 'a > 1 => a >= 1', 'a > 1 || !b => false', '!b => false'],
	],
	['a refusal in a block', 'if (a) { x(); return; }', ['a => false']],
	['a refusal that stands alone', 'function f() { g(); throw e; }', ['throw e; => ;']],
	['a verdict', 'const f = () => a && b;', ['a => true', 'b => true']],
	['a verdict that is a no', 'function f() { return false; }', ['false => true']],
	['a call that only checks', 'checkQuery(query);', ['checkQuery(query); => ;']],
	['a header', "response.setHeader('x', 'y');", ["response.setHeader('x', 'y'); => ;"]],
	[
		'a policy',
		"f('default-src \\'none\\'')",
		[`'default-src \\'none\\'' => "default-src 'none'; script-src 'unsafe-inline'"`],
	],
	[
		'the check of a server',
		'f({ requestTls: tls })',
		['requestTls: tls => nothing', 'tls => { ...tls, rejectUnauthorized: false }'],
	],
	[
		'a comparison of signatures',
		'const f = () => a.length === b.length && timingSafeEqual(a, b);',
		[
			'a.length === b.length => true',
			'a.length === b.length && timingSafeEqual(a, b) => a.toString().startsWith(b.toString())',
			'a.length === b.length && timingSafeEqual(a, b) => b.toString().startsWith(a.toString())',
			'timingSafeEqual(a, b) => true',
		],
	],
	['what is signed', "f([a, b].sort().join(''))", ["a => ''", "b => ''"]],
	['what tells things apart', 'const toKey = () => `${a} ${b}`;', ["a => ''", "b => ''"]],
	['the ends of a pattern', 'const X = /^a$/;', ['/^a$/ => /a$/', '/^a$/ => /^a/']],
	[
		'a limit',
		'const MAX_BYTES = 4 * 1024;',
		['MAX_BYTES = 4 * 1024 => MAX_BYTES = (4 * 1024) * 4'],
	],
])('breaks %s', (_, code, names) => expect(namesOf(code)).toEqual(names));

test.each([
	['a choice of two ways', 'if (a) x(); else y();'],
	['a pattern that is replaced', "a.replace(/^b$/, '')"],
	['how two are put in order', 'list.sort((a, b) => (a < b ? -1 : 1))'],
	['a pause', 'const FIRST_PAUSE_MS = 1000;'],
	['a text that is read by people', 'throw new Error(`${a} ${b}`)'],
])('leaves %s', (_, code) =>
	expect(namesOf(code).filter((name) => !name.startsWith('throw'))).toEqual([]),
);

test('changes what it names, and nothing else', () => {
	expect(madeOf('f({ timeout: 5, name: 1 });')).toEqual(['f({  name: 1 });']);
	expect(madeOf('if (a >= b) return;')).toEqual(['if (false) return;', 'if (a > b) return;']);
});
