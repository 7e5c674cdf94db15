import { createAccountClient } from '../../nodes/api/accountClient';
import { createServices } from '../../nodes/api/services';
import { readApp } from '../../nodes/n8n/credentials';
import { prepareN8n } from '../support/n8n';
import { endProcesses, startProcess } from '../support/redisProcess';
import { startRedisServer, useRedis } from '../support/redisServer';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator();
const redis = useRedis(async () => await startRedisServer());
afterEach(() => endProcesses());

test('a token that dies under four busy processes is renewed once, 50 times', async () => {
	const credentials = credentialsFor(simulator(), {
		sharedState: 'redis',
		redisUrl: redis().url,
	});
	const processes = Array.from({ length: 4 }, () => ({
		...startProcess(credentials),
		api: createServices(),
	}));
	const countRenewals = () =>
		simulator().calls.filter(({ path }) => path === '/cgi-bin/stable_token').length;
	const callAll = async () =>
		await Promise.all(
			processes.map(async ({ open, api }) => {
				const client = createAccountClient(readApp(credentials.data), await open(), api);
				const calls = Array.from(
					{ length: 3 },
					async () => await client.send({ method: 'GET', path: '/cgi-bin/tags/get' }),
				);
				await Promise.all(calls);
			}),
		);
	await callAll();
	for (let death = 1; death <= 50; death++) {
		const before = countRenewals();
		simulator().revokeTokens();
		await callAll();
		expect({ death, renewals: countRenewals() - before }).toEqual({ death, renewals: 1 });
	}
}, 60_000);
