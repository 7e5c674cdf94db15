import { createHash, randomInt } from 'node:crypto';
import type { Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import { seconds, type Behavior, type SimulatorState } from './behavior';
import { CATEGORIES } from './code';
import { libraryOf } from './codeLibrary';
import {
	codeOf,
	DELAYED,
	PASSED,
	REJECTED,
	REVIEWING,
	WITHDRAWN,
	type Audit,
	type Version,
} from './codeState';

const DAY_MS = 86_400_000;
const DAILY_WITHDRAWALS = 5;

const isFilled = (value: unknown) => typeof value === 'string' && value !== '';

function checkItem(item: JsonObject, { pages }: Version): void {
	if (![item.address, item.tag, item.title].every(isFilled)) throw new ApiError(85010);
	if (String(item.title).length > 32) throw new ApiError(85011);
	const tags = String(item.tag).split(' ');
	if (tags.length > 10 || tags.some((tag) => tag.length === 0 || tag.length > 20))
		throw new ApiError(85006);
	if (!pages.includes(String(item.address))) throw new ApiError(85007);
	const { first_id, second_id, third_id } = item;
	const isKnown = CATEGORIES.some(
		(one) => one.first_id === first_id && one.second_id === second_id && one.third_id === third_id,
	);
	if (!isKnown) throw new ApiError(85008);
}

function checkMaterial(account: Account, body: JsonObject): void {
	const { files } = codeOf(account);
	const { pic_id_list = [], video_id_list = [] } = (body.preview_info ?? {}) as {
		pic_id_list?: string[];
		video_id_list?: string[];
	};
	const stuff = String(body.feedback_stuff ?? '')
		.split('|')
		.filter(Boolean);
	if (stuff.length > 5) throw new ApiError(85093);
	if ([...pic_id_list, ...video_id_list, ...stuff].some((id) => !files.has(id)))
		throw new ApiError(85092);
	if (String(body.feedback_info ?? '').length > 200) throw new ApiError(85051);
}

/** The check of privacy APIs (代码隐私检测) begins with a commit and takes a while. */
function checkPrivacy(account: Account, body: JsonObject, state: SimulatorState): void {
	const { trial } = codeOf(account) as { trial: Version };
	const { privacyCheckMs } = libraryOf(state);
	const takes = privacyCheckMs.get(account.settings.appId) ?? privacyCheckMs.get(undefined) ?? 0;
	if (state.options.now() < trial.committedAt + takes) throw new ApiError(61039);
	const isDeclared = Array.isArray(trial.ext.requiredPrivateInfos) || body.privacy_api_not_use;
	if (trial.template.usesLocation && !isDeclared) throw new ApiError(61040);
}

function byId(account: Account, auditid: unknown): Audit {
	const audit = codeOf(account).audits.find((one) => one.auditid === Number(auditid));
	if (!audit) throw new ApiError(85012);
	return audit;
}

export const auditBehaviors: Record<string, Behavior> = {
	'audit.upload': (account, { files }) => {
		const { fileName, bytes } = files.media;
		const mediaid = createHash('sha256').update(fileName).update(bytes).digest('base64url');
		codeOf(account).files.add(mediaid);
		return { type: fileName.endsWith('.mp4') ? 'video' : 'image', mediaid };
	},

	'audit.submit': (account, { body, state }) => {
		const code = codeOf(account);
		const { trial, quota } = code;
		if (!trial) throw new ApiError(85086);
		const items = body.item_list as JsonObject[];
		if (items.length < 1 || items.length > 5) throw new ApiError(85023);
		items.forEach((item) => checkItem(item, trial));
		checkMaterial(account, body);
		if (code.running) throw new ApiError(85009);
		checkPrivacy(account, body, state);
		if (quota.rest === 0) throw new ApiError(85085);
		quota.rest--;
		const auditid = 1_234_560_000 + randomInt(1e4) * 100 + code.audits.length;
		const submittedAt = state.options.now();
		const fresh = { status: REVIEWING, reason: '', screenshot: '', isFast: false };
		code.audits.push({ auditid, version: trial, submittedAt, ...fresh });
		return { auditid };
	},

	'audit.status': (account, { body }) => {
		const { status, reason, screenshot } = byId(account, body.auditid);
		return { status, ...(status === REJECTED && { reason, screenshot }) };
	},

	'audit.latest': (account) => {
		const { latest } = codeOf(account);
		if (!latest) throw new ApiError(85058);
		const { auditid, status, reason, screenshot, version, submittedAt } = latest;
		return {
			auditid,
			status,
			reason,
			ScreenShot: screenshot,
			user_version: version.user_version,
			user_desc: version.user_desc,
			submit_audit_time: seconds(submittedAt),
		};
	},

	'audit.withdraw': (account, { state }) => {
		const { running, withdrawals } = codeOf(account);
		if (!running) throw new ApiError(85019);
		const now = state.options.now();
		if (withdrawals.filter((at) => at > now - DAY_MS).length >= DAILY_WITHDRAWALS)
			throw new ApiError(87013);
		withdrawals.push(now);
		running.status = WITHDRAWN;
		return {};
	},

	'audit.quota': (account) => ({ ...codeOf(account).quota }),

	'audit.speedUp': (account, { body }) => {
		const { audits, quota } = codeOf(account);
		const audit = audits.find(({ auditid }) => auditid === Number(body.auditid));
		if (audit?.status !== REVIEWING) throw new ApiError(89402);
		if (audit.isFast) throw new ApiError(89404);
		if (quota.speedup_rest === 0) throw new ApiError(89405);
		quota.speedup_rest--;
		audit.isFast = true;
		return {};
	},
};

export interface Verdict {
	result: 'success' | 'fail' | 'delay';
	/** As WeChat writes it, with `<br>`. */
	reason?: string;
	/** Media IDs with | between. */
	screenshot?: string;
}

/** Ends or delays the review that is under way. Returns the event that tells the platform. */
export function finishReview(
	account: Account,
	{ result, reason = '', screenshot = '' }: Verdict,
	now: number,
): JsonObject {
	const { running } = codeOf(account);
	if (!running) throw new Error(`${account.settings.appId} has no version under review`);
	const status = { success: PASSED, fail: REJECTED, delay: DELAYED }[result];
	Object.assign(running, { status, reason, screenshot });
	const own = {
		success: { SuccTime: seconds(now) },
		fail: { Reason: reason, FailTime: seconds(now), ScreenShot: screenshot },
		delay: { Reason: reason, DelayTime: seconds(now) },
	}[result];
	return { MsgType: 'event', Event: `weapp_audit_${result}`, ...own };
}
