import { Problem } from '../api/errors';

/** What one call of the data cube (数据统计) asks for; both days count. */
export interface Span {
	begin_date: string;
	end_date: string;
}

/** The most days of one call; or whole weeks or months, which are asked for by their first day. */
export type Step = number | 'week' | 'month';

const DAY = 86_400_000;
/** Beijing keeps UTC+8 all year. */
const BEIJING = 8 * 3_600_000;
/** "Data is stored from this day on" (数据统计接口简介). */
const FIRST = '2014-12-01';
/** So that a slip in a year costs no quota. */
const MAX_CALLS = 400;

/**
 * The calls that a range takes, oldest first. No end means yesterday, no begin the day of the end. Throws
 * {@link Problem}. Days are whole numbers in here, counted from 1970-01-01 in Beijing.
 */
export function spansOf(step: Step, begin: unknown, end: unknown, now: number): Span[] {
	const yesterday = dayOf(now) - 1;
	const last = isEmpty(end) ? yesterday : readDay(end, 'End Date');
	const first = isEmpty(begin) ? last : readDay(begin, 'Begin Date');
	checkRange(first, last, yesterday);
	const spans =
		typeof step === 'number' ? runsOf(step, first, last) : periodsOf(step, first, last, yesterday);
	if (spans.length <= MAX_CALLS) return spans;
	throw new Problem(
		`${textOf(first)} to ${textOf(last)} would take ${spans.length} calls`,
		`One run makes at most ${MAX_CALLS}. Choose fewer days.`,
	);
}

function checkRange(first: number, last: number, yesterday: number): void {
	if (first > last)
		throw new Problem(
			`The range runs backwards, from ${textOf(first)} to ${textOf(last)}`,
			'"Begin Date" must not be after "End Date".',
		);
	if (last > yesterday)
		throw new Problem(
			`There are no figures of ${textOf(last)} yet`,
			`The last day that can be asked for is yesterday in Beijing, ${textOf(yesterday)}. Leave "End Date" empty to get that.`,
		);
	if (textOf(first) < FIRST)
		throw new Problem(
			`There are no figures of ${textOf(first)}`,
			`WeChat keeps figures from ${FIRST} on.`,
		);
}

/** As few calls as possible. */
function runsOf(days: number, first: number, last: number): Span[] {
	const spans: Span[] = [];
	for (let day = first; day <= last; day += days)
		spans.push({ begin_date: textOf(day), end_date: textOf(Math.min(day + days - 1, last)) });
	return spans;
}

/** One call for each week or month that the range touches, if it is over. */
function periodsOf(step: 'week' | 'month', first: number, last: number, yesterday: number): Span[] {
	const { startOf, next } = PERIODS[step];
	const spans: Span[] = [];
	for (let day = startOf(first); day <= last && next(day) - 1 <= yesterday; day = next(day))
		spans.push({ begin_date: textOf(day), end_date: textOf(day) });
	if (spans.length > 0) return spans;
	throw new Problem(
		`The ${step} of ${textOf(first)} is not over yet`,
		`WeChat has figures of whole ${step}s only. Choose an earlier day.`,
	);
}

/** Weeks begin on Monday; day 0 was a Thursday. */
const PERIODS = {
	week: { startOf: (day: number) => day - ((day + 3) % 7), next: (monday: number) => monday + 7 },
	month: { startOf: (day: number) => monthOf(day, 0), next: (first: number) => monthOf(first, 1) },
};

/** The first of the month that many months later. */
function monthOf(day: number, later: number): number {
	const date = new Date(day * DAY);
	return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1) / DAY;
}

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

/**
 * The day that a field means. A date with a time zone is a moment, which has its day in Beijing; one without is
 * the day that it shows, whatever the time behind it.
 */
function readDay(value: unknown, field: string): number {
	// Luxon's DateTime of an expression, or a Date.
	if (typeof value === 'object') return checkDay(dayOf(Number(value)), value, field);
	const text = String(value).trim();
	const [, date, rest = ''] = /^(\d{4}-\d\d-\d\d)(T[\d:.]*.*| [\d:.]*.*)?$/i.exec(text) ?? [];
	if (/(z|[+-]\d\d:?\d\d)$/i.test(rest)) return checkDay(dayOf(Date.parse(text)), value, field);
	const day = Date.parse(`${date}T00:00:00Z`) / DAY;
	// 30 February would be read as 2 March.
	return checkDay(Number.isNaN(day) || textOf(day) !== date ? NaN : day, value, field);
}

function checkDay(day: number, value: unknown, field: string): number {
	if (Number.isInteger(day)) return day;
	throw new Problem(
		`"${field}" is no date: ${String(value)}`,
		'Write it as 2026-01-31, or choose it from the calendar.',
	);
}

const dayOf = (time: number) => Math.floor((time + BEIJING) / DAY);
const textOf = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);
