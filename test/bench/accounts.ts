import '../support/env';
import { Container } from '@n8n/di';
import { Cipher } from 'n8n-core';
import type { ICredentialDataDecryptedObject, IWebhookFunctions } from 'n8n-workflow';
import type { Grant, State } from '../../nodes/api/state';
import { readOwner } from '../../nodes/n8n/credentials';
import { saveState } from '../../nodes/n8n/credentialFields';
import { openPlatformClient } from '../../nodes/n8n/clients';
import { openState } from '../../nodes/n8n/sharedState';
import { createTriggerServices, routeRequest } from '../../nodes/WechatTrigger/router';
import {
	buildEvent,
	buildPush,
	DEFAULT_ACCOUNT,
	DEFAULT_COMPONENT as component,
} from '../simulator';
import { createServices, systemServices } from '../../nodes/api/services';

/** A third-party platform with many accounts: its credential, encrypted as n8n does it, and its trigger. */

const TYPE = 'wechatOpenPlatformApi';
const APP_ID = DEFAULT_ACCOUNT.appId;
/** Each is answered once: repetitions are recognized. */
export const PUSHES = 9 * 300;
const cipher = Container.get(Cipher);
const LATER = Date.now() + 7_200_000;
/** WeChat's, to a user and to both kinds of tokens. */
const ANSWER = Buffer.from(
	JSON.stringify({
		openid: 'o',
		component_access_token: 't'.repeat(157),
		authorizer_access_token: 't'.repeat(157),
		authorizer_refresh_token: `refreshtoken@@@${'r'.repeat(43)}`,
		expires_in: 7200,
	}),
);

/** As long as WeChat's are: it reserves 512 characters for tokens, and uses about 140. */
const grant = (): Grant => ({
	at: Date.now(),
	refreshToken: `refreshtoken@@@${'r'.repeat(43)}`,
	code: 'c'.repeat(16),
	token: { value: 't'.repeat(157), askedAt: Date.now(), expiresAt: Date.now() + 7_200_000 },
	profile: { name: '一个公众号的名字', userName: 'gh_0123456789ab', kind: 'officialAccount' },
});

export interface Subject {
	/** Bytes of the state. */
	size: number;
	/** Opens a message of one account and answers it, as n8n calls the trigger. */
	answer(): Promise<void>;
	/** Refuses a browser with a link that was not made here. */
	refuse(): Promise<void>;
	/** Decrypts the credential, as n8n does whenever it is read. */
	decrypt(): Promise<unknown>;
	/** Saves a new token of one account. */
	save(): Promise<void>;
	/** Takes the ticket that WeChat pushes, as n8n calls the trigger. */
	takeTicket(): Promise<void>;
	/** Makes a call for one account, as a node does. */
	run(): Promise<void>;
}

