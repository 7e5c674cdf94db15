interface Named {
	name: string;
}

/** As menus are sorted, whose names are English. `localeCompare` sorts them alike, and costs 5 ms when it is first called. */
export function compareNames(a: Named, b: Named): number {
	const [first, second] = [a.name.toLowerCase(), b.name.toLowerCase()];
	return Number(first > second) - Number(first < second);
}
