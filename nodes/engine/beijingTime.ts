import { UserError } from '../base/userError';

/** What one call of the data cube (数据统计) asks for; both days count. */
interface DateSpan {
	begin_date: string;
	end_date: string;
}

type Period = 'week' | 'month';

/**
 * The most days of one call; or whole weeks or months, which are asked for by their first day. Statistics of mini
 * programs write dates as 20260131, and take the first and the last day of each `whole` day, week or month, or a range
 * of one of some `lengths` in days.
 */
export type DateStep = number | Period | { whole: 'day' | Period } | { lengths: readonly number[] };

/** Days of which both count. */
type DayRange = readonly [first: number, last: number];

const DAY = 86_400_000;
/** Beijing keeps UTC+8 all year. */
const BEIJING = 8 * 3_600_000;
/** "Data is stored from this day on" (数据统计接口简介). */
const FIRST = '2014-12-01';
/** So that a slip in a year costs no quota. */
const MAX_CALLS = 400;

/**
 * Splits a range of days into calls, oldest first. Without an end it ends yesterday; without a begin it is one day.
 * Days are whole numbers here, counted from 1970-01-01 in Beijing.
 *
 * @throws {UserError} when the range runs backwards, has no figures yet, or takes too many calls.
 */
export function splitSpans(step: DateStep, begin: unknown, end: unknown, now: number): DateSpan[] {
	const yesterday = toDay(now) - 1;
	const last = isEmptyDate(end) ? yesterday : readDay(end, 'End Date');
	const first = isEmptyDate(begin) ? last : readDay(begin, 'Begin Date');
	checkRange(first, last, yesterday);
	const ranges = splitRanges(step, first, last, yesterday);
	return limitCalls(ranges, first, last, typeof step === 'object' ? formatCompact : formatDay);
}

function limitCalls(
	ranges: DayRange[],
	first: number,
	last: number,
	write: (day: number) => string,
): DateSpan[] {
	if (ranges.length <= MAX_CALLS)
		return ranges.map(([from, to]) => ({ begin_date: write(from), end_date: write(to) }));
	throw new UserError(
		`${formatDay(first)} to ${formatDay(last)} would take ${ranges.length} calls`,
		`One run makes at most ${MAX_CALLS}. Choose fewer days.`,
		`${formatDay(first)} 至 ${formatDay(last)} 需要调用 ${ranges.length} 次，而一次运行最多 ${MAX_CALLS} 次：请减少天数。`,
	);
}

function checkOrder(first: number, last: number): void {
	if (first > last)
		throw new UserError(
			`The range runs backwards, from ${formatDay(first)} to ${formatDay(last)}`,
			'"Begin Date" must not be after "End Date".',
			`日期范围颠倒：“开始日期”（${formatDay(first)}）不能晚于“结束日期”（${formatDay(last)}）。`,
		);
}

function checkRange(first: number, last: number, yesterday: number): void {
	checkOrder(first, last);
	if (last > yesterday)
		throw new UserError(
			`There are no figures of ${formatDay(last)} yet`,
			`The last day that can be asked for is yesterday in Beijing, ${formatDay(yesterday)}. Leave "End Date" empty to get that.`,
			`${formatDay(last)} 还没有数据：最晚可查询到北京时间的昨天 ${formatDay(yesterday)}，“结束日期”留空即为该日。`,
		);
	if (formatDay(first) < FIRST)
		throw new UserError(
			`There are no figures of ${formatDay(first)}`,
			`WeChat keeps figures from ${FIRST} on.`,
			`没有 ${formatDay(first)} 的数据：微信只保存 ${FIRST} 及以后的数据。`,
		);
}

function splitRanges(step: DateStep, first: number, last: number, yesterday: number): DayRange[] {
	if (typeof step === 'number') return splitRuns(step, first, last);
	if (typeof step === 'string')
		return splitPeriods(step, first, last, yesterday).map(([day]) => [day, day]);
	if ('whole' in step) return splitPeriods(step.whole, first, last, yesterday);
	checkDays(step.lengths, first, last);
	return [[first, last]];
}

