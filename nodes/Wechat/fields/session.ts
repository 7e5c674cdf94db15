import { type Field } from '../../engine/define';

export const session = {
	displayName: 'Session (会话)',
	name: 'session',
	type: 'string',
	wire: false,
	required: true,
	default: '',
	placeholder: 'e.g. {{ $json.session }}',
	description:
		'What Exchange Code, or WeChat Trigger for a user who signed in, gives as session. It holds the tokens of the user, and only this account can open it.',
} as const satisfies Field;
