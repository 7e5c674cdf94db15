import { NodeApiError, NodeOperationError, type INode, type JsonObject } from 'n8n-workflow';
import { ApiError } from '../api/apiError';
import { ConnectionError } from '../base/connectionError';
import { SocialinzenError } from '../socialinzenApi/socialinzenClient';
import { writeJson } from '../base/json';
import { UserError } from '../base/userError';

/** Whether n8n has made a tool of an agent of a node: the model is shown the message of an error, and no more. */
export const isTool = (nodeType: string) => nodeType.endsWith('Tool');

/**
 * The only place where errors of the libraries become errors of n8n. Message and description are
 * always given: n8n makes "There was an unknown issue" of a bare errcode.
 */
export function toNodeError(node: INode, error: unknown, itemIndex: number): Error {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	const { hint, chinese, hints }: Partial<UserError> = error instanceof UserError ? error : {};
	const told = [(error as Error).message, isTool(node.type) && hint].filter(Boolean).join('. ');
	// n8n takes a run for stopped by a person when its error says "canceled", as WeChat does with errcode 45015.
	const message = told.replaceAll('canceled', 'cancelled');
	const failure = readFailure(error);
	// n8n takes "ECONNREFUSED" and the like for a reason to use words of its own, which do not say what to check.
	const own = { message, messages: [] };
	if (!failure) {
		const options = { itemIndex, message, description: hints };
		return Object.assign(new NodeOperationError(node, error as Error, options), own);
	}
	const { rid, code, said, path, details = {} } = failure;
	const trace = rid ? `WeChat keeps the details of this call for seven days under rid ${rid}.` : '';
	const more = Object.entries(details).map(([name, value]) => `${name}: ${writeJson(value)}`);
	const also =
		more.length > 0 ? `WeChat’s answer also says ${more.join(', ')}`.slice(0, MAX_ALSO) : '';
	const raw: JsonObject = { ...(details as JsonObject), errcode: code, errmsg: said, path };
	const english = [hint, also && `${also}.`, trace].filter(Boolean).join(' ') || `Call: ${path}`;
	const shown = new NodeApiError(node, raw, {
		message,
		description: [english, chinese].filter(Boolean).join('\n'),
		httpCode: String(code),
		itemIndex,
	});
	return Object.assign(shown, own);
}

interface Failure {
	code: number | string;
	said: string;
	path: string;
	rid?: string;
	details?: Record<string, unknown>;
}

/** More of what WeChat says beside an error is in the data of the error only. */
const MAX_ALSO = 300;

/** Reads what a server said of a call, or why there is no answer. */
function readFailure(error: unknown): Failure | undefined {
	if (error instanceof ApiError)
		return {
			code: error.errcode,
			said: error.errmsg,
			path: error.path,
			rid: error.rid,
			details: error.details,
		};
	if (error instanceof SocialinzenError)
		return { code: error.errcode, said: error.said, path: error.path };
	if (error instanceof ConnectionError)
		return { code: error.code, said: error.reason, path: error.path };
	return undefined;
}
