import type { State } from '../../nodes/api/state';
import { restartProcess } from './services';
import { OPEN_PLATFORM, readOwner } from '../../nodes/n8n/credentials';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator';
import { PlatformApi } from '../simulator/test/support';
import { Credentials } from './credentials';

/** A WeChat for one test file, with fresh tokens for each test. */
export function useSimulator(options: Partial<SimulatorOptions> = {}): () => Simulator {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator(options);
	});
	beforeEach(() => {
		restartProcess();
		simulator.clearFaults();
	});
	afterAll(async () => await simulator.close());
	return () => simulator;
}

/** The credential of the simulator's third-party platform, without a ticket. */
export function newPlatformCredentialsFor(
	{ url, platform: { settings } }: Simulator,
	changes: Record<string, string> = {},
): Credentials {
	return new Credentials(
		{
			appId: settings.appId,
			appSecret: settings.secret,
			token: settings.token,
			encodingAesKey: settings.encodingAESKey,
			previousEncodingAesKey: '',
			baseUrl: url,
			proxyUrl: '',
			...changes,
		},
		'wechatOpenPlatformApi',
	);
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

/**
 * The same with a ticket, which was just pushed: the addresses that the platform had are lost.
 */
export async function platformCredentialsFor(
	simulator: Simulator,
	changes: Record<string, string> = {},
): Promise<Credentials> {
	const credentials = newPlatformCredentialsFor(simulator, changes);
	const ticket = { value: await new PlatformApi(simulator).ticket(), at: Date.now() };
	const state: State = { of: readOwner(OPEN_PLATFORM, credentials.data), ticket };
	credentials.data.state = JSON.stringify(state);
	return credentials;
}
