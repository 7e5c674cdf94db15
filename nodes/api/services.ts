import type { KeyObject } from 'node:crypto';
import { createCache, type Cache } from '../base/cache';
import { systemClock, type Clock } from '../base/clock';
import { sendHttp, type Http } from '../base/http';
import type { HostTrouble } from './apiHosts';
import type { MessageWindow } from './messageWindow';
import { createSingleFlight, type SingleFlight } from './singleFlight';
import { createTokenCache, type TokenCache } from './tokenCache';

/** A picture that WeChat has. */
export interface UploadedPicture {
	/** Its address in articles. */
	url: string;
	/** Of permanent material; else empty. */
	mediaId: string;
	/** In pixels. */
	width: number;
	height: number;
	/** What was done to it before, as a clause. */
	change?: string;
}

/** A file that WeChat has under a media ID. */
export interface UploadedMedia {
	mediaId: string;
	/** When it is uploaded anew, in milliseconds; missing of permanent material. */
	until?: number;
}

/** A certificate that WeChat Pay signs with (微信支付平台证书). */
export interface PlatformCertificate {
	serial: string;
	key: KeyObject;
	/** In milliseconds. */
	validFrom: number;
	validTo: number;
}

/** What is known of the platform certificates of a merchant. */
export interface PlatformCertificates {
	/** The newest one first. */
	list: readonly PlatformCertificate[];
	/** When the list came, and when it was asked for last, in milliseconds. */
	fetchedAt: number;
	askedAt: number;
	/** The fetch under way. */
	running?: Promise<void>;
	/** Why the last one failed. */
	failure?: Error;
}

/** What has come to the triggers of a credential since the process started. */
export interface Arrivals {
	/** When the last one came that was right, in milliseconds. */
	acceptedAt?: number;
	/** Each reason once, the newest first. */
	refused: ReadonlyArray<{ at: number; reason: string }>;
}

/** An entry has about 300 bytes. */
const MAX_UPLOADS = 5000;
/** An entry has about 400 bytes. */
const MAX_WINDOWS = 50_000;
/** Seven for each proxy. */
const MAX_HOSTS = 500;
const MAX_MERCHANTS = 500;
/** An entry has 3 KB at most. */
const MAX_ARRIVALS = 500;

/** What all clients of a process share. */
export interface Services {
	http: Http;
	clock: Clock;
	/** From 0 to 1: how pauses differ. */
	random(): number;
	tokens: TokenCache;
	/** What was uploaded, by account, kind and content: no picture is uploaded twice. */
	uploads: Cache<Promise<UploadedPicture>>;
	/** The same of files that messages, menus and rules send. */
	media: Cache<Promise<UploadedMedia>>;
	/** What may still be sent to users, by account and OpenID, where no Redis is chosen. */
	windows: Cache<MessageWindow[]>;
	/** The hosts of WeChat's API that cannot be reached, by the way to them. */
	hosts: Cache<HostTrouble>;
	/** By merchant. */
	platformCertificates: Cache<PlatformCertificates>;
	/** By the ID of the credential: for the panel of a trigger, and the test of the credential. */
	arrivals: Cache<Arrivals>;
	/** Exchanges of authorization codes under way. */
	exchanges: SingleFlight<string>;
}

/** Creates the services of a process. Tests bring parts of their own: a clock that they turn, a double of HTTP. */
export function createServices(parts: Partial<Services> = {}): Services {
	const { clock = systemClock } = parts;
	return {
		http: sendHttp,
		clock,
		random: Math.random,
		tokens: createTokenCache(clock.now),
		uploads: createCache({ max: MAX_UPLOADS }),
		media: createCache({ max: MAX_UPLOADS }),
		windows: createCache({ max: MAX_WINDOWS }),
		hosts: createCache({ max: MAX_HOSTS }),
		platformCertificates: createCache({ max: MAX_MERCHANTS }),
		arrivals: createCache({ max: MAX_ARRIVALS }),
		exchanges: createSingleFlight(),
		...parts,
	};
}

/** The services of this process of n8n. */
export const systemServices = createServices();
