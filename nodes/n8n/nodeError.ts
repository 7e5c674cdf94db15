import { NodeApiError, NodeOperationError, type INode, type JsonObject } from 'n8n-workflow';
import { ApiError } from '../api/apiError';
import { ConnectionError } from '../base/connectionError';
import { SocialinzenError } from '../socialinzen/socialinzenClient';
import { UserError } from '../base/userError';

/**
 * The only place where errors of the libraries become errors of n8n. Message and description are
 * always given: n8n makes "There was an unknown issue" of a bare errcode.
 */
export function toNodeError(node: INode, error: unknown, itemIndex: number): Error {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	const hint = error instanceof UserError ? error.hint : undefined;
	const refusal = readRefusal(error);
	if (!refusal)
		return new NodeOperationError(node, error as Error, { itemIndex, description: hint });
	const { message, rid, code, said, path } = refusal;
	const trace = rid ? `WeChat keeps the details of this call for seven days under rid ${rid}.` : '';
	const raw: JsonObject = { errcode: code, errmsg: said, path };
	const shown = new NodeApiError(node, raw, {
		message,
		description: [hint, trace].filter(Boolean).join(' ') || `Call: ${path}`,
		httpCode: String(code),
		itemIndex,
	});
	// n8n takes "ECONNREFUSED" and the like for a reason to use words of its own, which do not say what to check.
	return Object.assign(shown, { message, messages: [] });
}

/** What a server, or the lack of its answer, says about a call. */
function readRefusal(error: unknown) {
	if (error instanceof ConnectionError) {
		const { message, code, reason, path } = error;
		return { message, code, said: reason, path, rid: undefined };
	}
	if (error instanceof SocialinzenError) {
		const { message, errcode: code, said, path } = error;
		return { message, code, said, path, rid: undefined };
	}
	if (!(error instanceof ApiError)) return undefined;
	const { message, errcode: code, errmsg: said, path, rid } = error;
	return { message, code, said, path, rid };
}
