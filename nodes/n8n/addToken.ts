import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { createAccountTokens } from '../api/accountClient';
import { API, API_HOSTS } from '../api/apiHosts';
import { toApiUrl, type App } from '../api/app';
import { createComponentTokens } from '../api/componentToken';
import { systemServices, type Services } from '../api/services';
import { createRecordStore } from '../api/state';
import { UserError } from '../base/userError';
import { checkHasNoSecret } from '../callCatalog/callSecrets';
import { checkIsAllowed, isPlainPath } from '../callCatalog/enteredCall';
import { OPEN_PLATFORM, readApp, readSavedState } from './credentials';

/** A request as n8n's HTTP Request node makes it (`uri`), or the newer requests of n8n (`url`). */
type Request = IHttpRequestOptions & Record<string, unknown>;

/** What of a request is passed on. All else is left out: whatever n8n adds some day could lead the token elsewhere. */
const PASSED_ON = [
	'abortSignal',
	'allowedDomains',
	'arrayFormat',
	'body',
	'encoding',
	'form',
	'formData',
	'gzip',
	'headers',
	'ignoreHttpStatusErrors',
	'json',
	'method',
	'qsStringifyOptions',
	'resolveWithFullResponse',
	'returnFullResponse',
	'simple',
	'timeout',
	'useQuerystring',
	'useStream',
];

/** A redirect may lead anywhere. */
const NO_REDIRECTS = {
	disableFollowRedirect: true,
	followAllRedirects: false,
	followRedirect: false,
	maxRedirects: 0,
	sendCredentialsOnCrossOriginRedirect: false,
};

/** Calls whose answers hold refresh tokens, which n8n would show: "Get the details of an authorized account", "Get the list". */
const TELLS_TOKENS = [
	'/cgi-bin/component/api_get_authorizer_info',
	'/cgi-bin/component/api_get_authorizer_list',
];

/**
 * Adds the token to a request of n8n's HTTP Request node: a new request, so that nothing of the token is where n8n shows
 * the old one. It goes to the server of the credential only, over the connection that the credential says.
 *
 * @throws {UserError} when the request could tell the token or break it, or there is none. `description` is the hint.
 */
export async function addToken(
	type: string,
	credential: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
	services: Services = systemServices,
): Promise<IHttpRequestOptions> {
	try {
		const app = readApp(credential);
		checkApp(app);
		checkConnection(request as Request);
		const url = readAddress(app, request as Request);
		const path = readPath(app, url);
		checkHasNoSecret([Object.fromEntries(url.searchParams), request.qs]);
		const token = await findToken(type, credential, app, services);
		const parameter = isComponentCall(type, path) ? 'component_access_token' : 'access_token';
		const passed = Object.entries(request).filter(([name]) => PASSED_ON.includes(name));
		// What the requests of n8n's HTTP Request node have, and their type lacks.
		const connection: object = {
			...(app.proxyUrl && { proxy: app.proxyUrl }),
			rejectUnauthorized: true,
		};
		return {
			...Object.fromEntries(passed),
			...NO_REDIRECTS,
			...connection,
			url: url.href,
			// Not in the address, which n8n puts into errors.
			qs: { ...request.qs, [parameter]: token },
		};
	} catch (error) {
		throw addDescription(error);
	}
}

/** n8n shows the description below the message. */
const addDescription = (error: unknown) =>
	error instanceof UserError ? Object.assign(error, { description: error.hints }) : error;

const isComponentCall = (type: string, path: string) =>
	type === OPEN_PLATFORM && path.startsWith('/cgi-bin/component/');

