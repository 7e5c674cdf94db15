import { randomBytes } from 'node:crypto';
import { ApiError } from '../http/errors';

/** The previous token keeps working this long. */
const GRACE_MS = 300_000;
/** force_refresh: at least 30 s apart and 20 a day; otherwise the page says "silently ignored". */
const FORCE_GAP_MS = 30_000;
const FORCES_PER_DAY = 20;
const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;

interface Token {
	readonly value: string;
	expiresAt: number;
	/** From then on it is unknown (40001) and not merely expired. */
	revokedAt: number;
}

/** What becomes of a token when the next one is issued. */
export type Retire = (old: Token, now: number) => void;

const expireAfterGrace: Retire = (old, now) => {
	old.expiresAt = Math.min(old.expiresAt, now + GRACE_MS);
};

export const revokeAfter =
	(graceMs: number): Retire =>
	(old, now) => {
		old.revokedAt = Math.min(old.revokedAt, now + graceMs);
	};

export interface IssuedToken {
	access_token: string;
	expires_in: number;
}

/** The tokens of one holder. /cgi-bin/token and /cgi-bin/stable_token never touch each other. */
export class Tokens {
	private readonly issued = new Map<string, Token>();
	private latest?: Token;
	private stable?: Token;
	private forced = { at: -Infinity, day: 0, count: 0 };

	constructor(
		private readonly seconds: number,
		private readonly now: () => number,
		private readonly retire: Retire = expireAfterGrace,
	) {}

	/** /cgi-bin/token: each call issues a new token. */
	issue(): IssuedToken {
		this.latest = this.replace(this.latest);
		return this.describe(this.latest);
	}

	/** /cgi-bin/stable_token: the same token until shortly before it expires, or until forced. */
	issueStable(force: boolean): IssuedToken {
		const { stable } = this;
		if (!stable || this.isRevoked(stable)) this.stable = this.create();
		else if (force && this.mayForce()) this.stable = this.replace(stable);
		else if (stable.expiresAt - this.now() <= this.rollMs) this.stable = this.create();
		return this.describe(this.stable as Token);
	}

	/** How many tokens there have been so far. */
	get size(): number {
		return this.issued.size;
	}

	owns(value: string): boolean {
		return this.issued.has(value);
	}

	/** Throws what a call with this token is told, if anything. */
	check(value: string): void {
		const token = this.issued.get(value);
		if (!token || this.isRevoked(token)) throw new ApiError(40001);
		if (token.expiresAt <= this.now()) throw new ApiError(42001);
	}

	expireAll(): void {
		for (const token of this.issued.values()) {
			token.expiresAt = Math.min(token.expiresAt, this.now());
		}
	}

	revokeAll(): void {
		for (const token of this.issued.values()) {
			if (token.expiresAt > this.now()) revokeAfter(0)(token, this.now());
		}
	}

	private isRevoked({ revokedAt }: Token): boolean {
		return revokedAt <= this.now();
	}

	/** The platform renews 5 minutes before expiry; in proportion when tokens live shorter. */
	private get rollMs(): number {
		return Math.min(300_000, (this.seconds * 1000) / 24);
	}

	private mayForce(): boolean {
		const now = this.now();
		const day = Math.floor((now + BEIJING_MS) / DAY_MS);
		if (day !== this.forced.day) this.forced = { ...this.forced, day, count: 0 };
		if (now - this.forced.at < FORCE_GAP_MS || this.forced.count >= FORCES_PER_DAY) return false;
		this.forced = { at: now, day, count: this.forced.count + 1 };
		return true;
	}

	private replace(old: Token | undefined): Token {
		if (old) this.retire(old, this.now());
		return this.create();
	}

	private create(): Token {
		const token = {
			value: newTokenValue(),
			expiresAt: this.now() + this.seconds * 1000,
			revokedAt: Infinity,
		};
		this.issued.set(token.value, token);
		return token;
	}

	private describe({ value, expiresAt }: Token): IssuedToken {
		return { access_token: value, expires_in: Math.floor((expiresAt - this.now()) / 1000) };
	}
}

/** Real ones look like 61_Xh3…: two digits and more than a hundred URL-safe characters. */
export function newTokenValue(): string {
	const series = 50 + Math.floor(Math.random() * 50);
	return `${series}_${randomBytes(102).toString('base64url')}`;
}

/** Whether a string could have been a token at all; others are 40014, not 40001. */
export const looksLikeToken = (value: string): boolean => /^\d{2}_[\w-]{136}$/.test(value);
