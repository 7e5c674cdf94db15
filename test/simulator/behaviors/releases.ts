import { ApiError } from '../http/errors';
import { seconds, type Behavior } from './behavior';
import { codeOf, PASSED, WITHDRAWN, type GrayPlan } from './codeState';

const RUNNING = 1;
const DELETED = 4;
const NO_PLAN: GrayPlan = {
	status: 0,
	create_timestamp: 0,
	gray_percentage: 0,
	support_debuger_first: false,
	support_experiencer_first: false,
};

export const releaseBehaviors: Record<string, Behavior> = {
	'release.release': (account) => {
		const code = codeOf(account);
		const { latest, releases, current } = code;
		if (!latest || latest.status === WITHDRAWN) throw new ApiError(85019);
		if (latest.status !== PASSED) throw new ApiError(85020);
		if (releases.some(({ committedAt }) => committedAt === latest.version.committedAt) && current)
			throw new ApiError(85052);
		code.current = { ...latest.version, app_version: releases.length + 1 };
		releases.push(code.current);
		code.plan = undefined;
		return {};
	},

	'release.rollBack': (account, { query }) => {
		const code = codeOf(account);
		const { current, plan, releases } = code;
		if (plan?.status === RUNNING) throw new ApiError(87011);
		const before = releases.filter((one) => one.app_version < (current?.app_version ?? 0));
		const target =
			query.app_version === undefined
				? before.at(-1)
				: before.find((one) => one.app_version === Number(query.app_version));
		if (!target) throw new ApiError(87012);
		code.current = target;
		return {};
	},

	'release.history': (account) => {
		const { current, releases } = codeOf(account);
		const earlier = releases.filter((one) => one !== current).reverse();
		return {
			version_list: earlier.map(({ committedAt, user_version, user_desc, app_version }) => ({
				commit_time: seconds(committedAt),
				user_version,
				user_desc,
				app_version,
			})),
		};
	},

	'release.gray': (account, { body, state }) => {
		const code = codeOf(account);
		const percentage = Number(body.gray_percentage);
		const { current, latest, plan } = code;
		if (!current) throw new ApiError(85079);
		if (latest?.status !== PASSED) throw new ApiError(85080);
		if (!Number.isInteger(percentage) || percentage < 1 || percentage > 100)
			throw new ApiError(85081);
		if (plan?.status === RUNNING && percentage <= plan.gray_percentage) throw new ApiError(85082);
		code.plan = {
			status: RUNNING,
			create_timestamp: seconds(state.options.now()),
			gray_percentage: percentage,
			support_debuger_first: body.support_debuger_first === true,
			support_experiencer_first: body.support_experiencer_first === true,
		};
		return {};
	},

	'release.cancelGray': (account) => {
		const { plan } = codeOf(account);
		if (plan) plan.status = DELETED;
		return {};
	},

	'release.grayPlan': (account) => ({
		gray_release_plan: codeOf(account).plan ?? NO_PLAN,
	}),

	'release.setVisibility': (account, { body }) => {
		const code = codeOf(account);
		if (body.action !== 'open' && body.action !== 'close') throw new ApiError(85022);
		const isVisible = body.action === 'open';
		if (code.isVisible === isVisible) throw new ApiError(85021);
		code.isVisible = isVisible;
		return {};
	},

	'release.visibility': (account) => ({ status: codeOf(account).isVisible ? 1 : 0 }),
};
