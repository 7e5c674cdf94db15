import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { createCredentialTests } from '../../nodes/n8n/credentialTests';
import { createSharedServices, openState, type SharedServices } from '../../nodes/n8n/sharedState';
import { createStateWriter } from '../../nodes/n8n/stateStore';
import { credentialTestContext, editorContext, prepareN8n, type Credentials } from '../support/n8n';
import { startRedisServer, useRedis } from '../support/redisServer';
import { services } from '../support/services';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';
import { socialinzenCredentialsFor, useSocialinzen } from '../support/socialinzen';

prepareN8n();
const simulator = useSimulator();
const server = useSocialinzen();
const redis = useRedis(async () => await startRedisServer());

let shared: SharedServices;
beforeEach(() => void (shared = createSharedServices()));
afterEach(() => shared.connections.close());

const inRedis = (changes: Record<string, string> = {}) => ({
	sharedState: 'redis',
	redisUrl: redis().url,
	...changes,
});

/** What the button in the dialog says. */
async function verdict(
	type: 'Official' | 'Platform' | 'Socialinzen',
	{ id, data }: Pick<Credentials, 'data' | 'id'>,
): Promise<string> {
	const tests = createCredentialTests(services, shared);
	const test = {
		Official: tests.testOfficialAccount,
		Platform: tests.testOpenPlatform,
		Socialinzen: tests.testSocialinzen,
	}[type];
	const given = { id, name: 'n', type: '', data };
	const { status, message } = await test.call(credentialTestContext(), given);
	return `${status}: ${message}`;
}

const KEPT = /^OK: .*\. (Redis|Valkey) \d+\.\d+\.\d+ at 127\.0\.0\.1:\d+ keeps the state\.$/;

test('the Redis of a credential is tried, and named', async () => {
	expect(await verdict('Official', credentialsFor(simulator(), inRedis()))).toMatch(KEPT);
	expect(await verdict('Platform', await platformCredentialsFor(simulator(), inRedis()))).toMatch(
		KEPT,
	);
	expect(await verdict('Socialinzen', socialinzenCredentialsFor(server(), inRedis()))).toMatch(
		KEPT,
	);
});

test('is not looked for when the state is in the credential', async () => {
	const changes = { sharedState: 'credential', redisUrl: 'redis://127.0.0.1:1' };
	expect(await verdict('Official', credentialsFor(simulator(), changes))).toMatch(/^OK: [^R]*$/);
});

test.each([
	[{ redisUrl: '' }, /^Error: Redis URL is missing\. 缺少 .+。$/],
	[
		{ redisUrl: 'redis://127.0.0.1:1' },
		/^Error: Redis at 127\.0\.0\.1:1 refuses connections\. Check/,
	],
	[
		{ redisUrl: 'localhost:6379' },
		/^Error: "Redis URL" does not begin with redis:\/\/ or .*It looks like/,
	],
	// Both are wrong, and both are said.
	[
		{ redisUrl: 'redis://127.0.0.1:1', appSecret: 'f'.repeat(32) },
		/^Error: The AppSecret is wrong.*Redis at 127\.0\.0\.1:1 refuses/,
	],
	[{ appSecret: 'f'.repeat(32) }, /^Error: The AppSecret is wrong/],
])('%j is an error', async (changes, said) =>
	expect(await verdict('Official', credentialsFor(simulator(), inRedis(changes)))).toMatch(said),
);

test('keys of another prefix are no matter of this credential', async () => {
	await redis().run('ACL', 'SETUSER', 'n8n', 'on', '>word', '~own:*', '&own:*', '+@all');
	const login = { redisUrl: redis().url.replace('//', '//n8n:word@') };
	const mine = inRedis({ ...login, redisPrefix: 'own' });
	expect(await verdict('Official', credentialsFor(simulator(), mine))).toMatch(KEPT);
	expect(await verdict('Official', credentialsFor(simulator(), inRedis(login)))).toMatch(
		/does not let user "n8n" run SET, .* that begin with n8n-wechat:\. Enter in redis-cli: ACL SETUSER n8n ~n8n-wechat:\*/,
	);
});

test('a ticket that is kept in Redis is found there, and nothing is changed', async () => {
	const TYPE = 'wechatOpenPlatformApi';
	const credentials = await platformCredentialsFor(simulator(), inRedis());
	const context = editorContext('wechat', { authentication: 'openPlatform' }, credentials);
	const credential = await context.getCredentials<ICredentialDataDecryptedObject>(TYPE);
	const store = openState(context, TYPE, credential, shared, createStateWriter()).store;
	expect(await store.readTicket()).toBeDefined();
	expect(String(credentials.data.state)).not.toContain('ticket');
	const before = JSON.stringify(credentials.data);
	expect(await verdict('Platform', credentials)).toMatch(
		/^OK: The last ticket came 0 min ago.* keeps the state\.$/,
	);
	expect(JSON.stringify(credentials.data)).toBe(before);
	await redis().run('FLUSHALL');
	expect(await verdict('Platform', credentials)).toMatch(
		/^Error: AppID and AppSecret are right\. WeChat has not pushed a ticket/,
	);
});
