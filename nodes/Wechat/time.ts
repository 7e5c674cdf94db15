import { Problem } from '../api/errors';

/** Unix seconds of a date and time, which are those of Beijing, as in WeChat's console, unless a zone is given. */
export function secondsOf(label: string, value: unknown): number {
	// What expressions yield, of luxon or JavaScript, writes itself as JSON with its zone.
	const text =
		typeof value === 'object' ? JSON.stringify(value).slice(1, -1) : String(value).trim();
	const [, date, time = '00:00', zone = '+08:00'] =
		/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d[\d:.]*))?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
	const seconds = Math.floor(Date.parse(`${date}T${time}${zone}`) / 1000);
	if (Number.isNaN(seconds))
		throw new Problem(`"${label}" is not a date and time`, 'Write it like 2026-05-01T09:30:00.');
	return seconds;
}
