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

/** Runs the parts of a bench that `--only NAME,NAME` names, or all. */
export async function runParts(parts: Record<string, () => Promise<void>>): Promise<void> {
	const chosen = textOption('only')?.split(',') ?? Object.keys(parts);
	for (const name of chosen) {
		if (!(name in parts))
			throw new Error(`--only takes some of ${Object.keys(parts).join(', ')}, not "${name}".`);
	}
	const failures: unknown[] = [];
	// Each says what it has measured; the others are worth knowing, too.
	for (const name of chosen) await parts[name]().catch((error: unknown) => failures.push(error));
	if (failures.length > 0) throw new AggregateError(failures, failures.join('\n'));
}
