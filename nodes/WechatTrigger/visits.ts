import { randomBytes } from 'node:crypto';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import type { Client } from '../api/apiClient';
import type { Services } from '../api/services';
import { ApiError } from '../api/apiError';
import { UserError } from '../base/userError';
import { exchangeCode, getUserInfo } from '../api/oauth';
import { openAccountClient, openPlatformClient } from '../n8n/clients';
import { ACCOUNT_AUTHORIZED, USER_SIGNED_IN } from '../push/eventTypes';
import { readQueryText, type Query } from '../push/openPush';
import { describeAccount } from './authorization';
import { withFewGuesses } from './guesses';
import type { Page } from './pages';

/** A browser that WeChat sent back: the page that it gets, and what starts the workflow, if anything. */
export interface Visit {
	page: Page;
	item?: IDataObject & { kind: string };
}

const refused = (title: string, problem: string, status = 400): Visit => ({
	page: { status, title, text: problem },
});

/**
 * The redirect_uri of an account's authorization. Cancelling brings nobody back here.
 * Source: "Authorization flow" (授权流程技术说明): `auth_code` and `expires_in` behind the address.
 */
export async function accountAuthorized(
	context: IWebhookFunctions,
	services: Services,
	query: Query,
	next: string,
): Promise<Visit> {
	const code = readQueryText(query, 'auth_code');
	if (!code)
		return refused('授权未完成 Not authorized', '缺少授权码 The authorization code is missing.');
	const platform = await openPlatformClient(context, undefined, services);
	const appId = await withFewGuesses(platform.key, async () => await platform.exchange(code));
	if (appId === undefined)
		return refused(
			'请稍后再试 Later',
			'请一分钟后再打开此页面 Open this page again in a minute.',
			429,
		);
	const about = await describeAccount(context, platform, appId);
	return {
		page: next
			? { location: withQuery(next, { accountAppId: appId }) }
			: {
					status: 200,
					title: '授权成功 Authorized',
					text: `“${nameIn(about) || appId}”已连接，可以关闭此页面。It is connected, you can close this page.`,
				},
		item: {
			appId: platform.componentAppId,
			accountAppId: appId,
			kind: ACCOUNT_AUTHORIZED.value,
			...about,
		},
	};
}

const nameIn = ({ account }: IDataObject) => (account as IDataObject | undefined)?.name as string;

/**
 * The redirect_uri of web authorization (网页授权). WeChat adds `code` and `state`, and `appid` on behalf of
 * an account; a user who refuses comes back without `code`. The state says whether this is an answer to a
 * link of ours: without it anybody could sign somebody else in.
 */
export async function userSignedIn(
	context: IWebhookFunctions,
	services: Services,
	query: Query,
	next: string,
	isPlatform: boolean,
): Promise<Visit> {
	const code = readQueryText(query, 'code');
	if (!code) return refused('未登录 Not signed in', '您没有同意授权 You did not agree.');
	const account = readQueryText(query, 'appid');
	if (isPlatform && !/^wx\w+$/.test(account))
		return refused('登录失败 Not signed in', '缺少公众号 The account is missing.');
	const client = await (isPlatform
		? openPlatformClient(context, account, services)
		: openAccountClient(context, services));
	const state = client.seal.verifyState(readQueryText(query, 'state'), Date.now());
	if (state === 'forged')
		return refused('登录失败 Not signed in', '链接无效 This link was not made here.');
	if (state === 'expired')
		return refused(
			'登录失败 Not signed in',
			'链接已过期，请重新打开 This link is too old. Open it again.',
		);

	const signIn = await exchangeCode(client, code);
	const wxTkId = randomBytes(16).toString('hex');
	return {
		page: next
			? { location: withQuery(next, { wxTkId }, state.text) }
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
			...(await profileOf(client, signIn)),
		},
	};
}

/** Silent sign-in (snsapi_base) tells the OpenID only. */
async function profileOf(
	client: Client,
	{ scope, session }: { scope?: unknown; session: string },
): Promise<IDataObject> {
	if (!String(scope).split(',').includes('snsapi_userinfo')) return {};
	return { user: (await getUserInfo(client, session)) as IDataObject };
}

/** Configured pages only: nothing of a request decides where a browser goes. */
function withQuery(page: string, parameters: Record<string, string>, hash = ''): string {
	const url = new URL(page);
	for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
	if (hash) url.hash = hash;
	return url.toString();
}

/** What the visitor is told; the reason stands in n8n's log. */
export function failedVisit(error: unknown): Visit {
	if (error instanceof ApiError)
		return refused('失败 Failed', `微信拒绝了请求 WeChat refused (${error.errcode}).`);
	if (error instanceof UserError)
		return refused('失败 Failed', '此服务尚未就绪 This service is not ready.');
	throw error;
}
