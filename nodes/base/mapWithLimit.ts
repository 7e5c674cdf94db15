/**
 * Does the work for all entries, at most `limit` at a time. The results keep the order of the entries. After a failure
 * no new work begins, running work is awaited, and the first failure is thrown.
 */
export async function mapWithLimit<T, R>(
	entries: T[],
	limit: number,
	work: (entry: T, index: number) => Promise<R>,
): Promise<R[]> {
	const results = new Array<R>(entries.length);
	let next = 0;
	let failure: { error: unknown } | undefined;
	async function worker(): Promise<void> {
		while (!failure && next < entries.length) {
			const index = next++;
			try {
				results[index] = await work(entries[index], index);
			} catch (error) {
				failure ??= { error };
			}
		}
	}
	await Promise.all(Array.from({ length: Math.min(limit, entries.length) }, worker));
	if (failure) throw failure.error;
	return results;
}
