import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { State } from '../../../nodes/api/state';
import { unseal, type Simulator } from '../../simulator';
import { startPay, type PayServer } from '../../simulator/pay';
import { startPayV3Server, type PayV3Server } from '../../simulator/payV3';
import { randomFrom } from '../../support/random';
import { ORDER_KINDS, type OrderKind } from '../../WechatPay/payV3Orders';
import {
	ACCOUNT_TYPE,
	PAY_TYPE,
	PLATFORM_TYPE,
	toAccountCredential,
	toPayCredential,
	toPayV3Credential,
} from '../n8n/credentials';
import { eventually } from '../services/eventually';
import { startN8n } from '../n8n/startN8n';
import { installPack } from '../n8n/pack';
import {
	connectPlatform,
	createPlatformCredential,
	activatePlatformTrigger,
	startSimulatorWithPlatform,
} from './platform';
import { createAddRuleNode } from '../workflows/ruleWorkflows';
import { readStoredCredential } from '../n8n/storedCredential';
import type { TestEnvironment } from '../testEnvironment';
import { WEBHOOK, type UnnamedNode } from '../workflows/workflow';
import { openSession } from '../n8n/session';

/** Longer than a save takes, and than a red packet. */
const LONGEST_MS = 1500;

export interface Survived {
	kills: number;
	tickets: number;
	authorizations: number;
	rules: number;
	/** Red packets, payments, refunds and transfers. */
	orders: number;
	/** Those that were under way, and that nobody had been told of. */
	repeated: number;
}

/** Something that is done once for each ID. */
interface OnceForId {
	/** Has n8n do it; answers whether it did. */
	ask(id: string): Promise<boolean>;
	/** Looks into the ledger. */
	checkOnce(id: string, what: string): void;
}

/** What was acknowledged, to be looked for after each restart. */
interface Acknowledged {
	ticket: string;
	/** The tickets after that: nobody knows whether they were kept. */
	later: Set<string>;
	accounts: Set<string>;
	rules: Set<string>;
}

/**
 * Kills an n8n of its own with SIGKILL at random moments, while tickets and authorizations are pushed, rules
 * are added and money is sent. Throws when something is lost that was acknowledged, or paid twice.
 */
export async function killRepeatedly(
	files: Pick<TestEnvironment, 'n8nFiles' | 'tarball' | 'userFolder'>,
	{ kills, seed, say }: { kills: number; seed: number; say: (line: string) => void },
): Promise<Survived> {
	const random = randomFrom(seed);
	const userFolder = join(files.userFolder, '..', 'killed');
	await installPack(userFolder, files.tarball);
	const simulator = await startSimulatorWithPlatform();
	const pay = await startPay({ packetsPerDay: 1e9 });
	const payV3 = await startPayV3Server({ balance: 1e9 });
	const n8n = await startN8n({ n8n: files.n8nFiles, userFolder });
	const session = await openSession(n8n.url);
	const environment = { ...files, userFolder, n8n, session, simulator };

	const platform = await createPlatformCredential(environment);
	connectPlatform(simulator, await activatePlatformTrigger(environment, platform));
	const account = await session.createCredential(
		'account',
		ACCOUNT_TYPE,
		toAccountCredential(simulator),
	);
	const merchant = await session.createCredential('merchant', PAY_TYPE, toPayCredential(pay));
	const addRule = await answering(environment, createAddRuleNode({ [ACCOUNT_TYPE]: account }));
	const merchantV3 = await session.createCredential(
		'merchant of API v3',
		PAY_TYPE,
		toPayV3Credential(payV3),
	);
	const sendPacket = await answering(environment, packetNode(pay, { [PAY_TYPE]: merchant }));
	const once: OnceForId[] = [
		{
			ask: async (id) => await sendPacket({ id }),
			checkOnce: (id, what) => assert.equal(pay.paymentsTo(`o${id}`), 1, `${id} ${what}`),
		},
	];
	for (const kind of ORDER_KINDS) {
		const node = orderNode(kind, payV3, { [PAY_TYPE]: merchantV3 });
		const order = await answering(environment, node);
		/** A user or payment of its own, which is also its number. */
		const toTag = (id: string) => `o${kind.name}${id}`;
		once.push({
			ask: async (id) => {
				kind.prepare(payV3, toTag(id));
				return await order({ id: toTag(id) });
			},
			checkOnce: (id, what) =>
				assert.equal(kind.countFen(payV3, toTag(id)), kind.fen, `${kind.name} ${id} ${what}`),
		});
	}

	const known: Acknowledged = {
		ticket: '',
		later: new Set(),
		accounts: new Set(),
		rules: new Set(),
	};
	const survived: Survived = {
		kills: 0,
		tickets: 0,
		authorizations: 0,
		rules: 0,
		orders: 0,
		repeated: 0,
	};
	assert.ok(await pushTicket());
	assert.ok(await addRule({ keyword: 'first', answer: 'yes' }));
	for (const { ask } of once) assert.ok(await ask('first1'));
	for (let kill = 1; kill <= kills; kill++) {
		const open = await workUntilKilled(kill);
		await isKept();
		await n8n.restart();
		await settle(open);
		survived.kills++;
		say(`  killed ${kill} times: ${known.accounts.size} accounts, ${known.rules.size} rules`);
	}
	await n8n.stop();
	await Promise.all([simulator.close(), pay.close(), payV3.close()]);
	return survived;

	async function pushTicket(): Promise<boolean> {
		const { outcome, raw } = await simulator.platform.pushTicket();
		const ticket = readPushedTicket(simulator, raw);
		if (outcome !== 'success') known.later.add(ticket);
		else Object.assign(known, { ticket, later: new Set() });
		return outcome === 'success';
	}

	/** Answers what nobody knows whether it was done. */
	async function workUntilKilled(kill: number): Promise<Array<[OnceForId, string]>> {
		const open = new Set<[OnceForId, string]>();
		let isOver = false;
		/** One after the other, until n8n is gone. */
		const keepOn = async (step: (count: number) => Promise<boolean>) => {
			for (let count = 0; !isOver && (await step(count)); count++);
		};
		const streams = [
			keepOn(async () => {
				const isTaken = await pushTicket();
				survived.tickets += Number(isTaken);
				return isTaken;
			}),
			keepOn(async (count) => {
				const { appId } = simulator.accounts[(kill + count) % 3];
				const { result } = await simulator.platform.authorize(appId);
				if (result?.outcome !== 'success') return false;
				known.accounts.add(appId);
				survived.authorizations++;
				return true;
			}),
			keepOn(async (count) => {
				const keyword = `k${kill}x${count}`;
				if (!(await addRule({ keyword, answer: 'yes' }))) return false;
				known.rules.add(keyword);
				survived.rules++;
				return true;
			}),
			...once.map(
				async (one) =>
					await keepOn(async (count) => {
						const id = `kill${kill}x${count}`;
						const entry: [OnceForId, string] = [one, id];
						open.add(entry);
						if (!(await one.ask(id))) return false;
						open.delete(entry);
						one.checkOnce(id, 'was answered');
						survived.orders++;
						return true;
					}),
			),
		];
		await sleep(random() * LONGEST_MS);
		await n8n.kill();
		isOver = true;
		await Promise.all(streams);
		return [...open];
	}

	/** Looked up on the disk, before n8n has a chance to fetch anything again. */
	async function isKept(): Promise<void> {
		const { state } = await readStoredCredential(environment, platform[PLATFORM_TYPE].id);
		const { ticket, accounts = {} } = JSON.parse(String(state)) as State;
		const tickets = [known.ticket, ...known.later];
		assert.ok(tickets.includes(ticket?.value ?? ''), 'the acknowledged ticket is lost');
		for (const appId of known.accounts)
			assert.ok(accounts[appId]?.refreshToken, `the authorization of ${appId} is lost`);
		if (known.rules.size === 0) return;
		const stored = String((await readStoredCredential(environment, account.id)).state);
		for (const keyword of known.rules)
			assert.ok(stored.includes(`"${keyword}"`), `the rule ${keyword} is lost`);
	}

	/** n8n works again, and what was under way can be done again without being paid again. */
	async function settle(open: Array<[OnceForId, string]>): Promise<void> {
		await eventually(async () => assert.ok(await pushTicket()), 15_000);
		for (const [one, id] of open) {
			survived.repeated++;
			await eventually(async () => assert.ok(await one.ask(id)), 30_000);
			one.checkOnce(id, 'was under way');
		}
	}
}

