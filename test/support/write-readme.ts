import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { filled } from './readmeTables';

/** `npm run readme`: writes the tables of operations into the READMEs, and those of events into `docs/events.md`. */
async function run(): Promise<void> {
	for (const name of ['README.md', 'README.zh-CN.md', 'docs/events.md']) {
		const file = join(__dirname, '..', '..', name);
		const text = await format(filled(readFileSync(file, 'utf8')), { parser: 'markdown' });
		writeFileSync(file, text);
	}
}

void run();
