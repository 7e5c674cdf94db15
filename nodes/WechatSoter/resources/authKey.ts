import { UserError } from '../../base/userError';
import { readPublicKey } from '../../soter/publicKey';
import { isSignedBy, checkStatement } from '../../soter/statementCheck';
import { defineLocal, defineResource, type Field } from '../../engine/define';
import { checks, readExpected } from '../fields/checks';
import { readExport, exportFields } from '../fields/export';
import { LOCAL_OPERATION } from '../localOperation';

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
export const authKey = defineResource('Auth Key', 'authKey', [
	defineLocal()({
		name: 'Verify',
		value: LOCAL_OPERATION,
		action: 'Verify auth key',
		description:
			'Check that the app secure key (ASK) of the phone has signed the key of one purpose, such as login or payment (验证AuthKey). Asks nothing of WeChat.',
		fields: [publicKey, ...exportFields, checks],
		async run(params, _, { files }) {
			const key = readPublicKey(params.publicKey);
			const exported = readExport(params, files);
			const isSigned = isSignedBy(key, exported);
			const verdict = checkStatement(exported.json, isSigned, readExpected(params.checks));
			if (verdict.verified && typeof verdict.pub_key !== 'string')
				throw new UserError(
					'What the phone exported is no key: it holds no pub_key',
					'Let the app send what it got when it made the auth key.',
				);
			return verdict;
		},
	}),
]);
