import type { Account, Follower } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { Behavior, SimulatorState } from './behavior';

const MAX_BUTTONS = 3;
const MAX_SUB_BUTTONS = 5;
const MAX_KEY = 128;
const MAX_URL = 1024;
const FIRST_ID = 208379533;

/** 自定义菜单: what each type needs. */
const needs: Record<string, string[]> = {
	article_id: ['article_id'],
	article_view_limited: ['article_id'],
	click: ['key'],
	location_select: ['key'],
	media_id: ['media_id'],
	miniprogram: ['url', 'appid', 'pagepath'],
	pic_photo_or_album: ['key'],
	pic_sysphoto: ['key'],
	pic_weixin: ['key'],
	scancode_push: ['key'],
	scancode_waitmsg: ['key'],
	view: ['url'],
	view_limited: ['media_id'],
};

/** The codes of a button in the bar, and of one below it. */
const BAR = { count: 40016, type: 40017, name: 40018, longest: 16, url: 40020 };
const SUB = { count: 40023, type: 40024, name: 40025, longest: 60, url: 40027 };

interface Conditional {
	menuid: number;
	button: JsonObject[];
	matchrule: JsonObject;
}
interface Menus {
	button?: JsonObject[];
	/** Oldest first; the newest that fits is shown. */
	conditional: Conditional[];
	nextId: number;
}

const menusOf = new WeakMap<Account, Menus>();

function menus(account: Account): Menus {
	const known = menusOf.get(account) ?? { conditional: [], nextId: FIRST_ID };
	menusOf.set(account, known);
	return known;
}

function checkButtons(buttons: JsonObject[]): void {
	if (buttons.length === 0 || buttons.length > MAX_BUTTONS) throw new ApiError(BAR.count);
	for (const button of buttons) {
		const subs = (button.sub_button ?? []) as JsonObject[];
		if (subs.length > MAX_SUB_BUTTONS) throw new ApiError(SUB.count);
		checkName(button, BAR);
		if (button.type === undefined && subs.length === 0) throw new ApiError(65308);
		if (button.type !== undefined) checkAction(button, BAR);
		for (const sub of subs) {
			checkName(sub, SUB);
			checkAction(sub, SUB);
		}
	}
}

function checkName({ name }: JsonObject, { longest, name: code }: typeof BAR): void {
	const bytes = Buffer.byteLength(String(name));
	if (bytes === 0 || bytes > longest) throw new ApiError(code);
}

function checkAction(button: JsonObject, codes: typeof BAR): void {
	const fields = Object.hasOwn(needs, String(button.type)) && needs[String(button.type)];
	if (!fields) throw new ApiError(codes.type);
	for (const field of fields) {
		const text = String(button[field] ?? '');
		if (field === 'key' && (text === '' || text.length > MAX_KEY)) throw new ApiError(40019);
		if (field === 'url' && (text === '' || text.length > MAX_URL)) throw new ApiError(codes.url);
		if (text === '') throw new ApiError(field === 'media_id' ? 40007 : 47003);
	}
}

/** As WeChat answers: every button has a list of sub-buttons. */
const filled = (buttons: JsonObject[]): JsonObject[] =>
	buttons.map(({ sub_button = [], ...button }) => ({
		...button,
		sub_button: filled(sub_button as JsonObject[]),
	}));

/** As getCurrentSelfmenuInfo answers: the list is in an object of its own. */
const listed = (buttons: JsonObject[]): JsonObject[] =>
	buttons.map(({ sub_button: subs, ...button }) => ({
		...button,
		...(Array.isArray(subs) && subs.length > 0 && { sub_button: { list: subs as JsonObject[] } }),
	}));

/** The buttons that a user sees: the newest menu whose rule fits, or the one for all. */
export function menuFor(account: Account, user?: Follower): JsonObject[] | undefined {
	const { button, conditional } = menus(account);
	// Nobody's phone is known here, so only rules without one can fit.
	const fits = ({ matchrule: { tag_id, client_platform_type: phone } }: Conditional) =>
		!phone && !!user?.tags.has(Number(tag_id));
	return conditional.findLast(fits)?.button ?? button;
}

function tellOf({ settings }: Account, { options }: SimulatorState): void {
	options.events.emit({ type: 'menu', appId: settings.appId });
}

export const menuBehaviors: Record<string, Behavior> = {
	'menu.create': (account, { body, state }) => {
		const button = body.button as JsonObject[];
		checkButtons(button);
		menus(account).button = button;
		tellOf(account, state);
		return {};
	},

	'menu.get': (account) => {
		const { button, conditional } = menus(account);
		if (!button) throw new ApiError(46003, 'menu no exist');
		if (conditional.length === 0) return { menu: { button: filled(button) } };
		return {
			menu: { button: filled(button), menuid: FIRST_ID - 1 },
			conditionalmenu: conditional.map((menu) => ({ ...menu, button: filled(menu.button) })),
		};
	},

	'menu.delete': (account, { state }) => {
		menusOf.delete(account);
		tellOf(account, state);
		return {};
	},

	'menu.addconditional': (account, { body, state }) => {
		const button = body.button as JsonObject[];
		const matchrule = body.matchrule as JsonObject;
		const known = menus(account);
		if (!known.button) throw new ApiError(65303, 'there is no selfmenu, please create it first');
		const { tag_id, client_platform_type, ...withdrawn } = matchrule;
		if (Object.keys(withdrawn).length > 0) throw new ApiError(65320);
		if (!tag_id && !client_platform_type) throw new ApiError(65304, 'match rule empty');
		checkButtons(button);
		const menuid = known.nextId++;
		known.conditional.push({ menuid, button, matchrule });
		tellOf(account, state);
		return { menuid: String(menuid) };
	},

	'menu.delconditional': (account, { body, state }) => {
		const known = menus(account);
		const left = known.conditional.filter(({ menuid }) => String(menuid) !== body.menuid);
		if (left.length === known.conditional.length) throw new ApiError(65301, 'no such menuid');
		known.conditional = left;
		tellOf(account, state);
		return {};
	},

	'menu.trymatch': (account, { body }) => {
		const user = account.followers.get(String(body.user_id));
		if (!user) throw new ApiError(65302, 'no such user');
		const shown = menuFor(account, user);
		if (!shown) throw new ApiError(46003, 'menu no exist');
		return { button: filled(shown) };
	},

	'menu.selfinfo': (account) => {
		const { button } = menus(account);
		return { is_menu_open: button ? 1 : 0, selfmenu_info: { button: listed(button ?? []) } };
	},
};
