/** The number behind `--name` on the command line. */
export function numberOption(name: string, fallback: number): number {
	const at = process.argv.indexOf(`--${name}`);
	const value = at < 0 ? fallback : Number(process.argv[at + 1]);
	if (!(value > 0)) throw new Error(`--${name} takes a number above 0.`);
	return value;
}

/** The text behind `--name` on the command line. */
export function textOption(name: string): string | undefined {
	const at = process.argv.indexOf(`--${name}`);
	return at < 0 ? undefined : process.argv[at + 1];
}
