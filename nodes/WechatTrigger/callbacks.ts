import { randomBytes } from 'node:crypto';
import {
	NodeOperationError,
	type IDataObject,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import type { Client } from '../api/apiClient';
import { ApiError } from '../api/apiError';
import { exchangeCode, getUserInfo } from '../api/oauth';
import type { Services } from '../api/services';
import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';
import { UserError } from '../base/userError';
import { openAccountClient, openPlatformClient } from '../n8n/clients';
import { ACCOUNT_AUTHORIZED, USER_SIGNED_IN } from '../push/eventTypes';
import { readQueryText, type Query } from '../push/openPush';
import { describeAccount } from './platformEvents';
import { DONE, isWantedEventType, readEventTypes } from './receivedPush';
import { sendPage, type Page, type Response } from './triggerResponse';

/** The ends of the addresses where browsers come back. */
const AUTHORIZED = 'authorized';
const SIGNED_IN = 'signed-in';

/** Whether browsers come back to an address that ends in this name. */
export const isCallback = (name: string, isPlatform: boolean) =>
	name === SIGNED_IN || (isPlatform && name === AUTHORIZED);

/** What answers browsers; the limit is for codes that they bring. */
interface CallbackServices {
	api: Services;
	codes: FailureLimit;
}

/** A browser that WeChat sent back. */
interface Callback {
	/** The end of the address. */
	name: string;
	query: Query;
	isPlatform: boolean;
}

/** What answers it: the page that the browser gets, and what starts the workflow, if anything. */
interface Visit {
	page: Page;
	item?: IDataObject & { kind: string };
}

/** Answers a browser that WeChat sent back, and starts the workflow when somebody signed in or authorized. */
export async function answerCallback(
	context: IWebhookFunctions,
	services: CallbackServices,
	{ name, query, isPlatform }: Callback,
	response: Response,
): Promise<IWebhookResponseData> {
	const next = readNextPage(context, name === AUTHORIZED ? 'authorizedPage' : 'signedInPage');
	let visit: Visit;
	try {
		visit =
			name === AUTHORIZED
				? await acceptAuthorization(context, services, query, next)
				: await signInUser(context, services, query, next, isPlatform);
	} catch (error) {
		visit = toFailedVisit(error);
		context.logger.warn(`"${context.getNode().name}" could not serve a browser: ${String(error)}`);
	}
	const { page, item } = visit;
	sendPage(response, page);
	if (!item || !isWantedEventType(item.kind, readEventTypes(context))) return DONE;
	return { noWebhookResponse: true, workflowData: [[{ json: item }]] };
}

/** Reads the page to go on to, as it is configured. */
function readNextPage(context: IWebhookFunctions, name: string): string {
	const options = context.getNodeParameter('pushOptions', {}) as IDataObject;
	const page = String(options[name] ?? '').trim();
	if (page === '' || (URL.canParse(page) && /^https?:$/.test(new URL(page).protocol))) return page;
	throw new NodeOperationError(context.getNode(), `"${page}" is not the address of a page`, {
		description:
			'Page After Authorization and Page After Sign-In begin with https:// or http://. Check the options of this node.',
	});
}

const createRefusal = (title: string, problem: string, status = 400): Visit => ({
	page: { status, title, text: problem },
});

/**
 * The redirect_uri of an account's authorization. Cancelling brings nobody back here.
 * Source: "Authorization flow" (授权流程技术说明): `auth_code` and `expires_in` behind the address.
 */
async function acceptAuthorization(
	context: IWebhookFunctions,
	{ api, codes }: CallbackServices,
	query: Query,
	next: string,
): Promise<Visit> {
	const code = readQueryText(query, 'auth_code');
	if (!code)
		return createRefusal(
			'授权未完成 Not authorized',
			'缺少授权码 The authorization code is missing.',
		);
	const platform = await openPlatformClient(context, undefined, api);
	const appId = await codes.run(platform.key, async () => await platform.exchange(code));
	if (appId === undefined)
		return createRefusal(
			'请稍后再试 Later',
			'请一分钟后再打开此页面 Open this page again in a minute.',
			429,
		);
	const about = await describeAccount(context, platform, appId);
	return {
		page: next
			? { location: addQuery(next, { accountAppId: appId }) }
			: {
					status: 200,
					title: '授权成功 Authorized',
					text: `“${readName(about) || appId}”已连接，可以关闭此页面。It is connected, you can close this page.`,
				},
		item: {
			appId: platform.componentAppId,
			accountAppId: appId,
			kind: ACCOUNT_AUTHORIZED.value,
			...about,
		},
	};
}

const readName = ({ account }: IDataObject) => (account as IDataObject | undefined)?.name as string;

/**
 * The redirect_uri of web authorization (网页授权). WeChat adds `code` and `state`, and `appid` on behalf of
 * an account; a user who refuses comes back without `code`. The state proves that the link was
 * made here: without it anybody could sign somebody else in.
 */
async function signInUser(
	context: IWebhookFunctions,
	{ api }: CallbackServices,
	query: Query,
	next: string,
	isPlatform: boolean,
): Promise<Visit> {
	const code = readQueryText(query, 'code');
	if (!code) return createRefusal('未登录 Not signed in', '您没有同意授权 You did not agree.');
	const account = readQueryText(query, 'appid');
	if (isPlatform && !/^wx\w+$/.test(account))
		return createRefusal('登录失败 Not signed in', '缺少公众号 The account is missing.');
	const client = await (isPlatform
		? openPlatformClient(context, account, api)
		: openAccountClient(context, api));
	const state = client.seal.verifyState(readQueryText(query, 'state'), api.clock.now());
	if (state === 'forged')
		return createRefusal('登录失败 Not signed in', '链接无效 This link was not made here.');
	if (state === 'expired')
		return createRefusal(
			'登录失败 Not signed in',
			'链接已过期，请重新打开 This link is too old. Open it again.',
		);

	const signIn = await exchangeCode(client, code);
	const wxTkId = randomBytes(16).toString('hex');
	return {
		page: next
			? { location: addQuery(next, { wxTkId }, state.text) }
			: {
					status: 200,
					title: '登录成功 Signed in',
					text: '可以关闭此页面 You can close this page.',
				},
		item: {
			appId: client.componentAppId ?? client.appId,
			accountAppId: client.appId,
			kind: USER_SIGNED_IN.value,
			state: state.text,
			wxTkId,
			...signIn,
			...(await readProfile(client, signIn)),
		},
	};
}

/** Silent sign-in (snsapi_base) yields the OpenID only. */
async function readProfile(
	client: Client,
	{ scope, session }: { scope?: unknown; session: string },
): Promise<IDataObject> {
	if (!String(scope).split(',').includes('snsapi_userinfo')) return {};
	return { user: (await getUserInfo(client, session)) as IDataObject };
}

/** Configured pages only: nothing of a request decides where a browser goes. */
function addQuery(page: string, parameters: Record<string, string>, hash = ''): string {
	const url = new URL(page);
	for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
	if (hash) url.hash = hash;
	return url.toString();
}

/** What the visitor reads; the reason is in n8n's log. */
function toFailedVisit(error: unknown): Visit {
	if (error instanceof ApiError)
		return createRefusal('失败 Failed', `微信拒绝了请求 WeChat refused (${error.errcode}).`);
	if (error instanceof UserError)
		return createRefusal('失败 Failed', '此服务尚未就绪 This service is not ready.');
	throw error;
}

/** How often something may fail. */
export interface FailureLimit {
	/**
	 * Does `work`, unless ten have failed within this minute or are under way. `key` names who pays for them. Returns
	 * undefined when nothing was done.
	 */
	run<T>(key: string, work: () => Promise<T>): Promise<T | undefined>;
}

const MAX_FAILURES = 10;
const MINUTE_MS = 60_000;
const MAX_KEYS = 200;

/**
 * Creates a limit for codes that may be guessed: anybody can open the address with a code of their own making, and
 * WeChat counts the calls that look it up.
 */
export function createFailureLimit(clock: Clock): FailureLimit {
	const minutes = createCache<{ failures: number }>({
		max: MAX_KEYS,
		ttl: MINUTE_MS,
		now: () => clock.now(),
	});
	return {
		async run(key, work) {
			const minute = minutes.get(key) ?? minutes.set(key, { failures: 0 });
			if (minute.failures >= MAX_FAILURES) return undefined;
			minute.failures++;
			const result = await work();
			minute.failures--;
			return result;
		},
	};
}
