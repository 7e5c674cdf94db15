import { readFileSync } from 'node:fs';
import { SCENARIOS, describeMachine, withSection, writeResults } from './results';
import { readScenarios, toTable } from './scenarioTable';

/** `npx tsx test/bench/write-scenarios.ts LOG…`: what `npm run e2e | tee LOG` came to, as the last table of RESULTS.md. */
const results = readScenarios(
	process.argv
		.slice(2)
		.map((file) => readFileSync(file, 'utf8'))
		.join('\n'),
);
if (results.length === 0) throw new Error('No scenario has ended in these files.');

const intro =
	'`npm run e2e | tee e2e.log`, then `npx tsx test/bench/write-scenarios.ts e2e.log`: the checks of each scenario, and how long it took.';
const table = toTable(results);
writeResults((page) =>
	withSection(page, SCENARIOS, `${intro}\n\n${describeMachine()}\n\n${table}`),
);
console.log(table);
