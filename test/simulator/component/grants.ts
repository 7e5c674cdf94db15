import { randomKey, type Account } from '../accounts/account';
import { permissionsOf } from '../accounts/defaults';
import { ApiError } from '../http/errors';
import { revokeAfter, Tokens } from '../accounts/tokens';
import type { SimulatorOptions } from '../types';

const newRefreshToken = () => `refreshtoken@@@${randomKey(43)}`;

/** What one account allows the platform, from authorizing it to cancelling. */
export class Grant {
	readonly tokens: Tokens;
	refreshToken = newRefreshToken();
	permissions: number[] = [];
	readonly confirmed = new Set<number>();
	/** Milliseconds. */
	authTime = 0;
	ended = false;

	constructor(
		readonly account: Account,
		options: SimulatorOptions,
	) {
		const { tokenSeconds, now, componentGraceMs } = options;
		this.tokens = new Tokens(tokenSeconds, now, revokeAfter(componentGraceMs));
	}

	replaceRefreshToken(): void {
		this.refreshToken = newRefreshToken();
	}

	awaitsConfirmation(id: number): boolean {
		return !!this.account.settings.unconfirmed?.includes(id) && !this.confirmed.has(id);
	}

	/** Throws unless one of these sets was granted. */
	require(sets: number[]): void {
		const granted = sets.filter((id) => this.permissions.includes(id));
		if (granted.length === 0) throw new ApiError(61007);
		if (granted.every((id) => this.awaitsConfirmation(id))) throw new ApiError(61016);
	}
}

export class Grants {
	/** Those of today and those that have ended, by time. */
	private readonly all: Grant[] = [];

	constructor(private readonly options: SimulatorOptions) {}

	/** Authorizes, or changes what is authorized; a refresh token follows from api_query_auth. */
	give(account: Account, permissions = permissionsOf(account.settings)): void {
		let grant = this.of(account.settings.appId);
		if (!grant) this.all.push((grant = new Grant(account, this.options)));
		grant.permissions = permissions;
		grant.authTime = this.options.now();
	}

	end(appId: string): void {
		this.require(appId).ended = true;
	}

	get current(): Grant[] {
		return this.all.filter(({ ended }) => !ended);
	}

	of(appId: string): Grant | undefined {
		return this.current.find(({ account }) => account.settings.appId === appId);
	}

	require(appId: string): Grant {
		const grant = this.of(appId);
		if (!grant) throw new ApiError(61003);
		return grant;
	}

	/** The grant an authorizer_access_token belongs to, if it is one that still counts. */
	byToken(token: string): Grant | undefined {
		const grant = this.all.find(({ tokens }) => tokens.owns(token));
		if (!grant?.ended) return grant;
		this.require(grant.account.settings.appId);
		return undefined;
	}
}
