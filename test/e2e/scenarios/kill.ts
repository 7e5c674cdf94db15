import assert from 'node:assert/strict';
import { killOften } from '../actors/kill';
import type { Scenario } from '../n8n/world';

const KILLS = 3;

const scenario: Scenario = {
	name: 'kill',
	run: async (world) => {
		const seed = Date.now() % 1e9;
		await world.check(
			`killed ${KILLS} times at random moments (seed ${seed}), n8n loses nothing that was acknowledged`,
			async () => {
				const survived = await killOften(world, { kills: KILLS, seed, say: world.say });
				assert.equal(survived.kills, KILLS);
				assert.ok(survived.tickets > 0 && survived.rules > 0);
			},
		);
	},
};

export default scenario;
