import { UserError } from '../../nodes/base/userError';
import { readPastDay, splitDays, splitSpans, type DateStep } from '../../nodes/engine/beijingTime';

/** 10:00 on Wednesday, 14 January 2026 in Beijing. */
const NOW = Date.parse('2026-01-14T10:00:00+08:00');

const spans = (step: DateStep, begin: unknown, end: unknown, now = NOW) =>
	splitSpans(step, begin, end, now).map(({ begin_date, end_date }) => `${begin_date}/${end_date}`);

test.each<[DateStep, string, string, string[]]>([
	[1, '2026-01-03', '2026-01-05', ['03/03', '04/04', '05/05']],
	[3, '2026-01-03', '2026-01-05', ['03/05']],
	[3, '2026-01-03', '2026-01-06', ['03/05', '06/06']],
	[7, '2026-01-01', '2026-01-13', ['01/07', '08/13']],
	[30, '2026-01-01', '2026-01-01', ['01/01']],
])('calls of %i days', (step, begin, end, days) => {
	const whole = days.map((span) => span.replace(/\d\d/g, '2026-01-$&'));
	expect(spans(step, begin, end)).toEqual(whole);
});

test('every day is asked for once, through leap days and ends of years', () => {
	const all = splitSpans(7, '2023-12-25', '2024-12-31', NOW);
	const days = all.flatMap(({ begin_date, end_date }) => {
		const [from, to] = [begin_date, end_date].map((date) => Date.parse(date) / 86_400_000);
		expect(to - from).toBeLessThan(7);
		return Array.from({ length: to - from + 1 }, (_, index) => from + index);
	});
	expect(days).toHaveLength(7 + 366);
	expect(days.every((day, index) => index === 0 || day === days[index - 1] + 1)).toBe(true);
	expect(spans(7, '2024-02-26', '2024-03-05')).toEqual([
		'2024-02-26/2024-03-03',
		'2024-03-04/2024-03-05',
	]);
});

test.each<[DateStep, string, string, string[]]>([
	['week', '2026-01-05', '2026-01-11', ['2026-01-05']],
	['week', '2026-01-04', '2026-01-11', ['2025-12-29', '2026-01-05']],
	['week', '2025-12-31', '2025-12-31', ['2025-12-29']],
	['month', '2025-12-31', '2025-12-31', ['2025-12-01']],
	['month', '2023-12-31', '2024-03-01', ['2023-12-01', '2024-01-01', '2024-02-01', '2024-03-01']],
])('a %s is asked for by its first day', (step, begin, end, days) => {
	expect(spans(step, begin, end)).toEqual(days.map((day) => `${day}/${day}`));
});

test('weeks and months that are not over are left out', () => {
	expect(spans('week', '2026-01-05', '2026-01-13')).toEqual(['2026-01-05/2026-01-05']);
	expect(spans('month', '2025-12-15', '2026-01-13')).toEqual(['2025-12-01/2025-12-01']);
	expect(() => spans('week', '2026-01-13', '2026-01-13')).toThrow(/week of 2026-01-13 is not over/);
	expect(() => spans('month', '2026-01-02', '')).toThrow(/month of 2026-01-02 is not over/);
	// On Monday and on the first, the last ones are.
	const monday = Date.parse('2026-01-19T00:00:00+08:00');
	expect(spans('week', '', '', monday)).toEqual(['2026-01-12/2026-01-12']);
	const first = Date.parse('2026-02-01T00:00:00+08:00');
	expect(spans('month', '', '', first)).toEqual(['2026-01-01/2026-01-01']);
});

test('a range that is not given is yesterday, and one without a begin is the day of its end', () => {
	expect(spans(7, '', '')).toEqual(['2026-01-13/2026-01-13']);
	expect(spans(7, undefined, null)).toEqual(['2026-01-13/2026-01-13']);
	expect(spans(7, '', '2026-01-02')).toEqual(['2026-01-02/2026-01-02']);
	expect(spans(7, '2026-01-12', '')).toEqual(['2026-01-12/2026-01-13']);
});

test('days begin at midnight in Beijing', () => {
	expect(spans(1, '', '', Date.parse('2026-01-13T15:59:59Z'))).toEqual(['2026-01-12/2026-01-12']);
	expect(spans(1, '', '', Date.parse('2026-01-13T16:00:00Z'))).toEqual(['2026-01-13/2026-01-13']);
});

test.each<[string, unknown, string]>([
	['a date', '2026-01-05', '2026-01-05'],
	['a date with blanks', ' 2026-01-05 ', '2026-01-05'],
	['what the calendar of the editor gives', '2026-01-05T23:30:00', '2026-01-05'],
	['a time without zone', '2026-01-05 23:30', '2026-01-05'],
	['the evening in New York', '2026-01-05T19:00:00.000-05:00', '2026-01-06'],
	['late in UTC', '2026-01-05T16:00:00Z', '2026-01-06'],
	['early in Beijing', '2026-01-05T00:00:00.000+08:00', '2026-01-05'],
	['a Date', new Date('2026-01-05T15:59:59Z'), '2026-01-05'],
])('%s is the day in Beijing', (_, given, day) => {
	expect(spans(1, given, given)).toEqual([`${day}/${day}`]);
});

