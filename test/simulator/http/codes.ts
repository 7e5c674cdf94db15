import { ApiError } from './errors';

/** The errcodes for a code that cannot be used (any more). */
export type Refusals = Record<'unknown' | 'expired' | 'spent', number>;

interface Entry<T> {
	about: T;
	expiresAt: number;
	spent: boolean;
}

/** Codes that work once and for a while: pre_auth_code, auth_code, OAuth code, js_code. */
export class Codes<T> {
	private readonly entries = new Map<string, Entry<T>>();

	constructor(
		private readonly lifeMs: number,
		private readonly now: () => number,
		private readonly create: () => string,
	) {}

	issue(about: T): string {
		const code = this.create();
		this.entries.set(code, { about, expiresAt: this.now() + this.lifeMs, spent: false });
		return code;
	}

	stateOf(code: string): keyof Refusals | 'good' {
		const entry = this.entries.get(code);
		if (!entry) return 'unknown';
		if (entry.spent) return 'spent';
		return entry.expiresAt <= this.now() ? 'expired' : 'good';
	}

	/** What a good code is about; it stays good. */
	look(code: string, refusals: Refusals): T {
		const state = this.stateOf(code);
		if (state !== 'good') throw new ApiError(refusals[state]);
		return this.entries.get(code)!.about;
	}

	spend(code: string): void {
		const entry = this.entries.get(code);
		if (entry) entry.spent = true;
	}
}
