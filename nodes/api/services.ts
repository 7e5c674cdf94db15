import { systemClock, type Clock } from '../base/clock';
import { sendHttp, type Http } from '../base/http';
import { createSingleFlight, type SingleFlight } from './singleFlight';
import { createTokenCache, type TokenCache } from './tokenCache';

/** What all clients of a process share. */
export interface Services {
	http: Http;
	clock: Clock;
	/** From 0 to 1: how pauses differ. */
	random(): number;
	tokens: TokenCache;
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
		exchanges: createSingleFlight(),
		...parts,
	};
}

/** The services of this process of n8n. */
export const systemServices = createServices();
