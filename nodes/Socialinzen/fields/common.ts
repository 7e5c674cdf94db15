import type { SocialinzenClient } from '../../socialinzenApi/socialinzenClient';
import { defineLocal, defineRequestFor, type Field } from '../../engine/define';

export const defineSocialinzenRequest = defineRequestFor<SocialinzenClient>();
export const defineSocialinzenLocal = defineLocal<SocialinzenClient>();

export const openid = {
	displayName: 'OpenID',
	name: 'openid',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
	description: 'Which follower (关注者openid) of the official account behind the server',
} as const satisfies Field;

export const appId = {
	displayName: 'AppID',
	name: 'appid',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. wx0123456789abcdef',
	description: 'AppID of the official account (公众号appid) behind the server',
} as const satisfies Field;
