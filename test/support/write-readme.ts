import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { COVERAGE_PAGES, fillCounts, listCoverage, toFile, writeCoverage } from './apiCoverage';
import { filled } from './readmeTables';

/** `npm run readme`: writes the tables of operations, events and calls into `docs`. */
async function run(): Promise<void> {
	const coverage = await listCoverage();
	const payCoverage = await listCoverage('payCalls');
	for (const name of ['docs/operations.md', 'docs/zh-CN/operations.md', 'docs/events.md']) {
		const file = join(__dirname, '..', '..', name);
		const counted = fillCounts(
			filled(readFileSync(file, 'utf8'), name.includes('zh-CN')),
			coverage,
		);
		const text = fillCounts(counted, payCoverage, COVERAGE_PAGES.payCalls);
		writeFileSync(file, await format(text, { parser: 'markdown' }));
	}
	writeFileSync(toFile(COVERAGE_PAGES.calls), await writeCoverage());
	writeFileSync(toFile(COVERAGE_PAGES.payCalls), await writeCoverage('payCalls'));
}

void run();
