import { createServices, type Services } from '../../nodes/api/services';
import { systemClock, type Clock } from '../../nodes/base/clock';

/** How long calls would have waited before they were repeated, in milliseconds. */
export const pauses: number[] = [];

/** What happens during pauses, which take no time. */
export const duringPauses: Array<(ms: number) => unknown> = [];

/** The clock of the tests: it shows the real time, and its pauses are over at once. */
export const clock: Clock = {
	...systemClock,
	async sleep(ms) {
		pauses.push(ms);
		for (const work of duringPauses) await work(ms);
	},
};

/** What the nodes under test share, as a process of n8n does. */
export const services: Services = createServices({ clock });

/** Forgets all that the process knows, as a restart does. */
export function restartProcess(): void {
	pauses.length = 0;
	duringPauses.length = 0;
	Object.assign(services, createServices({ clock }));
}

/** A process of its own whose clock shows `now`. */
export const createProcessAt = (now: () => number, parts: Partial<Services> = {}): Services =>
	createServices({ clock: { ...clock, now }, ...parts });
