import type { ICredentialDataDecryptedObject, IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import type { StateContext } from './stateStore';

/** What n8n's contexts have besides what their types say (n8n-core, NodeExecutionContext). */
interface RawContext {
	additionalData: IWorkflowExecuteAdditionalData;
}

const hasAdditionalData = (context: StateContext): context is StateContext & RawContext =>
	'additionalData' in context;

/**
 * Reads a credential as somebody entered it: with expressions, where `getCredentials` has their values, and without
 * what CREDENTIALS_OVERWRITE_DATA adds. n8n 2.8 writes the whole record when it saves; 2.41 writes the saved fields only.
 *
 * @returns Undefined where this n8n does not tell.
 */
export async function readEnteredFields(
	context: StateContext,
	type: string,
): Promise<ICredentialDataDecryptedObject | undefined> {
	const reference = context.getNode().credentials?.[type];
	if (!reference || !hasAdditionalData(context)) return undefined;
	const { additionalData } = context;
	const { credentialsHelper: credentials } = additionalData;
	// `true`: as it is stored; the mode counts for expressions only.
	return await credentials.getDecrypted(
		additionalData,
		reference,
		type,
		'internal',
		undefined,
		true,
	);
}
