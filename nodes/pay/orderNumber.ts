import { createHash } from 'node:crypto';
import { Problem } from '../api/errors';

/** mch_billno: at most 28 letters and digits. */
const SHAPE = /^[0-9A-Za-z]{1,28}$/;

/**
 * An order number that is always the same for the same work. WeChat takes calls with one number for one order, so that
 * a repeated run of the work can never pay twice. `work` must not hold what may be another value then, such as the amount.
 */
export const orderNumberFor = (work: Array<string | number>): string =>
	createHash('sha256').update(JSON.stringify(work)).digest('hex').slice(0, 28);

export function checkOrderNumber(number: string): string {
	if (SHAPE.test(number)) return number;
	throw new Problem(
		`"Order Number" must be 1 to 28 letters and digits, and is "${number}"`,
		'WeChat takes no other characters in mch_billno (商户订单号).',
	);
}
