import { Account, randomKey } from '../accounts/account';
import { Codes } from '../http/codes';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import {
	newAppId,
	type ApiCall,
	type Behavior,
	type OpenBehavior,
	type SimulatorState,
} from './behavior';
import { tasksOf } from './registrationTasks';

const TICKET_MS = 3_600_000;

/** 统一社会信用代码: no I, O, S, V and Z. */
const CREDIT_CODE = /^[0-9A-HJ-NP-RTUWXY]{18}$/;
const WECHAT_ID = /^[a-zA-Z][-\w]{5,19}$/;

function startCompany(fields: JsonObject, state: SimulatorState): JsonObject {
	if (!CREDIT_CODE.test(String(fields.code))) throw new ApiError(89255);
	const tasks = tasksOf(state);
	if (tasks.find({ code: fields.code })?.isRunning) throw new ApiError(89249);
	return tasks.start(fields).describe();
}

function describeTask({ body, state }: ApiCall): JsonObject {
	const task = tasksOf(state).byId(String(body.taskid));
	if (!task) throw new ApiError(89250);
	return task.describe();
}

/** 快速注册小程序: what comes of a task is pushed, sooner or later. */
export const registrationBehaviors: Record<string, OpenBehavior> = {
	'register.company': ({ body, state }) => startCompany(body, state),
	'register.companyQuery': describeTask,

	'register.personal': ({ body, state }) => {
		if (!WECHAT_ID.test(String(body.wxuser))) throw new ApiError(86004);
		return tasksOf(state).start(body).describe();
	},
	'register.personalQuery': describeTask,

	/** 个人升级版 */
	'register.upgraded': ({ body, state }) => tasksOf(state).start(body).describe(),

	/** 试用小程序 */
	'register.trial': () => {
		const unique_id = randomKey(32);
		const authorize_url = `https://mp.weixin.qq.com/wxopen/fastregisterbetaapp?id=${unique_id}`;
		return { unique_id, authorize_url };
	},
};

const ticketsOf = new WeakMap<SimulatorState, Codes<Account>>();

function ticketsIn(state: SimulatorState): Codes<Account> {
	const known = ticketsOf.get(state);
	if (known) return known;
	const tickets = new Codes<Account>(TICKET_MS, state.options.now, () => randomKey(40));
	ticketsOf.set(state, tickets);
	return tickets;
}

/** What the page fastregisterauth hands to the platform when the owner agreed. */
export const registrationTicket = (account: Account, state: SimulatorState): string =>
	ticketsIn(state).issue(account);

/** The new account has the qualification of the old one, and has authorized the platform. */
function registerMiniProgram({ settings }: Account, state: SimulatorState): Account {
	const made = {
		...settings,
		appId: newAppId(),
		name: `gh_${newAppId().slice(-12)}`,
		kind: 'miniProgram',
		permissions: undefined,
	} as const;
	const account = new Account(made, state.options);
	state.accounts.push(account);
	state.component.grants.give(account);
	return account;
}

export const accountRegistrationBehaviors: Record<string, Behavior> = {
	/** 复用公众号主体 */
	'register.reuse': (account, { body, state }) => {
		const ticket = String(body.ticket);
		const refusals = { unknown: 61058, expired: 61058, spent: 61058 };
		const owner = ticketsIn(state).look(ticket, refusals);
		if (owner !== account) throw new ApiError(61058);
		ticketsIn(state).spend(ticket);
		const appid = registerMiniProgram(account, state).settings.appId;
		const authorization_code = state.component.authCodes.issue(appid);
		return { appid, authorization_code, is_wx_verify_succ: true, is_link_succ: true };
	},

	'register.verifyTrial': (_, { body, state }) =>
		startCompany(body.verify_info as JsonObject, state),

	'register.trialUpgrade': ({ settings }, { body, state }) =>
		tasksOf(state)
			.start({ ...body, appid: settings.appId })
			.describe(),
	'register.trialUpgradeQuery': (_, call) => describeTask(call),

	'register.nameTrial': () => ({}),
};
