import assert from 'node:assert/strict';
import type { Simulator } from '../../simulator';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import { createCallableNode } from '../workflows/callableNode';
import {
	createAccountNode,
	connectPlatform,
	FIRST,
	createPlatformCredential,
	activatePlatformTrigger,
	createPlatformNode,
	SECOND,
	startSimulatorWithPlatform,
	type PlatformTrigger,
} from '../actors/platform';
import { WECHAT_SECRETS } from '../n8n/storedCredential';
import { createTriggerNode, toWebhookUrl } from '../workflows/workflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';

const PAGE = 'https://www.example.com/webVerify/';
const EXCHANGES = ['/sns/oauth2/access_token', '/sns/oauth2/component/access_token'];

const scenario: Scenario = {
	name: 'visits',
	run: async (outer) => {
		const simulator = await startSimulatorWithPlatform();
		const environment = outer.copyWith({ simulator });
		try {
			const credentials = await createPlatformCredential(environment);
			const closing = await activatePlatformTrigger(environment, credentials, {
				pushOptions: { checkFiles: fileNamed('closing') },
			});
			const leading = await activatePlatformTrigger(environment, credentials, {
				pushOptions: {
					authorizedPage: `${PAGE}?from=link`,
					signedInPage: PAGE,
					checkFiles: fileNamed('leading'),
				},
			});
			connectPlatform(simulator, closing);
			await simulator.platform.pushTicket();
			await servesFiles(environment, { closing, leading });
			await authorizes(environment, { closing, leading });
			await signsIn(environment, 'on behalf', await onBehalf(environment, leading));
			await signsIn(environment, 'for itself', await forItself(environment));
			await refusesForged(environment, await onBehalf(environment, leading));
			await outlivesItsCredential(environment);
			await tellsNoSecret(environment);
		} finally {
			await simulator.close();
		}
	},
};

export default scenario;

const CHECK_FILE = 'MP_verify_abc.txt';

const fileNamed = (content: string) => ({ file: [{ name: CHECK_FILE, content }] });

/** What a browser gets that does not follow. */
async function visit(url: string) {
	const response = await fetch(url, { redirect: 'manual' });
	return {
		status: response.status,
		type: response.headers.get('content-type'),
		location: response.headers.get('location'),
		text: await response.text(),
	};
}

interface Desks {
	/** Shows closing pages. */
	closing: PlatformTrigger;
	/** Leads on to a page. */
	leading: PlatformTrigger;
}

async function servesFiles({ check }: ScenarioEnvironment, desks: Desks): Promise<void> {
	for (const [name, { url }] of Object.entries(desks))
		await check(`the check file of each trigger is served: ${name}`, async () => {
			const { status, type, text } = await visit(`${url}/${CHECK_FILE}`);
			assert.deepEqual({ status, type, text }, { status: 200, type: PLAIN, text: name });
			assert.equal((await visit(`${url}/MP_verify_other.txt`)).status, 404);
		});
}

const PLAIN = 'text/plain; charset=utf-8';

