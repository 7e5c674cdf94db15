import assert from 'node:assert/strict';
import { killRepeatedly } from '../actors/killRepeatedly';
import type { Scenario } from '../scenario';

const KILLS = 3;

const scenario: Scenario = {
	name: 'kill',
	run: async (environment) => {
		const seed = Date.now() % 1e9;
		await environment.check(
			`killed ${KILLS} times at random moments (seed ${seed}), n8n loses nothing that was acknowledged`,
			async () => {
				const survived = await killRepeatedly(environment, {
					kills: KILLS,
					seed,
					say: environment.say,
				});
				assert.equal(survived.kills, KILLS);
				assert.ok(survived.tickets > 0 && survived.rules > 0);
			},
		);
	},
};

export default scenario;
