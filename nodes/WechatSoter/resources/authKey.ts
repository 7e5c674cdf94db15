import { UserError } from '../../base/userError';
import { defineLocal, defineResource } from '../../engine/define';
import { readPublicKey } from '../../soter/publicKey';
import { checkStatement, isSignedBy } from '../../soter/statementCheck';
import { checks, readExpected } from '../fields/checks';
import { exportFields, readExport } from '../fields/export';
import { publicKey } from '../fields/publicKey';
import { LOCAL_OPERATION } from '../fields/localOperation';

/** Source: wiki of Tencent/soter, its chain of keys: ATTK signs ASK, ASK signs AuthKey. */
export const authKey = defineResource('Auth Key', 'authKey', [
	defineLocal()({
		name: 'Verify',
		value: LOCAL_OPERATION,
		action: 'Verify auth key',
		chinese: '验证 AuthKey',
		description:
			'Check that the app secure key (ASK) of the phone has signed the key of one purpose, such as login or payment. Asks nothing of WeChat.',
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
					'手机导出的不是密钥，其中没有 pub_key：请让 App 发送生成 AuthKey 时得到的数据。',
				);
			return verdict;
		},
	}),
]);
