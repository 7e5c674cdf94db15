import { createHash } from 'node:crypto';
import { toServerUrl } from '../base/serverUrl';
import { createRedact, findSecrets } from '../base/redact';
import { UserError } from '../base/userError';
import { API, sendToApi } from './apiHosts';
import { parseResponse, type Answer } from './response';
import type { Services } from './services';

/** An AppID with its secret: of an official account or mini program, or of a third-party platform. */
export interface App {
	appId: string;
	appSecret: string;
	/** e.g. https://api.weixin.qq.com, or a relay with a fixed address in front of it. */
	baseUrl: string;
	proxyUrl?: string;
	/** Whether other hosts of WeChat's API are tried when the first cannot be reached. Default: true. */
	usesOtherHosts?: boolean;
	/** Of an app with its own secret. Default: an official account. */
	kind?: AccountKind | 'mobileApp';
}

/** Nobody writes to a shop (微信小店) as to the other two: it takes no replies and sends no such messages. */
export type AccountKind = 'officialAccount' | 'miniProgram' | 'shop';

const PAGES = 'https://mp.weixin.qq.com';

/** Names an app and its secret without revealing them. A new secret makes a new name. */
export function toAppKey({ appId, appSecret, baseUrl }: App): string {
	return createHash('sha256').update([appId, appSecret, baseUrl].join('\n')).digest('base64url');
}

const FIELD = {
	name: 'API Base URL',
	example: API,
	hint: 'Correct API Base URL in the credential, or leave it empty.',
};
/** Hosts of WeChat itself, which takes http:// as well. */
const WECHAT_HOST = /\.qq\.com\.?$/;

/**
 * Creates the address of a path. The few paths of mp.weixin.qq.com go there, except behind a relay, which serves both
 * hosts.
 *
 * @throws {UserError} when API Base URL is not an address, or one of WeChat without TLS.
 */
export function toApiUrl({ baseUrl }: App, path: string, host: 'api' | 'mp' = 'api'): URL {
	const url = toServerUrl(baseUrl || API, path, FIELD);
	if (url.protocol === 'http:' && WECHAT_HOST.test(url.hostname))
		throw new UserError(
			'"API Base URL" leads to WeChat without encryption: anybody on the way could read the AppSecret',
			`Enter ${API} in the credential, or leave API Base URL empty.`,
			`“接口地址”以未加密的方式连接微信，途中任何人都能读到 AppSecret：请在凭据中填写 ${API}，或留空。`,
		);
	return host === 'mp' && url.origin === API ? toServerUrl(PAGES, path, FIELD) : url;
}

export interface SecretCall {
	path: string;
	body: object;
	/** Whether it may be sent again although it may have been carried out. */
	isRepeatable: boolean;
}

/** Makes a call without a token, because it carries a secret or ticket. */
export async function callWithSecret(
	app: App,
	services: Services,
	{ path, body, isRepeatable }: SecretCall,
): Promise<Answer> {
	const url = toApiUrl(app, path);
	const response = await sendToApi(app, services, {
		method: 'POST',
		url,
		body: JSON.stringify(body),
		contentType: 'application/json',
		isRepeatable,
	});
	return parseResponse(response, url.pathname, createRedact(findSecrets(body)));
}
