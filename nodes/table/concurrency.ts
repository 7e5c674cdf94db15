/**
 * Does the work for all entries, at most `limit` at a time; the results keep the order of the entries.
 * After a failure no new work begins, what runs is waited for, and the first failure is thrown.
 */
export async function inOrder<T, R>(
	entries: T[],
	limit: number,
	work: (entry: T, index: number) => Promise<R>,
): Promise<R[]> {
	const results = new Array<R>(entries.length);
	let next = 0;
	let failed = false;
	async function worker(): Promise<void> {
		while (!failed && next < entries.length) {
			const index = next++;
			try {
				results[index] = await work(entries[index], index);
			} catch (error) {
				failed = true;
				throw error;
			}
		}
	}
	const workers = Array.from({ length: Math.min(limit, entries.length) }, worker);
	const failure = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
	if (failure) throw (failure as PromiseRejectedResult).reason;
	return results;
}
