interface Kind {
	/** Most characters. */
	max?: number;
	/** As the end of a sentence that begins with "takes". */
	takes: string;
}

/** What the data of a message may hold, by what a key begins with. Source: 订阅通知, 参数类型. */
const KINDS: ReadonlyMap<string, Kind> = new Map([
	['amount', { takes: 'a sign of a currency and up to 10 digits, such as ¥12.50 or 12.50元' }],
	['car_number', { max: 8, takes: 'up to 8 characters, the first and last may be Chinese' }],
	['character_string', { max: 32, takes: 'up to 32 digits, letters and signs, nothing Chinese' }],
	['const', { max: 20, takes: 'one of the values that the template lists' }],
	['date', { takes: 'a date such as 2026-05-01 or 2026年5月1日, a time may follow' }],
	['enum', { takes: 'one of the values that the template lists' }],
	['letter', { max: 32, takes: 'up to 32 letters' }],
	['name', { max: 20, takes: 'up to 10 Chinese characters, or 20 letters' }],
	['number', { max: 32, takes: 'up to 32 digits, and nothing else but a decimal point' }],
	['phone_number', { max: 17, takes: 'up to 17 digits and signs' }],
	['phrase', { max: 5, takes: 'up to 5 Chinese characters' }],
	['symbol', { max: 5, takes: 'up to 5 signs' }],
	['thing', { max: 20, takes: 'up to 20 characters, without line breaks' }],
	['time', { takes: 'a time such as 09:30, a date may stand before it' }],
]);

const findKind = (key: string) => KINDS.get(key.replace(/\d+$/, ''));

/** Finds how many characters the value of a key such as `thing1` may have; undefined when no limit is known. */
export const findTemplateLimit = (key: string): number | undefined => findKind(key)?.max;

/**
 * Finds what to do about errcode 47003 when WeChat names the key: "argument invalid! data.thing1.value is empty".
 * Undefined when it names none.
 */
export function findTemplateHint(errmsg: string): string | undefined {
	const [, key] = /\bdata\.(\w+)/.exec(errmsg) ?? [];
	if (!key) return undefined;
	const takes = findKind(key)?.takes;
	const hint = `Look at ${key} in data: its value is missing, or not as WeChat wants it there.`;
	return takes ? `${hint} In a template it takes ${takes}.` : hint;
}
