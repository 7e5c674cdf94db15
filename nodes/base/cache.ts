/** Puts an entry into a map as its newest one, and drops the oldest of more than `most`. Returns the value. */
export function putNewest<V>(map: Map<string, V>, key: string, value: V, most: number): V {
	map.delete(key);
	map.set(key, value);
	const [oldest] = map.keys();
	if (map.size > most && oldest !== undefined) map.delete(oldest);
	return value;
}
