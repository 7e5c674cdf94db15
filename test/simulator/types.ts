import type { ComponentSettings, Platform } from './component/types';
import type { Phone } from './accounts/phone';
import type { EventHub, SimulatorEvent } from './events';

/** How the console's 服务器配置 is set: 安全模式, 兼容模式 or 明文模式. */
export type PushMode = 'safe' | 'compatible' | 'plaintext';
/** The console's 数据格式. */
export type PushFormat = 'xml' | 'json';

export type AccountKind = 'officialAccount' | 'miniProgram' | 'mobileApp' | 'shop';

export interface SimAccount {
	appId: string;
	secret: string;
	token: string;
	encodingAESKey: string;
	/** The original id (原始ID), gh_ and 12 hex digits. */
	name: string;
	mode: PushMode;
	format: PushFormat;
	/** Default officialAccount. */
	kind?: AccountKind;
	nickName?: string;
	/** 主体: accounts of one legal entity may share an open platform account. */
	principalName?: string;
	/** The permission sets (权限集) it grants a third-party platform; by kind without it. */
	permissions?: number[];
	/** Those of them that the platform must confirm first. */
	unconfirmed?: number[];
	/** The open platform account it was bound to by hand; no API may change that. */
	openAppId?: string;
}

export interface SimulatorOptions {
	/** 0 lets the system choose. */
	port: number;
	latencyMs: number;
	tokenSeconds: number;
	followers: number;
	pageSize: number;
	/** The console's IP白名单; every address is allowed without it. */
	allowedIps?: string[];
	/** Enforce the 48 h / 1 min windows of customer-service messages. */
	replyWindow: boolean;
	pushTimeoutMs: number;
	pushDeliveries: number;
	accounts: SimAccount[];
	/** The third-party platform (第三方平台) that accounts may authorize. */
	component: ComponentSettings;
	/** How long a component or authorizer token outlives the next one. */
	componentGraceMs: number;
	/** Whether api_authorizer_token replaces the refresh token too. */
	rotateRefreshTokens: boolean;
	/** How long the release test waits for the customer-service message. */
	releaseTestMs: number;
	/** Phones with SOTER whose root keys WeChat knows. */
	phones: Phone[];
	/** Milliseconds since 1970, so that tests can move the clock. */
	now: () => number;
	/** Calls back after so many milliseconds; answers how to call that off. */
	later: (ms: number, work: () => void) => () => void;
	/** Hears of what happens. */
	events: EventHub;
}

/** How publications (发布) and mass messages (群发) go that are handed in from now on. */
export interface JobCourse {
	/** How long each takes. */
	takesMs: number;
	/** How a publication ends; 0 is well. */
	publishStatus: number;
	/** Which of its articles are to blame; the first is 1. */
	failIdx: number[];
	/** How a mass message ends. */
	massStatus: string;
}

/** What goes wrong the next time a path is called. */
export interface Fault {
	path: string;
	/** Default 1; Infinity allowed. */
	times?: number;
	/** JSON answered instead of the real answer, with HTTP 200. */
	answer?: object;
	status?: number;
	body?: string;
	/** Alone, those of the real answer are replaced. */
	headers?: Record<string, string>;
	/** Destroy the socket instead of answering. */
	drop?: boolean;
	/** Half of the answer, then the end of the connection. */
	cut?: boolean;
	/** Break all connections, and refuse new ones for so long. */
	downMs?: number;
	/** Carry the call out all the same: only its answer is lost or replaced. */
	work?: boolean;
	/** Wait first; alone, the real answer follows. */
	delayMs?: number;
	/** The same until something has happened. */
	until?: Promise<unknown>;
}

/** One API call as the log keeps it; values of tokens and secrets are left out. */
export interface Call {
	method: string;
	path: string;
	query: Record<string, string>;
	/** Parsed JSON, a list of the multipart parts, or the text when it is neither. */
	body: unknown;
	errcode: number;
}

export interface SentMessage {
	appId: string;
	body: Record<string, unknown>;
}

export type PushMessage = Record<string, unknown>;

export interface Delivery {
	status?: number;
	body?: string;
	contentType?: string;
	ms: number;
	outcome: 'reply' | 'success' | 'refused' | 'timeout' | 'error';
	/** Why this delivery was not accepted. */
	problem?: string;
}

export interface PushResult {
	deliveries: Delivery[];
	outcome: Delivery['outcome'];
	/** The reply, decrypted, parsed and found valid. */
	reply?: Record<string, unknown>;
	/** What the user sees: the text, the fault notice, or nothing. */
	shown: string;
	/** The body of the last delivery as it was sent. */
	raw: string;
}

export interface PushOptions {
	appId?: string;
	mode?: PushMode;
	format?: PushFormat;
	timeoutMs?: number;
	deliveries?: number;
	/** Where the second and the third delivery go, as a load balancer may decide; default: where the first one went. */
	retryUrls?: string[];
}

export interface Simulator {
	url: string;
	/** The first of `accounts`. */
	account: SimAccount;
	accounts: SimAccount[];
	/** The third-party platform, as WeChat's side sees it. */
	platform: Platform;
	count(path: string): number;
	/** The last 10,000 calls. */
	readonly calls: Call[];
	/** TCP connections accepted so far. */
	readonly connections: number;
	/** Customer-service messages sent. */
	readonly messages: SentMessage[];
	openids(appId?: string): string[];
	fault(fault: Fault): void;
	/** Without an entry, jobs are over at once, and end well. */
	setJobCourse(course: Partial<JobCourse>, appId?: string): void;
	clearFaults(): void;
	/** How many tokens were made so far, of whichever kind. */
	countTokens(appId?: string): number;
	/** Every live token answers 42001 from now on. */
	expireTokens(appId?: string): void;
	/** Every live token answers 40001 from now on, as after someone else's refresh. */
	revokeTokens(appId?: string): void;
	/** Stores a file as if a user had sent it and returns its media_id. */
	addMedia(bytes: Buffer, fileName: string, appId?: string): string;
	/** Stores a file as permanent material and returns its media_id. */
	addMaterial(bytes: Buffer, fileName: string, appId?: string): string;
	push(url: string, message: PushMessage | string, options?: PushOptions): Promise<PushResult>;
	/** Where a picture or a video that was uploaded or received can be seen. */
	mediaUrl(mediaId: string): string;
	/** The buttons of the menu that a user sees. */
	menu(openid: string, appId?: string): Array<Record<string, unknown>>;
	/** Tells of pushes, messages and menus as they come; answers how to end that. */
	listen(listener: (event: SimulatorEvent) => void): () => void;
	/** An agent (客服) comes or goes; those who were added count as online. */
	setOnline(kfAccount: string, isOnline: boolean, appId?: string): void;
	/** Pushes what has become of sessions since the last time: kf_create_session and kf_close_session. */
	pushSessionEvents(url: string, options?: PushOptions): Promise<PushResult[]>;
	/** The GET verification the console does when the URL is saved. */
	verify(url: string, appId?: string): Promise<boolean>;
	close(): Promise<void>;
}
