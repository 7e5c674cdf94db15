import type { SimAccount, SimulatorOptions } from './types';

/** Made up for the simulator; no real account has these. */
export const DEFAULT_ACCOUNT: SimAccount = {
	appId: 'wx51a7e0c3d94b26f8',
	secret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
	token: 'simulatorToken2024',
	// Like most real keys it is not canonical Base64: character 43 has spare bits set.
	encodingAESKey: 'SimulatorKeySimulatorKeySimulatorKey1234567',
	name: 'gh_5a1b2c3d4e5f',
	mode: 'safe',
	format: 'xml',
};

export const DEFAULT_OPTIONS: SimulatorOptions = {
	port: 0,
	latencyMs: 0,
	tokenSeconds: 7200,
	followers: 25,
	pageSize: 10_000,
	replyWindow: false,
	pushTimeoutMs: 5000,
	pushDeliveries: 3,
	accounts: [DEFAULT_ACCOUNT],
	now: Date.now,
};
