import { randomKey, type Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { ApiCall, Behavior } from './behavior';
import { applyForFiling } from './filing';

/** After so long the administrator has confirmed, and after twice as long the review is over. */
export const STEP_MS = 60_000;

interface Task {
	id: string;
	/** A name with 退回 in it is returned to be corrected. */
	isReturned: boolean;
	startedAt: number;
}

const tasksOf = new WeakMap<Account, Task[]>();

function start(account: Account, { body, state }: ApiCall): Task {
	const { account_name } = body.auth_data as JsonObject;
	const task = {
		id: randomKey(16),
		isReturned: String(account_name).includes('退回'),
		startedAt: state.options.now(),
	};
	tasksOf.set(account, [...(tasksOf.get(account) ?? []), task]);
	return task;
}

function find(account: Account, id: unknown): Task {
	const task = tasksOf.get(account)?.find((one) => one.id === id);
	if (!task) throw new ApiError(40097);
	return task;
}

const describeStart = ({ id }: Task): JsonObject => ({
	taskid: id,
	auth_url: `https://mp.weixin.qq.com/wxopen/wxaauth?id=${id}`,
});

export const verificationBehaviors: Record<string, Behavior> = {
	'verification.identities': () => ({
		identity_tree_list: [
			{
				node_id: 1,
				name: '教育',
				root_info: { type: 1 },
				node_list: [{ node_id: 2, name: '教师', leaf_info: { requirement: '教师资格证' } }],
			},
		],
	}),

	'verification.submit': (account, call) => describeStart(start(account, call)),

	'verification.resubmit': (account, call) => {
		find(account, (call.body.auth_data as JsonObject).taskid);
		return describeStart(start(account, call));
	},

	'verification.state': (account, { body, state }) => {
		const { isReturned, startedAt } = find(account, body.taskid);
		const steps = Math.floor((state.options.now() - startedAt) / STEP_MS);
		const appid = account.settings.appId;
		if (steps === 0) return { appid, task_status: 0, apply_status: 0 };
		if (steps === 1) return { appid, task_status: 12, apply_status: 2 };
		if (!isReturned) return { appid, task_status: 12, apply_status: 4 };
		return { appid, task_status: 12, apply_status: 3, refill_reason: '营业执照不清晰' };
	},

	'verification.upload': () => ({ type: 'image', mediaid: randomKey(32) }),

	'verification.submitWithFiling': (account, call) => {
		applyForFiling(account, call);
		return { procedure_id: start(account, call).id };
	},

	'verification.stateWithFiling': (account, { body, state }) => {
		const { startedAt } = find(account, body.procedure_id);
		const steps = Math.floor((state.options.now() - startedAt) / STEP_MS);
		return { procedure_status: [0, 17, 26][Math.min(steps, 2)] };
	},
};
