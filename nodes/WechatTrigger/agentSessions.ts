import type { IWebhookFunctions } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import type { AccountKind } from '../api/app';
import type { SectionEntries, SectionEntry } from '../api/state';
import { createCache } from '../base/cache';
import { toTimeAfter, type Clock } from '../base/clock';
import { findAgent, toTransfer } from '../conversation/handover';
import { countWrites } from '../n8n/stateStore';
import { readText, type Message } from '../push/message';
import type { Reply } from '../push/reply';
import type { PushDelivery } from './pushDelivery';
import { logFailure, type ReceivedPush } from './receivedPush';

/** Where the trigger learns that an agent talks to a user. */
export type AgentSource = 'events' | 'ask';

type OpenClient = () => Promise<AccountClient>;

/** Knows which users a human agent (客服) talks to. */
export interface AgentSessions {
	/**
	 * Passes a message on to the agent who talks to its sender, and keeps what session events say. Returns whether
	 * nothing else is to be done about the push.
	 */
	pass(
		context: IWebhookFunctions,
		received: ReceivedPush,
		source: AgentSource,
		openClient: OpenClient,
		delivery: PushDelivery,
	): Promise<boolean>;
}

/** How long an event of another process may take to be noticed; one of this process counts at once. */
const MAX_AGE_MS = 2000;
const MAX_ACCOUNTS = 500;
/** How long an answer of WeChat counts. */
const ANSWER_MS = 30_000;
const MAX_ANSWERS = 10_000;
/** WeChat waits five seconds for an answer to a push. */
const WAIT_MS = 1500;
const MINUTE_MS = 60_000;
/** After this time WeChat passes messages on to agents no more, whether or not they have closed the session. */
const PASSED_ON_MS = 30 * MINUTE_MS;
/** A session whose end nobody has told is forgotten. */
const KEPT_MS = 24 * 60 * MINUTE_MS;

const SESSION_CLOSED = 'event.kf_close_session';
/** The element that names the agent who talks from then on. */
const SESSION_OPENED: Record<string, string | undefined> = {
	'event.kf_create_session': 'KfAccount',
	'event.kf_switch_session': 'ToKfAccount',
};

/** Names the section of the state that says who talks to the users of an account. */
const toAgentSection = (appId: string) => `agents ${appId}`;

/** What is kept for an account. */
interface Reading {
	entries: SectionEntries;
	kind: AccountKind;
	writes: number;
	readAt: number;
}

/**
 * Creates what a process knows of agents. While an agent talks, WeChat passes messages on to the agent and pushes none.
 * It pushes again when the session is not closed within 30 minutes, and while a user waits for an agent. So what is
 * pushed while an agent talks is answered by a transfer: without it the agent would not see the message.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/product/message/Forwarding_of_messages_to_service_center.html
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/trans.html
 */
export function createAgentSessions(clock: Clock): AgentSessions {
	const readings = createCache<Reading>({ max: MAX_ACCOUNTS });
	const answers = createCache<Promise<string | undefined>>({
		max: MAX_ANSWERS,
		ttl: ANSWER_MS,
		now: clock.now,
	});
	const toKey = ({ credential, accountAppId }: ReceivedPush) => `${credential.id} ${accountAppId}`;
	const toUserKey = (received: ReceivedPush) => `${toKey(received)} ${readOpenid(received)}`;

	async function read(received: ReceivedPush, openClient: OpenClient): Promise<Reading> {
		const writes = countWrites(received.credential.id);
		const key = toKey(received);
		const cached = readings.get(key);
		if (cached?.writes === writes && Math.abs(clock.now() - cached.readAt) < MAX_AGE_MS)
			return cached;
		const client = await openClient();
		const kind = await client.kind();
		const entries = await client.section(toAgentSection(received.accountAppId)).read();
		return readings.set(key, { entries, kind, writes, readAt: clock.now() });
	}

	async function note(received: ReceivedPush, openClient: OpenClient): Promise<void> {
		const { eventType, push, accountAppId } = received;
		const openid = readOpenid(received);
		const section = (await openClient()).section(toAgentSection(accountAppId));
		const at = toTimeAfter((await section.get(openid))?.at, clock.now());
		const entry: SectionEntry =
			eventType === SESSION_CLOSED
				? { at }
				: { at, value: readAgent(eventType, push.message), until: at + KEPT_MS };
		await section.put({ [openid]: entry });
		readings.delete(toKey(received));
	}

	/** Asks WeChat. It is not known when WeChat refuses, or takes too long. */
	async function request(
		context: IWebhookFunctions,
		received: ReceivedPush,
		openClient: OpenClient,
	): Promise<string | undefined> {
		const asking = openClient()
			.then(async (client) => await findAgent(client, readOpenid(received)))
			.catch((error: unknown) => {
				logFailure(context, error);
				return undefined;
			});
		return await new Promise((done) => {
			const stop = clock.later(WAIT_MS, () => done(undefined));
			void asking.then((agent) => {
				stop();
				done(agent);
			});
		});
	}

	async function askOnce(
		...[context, received, openClient]: Parameters<typeof request>
	): Promise<string | undefined> {
		const key = toUserKey(received);
		return await (answers.get(key) ?? answers.set(key, request(context, received, openClient)));
	}

	/** Finds the agent who talks to the sender. When in doubt, nobody does: the message starts the workflow. */
	async function find(
		context: IWebhookFunctions,
		received: ReceivedPush,
		source: AgentSource,
		openClient: OpenClient,
	): Promise<Reply | undefined> {
		const { entries, kind } = await read(received, openClient);
		const entry = entries[readOpenid(received)] as SectionEntry | undefined;
		const now = clock.now();
		const isRecent = entry && now - entry.at < PASSED_ON_MS;
		if (isRecent) return entry.value ? toTransferOf(kind, String(entry.value)) : undefined;
		const isKnown = entry?.value !== undefined && now < (entry.until ?? Infinity);
		if (source === 'events' && !isKnown) return undefined;
		const agent = await askOnce(context, received, openClient);
		return agent ? toTransferOf(kind, agent) : undefined;
	}

	return {
		async pass(context, received, source, openClient, delivery) {
			const { eventType } = received;
			if (!readOpenid(received) || !received.accountAppId) return false;
			try {
				if (eventType === SESSION_CLOSED || SESSION_OPENED[eventType])
					await note(received, openClient);
				if (!eventType.startsWith('message.')) return false;
				const transfer = await find(context, received, source, openClient);
				if (transfer) delivery.replyWith(transfer);
				return transfer !== undefined;
			} catch (error) {
				logFailure(context, error);
				return false;
			}
		},
	};
}

const readOpenid = ({ push }: ReceivedPush) => readText(push.message, 'FromUserName');

const readAgent = (eventType: string, message: Message) =>
	readText(message, SESSION_OPENED[eventType] ?? '') || UNNAMED;

/** Some agent, whose account WeChat did not name. */
const UNNAMED = '?';

/** Mini programs cannot name an agent. */
const toTransferOf = (kind: AccountKind, agent: string): Reply =>
	toTransfer(kind === 'miniProgram' || agent === UNNAMED ? '' : agent);
