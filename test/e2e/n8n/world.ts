import type { Stage } from './stage';

/** What every scenario finds running. */
export interface World extends Stage {
	/** One line of the report. A failed check does not end the scenario. */
	check(name: string, fn: () => void | Promise<void>): Promise<void>;
	/** A line that is no result. */
	say(line: string): void;
	/** The same with another n8n, of which failed checks show the log. */
	at(place: Partial<Stage>): World;
}

export interface Scenario {
	name: string;
	run(world: World): Promise<void>;
}
