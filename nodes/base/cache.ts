interface CacheOptions<V> {
	/** Most entries; the least recently used one goes first. */
	max: number;
	/** How long an entry lives after it was set, in milliseconds. Default: for good. */
	ttl?: number;
	/** Milliseconds, as `Date.now()` counts. */
	now?: () => number;
	/** Gets a value that made room for another one. */
	onEvict?: (value: V) => void;
}

/** Remembers a bounded number of values by name. */
export interface Cache<V> {
	/** The value, which counts as used now; undefined when it is not there or too old. */
	get(key: string): V | undefined;
	/** Returns the value. */
	set(key: string, value: V): V;
	delete(key: string): void;
	clear(): void;
}

/** Creates a cache that never grows beyond `max` entries. */
export function createCache<V>({
	max,
	ttl = Infinity,
	now = Date.now,
	onEvict,
}: CacheOptions<V>): Cache<V> {
	/** A map keeps the order of insertion: the least recently used entry is its first one. */
	const entries = new Map<string, { value: V; since: number }>();

	/** Looks at the first entry only when one must go: to find it, a map passes over what was deleted before it. */
	function evictOldest(): void {
		for (const [key, { value }] of entries) {
			entries.delete(key);
			onEvict?.(value);
			return;
		}
	}

	return {
		get(key) {
			const entry = entries.get(key);
			if (!entry) return undefined;
			entries.delete(key);
			// When the clock was set back, it does not live until the clock has caught up.
			if (Math.abs(now() - entry.since) >= ttl) return undefined;
			entries.set(key, entry);
			return entry.value;
		},
		set(key, value) {
			entries.delete(key);
			entries.set(key, { value, since: now() });
			if (entries.size > max) evictOldest();
			return value;
		},
		delete: (key) => void entries.delete(key),
		clear: () => entries.clear(),
	};
}
