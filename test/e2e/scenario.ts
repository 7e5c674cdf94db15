import type { TestEnvironment } from './testEnvironment';

/** What every scenario finds running. */
export interface ScenarioEnvironment extends TestEnvironment {
	/** One line of the report. A failed check does not end the scenario. */
	check(name: string, fn: () => void | Promise<void>): Promise<void>;
	/** A line that is no result. */
	say(line: string): void;
	/** The same with another n8n, of which failed checks show the log. */
	copyWith(changes: Partial<TestEnvironment>): ScenarioEnvironment;
}

export interface Scenario {
	name: string;
	run(environment: ScenarioEnvironment): Promise<void>;
}
