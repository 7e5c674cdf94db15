import type { JsonObject } from '../http/json';
import { wrongField } from './refusal';

/** Rules for values that several pages of WeChat Pay have in common. */

export const NUMBER_32 = /^[\w\-|*]{6,32}$/;
export const NUMBER_64 = /^[\w\-|*@]{1,64}$/;
export const BILL_NUMBER = /^[0-9A-Za-z]{1,32}$/;
export const OPENID = /^o[\w-]{5,127}$/;
/** 通知地址: https, and nothing behind a question mark. */
export const NOTIFY_URL = /^https:\/\/[^\s?#]{1,247}$/;

export type Rule = RegExp | ((value: unknown) => boolean);

export const upTo = (characters: number) => (value: unknown) =>
	typeof value === 'string' && value !== '' && [...value].length <= characters;
export const isFen = (value: unknown) => Number.isInteger(value) && (value as number) > 0;
export const isCny = (value: unknown) => value === 'CNY';

/** The value at a JSON pointer, or undefined. */
export const valueAt = (body: unknown, pointer: string): unknown =>
	pointer
		.slice(1)
		.split('/')
		.reduce<unknown>((value, key) => (value as JsonObject | undefined)?.[key], body);

/** Refuses values that their page does not allow; those that are not there are allowed. */
export function checkRules(body: JsonObject, rules: Record<string, Rule>): void {
	for (const [pointer, rule] of Object.entries(rules)) {
		const value = valueAt(body, pointer);
		if (value === undefined || value === null) continue;
		const isRight = rule instanceof RegExp ? rule.test(String(value)) : rule(value);
		if (!isRight) throw wrongField(pointer, 'is not allowed', 'body', value);
	}
}