test.each<[unknown, unknown, RegExp]>([
	['2026-01-05', '2026-01-04', /runs backwards, from 2026-01-05 to 2026-01-04/],
	['2026-01-05', '2026-01-14', /no figures of 2026-01-14 yet/],
	['2026-01-14', '', /runs backwards/],
	['2014-11-30', '2014-12-05', /no figures of 2014-11-30/],
	['2026-02-30', '2026-01-05', /"Begin Date" is no date: 2026-02-30/],
	['2025-02-29', '', /"Begin Date" is no date/],
	['2026-01-05', '2026-13-01T00:00:00Z', /"End Date" is no date/],
	['5 January 2026', '', /"Begin Date" is no date/],
	['2026-1-5', '', /"Begin Date" is no date/],
	[1767571200, '', /"Begin Date" is no date/],
	[new Date(NaN), '', /"Begin Date" is no date/],
	[{}, '', /"Begin Date" is no date/],
])('from %s to %s is refused', (begin, end, message) => {
	const run = () => spans(7, begin, end);
	expect(run).toThrow(UserError);
	expect(run).toThrow(message);
});

test('a range may begin on the first day that WeChat has, and take as many calls as one run makes', () => {
	expect(spans(7, '2014-12-01', '2014-12-01')).toEqual(['2014-12-01/2014-12-01']);
	expect(spans(1, '2024-12-10', '2026-01-13')).toHaveLength(400);
	expect(() => spans(1, '2024-12-09', '2026-01-13')).toThrow(/would take 401 calls/);
});

/** Pages of mini programs: getDailyVisitTrend, getWeeklyRetain, getMonthlyRetain and getUserPortrait. */
describe('statistics of mini programs', () => {
	test.each<['day' | 'week' | 'month', string, string, string[]]>([
		[
			'day',
			'2026-01-03',
			'2026-01-05',
			['20260103/20260103', '20260104/20260104', '20260105/20260105'],
		],
		['week', '2025-12-31', '2026-01-05', ['20251229/20260104', '20260105/20260111']],
		['week', '2026-01-05', '2026-01-13', ['20260105/20260111']],
		['month', '2024-02-29', '2024-02-29', ['20240201/20240229']],
		['month', '2025-11-30', '2026-01-13', ['20251101/20251130', '20251201/20251231']],
	])('take each %s from its first day to its last', (whole, begin, end, days) => {
		expect(spans({ whole }, begin, end)).toEqual(days);
	});

	test('are of yesterday in Beijing when no day is given', () => {
		expect(spans({ whole: 'day' }, '', '', Date.parse('2026-01-13T15:59:59Z'))).toEqual([
			'20260112/20260112',
		]);
		expect(spans({ whole: 'day' }, '', '', Date.parse('2026-01-13T16:00:00Z'))).toEqual([
			'20260113/20260113',
		]);
		expect(spans({ whole: 'week' }, '', '', Date.parse('2026-01-18T16:00:00Z'))).toEqual([
			'20260112/20260118',
		]);
	});

	test('take no week or month that is not over', () => {
		expect(() => spans({ whole: 'week' }, '2026-01-12', '')).toThrow(/week of 2026-01-12 is not/);
		expect(() => spans({ whole: 'month' }, '2026-01-02', '')).toThrow(/month of 2026-01-02 is not/);
	});

	test('may be of a few lengths only', () => {
		const portrait = { lengths: [1, 7, 30] };
		expect(spans(portrait, '', '')).toEqual(['20260113/20260113']);
		expect(spans(portrait, '2025-12-31', '2026-01-06')).toEqual(['20251231/20260106']);
		expect(spans(portrait, '2025-12-15', '2026-01-13')).toEqual(['20251215/20260113']);
		const run = () => spans(portrait, '2026-01-03', '2026-01-07');
		expect(run).toThrow('2026-01-03 to 2026-01-07 are 5 days; WeChat takes 1, 7 or 30 here');
		const hint = 'choose 2026-01-07, 2026-01-01 or 2025-12-09 in "Begin Date"';
		expect(run).toThrow(
			expect.objectContaining({ hint: expect.stringContaining(hint) as string }) as Error,
		);
	});
});

describe('a day of the past', () => {
	const read = (value: unknown) => readPastDay('Date', value, NOW);

	test('is yesterday in Beijing without a value', () => {
		expect(read('')).toBe('2026-01-13');
		expect(readPastDay('Date', '', Date.parse('2026-01-13T16:00:00Z'))).toBe('2026-01-13');
		expect(readPastDay('Date', '', Date.parse('2026-01-13T15:59:59Z'))).toBe('2026-01-12');
	});

	test('is the day of a moment in Beijing', () =>
		expect(read('2026-01-11T20:00:00Z')).toBe('2026-01-12'));

	test('is not today', () => expect(() => read('2026-01-14')).toThrow('not over'));
});

// "The span of the dates is at most 30 days", of which both count (查询投诉单列表).
describe('days up to today', () => {
	const split = (begin: unknown, end: unknown) =>
		splitDays(30, begin, end, NOW).map(({ begin_date, end_date }) => `${begin_date}/${end_date}`);

	test('are one call without dates', () =>
		expect(split('', '')).toEqual(['2025-12-16/2026-01-14']));

	test('are split, the newest first', () =>
		expect(split('2025-11-15', '2026-01-14')).toEqual([
			'2026-01-14/2026-01-14',
			'2025-12-15/2026-01-13',
			'2025-11-15/2025-12-14',
		]));

	test('do not run backwards, nor take more than 400 calls', () => {
		expect(() => split('2026-01-14', '2026-01-13')).toThrow('backwards');
		expect(() => split('1990-01-01', '')).toThrow('439 calls');
	});
});
