import { exportOf } from '../../soter/exported';
import { publicKeyIn } from '../../soter/key';
import { statementIn } from '../../soter/statement';
import { isSignedBy, judgeStatement } from '../../soter/verify';
import { resource } from '../../table/spec';
import { publicKey } from './authKey';
import { challenge, checks, expectedIn } from './checks';
import { exportedIn, exportFields } from './exported';
import { LOCAL, operation, saidIn } from './operation';

/** Source: wiki of Tencent/soter, and "SOTER" (生物认证) of mini programs. */
export const signature = resource('Signature', 'signature', [
	operation({
		name: 'Verify',
		value: LOCAL,
		action: 'Verify signature',
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
		async run({ params, call }) {
			const key = publicKeyIn(params.publicKey);
			const exported = exportedIn(params, call);
			const expected = expectedIn(params.checks, params.challenge);
			return judgeStatement(exported.json, isSignedBy(key, exported), expected);
		},
	}),
	operation({
		name: 'Verify for Mini Program',
		value: 'verifyForMiniProgram',
		action: 'Verify signature for mini program',
		description:
			'Ask WeChat whether a user of the mini program has confirmed your challenge with finger or face (wx.startSoterAuthentication, 生物认证秘钥签名验证)',
		path: '/cgi-bin/soter/verify_signature',
		safe: true,
		fields: [
			{
				displayName: 'OpenID',
				name: 'openid',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
				description: 'Of the user of the mini program',
			},
			{
				displayName: 'Result JSON',
				name: 'json_string',
				type: 'string',
				typeOptions: { rows: 4 },
				required: true,
				default: '',
				description: 'The resultJSON that the mini program got, as a text, without any change',
			},
			{
				displayName: 'Result JSON Signature',
				name: 'json_signature',
				type: 'string',
				required: true,
				default: '',
				description: 'The resultJSONSignature that it got with it',
			},
			challenge,
			checks,
		],
		async run({ params, call, send }) {
			const { json } = exportOf(params.json_string, params.json_signature);
			statementIn(json);
			const isSigned = saidIn(await send(call), 'is_ok');
			return judgeStatement(json, isSigned, expectedIn(params.checks, params.challenge));
		},
	}),
]);
