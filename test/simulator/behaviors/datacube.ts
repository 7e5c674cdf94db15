import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { Behavior } from './behavior';

const DAY = 86_400_000;
const BEIJING = 8 * 3_600_000;

/** Most days of a call; the first days of weeks and months are asked for alone. */
const SPANS: Record<string, number> = {
	articleread: 1,
	articleshare: 1,
	articlesummary: 1,
	articletotal: 1,
	articletotaldetail: 1,
	bizsummary: 30,
	interfacesummary: 30,
	interfacesummaryhour: 1,
	upstreammsg: 7,
	upstreammsgdist: 15,
	upstreammsgdistmonth: 15,
	upstreammsgdistweek: 15,
	upstreammsghour: 1,
	upstreammsgmonth: 1,
	upstreammsgweek: 1,
	usercumulate: 7,
	userread: 3,
	userreadhour: 1,
	usershare: 7,
	usersharehour: 1,
	usersummary: 7,
};
/** Whose answers say whether figures are late. */
const NEW = ['articleread', 'articleshare', 'articletotaldetail', 'bizsummary'];

function dayOf(date: unknown): number {
	const day = Date.parse(`${String(date)}T00:00:00Z`) / DAY;
	if (!/^\d{4}-\d\d-\d\d$/.test(String(date)) || Number.isNaN(day)) throw new ApiError(61500);
	return day;
}

/** A row for each day, with its date only: what else is in it, tests say themselves. */
const figures =
	(name: string): Behavior =>
	(_, { body, state }) => {
		const [first, last] = [dayOf(body.begin_date), dayOf(body.end_date)];
		if (first > last || last - first >= SPANS[name]) throw new ApiError(61501);
		const today = Math.floor((state.options.now() + BEIJING) / DAY);
		if (last >= today) throw new ApiError(61501);
		const list: JsonObject[] = [];
		for (let day = first; day <= last; day++)
			list.push({ ref_date: new Date(day * DAY).toISOString().slice(0, 10) });
		return NEW.includes(name) ? { list, is_delay: false } : { list };
	};

/** The days that a mini program asks for: one, a week from Monday, a whole month, or a portrait's. */
type Fits = (first: number, last: number) => boolean;
const dateOf = (day: number) => new Date(day * DAY).toISOString().slice(0, 10).replaceAll('-', '');
const isDay: Fits = (first, last) => first === last;
const isWeek: Fits = (first, last) => new Date(first * DAY).getUTCDay() === 1 && last - first === 6;
const isMonth: Fits = (first, last) =>
	dateOf(first).endsWith('01') &&
	dateOf(last + 1).endsWith('01') &&
	dateOf(first).slice(0, 6) === dateOf(last).slice(0, 6);
const isPortrait: Fits = (first, last) => [0, 6, 29].includes(last - first);

/** Writes the date of an answer: 20170313, 20170306-20170312 or 201702, as its page shows. */
const refDateOf = (fits: Fits, first: number, last: number) =>
	fits === isMonth
		? dateOf(first).slice(0, 6)
		: first === last
			? dateOf(first)
			: `${dateOf(first)}-${dateOf(last)}`;

/** What mini programs ask for, and how the answer holds its date: in each row of a list, or beside it. */
const MINI: Record<string, [fits: Fits, answer: (ref_date: string) => JsonObject]> = {
	dailyretaininfo: [isDay, (ref_date) => ({ ref_date, visit_uv_new: [], visit_uv: [] })],
	dailysummarytrend: [isDay, (ref_date) => ({ list: [{ ref_date }] })],
	dailyvisittrend: [isDay, (ref_date) => ({ list: [{ ref_date }] })],
	monthlyretaininfo: [isMonth, (ref_date) => ({ ref_date, visit_uv_new: [], visit_uv: [] })],
	monthlyvisittrend: [isMonth, (ref_date) => ({ list: [{ ref_date }] })],
	userportrait: [isPortrait, (ref_date) => ({ ref_date, visit_uv_new: {}, visit_uv: {} })],
	visitdistribution: [isDay, (ref_date) => ({ ref_date, list: [] })],
	visitpage: [isDay, (ref_date) => ({ ref_date, list: [] })],
	weeklyretaininfo: [isWeek, (ref_date) => ({ ref_date, visit_uv_new: [], visit_uv: [] })],
	weeklyvisittrend: [isWeek, (ref_date) => ({ list: [{ ref_date }] })],
};

function compactDayOf(date: unknown): number {
	const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(String(date)) ?? [];
	return dayOf(`${year}-${month}-${day}`);
}

const miniFigures =
	(name: string): Behavior =>
	(_, { body, state }) => {
		const [first, last] = [compactDayOf(body.begin_date), compactDayOf(body.end_date)];
		const today = Math.floor((state.options.now() + BEIJING) / DAY);
		const [fits, answer] = MINI[name];
		if (!fits(first, last) || last >= today) throw new ApiError(61501);
		return answer(refDateOf(fits, first, last));
	};

export const datacubeBehaviors: Record<string, Behavior> = {
	...Object.fromEntries(Object.keys(SPANS).map((name) => [`datacube.${name}`, figures(name)])),
	...Object.fromEntries(
		Object.keys(MINI).map((name) => [`datacube.mini.${name}`, miniFigures(name)]),
	),
};
