import type { Account } from '../accounts/account';
import { isOneOf } from '../accounts/signatures';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import { seconds, type Behavior } from './behavior';
import type { PushMessage } from '../types';

const MAX_AGENTS = 100;
const MAX_NICKNAME = 16;
const MAX_PICTURE = 5 * 1024 * 1024;
const MAX_WAITING = 100;
const MAX_MESSAGES = 10_000;
const DAY = 86_400;
const FIRST_ID = 1001;

interface Session {
	kf_account: string;
	createtime: number;
}
/** 客服: who answers, and who is talking to whom. */
interface CustomerService {
	agents: Map<string, JsonObject>;
	sessions: Map<string, Session>;
	/** Agents who are not there; all others count as online. */
	offline: Set<string>;
	/** What the account has not been told yet. */
	events: PushMessage[];
	nextId: number;
}

const services = new WeakMap<Account, CustomerService>();

function customerServiceOf(account: Account): CustomerService {
	const known = services.get(account) ?? {
		agents: new Map(),
		sessions: new Map(),
		offline: new Set(),
		events: [],
		nextId: FIRST_ID,
	};
	services.set(account, known);
	return known;
}

function agentOf(account: Account, name: unknown): JsonObject {
	const agent = customerServiceOf(account).agents.get(String(name));
	if (!agent) throw new ApiError(65401, 'invalid custom service account');
	return agent;
}

function checkNickname({ nickname }: JsonObject): void {
	const { length } = [...String(nickname)];
	if (length === 0 || length > MAX_NICKNAME) throw new ApiError(65403, 'illegal nickname');
}

/** An agent comes or goes. */
export function setOnline(account: Account, name: string, isOnline: boolean): void {
	const { offline } = customerServiceOf(account);
	if (isOnline) offline.delete(name);
	else offline.add(name);
}

/** Takes what the account is to be told of sessions (接入会话, 关闭会话). */
export const takeSessionEvents = (account: Account): PushMessage[] =>
	customerServiceOf(account).events.splice(0);

function addEvent(account: Account, openid: string, Event: string, KfAccount: string): void {
	const message = { FromUserName: openid, MsgType: 'event', Event, KfAccount };
	customerServiceOf(account).events.push(message);
}

function openSession(account: Account, openid: string, kf_account: string, now: number): void {
	const { sessions } = customerServiceOf(account);
	if (sessions.has(openid)) return;
	sessions.set(openid, { kf_account, createtime: seconds(now) });
	addEvent(account, openid, 'kf_create_session', kf_account);
}

const countSessions = (account: Account, name: unknown): number =>
	[...customerServiceOf(account).sessions.values()].filter((one) => one.kf_account === name).length;

/** 转发到客服: a transfer brings the user to that agent, or to any who is online; without one the user waits. */
export function transferUser(account: Account, openid: string, wanted: string, now: number): void {
	const { agents, offline } = customerServiceOf(account);
	const free = [...agents.keys()].filter((name) => !offline.has(name));
	const agent = wanted ? free.find((name) => name === wanted) : free[0];
	if (agent) openSession(account, openid, agent, now);
}

