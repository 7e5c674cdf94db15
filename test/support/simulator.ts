import { forgetTokens } from '../../nodes/api/tokens';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator';
import { Credentials } from './credentials';

/** A WeChat for one test file, with fresh tokens for each test. */
export function useSimulator(options: Partial<SimulatorOptions> = {}): () => Simulator {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator(options);
	});
	beforeEach(() => {
		forgetTokens();
		simulator.clearFaults();
	});
	afterAll(async () => await simulator.close());
	return () => simulator;
}

/** The credential of the simulator's account, as a user would fill it in. */
export function credentialsFor(
	{ url, account }: Simulator,
	changes: Record<string, string> = {},
): Credentials {
	return new Credentials({
		appId: account.appId,
		appSecret: account.secret,
		token: account.token,
		encodingAesKey: account.encodingAESKey,
		previousEncodingAesKey: '',
		encryptionMode: account.mode,
		baseUrl: url,
		proxyUrl: '',
		...changes,
	});
}
