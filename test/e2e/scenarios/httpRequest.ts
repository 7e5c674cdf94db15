import assert from 'node:assert/strict';
import { startSimulatorWithPlatform } from '../actors/platform';
import { ACCOUNT_TYPE, PLATFORM_TYPE, toAccountCredential } from '../n8n/credentials';
import { readStoredCredential, WECHAT_SECRETS } from '../n8n/storedCredential';
import { startExternalServer, type ExternalServer } from '../services/externalServer';
import { createCallableNode } from '../workflows/callableNode';
import type { Scenario, ScenarioEnvironment } from '../scenario';

const GET = '/cgi-bin/tags/get';
const CREATE = '/cgi-bin/tags/create';

/** n8n's HTTP Request node with the credential of an account. */
const scenario: Scenario = {
	name: 'httpRequest',
	run: async (outer) => {
		const simulator = await startSimulatorWithPlatform();
		const elsewhere = await startExternalServer(() => ({ errcode: 0 }));
		const environment = outer.copyWith({ simulator });
		try {
			await sendsRequests(environment, elsewhere);
			await offersCredentials(environment);
		} finally {
			await elsewhere.close();
			await simulator.close();
		}
	},
};

export default scenario;

async function offersCredentials({ check, n8n, session }: ScenarioEnvironment): Promise<void> {
	const read = async <T>(path: string) => {
		const response = await fetch(n8n.url + path, { headers: { cookie: session.cookie } });
		return (await response.json()) as T[];
	};

	// The node lists what has `authenticate`, or extends OAuth (n8n-editor-ui, CredentialsSelect).
	await check('the node offers the credentials of accounts and platforms', async () => {
		const types = await read<{ name: string; authenticate?: unknown }>('/types/credentials.json');
		const offered = types.filter(({ authenticate }) => authenticate).map(({ name }) => name);
		for (const type of [ACCOUNT_TYPE, PLATFORM_TYPE]) assert.ok(offered.includes(type), type);
		for (const type of ['wechatPayApi', 'socialinzenApi']) assert.ok(!offered.includes(type), type);
	});

	await check('n8n adds no Custom API Call to the menus of the nodes', async () => {
		const types = await read<{ name: string }>('/types/nodes.json');
		const own = types.filter(({ name }) => name.startsWith('n8n-nodes-wechat-platform.'));
		assert.ok(own.length >= 8, `${own.length} nodes`);
		for (const type of own)
			assert.ok(!JSON.stringify(type).includes('__CUSTOM_API_CALL__'), type.name);
	});
}

