import type { JsonObject } from '../http/json';

/** What is wrong with a field, as 接口规则 says it: a JSON pointer in the body, a bare name elsewhere. */
export interface Detail {
	field: string;
	value?: unknown;
	issue: string;
	location: 'body' | 'query' | 'url' | 'authorization';
	sign_information?: JsonObject;
}

/** WeChat Pay says no: the HTTP status, and `{ code, message, detail }` in the body. */
export class PayV3Refusal extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		readonly words: string,
		readonly detail?: Detail,
	) {
		super(`${code}: ${words}`);
	}
}

export const wrongField = (
	field: string,
	issue: string,
	location: Detail['location'] = 'body',
	value?: unknown,
): PayV3Refusal =>
	new PayV3Refusal(400, 'PARAM_ERROR', `参数错误: ${field} ${issue}`, {
		field,
		...(value !== undefined && { value }),
		issue,
		location,
	});

export const invalidRequest = (words: string): PayV3Refusal =>
	new PayV3Refusal(400, 'INVALID_REQUEST', words);
