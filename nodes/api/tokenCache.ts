import { toTimeAfter } from '../base/clock';
import { createCache } from '../base/cache';
import { createSingleFlight } from './singleFlight';

/** All times are in milliseconds, as `Date.now()` counts. */
export interface Token {
	value: string;
	askedAt: number;
	expiresAt: number;
}

/** Reads a token from an answer. Its lifetime is in seconds, from about when it was requested. */
export const toToken = (value: unknown, expiresIn: unknown, askedAt: number): Token => ({
	value: String(value),
	askedAt,
	expiresAt: askedAt + Number(expiresIn) * 1000,
});

/** Where the tokens of one account come from. */
export interface TokenSource<T extends Token = Token> {
	/** Names the account in this process. */
	key: string;
	/** How long before its end a token is renewed, in milliseconds. */
	early: number;
	/** `force` insists on another token, where WeChat would return the same one again. */
	request(force: boolean): Promise<T>;
	/** Where the token outlives the process. Without it, a new process requests one. */
	saved?: {
		/** Freshly read. */
		read(): Promise<Token | undefined>;
		write(token: T): Promise<void>;
		/** Where several processes share it: renews in one of them at a time. */
		lock?(work: () => Promise<Token>): Promise<Token>;
	};
}

/** The token of one account. */
export interface Tokens {
	/** The token to use now. */
	current(): Promise<string>;
	/** A token other than the one that WeChat has just refused. */
	renew(refused: string): Promise<string>;
	/** The token to use now, if there is one: none is requested. */
	find(): Promise<string | undefined>;
}

/** The tokens of all accounts in this process. All runs share them, and one of them renews while the others wait. */
export interface TokenCache {
	open<T extends Token>(source: TokenSource<T>): Tokens;
	/** Uses a token from now on that came another way. */
	set(key: string, token: Token): void;
	/** Stops using what is known of an account. */
	delete(key: string): void;
}

/** Use even a nearly expired token for a while, or each call would request one. */
const REST_MS = 30_000;
const MAX_ACCOUNTS = 5000;

export function createTokenCache(now: () => number): TokenCache {
	const cache = createCache<Token>({ max: MAX_ACCOUNTS });
	const renewals = createSingleFlight<Token>();

	function open<T extends Token>({ key, early, request, saved }: TokenSource<T>): Tokens {
		const isFresh = ({ askedAt, expiresAt }: Token) =>
			now() < Math.min(expiresAt, Math.max(expiresAt - early, askedAt + REST_MS));

		/** A usable token other than `refused`, from here or from where it is saved. */
		function findUsable(refused: string, stored: Token | undefined): Token | undefined {
			// A token may have come another way while the store was read.
			const candidates = [cache.get(key), stored].filter((token) => token !== undefined);
			return candidates
				.filter((token) => token.value !== refused && isFresh(token))
				.sort((a, b) => b.askedAt - a.askedAt)[0];
		}

		const fetchNew = async (refused: string) =>
			await (saved?.lock
				? saved.lock(async () => await findOrRequest(refused))
				: findOrRequest(refused));

		async function findOrRequest(refused: string): Promise<Token> {
			const stored = await saved?.read();
			const usable = findUsable(refused, stored);
			if (usable) return cache.set(key, usable);
			const offered = await request(false);
			// WeChat may return the very token that it has just refused: insist on another one.
			const token = offered.value === refused ? await request(true) : offered;
			cache.set(key, token);
			// What is stored yields to later tokens only, and a clock that ran ahead may have dated it.
			await saved?.write({ ...token, askedAt: toTimeAfter(stored?.askedAt, token.askedAt) });
			return token;
		}

		const renewOnce = async (refused: string) =>
			(await renewals.run(key, async () => await fetchNew(refused))).value;

		return {
			async current() {
				const token = cache.get(key);
				return token && isFresh(token) ? token.value : await renewOnce('');
			},
			async renew(refused) {
				const token = cache.get(key);
				if (token && token.value !== refused) return token.value;
				// A renewal under way may bring the very token that is refused now.
				const joined = await renewals.current(key)?.catch(() => undefined);
				return joined && joined.value !== refused ? joined.value : await renewOnce(refused);
			},
			find: async () => findUsable('', await saved?.read())?.value,
		};
	}

	return { open, set: (key, token) => void cache.set(key, token), delete: cache.delete };
}

/** Makes a call with a token; when that is refused, once more with another one. */
export async function callWithToken<T>(
	tokens: Tokens,
	isRefused: (error: unknown) => boolean,
	attempt: (token: string) => Promise<T>,
): Promise<T> {
	const token = await tokens.current();
	try {
		return await attempt(token);
	} catch (error) {
		if (!isRefused(error)) throw error;
	}
	return await attempt(await tokens.renew(token));
}
