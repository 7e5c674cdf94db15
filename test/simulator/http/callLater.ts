/** Real time; tests pass a clock that they turn. Answers how to call it off. */
export function callLater(ms: number, work: () => void): () => void {
	const timer = setTimeout(work, ms);
	return () => clearTimeout(timer);
}
