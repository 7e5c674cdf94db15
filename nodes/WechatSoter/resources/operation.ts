import type { Answer } from '../../api/client';
import { Problem } from '../../api/errors';
import { operationFor, type Sender } from '../../table/spec';

export const operation = operationFor<Sender>();

/** Operations of this value check something here, without a call: they need no credential. */
export const LOCAL = 'verify';

/** Whom they call. */
export const nobody: Sender = {
	async send() {
		throw new Error('A local check calls nobody');
	},
};

/** For what only calls need. */
export const forCalls = { hide: { operation: [LOCAL] } };

/** What WeChat says of yes and no. An answer that does not say is never a yes. Throws {@link Problem}. */
export function saidIn(answer: Answer, field: string): boolean {
	const said = answer[field];
	if (typeof said === 'boolean') return said;
	throw new Problem(
		`WeChat has answered without saying whether it is so (${field})`,
		'Take it for a no. If it stays so, see whether API Base URL in the credential leads to WeChat.',
	);
}
