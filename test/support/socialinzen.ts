import { restartProcess } from './services';
import {
	startSocialinzen,
	type Socialinzen,
	type SocialinzenOptions,
} from '../simulator/socialinzen';
import { Credentials } from './credentials';

/** A Socialinzen server for each test, that nobody has logged in to. */
export function useSocialinzen(options: Partial<SocialinzenOptions> = {}): () => Socialinzen {
	let server: Socialinzen;
	beforeEach(async () => {
		restartProcess();
		server = await startSocialinzen(options);
	});
	afterEach(async () => await server.close());
	return () => server;
}

/** The credential of its user, as somebody would fill it in. */
export const socialinzenCredentialsFor = (
	{ url, username, password }: Socialinzen,
	changes: Record<string, string> = {},
): Credentials =>
	new Credentials({ baseUrl: url, username, password, proxyUrl: '', ...changes }, 'socialinzenApi');