/** A node that is called and waited for; answers whether it did its work. */
async function answering(
	{ n8n, session }: Pick<TestEnvironment, 'n8n' | 'session'>,
	node: UnnamedNode,
): Promise<(body: Record<string, unknown>) => Promise<boolean>> {
	const path = randomUUID();
	const parameters = { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} };
	const webhook = { name: 'Call', type: WEBHOOK, typeVersion: 2, webhookId: path, parameters };
	const { id } = await session.createWorkflow({
		name: `waited for: ${node.type}`,
		nodes: [
			{ id: randomUUID(), position: [0, 0], ...webhook },
			{ id: randomUUID(), name: 'Node', typeVersion: 1, position: [200, 0], ...node },
		],
		connections: { Call: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } },
	});
	await session.activate(id);
	return async (body) =>
		await fetch(`${n8n.url}/webhook/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		}).then(
			async (response) => {
				await response.arrayBuffer();
				return response.ok;
			},
			() => false,
		);
}

const packetNode = (
	{ appId }: PayServer,
	credentials: UnnamedNode['credentials'],
): UnnamedNode => ({
	type: 'n8n-nodes-wechat-platform.wechatPay',
	parameters: {
		resource: 'redPacket',
		operation: 'send',
		appid: appId,
		mch_billno: '={{ $json.body.id }}',
		re_openid: '=o{{ $json.body.id }}',
		total_amount: 100,
		send_name: 'Tea House',
		wishing: 'Thank you!',
		act_name: 'Autumn survey',
		remark: 'One for each answer',
		client_ip: '127.0.0.1',
	},
	credentials,
});

/** A payment, refund or transfer under the ID that it is asked for with. */
function orderNode(
	{ prepare, field }: OrderKind,
	server: PayV3Server,
	credentials: UnnamedNode['credentials'],
): UnnamedNode {
	const ID = '={{ $json.body.id }}';
	const sample = JSON.stringify(prepare(server, 'sample1')).replaceAll('"sample1"', `"${ID}"`);
	const parameters = JSON.parse(sample) as UnnamedNode['parameters'];
	return {
		type: 'n8n-nodes-wechat-platform.wechatPay',
		parameters: { ...parameters, [field]: ID },
		credentials,
	};
}

/** The ticket in a push as it was sent. */
export function readPushedTicket({ platform: { settings } }: Simulator, raw: string): string {
	const [, encrypted = ''] = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(raw) ?? [];
	const { message } = unseal(settings.encodingAESKey, encrypted);
	return /<ComponentVerifyTicket><!\[CDATA\[(.*?)\]\]>/.exec(message)?.[1] ?? '';
}
