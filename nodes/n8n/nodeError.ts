import { NodeApiError, NodeOperationError, type INode, type JsonObject } from 'n8n-workflow';
import { ApiError } from '../api/apiError';
import { UserError } from '../base/userError';

/**
 * The only place where errors of the libraries become errors of n8n. Message and description are
 * always given: n8n makes "There was an unknown issue" of a bare errcode.
 */
export function toNodeError(node: INode, error: unknown, itemIndex: number): Error {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (!(error instanceof ApiError)) {
		const description = error instanceof UserError ? error.advice : undefined;
		return new NodeOperationError(node, error as Error, { itemIndex, description });
	}
	const { message, advice, code, reply, rid, path } = error;
	const trace = rid ? `WeChat keeps the details of this call for seven days under rid ${rid}.` : '';
	const raw: JsonObject = { errcode: code, errmsg: reply, path };
	const shown = new NodeApiError(node, raw, {
		message,
		description: [advice, trace].filter(Boolean).join(' ') || `Call: ${path}`,
		httpCode: String(code),
		itemIndex,
	});
	// n8n takes "ECONNREFUSED" and the like for a reason to use words of its own, which do not say what to check.
	return Object.assign(shown, { message, messages: [] });
}