async function sendsRequests(
	environment: ScenarioEnvironment,
	elsewhere: ExternalServer,
): Promise<void> {
	const { check, session, simulator } = environment;
	const account = await session.createCredential(
		'HTTP Request',
		ACCOUNT_TYPE,
		toAccountCredential(simulator),
	);
	const request = async (
		path: string,
		parameters: Record<string, unknown> = {},
		more: Record<string, unknown> = {},
	) => {
		const call = await createCallableNode(environment, {
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				method: 'GET',
				url: new URL(path, simulator.url).href,
				authentication: 'predefinedCredentialType',
				nodeCredentialType: ACCOUNT_TYPE,
				options: {},
				...parameters,
			},
			credentials: { [ACCOUNT_TYPE]: account },
			...more,
		});
		return await call();
	};
	const post = async (body: object, more: Record<string, unknown> = {}) =>
		await request(
			CREATE,
			{ method: 'POST', sendBody: true, specifyBody: 'json', jsonBody: JSON.stringify(body) },
			more,
		);

	await check('a POST and a GET carry the token', async () => {
		const [{ tag }] = await post({ tag: { name: '贵宾' } });
		assert.equal((tag as { name: string }).name, '贵宾');
		const [{ tags }] = await request(GET);
		assert.ok((tags as Array<{ name: string }>).some(({ name }) => name === '贵宾'));
		assert.equal(simulator.count('/cgi-bin/stable_token'), 1);
	});

	await check('what WeChat refuses is an item: n8n sees HTTP 200', async () => {
		const [{ errcode }] = await post({ tag: { name: '贵宾' } });
		assert.equal(errcode, 45157);
	});

	for (const [what, more] of [
		['', {}],
		[', also when the workflow goes on', { onError: 'continueRegularOutput' }],
	] as const)
		await check(`a POST that fails with HTTP 500 is sent once${what}`, async () => {
			const before = simulator.count(CREATE);
			simulator.fault({ path: CREATE, times: 5, status: 500, body: 'down' });
			const sent = post({ tag: { name: 'twice' } }, more);
			if (what) assert.ok('error' in (await sent)[0]);
			else await assert.rejects(sent);
			simulator.clearFaults();
			assert.equal(simulator.count(CREATE), before + 1);
		});

	await check('an answer that is lost is not asked for again', async () => {
		const before = simulator.count(CREATE);
		simulator.fault({ path: CREATE, times: 5, drop: true });
		await assert.rejects(post({ tag: { name: 'lost' } }));
		simulator.clearFaults();
		assert.equal(simulator.count(CREATE), before + 1);
	});

	await check('failed requests leave the state in the credential as it is', async () => {
		const { state, stateSavedAt } = await readStoredCredential(environment, account.id);
		assert.deepEqual([state ?? '', stateSavedAt ?? ''], ['', '']);
	});

	await check('another server is refused, and told nothing', async () => {
		await assert.rejects(request(elsewhere.url + GET), /the token goes nowhere else.*begins with/s);
		assert.deepEqual(elsewhere.received, []);
	});

	const token = await readToken(simulator);
	await check('a redirect is not followed', async () => {
		const location = `${elsewhere.url}/?access_token=${token}`;
		simulator.fault({ path: GET, times: 5, status: 302, body: '', headers: { location } });
		await assert.rejects(request(GET), /302/);
		await request(GET, {}, { onError: 'continueRegularOutput' });
		simulator.clearFaults();
		assert.deepEqual(elsewhere.received, []);
	});

	await check('calls that replace the token, and unchecked TLS, are refused', async () => {
		const before = simulator.calls.length;
		await assert.rejects(request('/cgi-bin/token'), /is refused: This call replaces the token/);
		await assert.rejects(
			request(GET, { options: { allowUnauthorizedCerts: true } }),
			/must not use Ignore SSL Issues/,
		);
		assert.equal(simulator.calls.length, before);
	});

	await check(
		'a page after a page carries the token, and the next address is checked',
		async () => {
			const pagination = (nextURL: string) => ({
				options: {
					pagination: {
						pagination: {
							paginationMode: 'responseContainsNextURL',
							nextURL: `=${nextURL}`,
							paginationCompleteWhen: 'other',
							completeExpression: '={{ $pageCount === 2 }}',
							limitPagesFetched: true,
							maxRequests: 2,
						},
					},
				},
			});
			const pages = await request(GET, pagination(simulator.url + GET));
			assert.equal(pages.filter(({ tags }) => Array.isArray(tags)).length, 2);
			const leaving = pagination(
				`{{ $response.body.tags ? "${elsewhere.url}" : "${simulator.url}${GET}" }}`,
			);
			await assert.rejects(request(GET, leaving), /the token goes nowhere else/);
			assert.deepEqual(elsewhere.received, []);
		},
	);

	await check('nothing secret is in executions or the log', async () => {
		const page = await session.api('GET', '/executions?includeData=true&limit=250');
		const told = [JSON.stringify(page), environment.n8n.log()];
		assert.match(told[0], /贵宾/);
		const { appSecret } = toAccountCredential(simulator);
		for (const text of told)
			for (const secret of [token, String(appSecret)])
				assert.ok(!text.includes(secret), context(text, secret));
		assert.deepEqual(told[1].match(WECHAT_SECRETS), null);
	});
}

/** The token of the account: WeChat gives the same one again. */
async function readToken({ url, account }: ScenarioEnvironment['simulator']): Promise<string> {
	const body = { grant_type: 'client_credential', appid: account.appId, secret: account.secret };
	const headers = { 'content-type': 'application/json' };
	const answer = await fetch(`${url}/cgi-bin/stable_token`, {
		method: 'POST',
		headers,
		body: JSON.stringify(body),
	});
	return ((await answer.json()) as { access_token: string }).access_token;
}

const context = (text: string, secret: string) => {
	const at = text.indexOf(secret);
	return `told: ${text.slice(Math.max(0, at - 200), at + 20)}`;
};
