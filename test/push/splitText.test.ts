import { splitText } from '../../nodes/push/splitText';
import { randomFrom } from '../support/random';

/** As WeChat counts: 2048 bytes of UTF-8 (45002 above), which is 682 Chinese characters. */
const bytesOf = (text: string) => Buffer.byteLength(text);
const withoutBlanks = (text: string) => text.replace(/\s+/g, '');

test('a text that fits is left as it is', () => {
	const text = `  indented\n\n${'好'.repeat(600)}。`;
	expect(splitText(text)).toEqual([text]);
	expect(splitText('Answered by: \n')).toEqual(['Answered by: \n']);
	expect(splitText('好'.repeat(682) + 'ab')).toHaveLength(1);
	expect(splitText('好'.repeat(683))).toHaveLength(2);
});

test.each<[string, string, number, string[]]>([
	['paragraphs first', 'One. Two.\n\nA.\nB. C. D', 16, ['One. Two.', 'A.\nB. C. D']],
	['then lines', 'One. Two.\nThree. Four', 18, ['One. Two.', 'Three. Four']],
	[
		'Chinese sentences',
		'你好。今天天气很好！要出门吗？',
		36,
		['你好。今天天气很好！', '要出门吗？'],
	],
	[
		'the quote belongs to its sentence',
		'他说：“好的。”然后走了',
		27,
		['他说：“好的。”', '然后走了'],
	],
	[
		'Western sentences',
		'It costs 3.14 now. Buy it today',
		24,
		['It costs 3.14 now.', 'Buy it today'],
	],
	[
		'no sentence ends behind a title',
		'I saw Dr. Smith there. He left soon',
		24,
		['I saw Dr. Smith there.', 'He left soon'],
	],
	[
		'the number of a list stays with its line',
		'Do this now\n1. Open it up',
		16,
		['Do this now', '1. Open it up'],
	],
	['clauses', '苹果很甜，梨子很脆，都好吃', 36, ['苹果很甜，梨子很脆，', '都好吃']],
	['words', 'alpha beta gamma delta', 12, ['alpha beta', 'gamma delta']],
	['characters', 'a'.repeat(25), 10, ['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)]],
	[
		'indented lines keep their indentation',
		'if x:\n    go()\n    stop()',
		15,
		['if x:\n    go()', '    stop()'],
	],
])('%s', (_, text, maxBytes, parts) => {
	expect(splitText(text, maxBytes)).toEqual(parts);
});

test('links stay whole', () => {
	const link = '<a href="https://example.com/a?b=1">Read. This. Now</a>';
	for (let before = 0; before < 80; before++) {
		const parts = splitText(`${'x'.repeat(before)}${link} and more text behind it`, 80);
		expect(parts.filter((part) => part.includes(link))).toHaveLength(1);
	}
	const address = 'https://example.com/path.to/file?query=1';
	for (let before = 0; before < 60; before++)
		expect(splitText(`${'好'.repeat(before)}${address}。好`, 60).join('|')).toContain(address);
});

test('Chinese right behind an address belongs to the text', () => {
	const address = 'https://example.com/a';
	const [first] = splitText(`看${address}${'说'.repeat(900)}`);
	expect(first.startsWith(`看${address}说`)).toBe(true);
});

test('a link that no message holds is refused', () => {
	const link = `<a href="https://example.com/${'x'.repeat(2100)}">x</a>`;
	expect(() => splitText(`see ${link}`)).toThrow('more than the 2048 bytes');
});

test.each(['👨‍👩‍👧‍👦', '🇨🇳', 'é', '𠮷', '👍🏽'])('the character %s stays whole', (character) => {
	const one = bytesOf(character);
	for (const part of splitText(character.repeat(30), one * 4 + 1))
		expect(part).toBe(character.repeat([...part].length / [...character].length));
});

test('one letter with more marks than a message holds is cut between them', () => {
	const parts = splitText(`a${'\u0301'.repeat(2000)}`);
	expect(parts.join('')).toBe(`a${'\u0301'.repeat(2000)}`);
	expect(Math.max(...parts.map(bytesOf))).toBeLessThanOrEqual(2048);
});

test('whatever the text, nothing is lost, and every part fits', () => {
	const random = randomFrom(18);
	const pieces = [
		'你好',
		'。',
		'word',
		' ',
		'\n',
		'\n\n',
		'1. ',
		'👨‍👩‍👧',
		'<a href="https://e.cn">链接</a>',
		'https://e.cn/x.y',
		'“',
		'！”',
		'• ',
	];
	for (let round = 0; round < 200; round++) {
		const text = Array.from(
			{ length: 100 },
			() => pieces[Math.floor(random() * pieces.length)],
		).join('');
		const parts = splitText(text, 120);
		expect(withoutBlanks(parts.join(''))).toBe(withoutBlanks(text));
		for (const part of parts) expect(bytesOf(part)).toBeLessThanOrEqual(120);
	}
});

test('a long text takes no time', () => {
	const started = process.cpuUsage();
	splitText('<a x>'.repeat(20_000) + '好'.repeat(50_000));
	expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
});
