import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../simulator/http/json';
import type { PushMessage } from '../simulator';
import type { Bubble } from './bubble';
import { Refusal } from './refusal';
import { webAddress } from './text';

/** What the user does on the phone: what WeChat pushes for it, and what the user sees of it. */
export interface UserAction {
	message: PushMessage;
	bubble: Bubble;
}

/** What an action may depend on. */
export interface Phone {
	isFollowing: boolean;
	menu: JsonObject[];
}

type Action = (input: JsonObject, phone: Phone) => UserAction;

/** scene_str has 1 to 64 characters, scene_id is a number. */
const SCENE_LENGTH = 64;
/** The longest text that a reply may hold, taken as a limit of messages too. */
const TEXT_BYTES = 2048;

const event = (Event: string, more: JsonObject = {}): PushMessage => ({
	MsgType: 'event',
	Event,
	...more,
});
const note = (what: string, detail?: string, url?: string): Bubble => ({
	kind: 'note',
	what,
	detail,
	url,
});

/** By name, as the page calls them. */
export const actions: Record<string, Action> = {
	follow: () => ({ message: event('subscribe', { EventKey: '' }), bubble: note('followed') }),

	unfollow: () => ({ message: event('unsubscribe', { EventKey: '' }), bubble: note('unfollowed') }),

	/** Followers push SCAN; others follow by scanning, and the scene gets a prefix. */
	scan: ({ scene }, { isFollowing }) => {
		const key = textIn(scene, 'scene', SCENE_LENGTH);
		const Ticket = `gQ${randomBytes(40).toString('base64')}`;
		return isFollowing
			? { message: event('SCAN', { EventKey: key, Ticket }), bubble: note('scanned', key) }
			: {
					message: event('subscribe', { EventKey: `qrscene_${key}`, Ticket }),
					bubble: note('followedByScan', key),
				};
	},

	text: ({ text }) => said(textIn(text, 'text', TEXT_BYTES)),

	/** A tap on an item of a menu message (菜单消息). */
	choose: ({ id, content }) => {
		const { message, bubble } = said(textIn(content, 'text', TEXT_BYTES));
		return { message: { ...message, bizmsgmenuid: textIn(id, 'id', TEXT_BYTES) }, bubble };
	},

	location: ({ latitude, longitude, label }) => {
		const place = {
			latitude: degrees(latitude, 90, 'latitude'),
			longitude: degrees(longitude, 180, 'longitude'),
			label: String(label ?? '').slice(0, TEXT_BYTES),
		};
		const message = {
			MsgType: 'location',
			Location_X: Number(place.latitude),
			Location_Y: Number(place.longitude),
			Scale: 16,
			Label: place.label,
		};
		return { message, bubble: { kind: 'location', ...place } };
	},

	press: ({ path }, { menu }) => pressed(buttonAt(path, menu)),
};

/** The picture is at WeChat already. */
export const pictureSent = (MediaId: string, PicUrl: string): UserAction => ({
	message: { MsgType: 'image', PicUrl, MediaId },
	bubble: { kind: 'image', src: PicUrl },
});

const said = (text: string): UserAction => ({
	message: { MsgType: 'text', Content: text },
	bubble: { kind: 'text', parts: [{ text }] },
});

function textIn(value: unknown, name: string, longest: number): string {
	const text = typeof value === 'string' ? value : '';
	if (text.trim() === '') throw new Refusal('empty', name);
	if (Buffer.byteLength(text) > longest) throw new Refusal('tooLong', String(longest));
	return text;
}

function degrees(value: unknown, most: number, name: string): string {
	const text = String(value ?? '').trim();
	if (!/^-?\d{1,3}(\.\d{1,9})?$/.test(text) || Math.abs(Number(text)) > most) {
		throw new Refusal('notDegrees', name);
	}
	return text;
}

/** `path` is the place in the bar and, where there are some, the one among its sub-buttons. */
function buttonAt(path: unknown, menu: JsonObject[]): JsonObject {
	const places = Array.isArray(path) ? path.map(Number) : [];
	const [bar, sub] = places;
	const button = menu[bar];
	const found = sub === undefined ? button : (button?.sub_button as JsonObject[])?.[sub];
	if (!found) throw new Refusal('noButton');
	return found;
}

function pressed({ type, name, key, url, pagepath }: JsonObject): UserAction {
	const label = String(name);
	if (type === 'click') {
		return { message: event('CLICK', { EventKey: key }), bubble: note('pressed', label) };
	}
	if (type === 'view') {
		const message = event('VIEW', { EventKey: url });
		return { message, bubble: note('opened', label, webAddress(url)) };
	}
	if (type === 'miniprogram') {
		const message = event('view_miniprogram', { EventKey: pagepath });
		return { message, bubble: note('pressed', label) };
	}
	throw new Refusal('unknownButton', String(type));
}
