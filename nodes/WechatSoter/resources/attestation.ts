import { parseStatement } from '../../soter/soterExport';
import { defineRequest, defineResource } from '../../engine/define';
import { readExport, exportFields } from '../fields/export';
import { readVerdict } from '../fields/localOperation';

/** Source: wiki of Tencent/soter, "verify_ask". */
export const attestation = defineResource('Attestation (设备认证)', 'attestation', [
	defineRequest({
		name: 'Verify ASK',
		value: 'verifyAsk',
		action: 'Verify app secure key',
		chinese: '验证 ASK',
		description:
			'Ask WeChat whether the app secure key (ASK) of a phone comes from its secure hardware (验证ASK公钥是否合法). Only WeChat knows the keys that sign it (ATTK).',
		path: '/cgi-bin/soter_3rdapp/verify_ask',
		effect: 'read',
		fields: [...exportFields],
		async run({ params, call: { files, ...call }, client: { send } }) {
			const { json, signature } = readExport(params, files);
			const said = parseStatement(json);
			const body = { ask_json: json, ask_json_signature: signature };
			const answer = await send({ ...call, body });
			const is_verified = readVerdict(answer, 'is_verified');
			// What the phone says counts only when WeChat believes it.
			return { ...(is_verified && said), ...answer, is_verified };
		},
	}),
]);
