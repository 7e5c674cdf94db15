import { randomKey } from '../accounts/account';
import { Codes } from '../http/codes';
import { ApiError } from '../http/errors';
import { revokeAfter, Tokens } from '../accounts/tokens';
import type { SimulatorOptions } from '../types';
import { Grants } from './grants';
import type { ComponentSettings } from './types';

const HOUR_MS = 3_600_000;
const TICKET_MS = 12 * HOUR_MS;
const PRE_AUTH_MS = 1_800_000;
/** AuthorizationCodeExpiredTime is an hour after CreateTime, though the redirect says 600 s. */
const AUTH_CODE_MS = HOUR_MS;

/** Everything WeChat would remember about the third-party platform. */
export class Component {
	readonly tokens: Tokens;
	readonly grants: Grants;
	readonly preAuthCodes: Codes<undefined>;
	/** About the AppID of the account that authorized. */
	readonly authCodes: Codes<string>;
	readonly settings: ComponentSettings;
	/** Whether WeChat has begun to push tickets. */
	isPushing = false;
	/** When each ticket ends. */
	private readonly tickets = new Map<string, number>();
	private readonly now: () => number;

	constructor(options: SimulatorOptions) {
		const { component, tokenSeconds, now, componentGraceMs } = options;
		this.settings = component;
		this.now = now;
		this.tokens = new Tokens(tokenSeconds, now, revokeAfter(componentGraceMs));
		this.grants = new Grants(options);
		this.preAuthCodes = new Codes(PRE_AUTH_MS, now, () => `preauthcode@@@${randomKey(64)}`);
		this.authCodes = new Codes(AUTH_CODE_MS, now, () => `queryauthcode@@@${randomKey(64)}`);
	}

	newTicket(): string {
		const ticket = `ticket@@@${randomKey(86)}`;
		this.tickets.set(ticket, this.now() + TICKET_MS);
		return ticket;
	}

	expireTickets(): void {
		for (const ticket of this.tickets.keys()) this.tickets.set(ticket, this.now());
	}

	checkTicket(ticket: string): void {
		const end = this.tickets.get(ticket);
		if (end === undefined) throw new ApiError(61006);
		if (end <= this.now()) throw new ApiError(61005);
	}

	/** Every call of the platform names it in its body or query. */
	checkAppId(appId: unknown): void {
		if (appId !== this.settings.appId) throw new ApiError(40013);
	}

	/** Component and authorizer tokens. */
	get allTokens(): Tokens[] {
		return [this.tokens, ...this.grants.current.map(({ tokens }) => tokens)];
	}
}
