import { UserError } from '../base/userError';

/** What one call of the data cube (数据统计) asks for; both days count. */
interface DateSpan {
	begin_date: string;
	end_date: string;
}

/** The most days of one call; or whole weeks or months, which are asked for by their first day. */
export type DateStep = number | 'week' | 'month';

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
	const spans =
		typeof step === 'number'
			? splitRuns(step, first, last)
			: splitPeriods(step, first, last, yesterday);
	if (spans.length <= MAX_CALLS) return spans;
	throw new UserError(
		`${formatDay(first)} to ${formatDay(last)} would take ${spans.length} calls`,
		`One run makes at most ${MAX_CALLS}. Choose fewer days.`,
	);
}

function checkRange(first: number, last: number, yesterday: number): void {
	if (first > last)
		throw new UserError(
			`The range runs backwards, from ${formatDay(first)} to ${formatDay(last)}`,
			'"Begin Date" must not be after "End Date".',
		);
	if (last > yesterday)
		throw new UserError(
			`There are no figures of ${formatDay(last)} yet`,
			`The last day that can be asked for is yesterday in Beijing, ${formatDay(yesterday)}. Leave "End Date" empty to get that.`,
		);
	if (formatDay(first) < FIRST)
		throw new UserError(
			`There are no figures of ${formatDay(first)}`,
			`WeChat keeps figures from ${FIRST} on.`,
		);
}

/** As few calls as possible. */
function splitRuns(days: number, first: number, last: number): DateSpan[] {
	const spans: DateSpan[] = [];
	for (let day = first; day <= last; day += days)
		spans.push({ begin_date: formatDay(day), end_date: formatDay(Math.min(day + days - 1, last)) });
	return spans;
}

/** One call for each week or month that the range touches, if it is over. */
function splitPeriods(
	step: 'week' | 'month',
	first: number,
	last: number,
	yesterday: number,
): DateSpan[] {
	const { startOf, next } = PERIODS[step];
	const spans: DateSpan[] = [];
	for (let day = startOf(first); day <= last && next(day) - 1 <= yesterday; day = next(day))
		spans.push({ begin_date: formatDay(day), end_date: formatDay(day) });
	if (spans.length > 0) return spans;
	throw new UserError(
		`The ${step} of ${formatDay(first)} is not over yet`,
		`WeChat has figures of whole ${step}s only. Choose an earlier day.`,
	);
}

/** Weeks begin on Monday; day 0 was a Thursday. */
const PERIODS = {
	week: { startOf: (day: number) => day - ((day + 3) % 7), next: (monday: number) => monday + 7 },
	month: {
		startOf: (day: number) => toMonthStart(day, 0),
		next: (first: number) => toMonthStart(first, 1),
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
	);
}

const toDay = (time: number) => Math.floor((time + BEIJING) / DAY);
const formatDay = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);

/** Converts a date and time to Unix seconds. Without a zone they are those of Beijing, as in WeChat's console. */
export function toUnixSeconds(label: string, value: unknown): number {
	// What expressions yield, of luxon or JavaScript, writes itself as JSON with its zone.
	const text =
		typeof value === 'object' ? JSON.stringify(value).slice(1, -1) : String(value).trim();
	const [, date, time = '00:00', zone = '+08:00'] =
		/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d[\d:.]*))?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
	const seconds = Math.floor(Date.parse(`${date}T${time}${zone}`) / 1000);
	if (Number.isNaN(seconds))
		throw new UserError(`"${label}" is not a date and time`, 'Write it like 2026-05-01T09:30:00.');
	return seconds;
}

/** Both ends count, in Unix seconds. */
interface SecondSpan {
	from: number;
	to: number;
}

/**
 * Splits a range of time into calls of at most `seconds`, oldest first. Without an end it ends now; without a begin it
 * is one call long.
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
	const first = isEmptyDate(begin) ? last - seconds : toUnixSeconds('From', begin);
	if (first > last)
		throw new UserError('The range runs backwards', '"From" must not be after "To".');
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
	);
}
