import type { Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import { isObject, type JsonObject } from '../http/json';
import { missing } from '../http/schema';
import type { JobCourse } from '../types';
import type { ApiCall, Behavior } from './behavior';

const MIN_USERS = 2;
const MAX_CLIENT_ID = 64;
/** Beyond 2^53, as they can be. */
const FIRST_ID = 6_224_153_857_292_742_657n;
const FIRST_DATA_ID = 2_247_483_655n;
/** 群发速度: 10,000 followers a minute. */
const SPEEDS = [80, 60, 45, 30, 10];

/** Where each kind keeps what; images was image once. */
const contents: Record<string, Array<[string, string]>> = {
	image: [
		['images', 'media_ids'],
		['image', 'media_id'],
	],
	mpnews: [['mpnews', 'media_id']],
	mpvideo: [['mpvideo', 'media_id']],
	music: [['music', 'media_id']],
	text: [['text', 'content']],
	voice: [['voice', 'media_id']],
	wxcard: [['wxcard', 'card_id']],
};

interface Job {
	sentAt: number;
	course: JobCourse;
	deleted: boolean;
}

interface Jobs {
	byId: Map<string, Job>;
	byClientId: Map<string, JsonObject>;
	nextId: bigint;
	speed: number;
}

const jobsOf = new WeakMap<Account, Jobs>();

function jobs(account: Account): Jobs {
	const none = { byId: new Map(), byClientId: new Map(), nextId: FIRST_ID, speed: 0 };
	const known = jobsOf.get(account) ?? none;
	jobsOf.set(account, known);
	return known;
}

function checkContent(body: JsonObject): void {
	const places = Object.hasOwn(contents, String(body.msgtype)) && contents[String(body.msgtype)];
	if (!places) throw new ApiError(40008);
	const found = places.some(([object, key]) => {
		const content = body[object];
		return isObject(content) && content[key] !== undefined && String(content[key]) !== '';
	});
	if (!found) throw missing(places[0].join('.'), []);
}

function submit(account: Account, { body, state }: ApiCall): JsonObject {
	checkContent(body);
	const known = jobs(account);
	const clientId = String(body.clientmsgid ?? '');
	if (Buffer.byteLength(clientId) > MAX_CLIENT_ID) throw new ApiError(45067);
	const first = known.byClientId.get(clientId);
	if (first) throw new ApiError(45065, 'clientmsgid exist', first);
	const id = known.nextId++;
	known.byId.set(String(id), {
		sentAt: state.options.now(),
		course: account.jobCourse,
		deleted: false,
	});
	const ids = {
		msg_id: id,
		...(body.msgtype === 'mpnews' && { msg_data_id: FIRST_DATA_ID + (id - FIRST_ID) }),
	};
	if (clientId) known.byClientId.set(clientId, ids);
	return { errmsg: 'send job submission success', ...ids };
}

function jobOf(account: Account, id: unknown): Job {
	const job = jobs(account).byId.get(String(id));
	if (!job) throw new ApiError(40059, 'invalid msg id');
	return job;
}

export const massBehaviors: Record<string, Behavior> = {
	'mass.sendall': (account, call) => {
		const { is_to_all: toAll, tag_id: tag } = call.body.filter as JsonObject;
		if (!toAll && !account.tags.has(Number(tag))) throw new ApiError(40152, 'invalid tag id');
		return submit(account, call);
	},

	'mass.send': (account, call) => {
		const openids = call.body.touser as string[];
		if (openids.length < MIN_USERS) throw new ApiError(40130);
		openids.forEach((openid) => account.user(openid));
		return submit(account, call);
	},

	'mass.preview': (account, { body }) => {
		if (body.towxname === undefined && body.touser === undefined) throw missing('touser', []);
		if (body.towxname === undefined) {
			const { openid } = account.user(String(body.touser));
			if (!account.subscribers.has(openid)) throw new ApiError(43004);
		}
		checkContent(body);
		return { errmsg: 'preview success', msg_id: 34182 };
	},

	'mass.get': (account, { body, state }) => {
		const { sentAt, course, deleted } = jobOf(account, body.msg_id);
		const isRunning = state.options.now() < sentAt + course.takesMs;
		const end = deleted ? 'DELETE' : course.massStatus;
		return {
			msg_id: BigInt(String(body.msg_id)),
			msg_status: isRunning ? 'SENDING' : end,
		};
	},

	'mass.delete': (account, { body }) => {
		if (body.msg_id === undefined && body.url === undefined) throw new ApiError(40059);
		if (body.msg_id !== undefined) jobOf(account, body.msg_id).deleted = true;
		return {};
	},

	'mass.speed.get': (account) => {
		const { speed } = jobs(account);
		return { speed, realspeed: SPEEDS[speed] };
	},

	'mass.speed.set': (account, { body }) => {
		if (SPEEDS[Number(body.speed)] === undefined) throw new ApiError(45083);
		jobs(account).speed = Number(body.speed);
		return {};
	},
};
