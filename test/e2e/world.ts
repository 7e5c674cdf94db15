import type { Simulator } from '../simulator';
import type { RunningN8n } from './n8n';
import type { Session } from './session';

/** What every scenario finds running. */
export interface World {
	n8n: RunningN8n;
	session: Session;
	simulator: Simulator;
	/** The packed pack, for scenarios that install it once more. */
	tarball: string;
	userFolder: string;
	/** One line of the report. A failed check does not end the scenario. */
	check(name: string, fn: () => void | Promise<void>): Promise<void>;
}

export interface Scenario {
	name: string;
	run(world: World): Promise<void>;
}
