import { putNewest } from '../base/cache';

export interface Token {
	value: string;
	/** Milliseconds, as `Date.now()` counts. */
	askedAt: number;
	expiresAt: number;
}

/** A token as WeChat tells it: with its lifetime in seconds, from about when it was asked for. */
export const toToken = (value: unknown, expiresIn: unknown, askedAt: number): Token => ({
	value: String(value),
	askedAt,
	expiresAt: askedAt + Number(expiresIn) * 1000,
});

/** Where the tokens of one account come from, and where they outlive the process. */
export interface TokenSource<T extends Token = Token> {
	/** Names the account in this process. */
	key: string;
	/** How long before its end a token is renewed, in milliseconds. */
	early: number;
	/** The stored token, freshly read. */
	read(): Promise<Token | undefined>;
	/** `force` insists on another one, where WeChat hands out the same one again. */
	request(force: boolean): Promise<T>;
	write(token: T): Promise<void>;
}

export interface Tokens {
	/** The token to use now. */
	current(): Promise<string>;
	/** A token other than the one that WeChat has just refused. */
	renew(refused: string): Promise<string>;
}

/** A token that is handed out with little time left is used for a while all the same, not asked for at each call. */
const REST_MS = 30_000;
const MAX_ACCOUNTS = 5000;

const kept = new Map<string, Token>();
const running = new Map<string, Promise<Token>>();

/**
 * Keeps the token of one account. All runs in the process share it, and one of them renews it while the
 * others wait.
 */
export function createTokens<T extends Token>(
	{ key, early, read, request, write }: TokenSource<T>,
	now: () => number = Date.now,
): Tokens {
	const isFresh = ({ askedAt, expiresAt }: Token) =>
		now() < Math.min(expiresAt, Math.max(expiresAt - early, askedAt + REST_MS));

	/** What is known of a usable token other than `refused`, here or in the store. */
	async function adopt(refused: string): Promise<Token | undefined> {
		const stored = await read();
		const known = [kept.get(key), stored].filter((token) => token !== undefined);
		return known
			.filter((token) => token.value !== refused && isFresh(token))
			.sort((a, b) => b.askedAt - a.askedAt)[0];
	}

	async function fetchNew(refused: string): Promise<Token> {
		const adopted = await adopt(refused);
		if (adopted) return setToken(key, adopted);
		const polite = await request(false);
		// The platform still believes in the token that it has just refused: ask for another one.
		const token = polite.value === refused ? await request(true) : polite;
		setToken(key, token);
		await write(token);
		return token;
	}

	/** One renewal at a time; whoever comes meanwhile gets its result. */
	async function single(refused: string): Promise<string> {
		let renewal = running.get(key);
		if (!renewal) {
			renewal = fetchNew(refused).finally(() => running.delete(key));
			running.set(key, renewal);
		}
		return (await renewal).value;
	}

	return {
		async current() {
			const token = kept.get(key);
			return token && isFresh(token) ? token.value : await single('');
		},
		async renew(refused) {
			const token = kept.get(key);
			if (token && token.value !== refused) return token.value;
			// A renewal that is under way may bring the very token that is refused now.
			const joined = await running.get(key)?.catch(() => undefined);
			return joined && joined.value !== refused ? joined.value : await single(refused);
		},
	};
}

/** Does something with the token of an account; when it is refused, once more with another one. */
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

/** Stops using what is known of an account. */
export function clearToken(key: string): void {
	kept.delete(key);
}

/** Forgets what this process knows. For tests: it is what a restart does. */
export function forgetTokens(): void {
	kept.clear();
}

/** Uses a token from now on that came another way. */
export const setToken = (key: string, token: Token): Token =>
	putNewest(kept, key, token, MAX_ACCOUNTS);
