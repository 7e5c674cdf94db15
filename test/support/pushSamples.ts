/** A sample of `test/fixtures/pushes` as if WeChat had made it at a time in seconds; what is old is refused. */
export const datePush = (sample: string, seconds: number | string): string =>
	sample.replace(/\b1760\d{6}\b/g, String(seconds));
