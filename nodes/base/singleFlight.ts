/** Runs work once for each key at a time: whoever asks meanwhile gets the same result. */
export interface SingleFlight<T> {
	run(key: string, work: () => Promise<T>): Promise<T>;
	/** The run under way, if there is one. */
	current(key: string): Promise<T> | undefined;
}

export function createSingleFlight<T>(): SingleFlight<T> {
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
