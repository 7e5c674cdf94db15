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

export const datacubeBehaviors: Record<string, Behavior> = Object.fromEntries(
	Object.keys(SPANS).map((name) => [`datacube.${name}`, figures(name)]),
);
