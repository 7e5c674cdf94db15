import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { endAll } from './services/cleanup';
import { parseArgs } from 'node:util';
import { findForeignN8n } from './n8n/install';
import { VERSIONS } from './n8n/recipe';
import { startTestEnvironment, type TestEnvironment } from './testEnvironment';
import type { Scenario, ScenarioEnvironment } from './scenario';

/**
 * `npm run e2e [-- [--n8n VERSION] <parts of scenarios' names>]`: the scenarios against each real n8n in turn, or one.
 */

const say = (line: string) => void process.stdout.write(`${line}\n`);
const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

const counts = { passed: 0, failed: 0 };

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		options: { n8n: { type: 'string' } },
		allowPositionals: true,
	});
	const scenarios = await chosenScenarios(positionals);
	const versions = values.n8n || findForeignN8n() ? [values.n8n] : VERSIONS;
	for (const version of versions) {
		await runScenarios(scenarios, version);
		await endAll();
	}
}

async function runScenarios(scenarios: Scenario[], version?: string): Promise<void> {
	const began = Date.now();
	const environment = createScenarioEnvironment(await startTestEnvironment(say, { version }));
	for (const scenario of scenarios) {
		const scenarioBegan = Date.now();
		say(`\n${scenario.name}`);
		try {
			await scenario.run(environment);
		} catch (error) {
			report(environment, 'runs to its end', error);
		}
		say(`  took ${seconds(scenarioBegan)}`);
	}
	say(`\nn8n ${environment.n8nFiles.version} took ${seconds(began)}\n`);
}

async function chosenScenarios(parts: string[]): Promise<Scenario[]> {
	const folder = join(__dirname, 'scenarios');
	const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
	const all = await Promise.all(
		files.sort().map(async (file) => {
			const module = (await import(join(folder, file))) as { default: Scenario };
			return module.default;
		}),
	);
	if (parts.length === 0) return all;
	const isNamed = (part: string) => all.some(({ name }) => name.includes(part));
	const unknown = parts.find((part) => !isNamed(part));
	if (unknown === undefined)
		return all.filter(({ name }) => parts.some((part) => name.includes(part)));
	const names = all.map((scenario) => scenario.name).join(', ');
	throw new Error(`No scenario is called something like "${unknown}". There are: ${names}.`);
}

function createScenarioEnvironment(environment: TestEnvironment): ScenarioEnvironment {
	return {
		...environment,
		check,
		say,
		copyWith: (changes) => createScenarioEnvironment({ ...environment, ...changes }),
	};

	async function check(name: string, fn: () => void | Promise<void>): Promise<void> {
		const checkBegan = Date.now();
		try {
			await fn();
			counts.passed++;
			say(`  ok    ${name} (${seconds(checkBegan)})`);
		} catch (error) {
			report(environment, `${name} (${seconds(checkBegan)})`, error);
		}
	}
}

function report({ n8n }: TestEnvironment, name: string, error: unknown): void {
	counts.failed++;
	say(`  FAIL  ${name}`);
	const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
	say(indented(reason));
	say(indented(`The end of n8n's log:\n${n8n.recentLog()}`));
}

function indented(text: string): string {
	return text.replace(/^/gm, '        ');
}

void main()
	.catch((error: unknown) => {
		counts.failed++;
		say(`The run was cut short: ${error instanceof Error ? error.message : String(error)}`);
	})
	.then(endAll)
	.then(() => {
		say(`\n${counts.passed} passed, ${counts.failed} failed`);
		process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
	});
