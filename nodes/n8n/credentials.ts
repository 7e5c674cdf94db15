import type {
	INodeCredentialDescription,
	INodeProperties,
	ICredentialDataDecryptedObject,
} from 'n8n-workflow';
import type { App } from '../api/app';
import type { State } from '../api/state';
import type { PushSecrets } from '../push/openPush';
import type { RedisPlace } from '../redis/redisSpace';
import { REDIS_PREFIX } from './credentialFields';
import { createLocator } from './locator';

export const OFFICIAL_ACCOUNT = 'wechatOfficialAccountApi';
export const OPEN_PLATFORM = 'wechatOpenPlatformApi';

const PLATFORM = 'openPlatform';

export const isPlatform = (authentication: unknown) => authentication === PLATFORM;

/** Names the credential of a third-party platform, or of an account. */
export const toCredentialType = (ofPlatform: boolean) =>
	ofPlatform ? OPEN_PLATFORM : OFFICIAL_ACCOUNT;

/** For fields that make sense for a third-party platform only, or not for one. */
export const forPlatform = { show: { authentication: [PLATFORM] } };
export const forAccount = { show: { authentication: ['officialAccount'] } };

/** The two ways to act for an account, as nodes offer them. */
export const authentication: INodeProperties = {
	displayName: 'Authentication (凭据类型)',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Official Account or Mini Program (公众号、小程序)',
			value: 'officialAccount',
			description: 'One account, with its own AppID and AppSecret',
		},
		{
			name: 'Third-Party Platform (第三方平台)',
			value: PLATFORM,
			description: 'Any account that has authorized the platform',
		},
	],
	default: 'officialAccount',
	description: 'Whose AppID and AppSecret to use',
};

export const credentials: INodeCredentialDescription[] = [
	{
		name: OFFICIAL_ACCOUNT,
		required: true,
		displayOptions: forAccount,
		testedBy: 'testOfficialAccount',
	},
	{
		name: OPEN_PLATFORM,
		required: true,
		displayOptions: forPlatform,
		testedBy: 'testOpenPlatform',
	},
];

/** An account that authorized the platform, for operations that may do without one. */
export const optionalAccount = {
	displayName: 'Account (授权账号)',
	name: 'account',
	...createLocator('searchAccounts', {
		placeholder: 'e.g. wx0123456789abcdef',
		label: 'By AppID',
		format: { regex: '\\s*wx[0-9a-zA-Z]+\\s*', errorMessage: 'An AppID begins with wx' },
	}),
	description:
		'Which authorized account (授权方). For the one that a message came for, take accountAppId of WeChat Trigger.',
} as const satisfies INodeProperties;

/** An account that authorized the platform. */
export const account = {
	...optionalAccount,
	required: true,
} as const satisfies INodeProperties;

const KINDS = ['miniProgram', 'mobileApp', 'officialAccount', 'shop'] as const;

/** Maps the fields of a credential to an app. */
export function readApp(credential: ICredentialDataDecryptedObject): App {
	const text = readTrimmed(credential);
	return {
		appId: text('appId'),
		appSecret: text('appSecret'),
		baseUrl: text('baseUrl'),
		proxyUrl: text('proxyUrl'),
		usesOtherHosts: credential.otherHosts !== false,
		kind: KINDS.find((kind) => kind === text('kind')) ?? 'officialAccount',
	};
}

export function readSecrets(credential: ICredentialDataDecryptedObject): PushSecrets {
	const text = readTrimmed(credential);
	return {
		appId: text('appId'),
		token: text('token'),
		encodingAesKey: text('encodingAesKey'),
		previousEncodingAesKey: text('previousEncodingAesKey'),
		// A third-party platform has no choice: all that it gets is encrypted.
		mode: (text('encryptionMode') || 'safe') as PushSecrets['mode'],
		isShop: text('kind') === 'shop',
	};
}

/** Values are pasted from a web page, often with a blank at an end. */
const readTrimmed = (credential: ICredentialDataDecryptedObject) => (name: string) =>
	String(credential[name] ?? '').trim();

/** Where the credential keeps its state, when that is Redis. */
export function readRedisPlace(credential: ICredentialDataDecryptedObject): RedisPlace | undefined {
	const text = readTrimmed(credential);
	if (text('sharedState') !== 'redis') return undefined;
	return { url: text('redisUrl'), prefix: text('redisPrefix') || REDIS_PREFIX };
}

/** The fields that say whose credential it is, where it is not an AppID. */
const IDENTITY: Record<string, string[]> = {
	socialinzenApi: ['baseUrl', 'username'],
	wechatBotApi: ['baseUrl'],
	wechatPayApi: ['mchId'],
};

/**
 * Names whose state a credential holds: with another AppID in it, what is stored is somebody else's. A new
 * secret or address leaves all as it is; a token that it ends is renewed at the next call.
 */
export function readOwner(type: string, credential: ICredentialDataDecryptedObject): string {
	return (IDENTITY[type] ?? ['appId']).map(readTrimmed(credential)).join(' ');
}

/** The state inside a credential, if it is of the owner that the credential names now. */
export function readSavedState(type: string, credential: ICredentialDataDecryptedObject): State {
	const of = readOwner(type, credential);
	try {
		const state = JSON.parse(String(credential.state || '{}')) as State;
		return state.of === of ? state : { of };
	} catch {
		return { of };
	}
}