/** With a Redis URL the state moves there with the first use. */
export function platformWith(count: number, redisUrl?: string): Subject {
	const credential: ICredentialDataDecryptedObject = {
		appId: component.appId,
		appSecret: component.secret,
		token: component.token,
		encodingAesKey: component.encodingAESKey,
		baseUrl: 'http://127.0.0.1:1',
		...(redisUrl && { sharedState: 'redis', redisUrl }),
	};
	const state: State = {
		of: readOwner(TYPE, credential),
		ticket: { value: `ticket@@@${'t'.repeat(86)}`, at: Date.now() },
		accounts: Object.fromEntries(
			Array.from({ length: count }, (_, n) => [`wx${n.toString(16).padStart(16, '0')}`, grant()]),
		),
	};
	const text = JSON.stringify(state);
	/** The column of n8n's database. */
	let record = cipher.encrypt({ ...credential, state: text });

	const services = createTriggerServices(systemServices);
	const context = {
		getNode: () => ({
			name: 'Trigger',
			type: 'wechatTrigger',
			credentials: { [TYPE]: { id: `${count} accounts${redisUrl ? ' in Redis' : ''}` } },
		}),
		getWorkflow: () => ({ id: 'w', name: 'w' }),
		getMode: () => 'webhook',
		// No reply node: the push is answered at once.
		getChildNodes: () => [],
		getWebhookName: () => 'default',
		getParamsData: () => ({ appid: APP_ID }),
		getNodeParameter: (name: string, fallback: unknown) =>
			name === 'authentication' ? 'openPlatform' : fallback,
		getCredentials: async () =>
			JSON.parse(cipher.decrypt(record)) as ICredentialDataDecryptedObject,
		helpers: {
			// What n8n does with it, see test/support/credentials.ts; its database comes on top.
			async httpRequestWithAuthentication(
				_: string,
				__: object,
				{ credentialsDecrypted: { data } }: { credentialsDecrypted: { data: typeof credential } },
			) {
				record = cipher.encrypt({ ...data, ...(await saveState(data)) });
			},
		},
		logger: console,
	};
	const message = {
		FromUserName: 'oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
		MsgType: 'text',
		Content: 'hello',
	};
	const sealing = { ...DEFAULT_ACCOUNT, ...component };

	// Made before the clock runs: that is WeChat's work.
	const pushes = Array.from({ length: PUSHES }, () => buildPush(sealing, message));

	async function answer(): Promise<void> {
		const push = pushes.pop();
		if (!push) throw new Error('there are no pushes left');
		const { query, body } = push;
		const response = fakeResponse();
		const request = {
			getQueryData: () => query,
			getRequestObject: () => ({ headers: {}, rawBody: Buffer.from(body) }),
			getResponseObject: () => response,
		};
		await routeRequest({ ...context, ...request } as unknown as IWebhookFunctions, services);
		if (response.body !== 'success') throw new Error(`answered ${String(response.body)}`);
	}

	async function refuse(): Promise<void> {
		const response = fakeResponse();
		const request = {
			getWebhookName: () => 'setup',
			getParamsData: () => ({ below: 'authorized' }),
			getQueryData: () => ({ auth_code: 'queryauthcode@@@forged', linkState: 'f'.repeat(55) }),
			getResponseObject: () => response,
		};
		await routeRequest({ ...context, ...request } as unknown as IWebhookFunctions, services);
		if (response.statusCode !== 400) throw new Error(`answered ${response.statusCode}`);
	}

	const [appId] = Object.keys(state.accounts ?? {});
	const open = async () => openState(context as never, TYPE, await context.getCredentials()).store;
	let saved = 0;
	async function save(): Promise<void> {
		const store = await open();
		const token = { value: 't'.repeat(157), askedAt: Date.now() + ++saved, expiresAt: LATER };
		const at = state.accounts?.[appId].at ?? 0;
		await store.save({ accounts: { [appId]: { at, token } } });
	}

	let tickets = 0;
	async function takeTicket(): Promise<void> {
		const response = fakeResponse();
		const { query, body } = buildEvent(component, {
			InfoType: 'component_verify_ticket',
			ComponentVerifyTicket: `ticket@@@${String(++tickets).padStart(86, 't')}`,
		});
		const request = {
			getParamsData: () => ({}),
			getQueryData: () => query,
			getRequestObject: () => ({ headers: {}, rawBody: Buffer.from(body) }),
			getResponseObject: () => response,
		};
		await routeRequest({ ...context, ...request } as unknown as IWebhookFunctions, services);
		if (response.body !== 'success') throw new Error(`answered ${String(response.body)}`);
	}

	const api = createServices({
		http: async () => ({
			status: 200,
			contentType: 'application/json',
			disposition: '',
			body: ANSWER,
		}),
	});
	async function run(): Promise<void> {
		const client = await openPlatformClient(context as never, appId, api);
		await client.send({ method: 'GET', path: '/cgi-bin/user/info', query: { openid: 'o' } });
	}

	return {
		size: Buffer.byteLength(text),
		answer,
		refuse,
		decrypt: context.getCredentials,
		save,
		takeTicket,
		run,
	};
}

function fakeResponse() {
	const prototype = {
		end(this: { body?: string; headersSent: boolean }, chunk: string) {
			this.body = chunk;
			this.headersSent = true;
		},
	};
	return Object.assign(Object.create(prototype) as typeof prototype, {
		headersSent: false,
		statusCode: 200,
		body: undefined as string | undefined,
		getHeaderNames: () => [],
		setHeader: () => {},
		once: () => {},
	});
}
