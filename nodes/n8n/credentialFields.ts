import type {
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

/** What the names of all keys in Redis begin with, unless something else is entered. */
export const REDIS_PREFIX = 'n8n-wechat';

export const previousKey: INodeProperties = {
	displayName: 'Previous EncodingAESKey (上一个消息加解密密钥)',
	name: 'previousEncodingAesKey',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'The key before the last change. WeChat switches over gradually; keep it for a day, then clear it.',
};

export const proxyUrl: INodeProperties = {
	displayName: 'Proxy URL (代理地址)',
	name: 'proxyUrl',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	placeholder: 'e.g. http://user:password@proxy.example.com:3128',
	description:
		'HTTP proxy for the calls to WeChat. When empty, HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the n8n server count.',
};

export const otherHosts: INodeProperties = {
	displayName: 'Use Other Hosts of WeChat (使用微信的其他域名)',
	name: 'otherHosts',
	type: 'boolean',
	default: true,
	description:
		'Whether calls go to api2, sh.api, sz.api or hk.api.weixin.qq.com (容灾域名) when api.weixin.qq.com cannot be reached. Never with another API Base URL.',
};

const inRedis = { show: { sharedState: ['redis'] } };

/** Where the pack keeps what it has to remember: see sharedState.ts. */
export const sharedStateFields: INodeProperties[] = [
	{
		displayName: 'Shared State (共享状态)',
		name: 'sharedState',
		type: 'options',
		options: [
			{
				name: 'In This Credential',
				value: 'credential',
				description: 'Right for one process of n8n. Needs nothing else.',
			},
			{
				name: 'Redis',
				value: 'redis',
				description:
					'Right for queue mode with several processes, or for hundreds of accounts behind a platform',
			},
		],
		default: 'credential',
		description:
			'Where tickets, tokens, authorizations and reply rules are kept, and where processes of n8n agree on who answers a push. After a change all of it moves along with the next push or run.',
	},
	{
		displayName: 'Redis URL (Redis地址)',
		name: 'redisUrl',
		type: 'string',
		typeOptions: { password: true },
		displayOptions: inRedis,
		required: true,
		default: '',
		placeholder: 'e.g. redis://user:password@redis.example.com:6379/0',
		description:
			'Redis 6.2 or newer, or Valkey; the one of n8n’s queue mode will do. With rediss:// for TLS, redis+sentinel://host1,host2/name for Sentinel, redis+cluster://host1,host2 for a cluster.',
	},
	{
		displayName: 'Redis Key Prefix (Redis键前缀)',
		name: 'redisPrefix',
		type: 'string',
		displayOptions: inRedis,
		default: REDIS_PREFIX,
		description:
			'What the names of all keys begin with. Enter another one for each n8n that uses this Redis.',
	},
];

/** What the pack itself keeps in a credential, encrypted by n8n: see stateStore.ts. */
export const savedFields: INodeProperties[] = [
	{
		displayName: 'State',
		name: 'state',
		type: 'hidden',
		typeOptions: { password: true },
		default: '',
	},
	{
		displayName: 'State Saved At',
		name: 'stateSavedAt',
		type: 'hidden',
		typeOptions: { expirable: true, password: true },
		default: '',
	},
];

/** Begins a state that stateStore.ts hands over to be saved. JSON that is stored does not begin with it. */
const SAVE_MARK = '\n';

/** What stateStore.ts hands to {@link saveState}. */
export const addSaveMark = (state: string): string => SAVE_MARK + state;

/** The address of the request that makes n8n save. */
export const SAVED_URL = 'data:,saved';

/**
 * The preAuthentication of such a credential. n8n saves what it returns, and stateStore.ts makes n8n call it. n8n also
 * calls it after any failed request of its HTTP Request node, with a state that may be old, and sends the request once
 * more when it returns `stateSavedAt` (n8n-core 2.8.4 and 2.41.1, requestWithAuthentication): then it returns nothing.
 */
export async function saveState({
	state,
}: ICredentialDataDecryptedObject): Promise<{ state?: string; stateSavedAt?: string }> {
	const given = String(state ?? '');
	if (!given.startsWith(SAVE_MARK)) return {};
	return { state: given.slice(SAVE_MARK.length), stateSavedAt: new Date().toISOString() };
}

/** Creates the `authenticate` of a credential: n8n's HTTP Request node calls it, see addToken(). */
export const createAuthenticate =
	(type: string) =>
	async (
		credential: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		if (request.url === SAVED_URL) return request;
		// n8n loads credentials when it starts.
		const { addToken } = await import('./addToken');
		return await addToken(type, credential, request);
	};
