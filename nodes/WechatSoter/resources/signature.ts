import { defineRequest, defineResource } from '../../engine/define';
import { joinExport, parseStatement } from '../../soter/soterExport';
import { checkStatement } from '../../soter/statementCheck';
import { challenge, checks, readExpected } from '../fields/checks';
import { readVerdict } from '../fields/localOperation';
import { verifySignature } from '../verifySignature';

/** Source: wiki of Tencent/soter, and "SOTER" (生物认证) of mini programs. */
export const signature = defineResource('Signature (签名)', 'signature', [
	verifySignature,
	defineRequest({
		name: 'Verify for Mini Program',
		value: 'verifyForMiniProgram',
		action: 'Verify signature for mini program',
		chinese: '验证小程序签名',
		description:
			'Ask WeChat whether a user of the mini program has confirmed your challenge with finger or face (wx.startSoterAuthentication, 生物认证秘钥签名验证)',
		path: '/cgi-bin/soter/verify_signature',
		effect: 'read',
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
		async run({ params, call, client: { send } }) {
			const { json } = joinExport(params.json_string, params.json_signature);
			parseStatement(json);
			const isSigned = readVerdict(await send(call), 'is_ok');
			return checkStatement(json, isSigned, readExpected(params.checks, params.challenge));
		},
	}),
]);
