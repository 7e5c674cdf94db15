import { randomBytes } from 'node:crypto';
import { randomKey, type Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import { jpeg } from '../accounts/jpeg';
import { Bytes, type Behavior, type OpenBehavior } from './behavior';

const DEFAULT_SECONDS = 60;
const MAX_SECONDS = 2_592_000;

interface Action {
	scene: 'scene_id' | 'scene_str';
	/** The largest scene_id. */
	max?: number;
	permanent?: true;
}

const actions: Record<string, Action> = {
	QR_SCENE: { scene: 'scene_id', max: 0xffffffff },
	QR_STR_SCENE: { scene: 'scene_str' },
	QR_LIMIT_SCENE: { scene: 'scene_id', max: 100_000, permanent: true },
	QR_LIMIT_STR_SCENE: { scene: 'scene_str', permanent: true },
};

/** When each ticket ends, by ticket; a ticket is good without any token. */
const ticketsOf = new WeakMap<Account, Map<string, number>>();

function checkScene({ scene: kind, max = 0 }: Action, scene: JsonObject): void {
	const value = scene[kind];
	const fits =
		kind === 'scene_id'
			? Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max
			: typeof value === 'string' && value.length >= 1 && value.length <= 64;
	if (!fits || Object.keys(scene).length !== 1) throw new ApiError(40053);
}

function lifeOf({ permanent }: Action, { expire_seconds: given }: JsonObject): number {
	if (permanent) {
		if (given === undefined) return Infinity;
		throw new ApiError(47003, 'argument invalid! expire_seconds is for temporary codes only');
	}
	const life = given ?? DEFAULT_SECONDS;
	if (!Number.isInteger(life) || Number(life) < 1 || Number(life) > MAX_SECONDS) {
		throw new ApiError(47003, `argument invalid! expire_seconds must be 1..${MAX_SECONDS}`);
	}
	return Number(life);
}

/** As real ones, it holds characters that must be escaped in a URL. */
const newTicket = () =>
	`gQ${randomBytes(6).toString('hex')}+8/${randomBytes(40).toString('base64')}`;

export const qrcodeBehaviors: Record<string, Behavior> = {
	'qrcode.create': (account, { body, state }) => {
		const name = String(body.action_name);
		if (!Object.hasOwn(actions, name)) throw new ApiError(40052);
		const action = actions[name];
		checkScene(action, (body.action_info as { scene: JsonObject }).scene);
		const life = lifeOf(action, body);

		const ticket = newTicket();
		const tickets = ticketsOf.get(account) ?? new Map<string, number>();
		ticketsOf.set(account, tickets.set(ticket, state.options.now() + life * 1000));
		return {
			ticket,
			...(action.permanent ? {} : { expire_seconds: life }),
			url: `http://weixin.qq.com/q/${randomKey(22)}`,
		};
	},
};

export const openQrcodeBehaviors: Record<string, OpenBehavior> = {
	/** mp.weixin.qq.com/cgi-bin/showqrcode: the one API that refuses with an HTTP status. */
	'qrcode.show': ({ query, state }) => {
		const end = state.accounts
			.map((account) => ticketsOf.get(account)?.get(query.ticket))
			.find((time) => time !== undefined);
		if (end === undefined || end <= state.options.now()) {
			return new Bytes(Buffer.alloc(0), {}, 404);
		}
		return new Bytes(jpeg, {
			'content-type': 'image/jpg',
			'cache-control': 'max-age=604800',
		});
	},
};