/** As few calls as possible. */
function splitRuns(days: number, first: number, last: number): DayRange[] {
	const ranges: DayRange[] = [];
	for (let day = first; day <= last; day += days)
		ranges.push([day, Math.min(day + days - 1, last)]);
	return ranges;
}

/** One call for each day, week or month that the range touches, if it is over. */
function splitPeriods(
	step: 'day' | Period,
	first: number,
	last: number,
	yesterday: number,
): DayRange[] {
	const { startOf, next, chinese } = PERIODS[step];
	const ranges: DayRange[] = [];
	for (let day = startOf(first); day <= last && next(day) - 1 <= yesterday; day = next(day))
		ranges.push([day, next(day) - 1]);
	if (ranges.length > 0) return ranges;
	throw new UserError(
		`The ${step} of ${formatDay(first)} is not over yet`,
		`WeChat has figures of whole ${step}s only. Choose an earlier day.`,
		`${formatDay(first)} 所在的${chinese}尚未结束，微信只有整${chinese}的数据：请选择更早的日期。`,
	);
}

function checkDays(lengths: readonly number[], first: number, last: number): void {
	const days = last - first + 1;
	if (lengths.includes(days)) return;
	const begins = lengths.map((length) => formatDay(last - length + 1));
	throw new UserError(
		`${formatDay(first)} to ${formatDay(last)} are ${days} days; WeChat takes ${listChoices(lengths)} here`,
		`To end on ${formatDay(last)}, choose ${listChoices(begins)} in "Begin Date".`,
		`${formatDay(first)} 至 ${formatDay(last)} 共 ${days} 天，微信此处只接受 ${lengths.join('、')} 天：以 ${formatDay(last)} 结束时，“开始日期”请选 ${begins.join(' 或 ')}。`,
	);
}