export const agentBehaviors: Record<string, Behavior> = {
	'kf.add': (account, { body }) => {
		const { agents } = customerServiceOf(account);
		const name = String(body.kf_account);
		if (!/^\w{1,10}@[\w-]{1,30}$/.test(name)) throw new ApiError(65404);
		if (agents.has(name)) throw new ApiError(65406);
		if (agents.size >= MAX_AGENTS) throw new ApiError(65405);
		checkNickname(body);
		const kf_id = String(customerServiceOf(account).nextId++);
		agents.set(name, { kf_account: name, kf_nick: body.nickname, kf_id, kf_headimgurl: '' });
		return {};
	},

	'kf.update': (account, { body }) => {
		const agent = agentOf(account, body.kf_account);
		checkNickname(body);
		agent.kf_nick = body.nickname;
		return {};
	},

	// The page wants the agent in the body, older ones in the query.
	'kf.del': (account, { body, query }) => {
		const { kf_account: name } = agentOf(account, body.kf_account ?? query.kf_account);
		customerServiceOf(account).agents.delete(String(name));
		return {};
	},

	/** Who is invited accepts at once here. */
	'kf.invite': (account, { body }) => {
		const agent = agentOf(account, body.kf_account);
		if (agent.kf_wx) throw new ApiError(65412);
		agent.kf_wx = body.invite_wx;
		return {};
	},

	'kf.headimg': (account, { query, files, state }) => {
		const agent = agentOf(account, query.kf_account);
		const { bytes, fileName } = files.media;
		if (!/\.jpe?g$/i.test(fileName) || !isOneOf(bytes, ['.jpg'])) throw new ApiError(40005);
		if (bytes.length > MAX_PICTURE) throw new ApiError(40009);
		agent.kf_headimgurl = `${state.url}/mmhead/${String(agent.kf_id)}/0`;
		return {};
	},

	'kf.list': (account) => ({ kf_list: [...customerServiceOf(account).agents.values()] }),

	'kf.online': (account) => {
		const { agents, offline } = customerServiceOf(account);
		const online = [...agents.values()].filter(
			({ kf_account: name }) => !offline.has(String(name)),
		);
		return {
			kf_online_list: online.map(({ kf_account, kf_id }) => ({
				kf_account,
				kf_id,
				status: 1,
				accepted_case: countSessions(account, kf_account),
			})),
		};
	},

	'kfsession.create': (account, { body, state }) => {
		const agent = agentOf(account, body.kf_account);
		const name = String(agent.kf_account);
		const { openid } = account.user(String(body.openid));
		const { sessions, offline } = customerServiceOf(account);
		const known = sessions.get(openid);
		if (known && known.kf_account !== name) throw new ApiError(65414);
		if (offline.has(name)) throw new ApiError(65415, 'kf offline');
		openSession(account, openid, name, state.options.now());
		return {};
	},

	'kfsession.close': (account, { body }) => {
		const { openid } = account.user(String(body.openid));
		const { sessions } = customerServiceOf(account);
		const known = sessions.get(openid);
		if (!known) throw new ApiError(65413);
		if (known.kf_account !== body.kf_account) throw new ApiError(65414);
		sessions.delete(openid);
		addEvent(account, openid, 'kf_close_session', known.kf_account);
		return {};
	},

	'kfsession.get': (account, { query }) => {
		const { openid } = account.user(query.openid);
		return {
			...(customerServiceOf(account).sessions.get(openid) ?? { createtime: 0, kf_account: '' }),
		};
	},

	'kfsession.list': (account, { query }) => {
		agentOf(account, query.kf_account);
		const sessions = [...customerServiceOf(account).sessions].filter(
			([, { kf_account }]) => kf_account === query.kf_account,
		);
		return { sessionlist: sessions.map(([openid, { createtime }]) => ({ createtime, openid })) };
	},

	/** Whoever wrote and has no session waits. */
	'kfsession.wait': (account) => {
		const { sessions } = customerServiceOf(account);
		const waiting = [...account.followers.values()].filter(({ openid }) => !sessions.has(openid));
		return {
			count: waiting.length,
			waitcaselist: waiting
				.slice(0, MAX_WAITING)
				.map(({ openid, subscribeTime }) => ({ latest_time: subscribeTime, openid })),
		};
	},

	/** One greeting of the agent for each session. */
	'kf.msglist': (account, { body }) => {
		const { starttime, endtime, msgid, number } = body as Record<string, number>;
		if (msgid < 1 || number < 1 || number > MAX_MESSAGES || endtime < starttime)
			throw new ApiError(65416);
		if (endtime - starttime > DAY) throw new ApiError(65417);
		const records = [...customerServiceOf(account).sessions].map(
			([openid, { kf_account, createtime }]) => ({
				openid,
				opercode: 2002,
				text: `您好，客服${kf_account}为您服务。`,
				time: createtime,
				worker: kf_account,
			}),
		);
		const recordlist = records.slice(msgid - 1, msgid - 1 + number);
		return { recordlist, number: recordlist.length, msgid: msgid + recordlist.length };
	},
};
