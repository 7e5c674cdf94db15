import type { Answer, Client } from '../api/apiClient';
import { readList } from '../api/response';
import {
	hasCode,
	NEVER_SUBMITTED,
	NO_BUSINESS_DOMAIN_CHANGED,
	NO_SERVER_DOMAIN_CHANGED,
	PRIVACY_CHECK_RUNNING,
} from '../api/returnCodes';
import type { Clock } from '../base/clock';
import { ConnectionError } from '../base/connectionError';
import { retry } from '../base/retry';
import { UserError } from '../base/userError';

/** The steps for one mini program. `deploy` skips those that are undefined. */
export interface DeployPlan {
	/** Keys are the names in modify_domain. */
	serverDomains?: Record<string, string[]>;
	businessDomains?: string[];
	/** The body of commit. */
	commit: Record<string, unknown>;
	/** The body of submit_audit. */
	submission?: Record<string, unknown>;
	/** How long to wait for the privacy check, in milliseconds. */
	privacyCheckMs: number;
}

/** `input` means reading the fields. */
export type DeployStep =
	'input' | 'serverDomains' | 'businessDomains' | 'commit' | 'privacyCheck' | 'submit';

export interface DeployOutcome {
	done: DeployStep[];
	auditid?: unknown;
	/** The step that failed, and why. */
	failure?: { at: DeployStep; error: UserError };
}

type Send = Client['send'];

/** Pause between attempts to submit. The privacy check takes from seconds to minutes. */
const PAUSE_MS = 10_000;
/** Gives WeChat time to finish a call whose connection broke. */
const BROKEN_PAUSE_MS = 2000;
const BROKEN_TRIES = 3;

/**
 * Deploys code to a mini program: domains, commit, review. Stops at the first failure.
 * A plan can run again as a whole: repeating any step but the submission is harmless.
 * `makePlan` throws a {@link UserError} for bad input before any call.
 * Returns each {@link UserError} in `failure`.
 * @throws {Error} when anything else fails
 */
export async function deploy(
	makePlan: () => DeployPlan,
	{ send, services: { clock } }: Pick<Client, 'send' | 'services'>,
): Promise<DeployOutcome> {
	const outcome: DeployOutcome = { done: [] };
	let at: DeployStep = 'input';
	try {
		const { serverDomains, businessDomains, commit, submission, privacyCheckMs } = makePlan();
		if (serverDomains) {
			at = 'serverDomains';
			await setServerDomains(serverDomains, send);
			outcome.done.push(at);
		}
		if (businessDomains) {
			at = 'businessDomains';
			await setBusinessDomains(businessDomains, send);
			outcome.done.push(at);
		}
		at = 'commit';
		await send({ path: '/wxa/commit', body: commit, safe: true });
		outcome.done.push(at);
		if (submission) {
			at = 'submit';
			outcome.auditid = await submitForReview(submission, privacyCheckMs, send, clock);
			outcome.done.push('privacyCheck', at);
		}
	} catch (error) {
		if (!(error instanceof UserError)) throw error as Error;
		const isWaiting = at === 'submit' && hasCode(error, PRIVACY_CHECK_RUNNING);
		outcome.failure = { at: isWaiting ? 'privacyCheck' : at, error };
	}
	return outcome;
}

/** WeChat reports "nothing changed" for domains already set, but also for those the platform lacks. */
async function setServerDomains(lists: Record<string, string[]>, send: Send): Promise<void> {
	const path = '/wxa/modify_domain';
	try {
		refuseInvalid(await send({ path, body: { action: 'set', ...lists }, safe: true }));
	} catch (error) {
		if (!hasCode(error, NO_SERVER_DOMAIN_CHANGED)) throw error as Error;
		const present = await send({ path, body: { action: 'get' }, safe: true });
		const isSet = ([list, wanted]: [string, string[]]) => isSame(wanted, present[list]);
		if (!Object.entries(lists).every(isSet)) throw error as Error;
	}
}

/**
 * WeChat sets the domains that it accepts and lists the others, as in `invalid_requestdomain`.
 * @throws {UserError} when it refuses any
 */
function refuseInvalid(answer: Answer): void {
	const invalid = Object.keys(answer).filter((list) => list.startsWith('invalid_'));
	const refused = invalid.flatMap((list) => readList<string>(answer[list])).filter(Boolean);
	if (refused.length === 0) return;
	throw new UserError(
		`WeChat did not take these server domains: ${refused.join(', ')}`,
		"Check their spelling. They must be among the platform's domains, which Mini Program Domain: Change Platform Server Domains sets.",
		`微信没有接受这些服务器域名：${refused.join('、')}，请检查拼写；它们须在第三方平台的服务器域名之内，可用“设置第三方平台服务器域名”添加。`,
	);
}

async function setBusinessDomains(domains: string[], send: Send): Promise<void> {
	const body = { action: 'set', webviewdomain: domains };
	try {
		await send({ path: '/wxa/setwebviewdomain', body, safe: true });
	} catch (error) {
		if (!hasCode(error, NO_BUSINESS_DOMAIN_CHANGED)) throw error as Error;
	}
}

/**
 * Submits again until the privacy check is over; another commit would restart the check.
 * After a broken connection, a new latest review shows that WeChat received the submission.
 */
async function submitForReview(
	body: Record<string, unknown>,
	privacyCheckMs: number,
	send: Send,
	clock: Clock,
): Promise<unknown> {
	const before = await findLatestReview(send);
	let waited = 0;
	let broken = 0;
	let isInDoubt = false;

	async function submit(): Promise<unknown> {
		if (isInDoubt) {
			const latest = await findLatestReview(send);
			if (latest !== before) return latest;
			isInDoubt = false;
		}
		return (await send({ path: '/wxa/submit_audit', body })).auditid;
	}

	function findPause(error: unknown): number | undefined {
		if (hasCode(error, PRIVACY_CHECK_RUNNING) && waited < privacyCheckMs) {
			const pause = Math.min(PAUSE_MS, privacyCheckMs - waited);
			waited += pause;
			return pause;
		}
		// When reading the latest review fails, nobody knows whether the submission arrived.
		if (isInDoubt || !(error instanceof ConnectionError)) return undefined;
		isInDoubt = ++broken < BROKEN_TRIES;
		return isInDoubt ? BROKEN_PAUSE_MS : undefined;
	}

	return await retry(submit, findPause, clock);
}

async function findLatestReview(send: Send): Promise<unknown> {
	try {
		return (await send({ method: 'GET', path: '/wxa/get_latest_auditstatus' })).auditid;
	} catch (error) {
		if (hasCode(error, NEVER_SUBMITTED)) return undefined;
		throw error as Error;
	}
}

const isSame = (wanted: string[], present: unknown) =>
	[...new Set(wanted)].sort().join() === [...((present ?? []) as string[])].sort().join();
