import { defineLocal } from '../engine/define';
import { readPublicKey } from '../soter/publicKey';
import { checkStatement, isSignedBy } from '../soter/statementCheck';
import { challenge, checks, readExpected } from './fields/checks';
import { exportFields, readExport } from './fields/export';
import { publicKey } from './fields/publicKey';
import { LOCAL_OPERATION } from './fields/localOperation';

export const verifySignature = defineLocal()({
	name: 'Verify',
	value: LOCAL_OPERATION,
	action: 'Verify signature',
	chinese: '验证签名',
	description:
		'Check that somebody confirmed your challenge with finger or face on the phone of this auth key (验证最终签名). Asks nothing of WeChat.',
	fields: [
		{
			...publicKey,
			displayName: 'Auth Key',
			description:
				'Public key that Auth Key: Verify has verified for this user, as PEM or as the JSON with pub_key in it. Take it from your own records, never from the same request.',
		},
		...exportFields,
		challenge,
		checks,
	],
	async run(params, _, { files }) {
		const key = readPublicKey(params.publicKey);
		const exported = readExport(params, files);
		const expected = readExpected(params.checks, params.challenge);
		return checkStatement(exported.json, isSignedBy(key, exported), expected);
	},
});
