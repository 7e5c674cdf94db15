import { type Field } from '../../engine/define';

export const publicKey = {
	displayName: 'ASK',
	name: 'publicKey',
	type: 'string',
	typeOptions: { rows: 4 },
	wire: false,
	required: true,
	default: '',
	placeholder: 'e.g. -----BEGIN PUBLIC KEY-----',
	description:
		'Public key of the app secure key of the same phone, as PEM or as the JSON with pub_key in it. First let Verify ASK see to it that the key is genuine.',
} as const satisfies Field;
