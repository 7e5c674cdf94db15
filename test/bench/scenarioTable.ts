/** What a scenario of `npm run e2e` came to on one n8n. */
export interface ScenarioResult {
	scenario: string;
	n8n: string;
	passed: number;
	failed: number;
	seconds: number;
}

/** Reads what `npm run e2e` printed. Of a scenario that ran more than once the last time counts. */
export function readScenarios(log: string): ScenarioResult[] {
	const results = new Map<string, ScenarioResult>();
	let n8n = '';
	let scenario = '';
	let counts = { passed: 0, failed: 0 };
	for (const line of log.split('\n')) {
		const up = /^n8n (\S+) on Node\.js v(\d+)\S* is up/.exec(line);
		const took = /^ {2}took ([\d.]+) s$/.exec(line);
		if (up) n8n = `${up[1]} (Node.js ${up[2]})`;
		else if (line.startsWith('  ok    ')) counts.passed++;
		else if (line.startsWith('  FAIL  ')) counts.failed++;
		else if (took) {
			const seconds = Number(took[1]);
			results.set(`${n8n} ${scenario}`, { scenario, n8n, ...counts, seconds });
		} else if (/^\S/.test(line)) {
			scenario = line.trim();
			counts = { passed: 0, failed: 0 };
		}
	}
	return [...results.values()];
}

/** A table in Markdown: a scenario in each line, an n8n in each column, the sums last. */
export function toTable(results: ScenarioResult[]): string {
	const unique = (values: string[]) => [...new Set(values)];
	const versions = unique(results.map(({ n8n }) => n8n));
	const toCell = (of: ScenarioResult[]) => {
		const sum = (key: 'passed' | 'failed' | 'seconds') =>
			of.reduce((total, result) => total + result[key], 0);
		if (of.length === 0) return 'not run';
		const failed = sum('failed') > 0 ? `, **${sum('failed')} failed**` : '';
		return `${sum('passed')} passed${failed}, ${sum('seconds').toFixed(0)} s`;
	};
	const toRow = (name: string, of: ScenarioResult[]) =>
		[name, ...versions.map((version) => toCell(of.filter(({ n8n }) => n8n === version)))]
			.map((cell) => `| ${cell} `)
			.join('') + '|';
	const scenarios = unique(results.map(({ scenario }) => scenario)).sort();
	return [
		`| Scenario | ${versions.join(' | ')} |`,
		`| --- |${' --- |'.repeat(versions.length)}`,
		...scenarios.map((name) =>
			toRow(
				name,
				results.filter(({ scenario }) => scenario === name),
			),
		),
		toRow(`**All ${scenarios.length}**`, results),
	].join('\n');
}
