/**
 * Runs work once for each key at a time: whoever asks during a run gets its result. Two runs that renewed one token, or
 * exchanged one code, would end each other's.
 */
export interface SingleFlight<T> {
	/** Joins the run under way for this key, or starts `work`. A failure reaches all who wait. */
	run(key: string, work: () => Promise<T>): Promise<T>;
	/** The run under way for this key, if there is one. */
	current(key: string): Promise<T> | undefined;
}

export function createSingleFlight<T>(): SingleFlight<T> {
	/** An entry lives as long as its run. */
	const running = new Map<string, Promise<T>>();
	return {
		async run(key, work) {
			let run = running.get(key);
			if (!run) {
				run = work().finally(() => running.delete(key));
				running.set(key, run);
			}
			return await run;
		},
		current: (key) => running.get(key),
	};
}