async function authorizes(
	environment: ScenarioEnvironment,
	{ closing, leading }: Desks,
): Promise<void> {
	const { check, session, simulator } = environment;
	const parameters = {
		resource: 'authorization',
		operation: 'createLink',
		redirectUri: '={{ $json.body.to }}',
	};
	const link = await createCallableNode(
		environment,
		createPlatformNode(parameters, closing.credentials),
	);
	const authorize = async (appId: string, trigger: PlatformTrigger) => {
		const [{ url }] = await link({ to: `${trigger.url}/authorized` });
		const options = { push: false };
		const { redirect } = await simulator.platform.openAuthorizationLink(
			String(url),
			appId,
			options,
		);
		return await visit(redirect);
	};
	const newest = async ({ id }: PlatformTrigger, want: number) => {
		const [execution] = await session.executions(id, want);
		assert.equal(findError(execution), undefined);
		return session.listItems(execution, 'Trigger')[0];
	};

	await check(
		'an owner who comes back from a link is thanked, and starts the workflow',
		async () => {
			const { status, type, text } = await authorize(FIRST, closing);
			assert.deepEqual([status, type], [200, 'text/html; charset=utf-8']);
			assert.match(text, /授权成功 Authorized/);
			const { kind, accountAppId, account } = await newest(closing, 1);
			assert.deepEqual([kind, accountAppId], ['visit.authorized', FIRST]);
			assert.equal((account as { name: string }).name, '示例帐号');
		},
	);

	await check(
		'an owner who comes back from a link is led on to the page that is configured',
		async () => {
			const { status, location } = await authorize(SECOND, leading);
			assert.deepEqual([status, location], [302, `${PAGE}?from=link&accountAppId=${SECOND}`]);
			assert.equal((await newest(leading, 1)).accountAppId, SECOND);
		},
	);

	await check('a code that came by push as well is exchanged once', async () => {
		const before = simulator.count('/cgi-bin/component/api_query_auth');
		const [{ url }] = await link({ to: `${leading.url}/authorized` });
		const opened = await simulator.platform.openAuthorizationLink(String(url), SECOND);
		assert.equal(opened.result?.outcome, 'success');
		assert.equal((await visit(opened.redirect)).status, 302);
		assert.equal(simulator.count('/cgi-bin/component/api_query_auth'), before + 1);
		await newest(closing, 2);
		await newest(leading, 2);
	});

	const redirect = async (appId: string, trigger: PlatformTrigger) => {
		const [{ url }] = await link({ to: `${trigger.url}/authorized` });
		const owner = simulator.platform;
		return new URL(
			(await owner.openAuthorizationLink(String(url), appId, { push: false })).redirect,
		);
	};

	await check('no code and a wrong code are refused, and start nothing', async () => {
		for (const query of ['', '?auth_code=', '?auth_code=queryauthcode@@@made-up'])
			assert.equal((await visit(`${leading.url}/authorized${query}`)).status, 400);
		const wrong = await redirect(SECOND, leading);
		wrong.searchParams.set('auth_code', 'queryauthcode@@@made-up');
		assert.equal((await visit(wrong.href)).status, 400);
		assert.equal((await session.executions(leading.id, 2)).length, 2);
	});

	await check('a link that was made elsewhere does nothing, and says so', async () => {
		const elsewhere = await redirect(SECOND, leading);
		elsewhere.searchParams.delete('linkState');
		const before = simulator.calls.length;
		const { status, text } = await visit(elsewhere.href);
		assert.equal(status, 400);
		assert.match(text, /WeChat tells it so by itself/);
		assert.equal(simulator.calls.length, before);
		assert.equal((await session.executions(leading.id, 2)).length, 2);
	});

	await check(
		'an address that is opened again starts nothing, and asks WeChat for nothing',
		async () => {
			const { href } = await redirect(SECOND, leading);
			assert.equal((await visit(href)).status, 302);
			await newest(leading, 3);
			const before = simulator.calls.length;
			for (let count = 0; count < 15; count++) assert.equal((await visit(href)).status, 302);
			assert.equal(simulator.calls.length, before);
			assert.equal((await session.executions(leading.id, 3)).length, 3);
		},
	);
}

/** A trigger where visitors come back, and links that lead there. */
interface Door {
	id: string;
	link(scope: string, state: string): Promise<string>;
}

const linkOf = (to: string) => ({
	resource: 'webAuthorization',
	operation: 'getLink',
	redirectUri: to,
	scope: '={{ $json.body.scope }}',
	state: '={{ $json.body.state }}',
});

async function onBehalf(
	environment: ScenarioEnvironment,
	{ id, url, credentials }: PlatformTrigger,
): Promise<Door> {
	const get = await createCallableNode(
		environment,
		createAccountNode(FIRST, linkOf(`${url}/signed-in`), credentials),
	);
	const link = async (scope: string, state: string) => String((await get({ scope, state }))[0].url);
	return { id, link };
}

/** The same for an account with its own credential. */
async function forItself(environment: ScenarioEnvironment): Promise<Door> {
	const { n8n, session, simulator } = environment;
	const data = toAccountCredential(simulator);
	const credentials = {
		[ACCOUNT_TYPE]: await session.createCredential('visited', ACCOUNT_TYPE, data),
	};
	const parameters = { kinds: ['visit.signedin'], pushOptions: { signedInPage: PAGE } };
	const trigger = createTriggerNode({ respond: 'onReceived', ...parameters }, credentials);
	const workflow = { name: 'visited', nodes: [trigger], connections: {} };
	const { id } = await session.createWorkflow(workflow);
	await session.activate(id);
	const get = await createCallableNode(environment, {
		type: 'n8n-nodes-wechat-platform.wechat',
		parameters: linkOf(`${toWebhookUrl(n8n.url, workflow)}/signed-in`),
		credentials,
	});
	const link = async (scope: string, state: string) => String((await get({ scope, state }))[0].url);
	return { id, link };
}

/** A webhook that throws is a failed run in n8n: strangers must not be able to start any. */
async function outlivesItsCredential(environment: ScenarioEnvironment): Promise<void> {
	const { check, n8n, session } = environment;
	const credentials = await createPlatformCredential(environment);
	const trigger = await activatePlatformTrigger(environment, credentials);
	await check(
		'a credential that was deleted is answered with 503, a line in the log and no run',
		async () => {
			const [{ id }] = Object.values(credentials);
			assert.equal((await session.rest('DELETE', `/rest/credentials/${id}`)).status, 200);
			for (let count = 0; count < 5; count++) {
				const signed = await visit(`${trigger.url}/signed-in?code=c&state=s&appid=${FIRST}`);
				assert.equal(signed.status, 503);
				assert.match(signed.text, /此服务尚未就绪/);
				const owner = await visit(`${trigger.url}/authorized?auth_code=c&linkState=s`);
				assert.equal(owner.status, 503);
				const asked = await visit(`${trigger.url}?signature=s&timestamp=1&nonce=n&echostr=e`);
				assert.equal(asked.status, 503);
				const pushed = await fetch(trigger.url, { method: 'POST', body: '<xml></xml>' });
				assert.ok([403, 503].includes(pushed.status), `a push: ${pushed.status}`);
				assert.equal((await visit(`${trigger.url}/MP_verify_none.txt`)).status, 404);
			}
			assert.deepEqual(await session.executions(trigger.id, 0), []);
			const lines = n8n.log().match(/credential of this node cannot be read/g) ?? [];
			assert.ok(lines.length <= 2, `${lines.length} lines in the log`);
		},
	);
	await session.deactivate(trigger.id);
}

