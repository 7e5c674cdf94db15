import type { Answer } from '../../api/apiClient';
import { UserError } from '../../base/userError';

/** Operations of this value check something here, without a call: they need no credential. */
export const LOCAL_OPERATION = 'verify';

/** For what only calls need. */
export const forCalls = { hide: { operation: [LOCAL_OPERATION] } };

/**
 * Reads a yes or no in an answer. An answer without one is never a yes.
 *
 * @throws {UserError} when the answer has neither.
 */
export function readVerdict(answer: Answer, field: string): boolean {
	const said = answer[field];
	if (typeof said === 'boolean') return said;
	throw new UserError(
		`WeChat has answered without saying whether it is so (${field})`,
		'Treat it as a no. If it happens again, check whether API Base URL in the credential leads to WeChat.',
		`微信的应答中没有是否通过的结果（${field}）：请视为不通过；如再次出现，请检查凭据中的“接口地址”是否指向微信。`,
	);
}
