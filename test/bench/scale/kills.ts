import { setTimeout as sleep } from 'node:timers/promises';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Store } from '../../../nodes/api/state';
import { createSharedServices, openState } from '../../../nodes/n8n/sharedState';
import { readPushedTicket } from '../../e2e/actors/killRepeatedly';
import { startSimulatorWithPlatform } from '../../e2e/actors/platform';
import { PLATFORM_TYPE, toPlatformCredential } from '../../e2e/n8n/credentials';
import { eventually } from '../../e2e/services/eventually';
import { buildPush, type Simulator } from '../../simulator';
import { editorContext } from '../../support/n8n';
import { randomFrom } from '../../support/random';
import { startRedisServer } from '../../support/redisServer';
import { progress } from '../inside/environment';
import { numberOption } from '../options';
import { say } from '../results';
import { startProcesses, type PackProcesses } from './processes';

const KILLS = numberOption('times', 50);
/** Longer than a push and an authorization take. */
const LONGEST_MS = 1000;
const PATIENCE_MS = 3000;
/** After this time all processes work with a Redis that is back. */
const HEALED_MS = 4000;

/** Kills a process, or Redis, while tickets, authorizations and messages are pushed. */
export async function benchKills(): Promise<void> {
	const seed = numberOption('seed', 1 + (Date.now() % 1e9));
	const random = randomFrom(seed);
	const redis = await startRedisServer({ appendonly: 'yes', appendfsync: 'always' });
	const simulator = await startSimulatorWithPlatform();
	const { platform } = simulator;
	const credential = {
		...toPlatformCredential(simulator),
		sharedState: 'redis',
		redisUrl: redis.url,
	};
	const processes = await startProcesses({
		credential,
		type: PLATFORM_TYPE,
		count: 2,
		parameters: {
			authentication: 'openPlatform',
			kinds: ['message.text'],
			respond: 'responseNode',
			pushOptions: { releaseTest: false },
		},
		runMs: 20,
	});
	const openStore = createStoreReader(processes);
	const acknowledged = { ticket: '', later: [] as string[], accounts: new Set<string>() };
	const answered: string[] = [];
	const counts = { tickets: 0, authorizations: 0, pushes: 0, redis: 0 };

	async function pushTicket(): Promise<void> {
		const { outcome, raw } = await platform.pushTicket();
		const ticket = readPushedTicket(simulator, raw);
		if (outcome !== 'success') return void acknowledged.later.push(ticket);
		Object.assign(acknowledged, { ticket, later: [] });
		counts.tickets++;
	}
	async function authorize(appId: string): Promise<void> {
		const { result } = await platform.authorize(appId);
		if (result?.outcome !== 'success') return;
		acknowledged.accounts.add(appId);
		counts.authorizations++;
	}
	/** As WeChat does it, except that both may get it at the same instant. */
	async function pushMessage(content: string, urls: string[]): Promise<void> {
		counts.pushes++;
		const seen = await Promise.all(urls.map(async (url) => await deliver(simulator, url, content)));
		if (seen.includes(true)) answered.push(content);
	}

	for (let kill = 1; kill <= KILLS; kill++) {
		const victim = Math.floor(random() * 3);
		const [first, second] = kill % 2 ? processes.all : [...processes.all].reverse();
		platform.connect({ events: first.url, messages: `${first.url}/$APPID$` });
		if (kill === 1) await pushTicket();
		// Without Redis each process goes on alone, so then a push goes to one of them.
		const urls = victim === 2 ? [first.url] : [first.url, second.url];
		let isOver = false;
		const keepOn = async (step: (count: number) => Promise<void>) => {
			for (let count = 0; !isOver; count++) await Promise.all([step(count), sleep(10)]);
		};
		const streams = [
			keepOn(pushTicket),
			keepOn(async (count) => await authorize(simulator.accounts[(kill + count) % 3].appId)),
			keepOn(async (count) => await pushMessage(`kill ${kill} push ${count}`, urls)),
		];
		await sleep(random() * LONGEST_MS);
		if (victim === 2) {
			counts.redis++;
			await redis.kill();
			await sleep(random() * LONGEST_MS);
			await redis.start();
		} else await processes.all[victim].kill();
		isOver = true;
		const restarted = victim === 2 ? undefined : processes.all[victim].start();
		await Promise.all([...streams, restarted]);
		if (victim === 2) await sleep(HEALED_MS);
		await eventually(async () => await checkState(await openStore(), acknowledged), 15_000);
		progress(`  killed ${kill} times: ${counts.pushes} pushes, ${answered.length} answered`);
	}
	const runs = processes.listRuns();
	const started = new Set(runs);
	const lost = answered.filter((content) => !started.has(content)).length;
	const twice = runs.length - started.size;
	await processes.stop();
	await simulator.close();
	await redis.stop();
	say(
		`kill -9 at random moments, ${KILLS} times (${counts.redis} times Redis with its append-only file, otherwise one of two processes; --seed ${seed}): of ${counts.tickets} tickets, ${counts.authorizations} authorizations and ${answered.length} pushes that were acknowledged ${lost} were lost; of ${counts.pushes} pushes ${twice} were run twice`,
	);
	const repeated = runs.filter((content, index) => runs.indexOf(content) !== index);
	if (lost > 0 || twice > 0)
		throw new Error(`${lost} were lost, ${twice} were run twice: ${repeated.join(', ')}`);
}

/** What another process of n8n would read. */
function createStoreReader({ credentials }: PackProcesses): () => Promise<Store> {
	const services = createSharedServices();
	return async () => {
		const context = editorContext('wechat', { authentication: 'openPlatform' }, credentials);
		const credential = await context.getCredentials<ICredentialDataDecryptedObject>(PLATFORM_TYPE);
		return openState(context, PLATFORM_TYPE, credential, services).store;
	};
}

async function checkState(
	store: Store,
	{ ticket, later, accounts }: { ticket: string; later: string[]; accounts: Set<string> },
): Promise<void> {
	const stored = (await store.readTicket())?.value ?? '';
	if (![ticket, ...later].includes(stored)) throw new Error('An acknowledged ticket was lost.');
	for (const appId of accounts)
		if (!(await store.readAccount(appId))?.refreshToken)
			throw new Error(`The authorization of ${appId} was lost.`);
}

/** Whether a process has answered in time. */
async function deliver(
	{ account, platform: { settings } }: Simulator,
	url: string,
	Content: string,
): Promise<boolean> {
	const MsgId = Content.replace(/\D+/g, '0');
	const message = { MsgType: 'text', Content, MsgId, FromUserName: 'oVisitor' };
	const { query, body } = buildPush({ ...account, ...settings, name: account.name }, message);
	const address = `${url}/${account.appId}?${new URLSearchParams(query).toString()}`;
	try {
		const answer = await fetch(address, {
			method: 'POST',
			headers: { 'content-type': 'text/xml' },
			body,
			signal: AbortSignal.timeout(PATIENCE_MS),
		});
		return answer.status === 200 && (await answer.text()) !== '';
	} catch {
		return false;
	}
}
