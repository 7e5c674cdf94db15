import type { Cache } from '../base/cache';
import { ConnectionError } from '../base/connectionError';
import type { HttpRequest, HttpResponse } from '../base/http';
import type { App } from './app';
import { WECHAT } from './response';
import type { Services } from './services';

/**
 * The hosts of WeChat's API, in the order in which they are tried: the nearest one, the one for disasters
 * (通用异地容灾域名), Shanghai, Shenzhen, Hong Kong. All take the same tokens.
 *
 * @see https://developers.weixin.qq.com/doc/service/Basic_Information/Interface_field_description.html
 */
export const API_HOSTS = [
	'api.weixin.qq.com',
	'api2.weixin.qq.com',
	'sh.api.weixin.qq.com',
	'sz.api.weixin.qq.com',
	'hk.api.weixin.qq.com',
] as const;

export const API = `https://${API_HOSTS[0]}`;

/** What went wrong with a host since it answered last. */
export interface HostTrouble {
	failures: number;
	/** When the last one was, in milliseconds, or when somebody began to try the host again. */
	at: number;
}

/** How long a host that failed is tried last. */
const REST_MS = 60_000;
/** A connection that stood and broke may be an old one: only the second in a row says that the host is down. */
const DOWN = 2;
/** When a call has taken this long, it ends with the host that it is at. */
const OTHERS_WITHIN_MS = 15_000;

interface ApiRequest extends Pick<HttpRequest, 'body' | 'contentType' | 'method' | 'url'> {
	/** Whether it may be sent again although it may have been carried out. */
	isRepeatable: boolean;
}

interface HostsRequest extends Omit<HttpRequest, 'addresses'>, Pick<ApiRequest, 'isRepeatable'> {
	/** False: only the host in the URL. */
	usesOtherHosts?: boolean;
}

type HostServices = Pick<Services, 'clock' | 'hosts' | 'http'>;

/**
 * Sends a request to WeChat's API, see {@link sendToHosts}.
 *
 * @throws {ConnectionError} when there is no response; it names all hosts that were tried.
 */
export async function sendToApi(
	{ proxyUrl, usesOtherHosts }: App,
	services: HostServices,
	request: ApiRequest,
): Promise<HttpResponse> {
	const all = { ...request, peer: WECHAT, proxyUrl, usesOtherHosts };
	return await sendToHosts(API_HOSTS, services, all);
}

/**
 * Sends a request to the first of several hosts that serve the same. When it cannot be reached, the others are tried,
 * unless the URL names another server. What may have been carried out goes to no second host, unless it may be repeated.
 *
 * @throws {ConnectionError} when there is no response; it names all hosts that were tried.
 */
export async function sendToHosts(
	names: readonly string[],
	{ http, clock, hosts }: HostServices,
	{ isRepeatable, usesOtherHosts, ...request }: HostsRequest,
): Promise<HttpResponse> {
	const send = async (url: URL) => await http({ ...request, url });
	if (request.url.origin !== `https://${names[0]}` || usesOtherHosts === false)
		return await send(request.url);
	const began = clock.now();
	const way = createWay(names, hosts, request.proxyUrl, clock.now);

	async function tryHosts([host, ...others]: string[], tried: string[]): Promise<HttpResponse> {
		try {
			const response = await send(toHost(request.url, host));
			way.forget(host);
			return response;
		} catch (error) {
			// A proxy that is down says nothing about WeChat.
			if (!(error instanceof ConnectionError) || error.isOfProxy) throw addTried(error, tried);
			const isDown = way.remember(host, error);
			const mayMove = error.isUnsent || (isDown && error.isInterrupted && isRepeatable);
			const isLate = clock.now() - began >= OTHERS_WITHIN_MS;
			if (!mayMove || isLate || others.length === 0) throw addTried(error, tried);
			return await tryHosts(others, [...tried, `${host} (${error.code})`]);
		}
	}

	return await tryHosts(way.sortHosts(), []);
}

function toHost(url: URL, host: string): URL {
	const other = new URL(url);
	other.hostname = host;
	return other;
}

function addTried(error: unknown, tried: string[]): unknown {
	if (!(error instanceof ConnectionError) || tried.length === 0) return error;
	return error.with({ message: `${error.message}. Tried before: ${tried.join(', ')}` });
}

/** What is known of the hosts on one way to them: a proxy may reach others than this server does. */
function createWay(
	names: readonly string[],
	hosts: Cache<HostTrouble>,
	proxyUrl: string | undefined,
	now: () => number,
) {
	const toKey = (host: string) => `${host} ${proxyUrl ?? ''}`;
	const isDown = (trouble?: HostTrouble) =>
		trouble !== undefined && trouble.failures >= DOWN && isRecent(trouble);
	// When the clock was set back, nobody waits until it has caught up.
	const isRecent = ({ at }: HostTrouble) => Math.abs(now() - at) < REST_MS;
	return {
		/** Those that are not down come first. Whoever tries one again does so alone: others still pass it over. */
		sortHosts(): string[] {
			const down = names.filter((host) => isDown(hosts.get(toKey(host))));
			const sorted = [...names.filter((host) => !down.includes(host)), ...down];
			const trouble = hosts.get(toKey(sorted[0]));
			if (trouble) hosts.set(toKey(sorted[0]), { ...trouble, at: now() });
			return sorted;
		},
		/** Whether the host counts as down now. */
		remember(host: string, { isUnsent, isInterrupted }: ConnectionError): boolean {
			const before = hosts.get(toKey(host));
			const failures = before && isRecent(before) ? before.failures : 0;
			const added = isUnsent ? DOWN : Number(isInterrupted);
			return isDown(hosts.set(toKey(host), { failures: failures + added, at: now() }));
		},
		forget: (host: string) => hosts.delete(toKey(host)),
	};
}
