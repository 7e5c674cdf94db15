import { randomKey, type Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import { seconds, type Behavior } from './behavior';

const MAX_BYTES = 4096;
const MAX_SECONDS = 2_592_000;

interface Entry {
	longData: string;
	createdAt: number;
	expiresAt: number;
}

const entriesOf = new WeakMap<Account, Map<string, Entry>>();

export const shortenBehaviors: Record<string, Behavior> = {
	'shorten.gen': (account, { body, state }) => {
		const longData = String(body.long_data);
		const life = Number(body.expire_seconds ?? MAX_SECONDS);
		if (Buffer.byteLength(longData) > MAX_BYTES) throw new ApiError(9410010);
		if (!(life > 0 && life <= MAX_SECONDS)) throw new ApiError(9410011);
		const createdAt = state.options.now();
		const key = randomKey(15);
		const entries = entriesOf.get(account) ?? new Map<string, Entry>();
		const entry = { longData, createdAt, expiresAt: createdAt + life * 1000 };
		entriesOf.set(account, entries.set(key, entry));
		return { short_key: key };
	},

	'shorten.fetch': (account, { body, state }) => {
		const entry = entriesOf.get(account)?.get(String(body.short_key));
		const now = state.options.now();
		if (!entry || entry.expiresAt <= now) throw new ApiError(9410012);
		return {
			long_data: entry.longData,
			create_time: seconds(entry.createdAt),
			expire_seconds: seconds(entry.expiresAt - now),
		};
	},
};
