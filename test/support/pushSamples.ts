import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toEventType } from '../../nodes/push/eventTypes';
import { readMessage, readText, type Format } from '../../nodes/push/message';

const FOLDER = join(__dirname, '..', 'fixtures', 'pushes');

/** How WeChat names those who send and get the samples. */
interface Parties {
	ToUserName: string;
	FromUserName: string;
}

/** A sample of `test/fixtures/pushes` as if WeChat had made it at a time in seconds; what is old is refused. */
export const datePush = (sample: string, seconds: number | string): string =>
	sample.replace(/\b1760\d{6}\b/g, String(seconds));

/**
 * A sample of an event type, such as event.channels_ec_order_pay, as if it had just come.
 *
 * @throws {Error} when there is none in this format.
 */
export function createPush(
	kind: string,
	format: Format,
	parties: Parties,
	seconds: number,
): string {
	const names = readdirSync(FOLDER).filter((name) => name.endsWith(`.${format}`));
	for (const name of names) {
		const text = readFileSync(join(FOLDER, name), 'utf8');
		const message = readMessage(text);
		if (toEventType(message) !== kind) continue;
		return datePush(text, seconds)
			.replace(readText(message, 'ToUserName'), parties.ToUserName)
			.replace(readText(message, 'FromUserName'), parties.FromUserName);
	}
	throw new Error(`There is no sample of ${kind} in ${format}`);
}
