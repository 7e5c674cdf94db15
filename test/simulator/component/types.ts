import type { Verdict } from '../behaviors/audits';
import type { Source } from '../behaviors/codeLibrary';
import type { PushMessage, PushOptions, PushResult } from '../types';

export interface ComponentSettings {
	appId: string;
	secret: string;
	/** 消息校验Token and 消息加解密Key: one pair for both addresses and for all accounts. */
	token: string;
	encodingAESKey: string;
}

/** 授权事件接收URL, and 消息与事件接收URL, which contains $APPID$. */
export interface Addresses {
	events: string;
	messages: string;
}

export interface AuthorizeOptions {
	/** Default: those of the account. */
	permissions?: number[];
	preAuthCode?: string;
	/** false: WeChat does not tell the platform. */
	push?: boolean;
}

export interface Authorized {
	code: string;
	result?: PushResult;
}

export interface StepResult {
	step: string;
	ok: boolean;
	problem?: string;
}

/** What WeChat, account owners and visitors do with a third-party platform. */
export interface Platform {
	settings: ComponentSettings;
	/** The addresses of the console. */
	connect(addresses: Addresses): void;
	/** Pushes a new component_verify_ticket. */
	pushTicket(): Promise<PushResult>;
	/** Pushes any InfoType to the event address; AppId and CreateTime are added. */
	event(fields: PushMessage): Promise<PushResult>;
	/** The owner authorizes, or changes what is authorized. */
	authorize(appId: string, options?: AuthorizeOptions): Promise<Authorized>;
	/** The owner cancels. */
	revoke(appId: string, options?: { push?: boolean }): Promise<PushResult | undefined>;
	isAuthorized(appId: string): boolean;
	/** Pushes a message to an account at the message address. */
	message(appId: string, message: PushMessage | string, options?: PushOptions): Promise<PushResult>;
	/** The GET verification of an address. */
	verify(which: keyof Addresses, appId?: string): Promise<boolean>;
	/** What a browser does with an authorization link; rejects what its page would refuse. */
	openAuthorizationLink(
		url: string,
		appId: string,
		options?: { push?: boolean },
	): Promise<{ redirect: string; result?: PushResult }>;
	/** What WeChat's browser does with an oauth2/authorize link; throws what it would refuse. */
	openWebAuthorization(url: string, openid: string): string;
	/** A code as wx.login gives it. */
	jsCode(appId: string, openid: string): string;
	/** A ticket as fastregisterauth gives it, for /cgi-bin/account/fastregister. */
	registrationTicket(appId: string): string;
	/** Uploads code from the devtools for the development mini program; returns its draft_id. */
	uploadDraft(source?: Partial<Source>): number;
	/** How long submit_audit answers 61039 after a commit: at one account, or wherever nothing else is said. */
	privacyCheckTakes(ms: number, appId?: string): void;
	/** Ends or delays the review of a version, and tells the platform at the message address. */
	finishReview(
		appId: string,
		verdict: Verdict & { push?: boolean },
	): Promise<PushResult | undefined>;
	/** Every ticket so far answers 61005. */
	expireTicket(): void;
	/** Every component and authorizer token answers 42001. */
	expireTokens(): void;
	/** Every component and authorizer token answers 40001. */
	revokeTokens(): void;
	/** The refresh token that clients hold answers 61023; api_get_authorizer_list has another. */
	loseRefreshToken(appId: string): void;
	/** 全网发布检测 with one of the five pairs of test accounts, on a connected platform. */
	releaseTest(pair: 1 | 2 | 3 | 4 | 5): Promise<StepResult[]>;
}
