import { randomKey } from './account';
import { Codes } from '../http/codes';
import { ApiError } from '../http/errors';
import { newTokenValue } from './tokens';
import type { SimulatorOptions } from '../types';

const CODE_MS = 300_000;
const REFRESH_MS = 30 * 86_400_000;

/** What a visitor allowed a web page of an account, or of the platform on its behalf. */
export interface Consent {
	appId: string;
	openid: string;
	scope: string;
	/** Set when the platform asked on the account's behalf. */
	componentAppId?: string;
}

export interface OAuthTokens {
	access_token: string;
	expires_in: number;
	refresh_token: string;
	openid: string;
	scope: string;
}

interface Issued {
	consent: Consent;
	expiresAt: number;
}

/** 网页授权 and wx.login: nothing here has to do with the tokens of /cgi-bin. */
export class OAuth {
	readonly codes: Codes<Consent>;
	readonly jsCodes: Codes<Pick<Consent, 'appId' | 'openid'>>;
	private readonly access = new Map<string, Issued>();
	private readonly refresh = new Map<string, Issued>();

	constructor(private readonly options: SimulatorOptions) {
		this.codes = new Codes(CODE_MS, options.now, () => randomKey(32));
		this.jsCodes = new Codes(CODE_MS, options.now, () => randomKey(32));
	}

	issue(consent: Consent): OAuthTokens {
		const refreshToken = newTokenValue();
		this.refresh.set(refreshToken, { consent, expiresAt: this.options.now() + REFRESH_MS });
		return this.renew(refreshToken);
	}

	/** A new access token; the refresh token stays. */
	renew(refreshToken: string): OAuthTokens {
		const { tokenSeconds, now } = this.options;
		const consent = this.consentOf(refreshToken);
		const token = newTokenValue();
		this.access.set(token, { consent, expiresAt: now() + tokenSeconds * 1000 });
		return {
			access_token: token,
			expires_in: tokenSeconds,
			refresh_token: refreshToken,
			openid: consent.openid,
			scope: consent.scope,
		};
	}

	consentOf(refreshToken: string): Consent {
		const issued = this.refresh.get(refreshToken);
		if (!issued) throw new ApiError(40030);
		if (issued.expiresAt <= this.options.now()) throw new ApiError(42002);
		return issued.consent;
	}

	/** What an access token is about; each is good for one visitor. */
	check(token: string, openid: string): Consent {
		const issued = this.access.get(token);
		if (!issued) throw new ApiError(40001);
		if (issued.expiresAt <= this.options.now()) throw new ApiError(42001);
		if (issued.consent.openid !== openid) throw new ApiError(40003);
		return issued.consent;
	}
}
