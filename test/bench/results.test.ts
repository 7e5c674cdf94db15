import { median, ratioOf, rounds } from './measure';
import { withPart } from './results';

test('a command replaces its own part of the page, and leaves the others', () => {
	const page = ['one', 'two', 'three'].reduce(
		(text, name) => withPart(text, name, `said by ${name}`),
		'# Results\n',
	);
	expect(page).toBe(
		'# Results\n' +
			['one', 'two', 'three']
				.map((name) => `\n## \`${name}\`\n\n\`\`\`text\nsaid by ${name}\n\`\`\`\n`)
				.join(''),
	);
	for (const name of ['one', 'two', 'three'])
		expect(withPart(page, name, 'new')).toBe(page.replace(`said by ${name}`, 'new'));
});

test('ratios are of the same round: a machine that is busy for a while does not show', () => {
	const [ours, theirs] = [
		[1, 10, 1, 1, 3],
		[2, 20, 2, 2, 2],
	];
	expect(ratioOf(ours, theirs)).toEqual({ median: 0.5, low: 0.5, high: 0.5 });
	expect(median(ours)).toBe(1);
	expect(ours).toEqual([1, 10, 1, 1, 3]);
});

test('what takes twice as long is measured so, and promises are waited for', async () => {
	const spin = (times: number) => {
		let sum = 0;
		for (let at = 0; at < times; at++) sum += Math.sqrt(at);
		return sum;
	};
	const { one, two, later } = await rounds({
		one: () => spin(20_000),
		two: () => spin(40_000),
		later: async () => await Promise.resolve(spin(20_000)),
	});
	const { median: double } = ratioOf(two, one);
	expect(double).toBeGreaterThan(1.5);
	expect(double).toBeLessThan(2.7);
	expect(ratioOf(later, one).median).toBeGreaterThan(0.6);
}, 60_000);