const visitorOf = (simulator: Simulator) => simulator.openids(FIRST)[1];

async function signsIn(
	environment: ScenarioEnvironment,
	whose: string,
	{ id, link }: Door,
): Promise<void> {
	const { check, session, simulator } = environment;
	const openid = visitorOf(simulator);
	const signIn = async (scope: string, state: string) => {
		const before = (await session.executions(id, 0)).length;
		const back = simulator.platform.openWebAuthorization(await link(scope, state), openid);
		const { status, location } = await visit(back);
		const [execution] = await session.executions(id, before + 1);
		assert.equal(findError(execution), undefined);
		const [item] = session.listItems(execution, 'Trigger');
		return { status, location, item };
	};

	await check(
		`${whose}: a visitor is led on with a key, and the workflow knows whose`,
		async () => {
			const { status, location, item } = await signIn('snsapi_userinfo', 'scan');
			assert.equal(status, 302);
			assert.match(String(item.wxTkId), /^[0-9a-f]{32}$/);
			assert.equal(location, `${PAGE}?wxTkId=${String(item.wxTkId)}#scan`);
			assert.deepEqual(
				[item.kind, item.openid, item.state, item.accountAppId],
				['visit.signedin', openid, 'scan', FIRST],
			);
			assert.equal((item.user as { nickname: string }).nickname, `用户${openid.slice(-4)}`);
		},
	);

	await check(`${whose}: a visitor who is not asked stays without a name`, async () => {
		const { location, item } = await signIn('snsapi_base', '');
		assert.equal(location, `${PAGE}?wxTkId=${String(item.wxTkId)}`);
		assert.deepEqual([item.openid, item.state, item.user], [openid, '', undefined]);
	});
}

async function refusesForged(environment: ScenarioEnvironment, { id, link }: Door): Promise<void> {
	const { check, session, simulator } = environment;
	const back = async () => {
		const url = await link('snsapi_base', 'scan');
		return new URL(simulator.platform.openWebAuthorization(url, visitorOf(simulator)));
	};
	const forgeries: Array<[string, (address: URL) => void]> = [
		['a forged state', ({ searchParams }) => searchParams.set('state', 'f'.repeat(43))],
		[
			'a changed state',
			({ searchParams }) => searchParams.set('state', `${searchParams.get('state')}x`),
		],
		['no state', ({ searchParams }) => searchParams.delete('state')],
		['two states', ({ searchParams }) => searchParams.append('state', 'x')],
		['no code', ({ searchParams }) => searchParams.delete('code')],
		['no account', ({ searchParams }) => searchParams.delete('appid')],
		['another account', ({ searchParams }) => searchParams.set('appid', SECOND)],
		['no account at all', ({ searchParams }) => searchParams.set('appid', '../../x')],
	];
	const exchanges = () => EXCHANGES.map((path) => simulator.count(path));

	for (const [what, forge] of forgeries)
		await check(`refused, and starts nothing: ${what}`, async () => {
			const [runs, before] = [await session.executions(id, 0), exchanges()];
			const address = await back();
			forge(address);
			assert.equal((await visit(address.href)).status, 400);
			assert.deepEqual(exchanges(), before, 'no code is spent');
			assert.equal((await session.executions(id, 0)).length, runs.length);
		});

	await check('nothing in the address decides where a visitor goes', async () => {
		const address = await back();
		for (const name of ['redirect', 'redirect_uri', 'next', 'page', 'signedInPage', 'url'])
			address.searchParams.set(name, 'https://evil.example.com/');
		address.searchParams.set('wxTkId', 'chosen');
		const { status, location } = await visit(address.href);
		assert.equal(status, 302);
		assert.match(String(location).slice(PAGE.length), /^\?wxTkId=[0-9a-f]{32}#scan$/);
		assert.ok(location?.startsWith(PAGE));
	});

	await check('a code works once', async () => {
		const { href } = await back();
		assert.equal((await visit(href)).status, 302);
		assert.equal((await visit(href)).status, 400);
	});
}

async function tellsNoSecret({ check, n8n, session }: ScenarioEnvironment): Promise<void> {
	await check('no token of a user is in executions or the log', async () => {
		const executions = await session.api('GET', '/executions?includeData=true&limit=250');
		const told = `${JSON.stringify(executions)}\n${n8n.log()}`;
		assert.deepEqual(told.match(WECHAT_SECRETS), null);
	});
}
