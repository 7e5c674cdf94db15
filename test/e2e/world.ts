import type { Stage } from './stage';

/** What every scenario finds running. */
export interface World extends Stage {
	/** One line of the report. A failed check does not end the scenario. */
	check(name: string, fn: () => void | Promise<void>): Promise<void>;
}

export interface Scenario {
	name: string;
	run(world: World): Promise<void>;
}