function checkApp({ kind, proxyUrl }: App): void {
	if (kind === 'mobileApp')
		throw new UserError(
			'The credential of a mobile app (移动应用) is not for the HTTP Request node',
			'Use the WeChat SOTER node: each new token of a mobile app ends the one before.',
			'移动应用的凭据不能用于 HTTP Request 节点：请使用 WeChat SOTER 节点，因为移动应用的新令牌会使旧令牌失效。',
		);
	if (proxyUrl && !/^https?:\/\//i.test(proxyUrl))
		throw new UserError(
			'n8n knows no proxies but those with http:// or https://',
			'Use API: Call of the WeChat node, which takes the Proxy URL of the credential, or enter another one there.',
			'n8n 只支持 http:// 或 https:// 的代理：请使用 WeChat 节点的“调用任意接口”（它会使用凭据中的“代理地址”），或在凭据中改填其他代理。',
		);
}

/** The names of the HTTP Request node for what decides where its bytes go, and who may read them. */
function checkConnection({ headers, ...request }: Request): void {
	const isSet = (value: unknown) =>
		typeof value === 'object' ? Object.keys(value ?? {}).length > 0 : Boolean(value);
	const settings = {
		'Base URL': isSet(request.baseURL),
		'Ignore SSL Issues':
			request.rejectUnauthorized === false || isSet(request.skipSslCertificateValidation),
		'SSL Certificates': isSet(request.agentOptions),
		'a header Host': Object.keys(headers ?? {}).some(
			(name) => name.trim().toLowerCase() === 'host',
		),
		'a second login': isSet(request.auth),
		Proxy: isSet(request.proxy),
	};
	for (const [name, isUsed] of Object.entries(settings))
		if (isUsed)
			throw new UserError(
				`The HTTP Request node must not use ${name} with this credential: the token could be read by others`,
				'Take it out. The credential says by API Base URL and Proxy URL how WeChat is reached.',
				'HTTP Request 节点的设置会使令牌可能被他人读取：使用此凭据时，请移除其中的 Base URL、Ignore SSL Issues、SSL Certificates、Proxy、Host 请求头和其他登录；如何连接微信由凭据的“接口地址”和“代理地址”决定。',
			);
}

function readAddress(app: App, { url, uri }: Request): URL {
	const base = toApiUrl(app, '/');
	const entered = String(url ?? uri);
	const hosts: readonly string[] =
		base.origin === API && app.usesOtherHosts !== false ? API_HOSTS : [base.host];
	const address = URL.canParse(entered) ? new URL(entered) : undefined;
	const isThere = address && address.protocol === base.protocol && hosts.includes(address.host);
	if (!isThere || address.username || address.password)
		throw new UserError(
			'This credential is for the server of its API Base URL only: the token goes nowhere else',
			`Enter an address that begins with ${base.href}, or choose another credential.`,
			`此凭据只用于其“接口地址”的服务器，令牌不会发往别处：请填写以 ${base.href} 开头的地址，或选择其他凭据。`,
		);
	address.hash = '';
	return address;
}

/** The path of the call, without the folder of a relay. */
function readPath(app: App, { pathname }: URL): string {
	const base = toApiUrl(app, '/');
	const path = pathname.slice(base.pathname.length - 1);
	if (!pathname.startsWith(base.pathname) || !isPlainPath(path))
		throw new UserError(
			'The path of the URL is none of WeChat',
			`Enter an address such as ${base.href}cgi-bin/tags/get.`,
			`网址中的路径不是微信接口：请填写 ${base.href}cgi-bin/tags/get 这样的地址。`,
		);
	checkIsAllowed(path);
	if (TELLS_TOKENS.includes(path.toLowerCase()))
		throw new UserError(
			`${path} is refused: its answer holds refresh tokens, which n8n would show`,
			'Use API: Call of WeChat Open Platform, which leaves them out.',
			`不允许调用 ${path}，其应答含有刷新令牌，会显示在 n8n 中：请使用 WeChat Open Platform 节点的“调用任意接口”，它会略去这些令牌。`,
		);
	return path;
}

async function findToken(
	type: string,
	credential: ICredentialDataDecryptedObject,
	app: App,
	services: Services,
): Promise<string> {
	if (type !== OPEN_PLATFORM) return await createAccountTokens(app, services).current();
	// A new token would have to be saved, which n8n has no place for here.
	const store = createRecordStore({
		read: async () => readSavedState(type, credential),
		save: async () => {},
	});
	const token = await createComponentTokens(app, store, services).find();
	if (token !== undefined) return token;
	throw new UserError(
		'There is no token of the platform that has not ended',
		'Run a WeChat Open Platform node with this credential before: it gets a token, lasting two hours at most. Or use its API: Call.',
		'平台没有仍有效的令牌：请先用此凭据运行一次 WeChat Open Platform 节点以取得令牌（有效期最长两小时），或使用该节点的“调用任意接口”。',
	);
}
