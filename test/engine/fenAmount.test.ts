import { readFen } from '../../nodes/engine/fenAmount';

// WeChat Pay takes amounts in whole fen (分); what shops hand over is often yuan.
test.each<[unknown, number]>([
	[1, 1],
	['150', 150],
	[' 20000 ', 20000],
	[9007199254740991, 9007199254740991],
])('%p is taken as %p fen', (value, fen) => {
	expect(readFen(value)).toBe(fen);
});

test.each<[unknown, string]>([
	[0.1, '10 fen'],
	['1.5', '150 fen'],
	[12.34, '1234 fen'],
	['12.00', '1200 fen'],
	['0.29', '29 fen'],
	['0.00', '0 fen'],
	['¥12', '1200 fen'],
	['￥ 12.3', '1230 fen'],
	['88元', '8800 fen'],
	['90071992547409.93', '9007199254740993 fen'],
])('%p looks like yuan, and the sum that was meant is said: %s', (value, fen) => {
	const [amount] = fen.split(' ');
	expect(readFen(value)).toEqual({
		problem: expect.stringMatching(new RegExp(`looks like yuan: that is ${fen}$`)) as string,
		chinese: expect.stringMatching(new RegExp(`应填 ${amount}$`)) as string,
	});
});

test.each<[unknown, RegExp]>([
	[0, /at least 1 fen/],
	['000', /at least 1 fen/],
	[-5, /whole number of fen.*is -5$/],
	['1.234', /whole number of fen.*is 1\.234$/],
	['1,234.00', /whole number of fen/],
	['1e3', /whole number of fen/],
	[NaN, /whole number of fen.*is NaN$/],
	[true, /whole number of fen/],
	['９', /whole number of fen/],
	['9007199254740993', /more than WeChat takes/],
])('%p is refused: %p', (value, problem) => {
	expect(readFen(value)).toMatchObject({ problem: expect.stringMatching(problem) as string });
});
