import type { Field } from '../../engine/define';

/** An OpenID belongs to one AppID; WeChat refuses that of another account (40003, 49003). */
export const openid = {
	displayName: 'OpenID',
	name: 'openid',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
	description: 'Who: the FromUserName of a push, or an entry of Get Many',
} as const satisfies Field;

export const openids = {
	displayName: 'OpenIDs',
	name: 'openid_list',
	type: 'string',
	as: 'list',
	required: true,
	default: '',
	placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s, oLabM3tK7bXz1QdWv6RfN9pYcS20',
	description: 'Separated by commas, blanks or line breaks, or a list from an expression',
} as const satisfies Field;

export const lang = {
	displayName: 'Language (语言)',
	name: 'lang',
	type: 'options',
	options: [
		{ name: 'Chinese, Simplified', value: 'zh_CN' },
		{ name: 'Chinese, Traditional', value: 'zh_TW' },
		{ name: 'English', value: 'en' },
	],
	default: 'zh_CN',
	description: 'Language of place names',
} as const satisfies Field;
