import { Account, randomKey } from '../accounts/account';
import { Codes } from '../http/codes';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import { newAppId, type Behavior, type OpenBehavior, type World } from './behavior';
import { tasksOf } from './registrationTasks';

const TICKET_MS = 3_600_000;

/** code_type: 统一社会信用代码, 组织机构代码, 营业执照注册号. */
const companyCodes: Record<number, RegExp> = {
	1: /^[0-9A-Z]{18}$/,
	2: /^[0-9A-Z]{8}-[0-9A-Z]$/,
	3: /^\d{15}$/,
};
const WECHAT_ID = /^[a-zA-Z][-\w]{5,19}$/;

function checkCompany({ code, code_type, legal_persona_wechat }: JsonObject): void {
	const pattern = Object.hasOwn(companyCodes, Number(code_type))
		? companyCodes[Number(code_type)]
		: undefined;
	if (!pattern) throw new ApiError(89248);
	if (!pattern.test(String(code))) throw new ApiError(89255);
	if (!WECHAT_ID.test(String(legal_persona_wechat))) throw new ApiError(86004);
}

/** 快速注册小程序: what comes of a task is pushed, sooner or later. */
export const registrationBehaviors: Record<string, OpenBehavior> = {
	'register.company': ({ body, world }) => {
		checkCompany(body);
		const tasks = tasksOf(world);
		if (tasks.find({ code: body.code })?.isRunning) throw new ApiError(89249);
		tasks.start(body);
		return {};
	},

	'register.search': ({ body, world }) => {
		const task = tasksOf(world).find(body);
		if (task?.isRunning) throw new ApiError(89251);
		if (task?.status !== 0) throw new ApiError(89250);
		return {};
	},

	'register.personal': ({ body, world }) => {
		if (!WECHAT_ID.test(String(body.wxuser))) throw new ApiError(86004);
		return tasksOf(world).start(body).describe();
	},

	'register.personalQuery': ({ body, world }) => {
		const task = tasksOf(world).byId(String(body.taskid));
		if (!task) throw new ApiError(89250);
		return task.describe();
	},

	/** 试用小程序 */
	'register.trial': () => {
		const unique_id = randomKey(32);
		const authorize_url = `https://mp.weixin.qq.com/wxopen/fastregisterbetaapp?id=${unique_id}`;
		return { unique_id, authorize_url };
	},
};

const ticketsOf = new WeakMap<World, Codes<Account>>();

function ticketsIn(world: World): Codes<Account> {
	const known = ticketsOf.get(world);
	if (known) return known;
	const tickets = new Codes<Account>(TICKET_MS, world.options.now, () => randomKey(40));
	ticketsOf.set(world, tickets);
	return tickets;
}

/** What the page fastregisterauth hands to the platform when the owner agreed. */
export const registrationTicket = (account: Account, world: World): string =>
	ticketsIn(world).issue(account);

/** The new account has the qualification of the old one, and has authorized the platform. */
function registerMiniProgram({ settings }: Account, world: World): Account {
	const made = {
		...settings,
		appId: newAppId(),
		name: `gh_${newAppId().slice(-12)}`,
		kind: 'miniProgram',
		permissions: undefined,
	} as const;
	const account = new Account(made, world.options);
	world.accounts.push(account);
	world.component.grants.give(account);
	return account;
}

export const accountRegistrationBehaviors: Record<string, Behavior> = {
	/** 复用公众号主体 */
	'register.reuse': (account, { body, world }) => {
		const ticket = String(body.ticket);
		const refusals = { unknown: 61058, expired: 61058, spent: 61058 };
		const owner = ticketsIn(world).look(ticket, refusals);
		if (owner !== account) throw new ApiError(61058);
		ticketsIn(world).spend(ticket);
		const appid = registerMiniProgram(account, world).settings.appId;
		const authorization_code = world.component.authCodes.issue(appid);
		return { appid, authorization_code, is_wx_verify_succ: true, is_link_succ: true };
	},

	'register.verifyTrial': (_, { body }) => {
		checkCompany(body.verify_info as JsonObject);
		return {};
	},

	'register.nameTrial': () => ({}),
};
