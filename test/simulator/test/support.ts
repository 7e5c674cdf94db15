import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	SECOND_ACCOUNT,
	startSimulator,
	unseal,
	type Simulator,
	type ComponentSettings,
	type SimulatorOptions,
} from '..';
import { parseJson, printJson, type JsonObject } from '../http/json';
import { parseXml } from '../http/xml';

export const START = 1_760_000_000_000;

/** Moved by tests; each start sets it back. */
export const clock = { now: START };

/** A simulator with one account of each kind and a second official account. */
export function startWithPlatform(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
	clock.now = START;
	const accounts = [DEFAULT_ACCOUNT, SECOND_ACCOUNT, MINI_PROGRAM_ACCOUNT];
	return startSimulator({ now: () => clock.now, followers: 3, accounts, ...options });
}

// Jest types its matchers as any.
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

export const failure = (errcode: number, text = '') => ({
	errcode,
	errmsg: matching(new RegExp(`${text}.* rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`)),
});
export const OK = { errcode: 0, errmsg: 'ok' };

export interface ReceivedPush {
	method: string;
	path: string;
	query: URLSearchParams;
	body: string;
}

/** The server that pushes arrive at. */
export interface PushReceiver {
	url: string;
	received: ReceivedPush[];
	respond: (response: ServerResponse, request: ReceivedPush) => void;
	close(): Promise<void>;
}

export async function startPushReceiver(): Promise<PushReceiver> {
	const hook: PushReceiver = {
		url: '',
		received: [],
		respond: (response) => response.end('success'),
		close: () => {
			server.closeAllConnections();
			return new Promise((resolve) => server.close(() => resolve()));
		},
	};
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
			const body = Buffer.concat(chunks).toString();
			const received = { method: request.method ?? '', path: pathname, query: searchParams, body };
			hook.received.push(received);
			hook.respond(response, received);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return hook;
}

/** What is sealed in a push with the platform's key, whose AppID ends it. */
export function decryptFields(
	body: string,
	{ encodingAESKey, appId }: ComponentSettings,
): JsonObject {
	const inner = unseal(encodingAESKey, String(parseXml(body).Encrypt));
	expect(inner.appId).toBe(appId);
	return parseXml(inner.message);
}

/** Calls of a third-party platform, as a client that does everything right makes them. */
export class PlatformApi {
	token = '';

	constructor(private readonly simulator: Simulator) {}

	/** GET without a body, POST with one. */
	async call(path: string, body?: unknown): Promise<JsonObject> {
		const init = body === undefined ? {} : { method: 'POST', body: printJson(body) };
		const response = await fetch(this.simulator.url + path, init);
		expect(response.status).toBe(200);
		return parseJson(await response.text()) as JsonObject;
	}

	/** The newest ticket, which no test of calls needs to receive. */
	async ticket(): Promise<string> {
		const hook = await startPushReceiver();
		const { platform } = this.simulator;
		platform.connect({ events: hook.url, messages: `${hook.url}/$APPID$` });
		const { raw } = await platform.pushTicket();
		await hook.close();
		return decryptFields(raw, platform.settings).ComponentVerifyTicket as string;
	}

	async signIn(ticket?: string): Promise<JsonObject> {
		const { appId, secret } = this.simulator.platform.settings;
		const answer = await this.call('/cgi-bin/component/api_component_token', {
			component_appid: appId,
			component_appsecret: secret,
			component_verify_ticket: ticket ?? (await this.ticket()),
		});
		this.token = String(answer.component_access_token ?? this.token);
		return answer;
	}

	/** A call of /cgi-bin/component/ with the platform's token and AppID. */
	component(name: string, fields: JsonObject = {}): Promise<JsonObject> {
		const component_appid = this.simulator.platform.settings.appId;
		const path = `/cgi-bin/component/${name}?component_access_token=${this.token}`;
		return this.call(path, { component_appid, ...fields });
	}

	/** Authorizes without a push and exchanges the code. */
	async authorize(appId: string, permissions?: number[]): Promise<JsonObject> {
		const { platform } = this.simulator;
		const { code } = await platform.authorize(appId, { permissions, push: false });
		const answer = await this.component('api_query_auth', { authorization_code: code });
		return answer.authorization_info as JsonObject;
	}
}

/** Comes back when it accepts connections again. */
export async function untilUp({ url }: Pick<Simulator, 'url'>): Promise<void> {
	const isUp = async () =>
		await fetch(url).then(
			() => true,
			() => false,
		);
	while (!(await isUp()));
}
