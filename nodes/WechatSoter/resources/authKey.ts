import { Problem } from '../../api/errors';
import { publicKeyIn } from '../../soter/key';
import { isSignedBy, judgeStatement } from '../../soter/verify';
import { resource, type Field } from '../../table/spec';
import { checks, expectedIn } from './checks';
import { exportedIn, exportFields } from './exported';
import { LOCAL, operation } from './operation';

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

/** Source: wiki of Tencent/soter, its chain of keys: ATTK signs ASK, ASK signs AuthKey. */
export const authKey = resource('Auth Key', 'authKey', [
	operation({
		name: 'Verify',
		value: LOCAL,
		action: 'Verify auth key',
		description:
			'Check that the app secure key (ASK) of the phone has signed the key of one purpose, such as login or payment (验证AuthKey). Asks nothing of WeChat.',
		fields: [publicKey, ...exportFields, checks],
		async run({ params, call }) {
			const key = publicKeyIn(params.publicKey);
			const exported = exportedIn(params, call);
			const isSigned = isSignedBy(key, exported);
			const verdict = judgeStatement(exported.json, isSigned, expectedIn(params.checks));
			if (verdict.verified && typeof verdict.pub_key !== 'string')
				throw new Problem(
					'What the phone exported is no key: it holds no pub_key',
					'Let the app send what it got when it made the auth key.',
				);
			return verdict;
		},
	}),
]);
