import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toLogLine } from '../../nodes/base/logLine';

// What ends a line or moves the cursor of a terminal, in whatever Unicode has for it.
test.each([
	['a\r\nb', 'a b'],
	['a\n\n\nb', 'a b'],
	['a\u0085b\u2028c\u2029d', 'a b c d'],
	['\u001b[2Ja\u009b1A', ' [2Ja 1A'],
	['a\u202eb\u0000', 'a b '],
	['授权 🙂', '授权 🙂'],
])('%j stays on one line', (text, line) => expect(toLogLine(text)).toBe(line));

test('a line is short', () => expect(toLogLine('x'.repeat(10_000))).toHaveLength(500));

// Servers, relays and strangers have a part in what is logged.
test('nothing is logged that could be more than a line', () => {
	const nodes = join(__dirname, '..', '..', 'nodes');
	const calls = readdirSync(nodes, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.flatMap((file) =>
			[
				...readFileSync(join(nodes, file), 'utf8').matchAll(
					/logger\s*\.\s*(?:error|warn|info|debug)\(\s*(\w+)/g,
				),
			].map(([, name]) => `${file}: ${name}`),
		);
	expect(calls.length).toBeGreaterThan(8);
	for (const call of calls) expect(call).toMatch(/: toLogLine$/);
});
