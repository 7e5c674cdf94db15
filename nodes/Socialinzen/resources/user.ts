import { defineResource } from '../../engine/define';
import { defineSocialinzenLocal, defineSocialinzenRequest } from '../fields/common';

/** Source: 用户行为接口. Logging in (用户登录) is the credential's work. */
export const user = defineResource('User (用户)', 'user', [
	defineSocialinzenRequest({
		name: 'Register',
		value: 'register',
		action: 'Register user',
		chinese: '用户注册',
		description:
			'Register a user of the server, who can log in after opening the link in the confirmation mail. Needs no login: of the credential only Base URL and Proxy URL count.',
		path: '/apis/user/register',
		effect: 'write',
		bearer: 'none',
		fields: [
			{
				displayName: 'User Name (用户名)',
				name: 'username',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. nathan',
				description: 'Name of the new user',
			},
			{
				displayName: 'Password (密码)',
				name: 'password',
				type: 'string',
				typeOptions: { password: true },
				required: true,
				default: '',
				description: 'Password of the new user',
			},
			{
				displayName: 'Email (邮箱)',
				name: 'email',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. nathan@example.com',
				description: 'Where the confirmation mail goes (用户邮箱)',
			},
		],
	}),
	defineSocialinzenLocal({
		name: 'Log Out',
		value: 'logOut',
		action: 'Log out user',
		chinese: '用户登出',
		description:
			'End the login of the user of the credential. The next call logs in again by itself.',
		async run(_, { logOut }) {
			await logOut();
			return { success: true };
		},
	}),
]);