const listChoices = (choices: ReadonlyArray<number | string>) =>
	`${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;

/** Weeks begin on Monday; day 0 was a Thursday. */
const PERIODS = {
	day: { startOf: (day: number) => day, next: (day: number) => day + 1, chinese: '日' },
	week: {
		startOf: (day: number) => day - ((day + 3) % 7),
		next: (monday: number) => monday + 7,
		chinese: '周',
	},
	month: {
		startOf: (day: number) => toMonthStart(day, 0),
		next: (first: number) => toMonthStart(first, 1),
		chinese: '月',
	},
};

/** The first of the month that many months later. */
function toMonthStart(day: number, later: number): number {
	const date = new Date(day * DAY);
	return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1) / DAY;
}

const isEmptyDate = (value: unknown) => value === undefined || value === null || value === '';

/**
 * Reads the day that a field means. A date with a time zone is a moment, which has its day in Beijing. One without is
 * the day that it shows.
 */
function readDay(value: unknown, field: string): number {
	// Luxon's DateTime of an expression, or a Date.
	if (typeof value === 'object') return checkDay(toDay(Number(value)), value, field);
	const text = String(value).trim();
	const [, date, rest = ''] = /^(\d{4}-\d\d-\d\d)(T[\d:.]*.*| [\d:.]*.*)?$/i.exec(text) ?? [];
	if (/(z|[+-]\d\d:?\d\d)$/i.test(rest)) return checkDay(toDay(Date.parse(text)), value, field);
	const day = Date.parse(`${date}T00:00:00Z`) / DAY;
	// 30 February would be read as 2 March.
	return checkDay(Number.isNaN(day) || formatDay(day) !== date ? NaN : day, value, field);
}

function checkDay(day: number, value: unknown, field: string): number {
	if (Number.isInteger(day)) return day;
	throw new UserError(
		`"${field}" is no date: ${String(value)}`,
		'Write it as 2026-01-31, or choose it from the calendar.',
		`“${field}”不是日期：${String(value)}，请写成 2026-01-31 的形式，或从日历中选择。`,
	);
}

/**
 * Reads a day that is over, as `2026-01-31`; yesterday in Beijing without a value.
 *
 * @throws {UserError} when it is no date, or not over yet
 */
export function readPastDay(field: string, value: unknown, now: number): string {
	const yesterday = toDay(now) - 1;
	const day = isEmptyDate(value) ? yesterday : readDay(value, field);
	if (day <= yesterday) return formatDay(day);
	throw new UserError(
		`"${field}" is ${formatDay(day)}, a day that is not over`,
		`The last day that can be asked for is yesterday in Beijing, ${formatDay(yesterday)}. Leave "${field}" empty to get that.`,
		`“${field}”是 ${formatDay(day)}，这一天尚未结束：最晚可查询到北京时间的昨天 ${formatDay(yesterday)}，“${field}”留空即为该日。`,
	);
}

/**
 * Splits a range of days into calls of at most `days`, newest first. Without an end it ends today in Beijing; without a
 * begin it is as long as one call.
 *
 * @throws {UserError} when the range runs backwards, or takes too many calls
 */
export function splitDays(days: number, begin: unknown, end: unknown, now: number): DateSpan[] {
	const last = isEmptyDate(end) ? toDay(now) : readDay(end, 'End Date');
	const first = isEmptyDate(begin) ? last - days + 1 : readDay(begin, 'Begin Date');
	checkOrder(first, last);
	return limitCalls(splitRuns(days, first, last).reverse(), first, last, formatDay);
}

const toDay = (time: number) => Math.floor((time + BEIJING) / DAY);
const formatDay = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);
const formatCompact = (day: number) => formatDay(day).replaceAll('-', '');

/** Writes a time in milliseconds as the clocks of Beijing show it, such as `2026-01-31T08:00:00.000`. */
export const formatBeijingTime = (time: number): string =>
	new Date(time + BEIJING).toISOString().slice(0, -1);

/** Converts a date and time to Unix seconds. Without a zone they are those of Beijing, as in WeChat's console. */
export function toUnixSeconds(label: string, value: unknown): number {
	// What expressions yield, of luxon or JavaScript, writes itself as JSON with its zone.
	const text =
		typeof value === 'object' ? JSON.stringify(value).slice(1, -1) : String(value).trim();
	const [, date, time = '00:00', zone = '+08:00'] =
		/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d[\d:.]*))?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
	const seconds = Math.floor(Date.parse(`${date}T${time}${zone}`) / 1000);
	if (Number.isNaN(seconds))
		throw new UserError(
			`"${label}" is not a date and time`,
			'Write it like 2026-05-01T09:30:00.',
			`“${label}”不是日期时间：请写成 2026-05-01T09:30:00 的形式。`,
		);
	return seconds;
}

const WEEK = 7 * 86_400;

/** Both ends count, in Unix seconds. */
interface SecondSpan {
	from: number;
	to: number;
}

/**
 * Splits a range of time into calls of at most `seconds`, oldest first. Without an end it ends now; without a begin it
 * is seven days long.
 *
 * @throws {UserError} when the range runs backwards, or takes too many calls.
 */
export function splitSeconds(
	seconds: number,
	begin: unknown,
	end: unknown,
	now: number,
): SecondSpan[] {
	const last = isEmptyDate(end) ? Math.floor(now / 1000) : toUnixSeconds('To', end);
	const first = isEmptyDate(begin) ? last - WEEK : toUnixSeconds('From', begin);
	if (first > last)
		throw new UserError(
			'The range runs backwards',
			'"From" must not be after "To".',
			'时间范围颠倒：“From”不能晚于“To”。',
		);
	const spans: SecondSpan[] = [];
	for (let from = first; from <= last && spans.length <= MAX_CALLS;) {
		const to = Math.min(from + seconds, last);
		spans.push({ from, to });
		from = to + 1;
	}
	if (spans.length <= MAX_CALLS) return spans;
	throw new UserError(
		`The range takes more than ${MAX_CALLS} calls`,
		'Choose a later "From" or an earlier "To".',
		`该时间范围需要调用 ${MAX_CALLS} 次以上：请选择更晚的“From”或更早的“To”。`,
	);
}
