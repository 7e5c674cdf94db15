import { randomKey, type Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import { Bytes, seconds, type ApiCall, type Behavior } from './behavior';

/** After so long WeChat has passed a filing, and after twice as long the authority has. */
const STEP_MS = 60_000;
/** So long the administrator takes for the face check. */
const FACE_MS = 10_000;

const [WECHAT_REVIEWS, WECHAT_REFUSED, AUTHORITY_REVIEWS, FILED, NOT_FILED] = [2, 3, 4, 6, 1024];

interface Filing {
	order: JsonObject;
	/** An applicant with 驳回 in its name is refused. */
	isRefused: boolean;
	startedAt: number;
}

interface Known {
	filing?: Filing;
	media: Map<string, Buffer>;
	faceChecks: Map<string, number>;
}

const known = new WeakMap<Account, Known>();

function filingOf(account: Account): Known {
	const of = known.get(account) ?? { media: new Map(), faceChecks: new Map() };
	known.set(account, of);
	return of;
}

function findStatus({ filing }: Known, now: number): number {
	if (!filing) return NOT_FILED;
	const steps = Math.floor((now - filing.startedAt) / STEP_MS);
	if (steps === 0) return WECHAT_REVIEWS;
	if (filing.isRefused) return WECHAT_REFUSED;
	return steps === 1 ? AUTHORITY_REVIEWS : FILED;
}

/** Takes an application. Its pictures must have been uploaded, and no other may be under review. */
export function applyForFiling(account: Account, { body, state }: ApiCall): JsonObject {
	const of = filingOf(account);
	const now = state.options.now();
	if ([WECHAT_REVIEWS, AUTHORITY_REVIEWS, FILED].includes(findStatus(of, now)))
		throw new ApiError(86324);
	const { icp_subject, icp_applets } = body as Record<string, Record<string, JsonObject>>;
	for (const { principal_info } of [icp_subject, icp_applets])
		if (!of.media.has(String(principal_info.certificate_photo_front))) throw new ApiError(86205);
	of.filing = {
		order: { icp_subject, icp_applets },
		isRefused: String(icp_subject.base_info.name).includes('驳回'),
		startedAt: now,
	};
	return {};
}

/** 小程序备案: time alone moves an application on. */
export const filingBehaviors: Record<string, Behavior> = {
	'filing.apply': applyForFiling,

	'filing.cancel': (account, { state }) => {
		const of = filingOf(account);
		if (findStatus(of, state.options.now()) !== FILED) throw new ApiError(86353);
		of.filing = undefined;
		return {};
	},

	'filing.withdraw': (account, { state }) => {
		const of = filingOf(account);
		const status = findStatus(of, state.options.now());
		if (status === NOT_FILED) throw new ApiError(86368);
		if (status !== WECHAT_REVIEWS) throw new ApiError(86330);
		of.filing = undefined;
		return {};
	},

	'filing.createFaceCheck': (account, { state }) => {
		const task_id = randomKey(16);
		filingOf(account).faceChecks.set(task_id, state.options.now());
		return { task_id };
	},

	'filing.faceCheck': (account, { body, state }) => {
		const startedAt = filingOf(account).faceChecks.get(String(body.task_id));
		if (startedAt === undefined) throw new ApiError(40097);
		const is_finish = state.options.now() - startedAt >= FACE_MS;
		return { is_finish, face_status: is_finish ? 3 : 1 };
	},

	'filing.get': (account, { state }) => {
		const of = filingOf(account);
		if (!of.filing || findStatus(of, state.options.now()) !== FILED) throw new ApiError(86353);
		return of.filing.order;
	},

	'filing.state': (account, { state }) => {
		const status = findStatus(filingOf(account), state.options.now());
		const refusal = { key_name: '主办单位名称', error: '与证件不一致', suggest: '请修改' };
		const audit_data = status === WECHAT_REFUSED ? { audit_data: [refusal] } : {};
		return { info: { status, is_canceling: false, available: 1, ...audit_data } };
	},

	'filing.media': (account, { query }) => {
		const bytes = filingOf(account).media.get(query.media_id);
		if (!bytes) throw new ApiError(86205);
		return new Bytes(bytes, { 'Content-Type': 'image/jpeg' });
	},

	'filing.upload': (account, { files, texts, state }) => {
		const media_id = randomKey(32);
		filingOf(account).media.set(media_id, files.media.bytes);
		return { type: texts.type, media_id, created_at: seconds(state.options.now()) };
	},
};
