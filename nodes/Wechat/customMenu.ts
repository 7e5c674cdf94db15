import { UserError } from '../base/userError';

interface MenuButton {
	name: string;
	type?: string;
	sub_button?: MenuButton[];
	[key: string]: unknown;
}

/** A row of the form: a button and its place in the menu. */
export interface MenuRow {
	/** What is empty is left out. */
	name?: string;
	type?: string;
	place?: string;
	[key: string]: unknown;
}

/** Type of a row whose button opens sub-buttons. WeChat has no type for such a button. */
export const PARENT_TYPE = 'sub_button';

/**
 * Maps each type of button to the keys that it needs in addition to its name.
 * @see https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html
 */
export const BUTTON_NEEDS: Record<string, string[]> = {
	article_id: ['article_id'],
	article_view_limited: ['article_id'],
	click: ['key'],
	location_select: ['key'],
	media_id: ['media_id'],
	miniprogram: ['appid', 'pagepath', 'url'],
	pic_photo_or_album: ['key'],
	pic_sysphoto: ['key'],
	pic_weixin: ['key'],
	scancode_push: ['key'],
	scancode_waitmsg: ['key'],
	view: ['url'],
	view_limited: ['media_id'],
};

const BUTTONS = 3;
const SUB_BUTTONS = 5;
/** In bytes of UTF-8. */
const LONGEST: Record<string, number> = { key: 128, url: 1024 };
const NAME_BYTES = 16;
const SUB_NAME_BYTES = 60;

/**
 * Reads the rows of the form. A sub-button belongs to the last button above it.
 * @throws {UserError} when WeChat would refuse the menu
 */
export function readMenuRows(rows: MenuRow[]): MenuButton[] {
	const menu: MenuButton[] = [];
	for (const row of rows) {
		if (row.place === 'below') findSubButtons(menu.at(-1), row).push(readButton(row));
		else if (row.type === PARENT_TYPE) menu.push({ name: toText(row.name), sub_button: [] });
		else menu.push(readButton(row));
	}
	return checkMenu(menu);
}

/**
 * Reads a list of buttons, the body on WeChat's page, or an output of Get or Get Configuration.
 * @throws {UserError} when it has no list of buttons, or WeChat would refuse the menu
 */
export function readMenuJson(given: object): MenuButton[] {
	const { menu = given, selfmenu_info: info = menu } = given as Record<string, object>;
	const { button = info } = info as { button?: object };
	if (!Array.isArray(button))
		throw new UserError(
			'The menu in JSON has no list of buttons',
			'Write { "button": [ … ] }.',
			'JSON 中没有按钮列表：请写成 { "button": [ … ] }。',
		);
	return checkMenu(button.map(simplifyButton));
}

/** Removes what only answers have: empty lists of sub-buttons, and an object around each list. */
function simplifyButton(given: unknown): MenuButton {
	const { sub_button, ...button } = Object(given) as MenuButton;
	const { list = sub_button } = (sub_button ?? {}) as { list?: unknown };
	if (!Array.isArray(list) || list.length === 0) return button;
	return { ...button, sub_button: list.map(simplifyButton) };
}

function findSubButtons(parent: MenuButton | undefined, { name }: MenuRow): MenuButton[] {
	const sub = toText(name);
	if (!parent)
		throw new UserError(
			`The sub-button "${sub}" has no button above it`,
			undefined,
			`子菜单“${sub}”上方没有一级菜单：请在它前面添加一行一级菜单。`,
		);
	if (parent.sub_button) return parent.sub_button;
	throw new UserError(
		`The sub-button "${sub}" cannot be below "${parent.name}"`,
		`Set Action of "${parent.name}" to Show Sub-Buttons.`,
		`“${parent.name}”不能有子菜单：请将它的“动作”设为“二级菜单”。`,
	);
}

function readButton({ type = '', ...row }: MenuRow): MenuButton {
	const button: MenuButton = { type, name: toText(row.name) };
	for (const key of findNeeds(type) ?? []) button[key] = toText(row[key]);
	return button;
}

function checkMenu(menu: MenuButton[]): MenuButton[] {
	checkCount('The menu', 'buttons', menu, BUTTONS, '一级菜单');
	for (const button of menu) {
		checkName(button, NAME_BYTES);
		const { sub_button: subs = [], name, type } = button;
		if (type) checkAction(button);
		else checkCount(`"${name}"`, 'sub-buttons', subs, SUB_BUTTONS, `“${name}”的二级菜单`);
		for (const sub of subs) {
			checkName(sub, SUB_NAME_BYTES);
			checkAction(sub);
		}
	}
	return menu;
}

function checkCount(
	whose: string,
	what: string,
	{ length }: MenuButton[],
	most: number,
	chinese: string,
): void {
	const limit = `${chinese}应有 1 到 ${most} 个，现有 ${length} 个。`;
	if (length === 0) throw new UserError(`${whose} has no ${what}`, undefined, limit);
	if (length > most)
		throw new UserError(`${whose} has ${length} ${what}; WeChat takes ${most}`, undefined, limit);
}

function checkName(button: MenuButton, most: number): void {
	const name = toText(button.name);
	if (!name)
		throw new UserError(
			'A button of the menu has no name',
			undefined,
			'菜单中有按钮没有填写“按钮文字”。',
		);
	checkBytes(name, 'name', name, most);
}

function checkAction({ type = '', name, ...button }: MenuButton): void {
	const keys = findNeeds(type);
	if (!keys)
		throw new UserError(
			`The button "${name}" has no action that WeChat knows: "${type}"`,
			undefined,
			`按钮“${name}”的动作“${type}”不是微信支持的类型。`,
		);
	for (const key of keys) {
		if (!button[key])
			throw new UserError(
				`The button "${name}" (${type}) lacks its ${key}`,
				undefined,
				`按钮“${name}”（${type}）缺少 ${key}。`,
			);
		checkBytes(name, key, toText(button[key]), LONGEST[key]);
	}
}

function checkBytes(name: string, key: string, text: string, most = Infinity): void {
	const bytes = Buffer.byteLength(text);
	if (bytes <= most) return;
	throw new UserError(
		`The ${key} of the button "${name}" has ${bytes} bytes; WeChat takes ${most}`,
		'A Chinese character counts 3.',
		`按钮“${name}”的 ${key} 有 ${bytes} 字节，微信最多接受 ${most} 字节（一个汉字占 3 字节）。`,
	);
}

const findNeeds = (type: string) =>
	Object.hasOwn(BUTTON_NEEDS, type) ? BUTTON_NEEDS[type] : undefined;

const toText = (value: unknown) => String(value ?? '').trim();
