import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { COVERAGE_PAGE, fillCounts, listCoverage, writeCoverage } from './apiCoverage';
import { filled } from './readmeTables';

/** `npm run readme`: writes the tables of operations into the READMEs, and the lists of events and calls into `docs`. */
async function run(): Promise<void> {
	const coverage = await listCoverage();
	for (const name of ['README.md', 'README.zh-CN.md', 'docs/events.md']) {
		const file = join(__dirname, '..', '..', name);
		const text = await format(fillCounts(filled(readFileSync(file, 'utf8')), coverage), {
			parser: 'markdown',
		});
		writeFileSync(file, text);
	}
	writeFileSync(COVERAGE_PAGE, await writeCoverage());
}

void run();
