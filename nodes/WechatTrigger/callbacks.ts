import { toLogLine } from '../base/logLine';
import { createHash, randomBytes } from 'node:crypto';
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
import { UserError } from '../base/userError';
import { readPageState } from '../conversation/questionPage';
import { openAccountClient, openPlatformClient } from '../n8n/clients';
import { ACCOUNT_AUTHORIZED, USER_SIGNED_IN } from '../push/eventTypes';
import { describeAccount } from './platformEvents';
import { showQuestion } from './questionPages';
import { DONE, isWantedEventType, readEventTypes } from './receivedPush';
import { sendPage, type Page } from '../n8n/webhookPage';
import type { Response } from '../n8n/webhookResponse';
import type { Request } from './requestBody';
import { createRefusal, NOT_READY, type Visitor } from './verifiedVisitor';
import type { VisitCodes } from './visitCodes';

/** What answers browsers. */
export interface CallbackServices {
	api: Services;
	codes: VisitCodes<Visit>;
}

/** What answers it: the page that the browser gets, and what starts the workflow, if anything. */
interface Visit {
	page: Page;
	item?: IDataObject & { kind: string };
	/** What whoever brings the same code again gets. */
	pageAgain: Page;
}

/** Answers a browser whose link was made here, and starts the workflow when somebody signed in or authorized. */
export async function serveVisitor(
	context: IWebhookFunctions,
	{ api, codes }: CallbackServices,
	visitor: Visitor,
	response: Response,
): Promise<IWebhookResponseData> {
	const { ip = '' } = context.getRequestObject() as Request;
	const serve = async () =>
		visitor.isOwner
			? await acceptAuthorization(context, api, visitor, readNextPage(context, 'authorizedPage'))
			: await signInUser(context, api, visitor, readNextPage(context, 'signedInPage'));
	let page: Page = TOO_MANY;
	let item: Visit['item'];
	try {
		const tried = await codes.run(visitor.link, ip, visitor.code, serve);
		if (tried) page = tried.isFirst ? tried.result.page : tried.result.pageAgain;
		if (tried?.isFirst) item = tried.result.item;
	} catch (error) {
		page = toFailedPage(error);
		context.logger.warn(
			toLogLine(`"${context.getNode().name}" could not serve a browser: ${String(error)}`),
		);
	}
	sendPage(response, page);
	if (!item || !isWantedEventType(item.kind, readEventTypes(context))) return DONE;
	return { noWebhookResponse: true, workflowData: [[{ json: item }]] };
}

const WEB = ['https:', 'http:'];

/** Reads the page to go on to, as it is configured. */
function readNextPage(context: IWebhookFunctions, name: string): string {
	const options = context.getNodeParameter('pushOptions', {}) as IDataObject;
	const page = String(options[name] ?? '').trim();
	if (page === '' || (URL.canParse(page) && WEB.includes(new URL(page).protocol))) return page;
	throw new NodeOperationError(context.getNode(), `"${page}" is not the address of a page`, {
		description:
			'Page After Authorization and Page After Sign-In begin with https:// or http://. Check the options of this node.\n“授权后页面”和“登录后页面”应以 https:// 或 http:// 开头：请检查此节点的选项。',
	});
}

const TOO_MANY = createRefusal(
	'请稍后再试 Later',
	'请一分钟后再打开此页面 Open this page again in a minute.',
	429,
);

/** The section of the platform's state that says which codes browsers have brought, and for which account. */
const VISITS = 'visits';

/** Takes over an authorization; a code that a browser brought before, to whatever process, starts nothing again. */
async function acceptAuthorization(
	context: IWebhookFunctions,
	api: Services,
	{ code, state: { until } }: Visitor,
	next: string,
): Promise<Visit> {
	const platform = await openPlatformClient(context, undefined, api);
	const visits = platform.section(VISITS);
	const key = createHash('sha256').update(code).digest('base64url');
	const before = (await visits.get(key))?.value;
	if (before) {
		const page = createAuthorizedPage(next, String(before));
		return { page, pageAgain: page };
	}
	const appId = await platform.exchange(code);
	const [about] = await Promise.all([
		describeAccount(context, platform, appId),
		visits.put({ [key]: { at: api.clock.now(), value: appId, until } }),
	]);
	const page = createAuthorizedPage(next, appId, readName(about));
	const { componentAppId } = platform;
	const kind = ACCOUNT_AUTHORIZED.value;
	return {
		page,
		item: { appId: componentAppId, accountAppId: appId, kind, ...about },
		pageAgain: page,
	};
}

const createAuthorizedPage = (next: string, accountAppId: string, name = accountAppId): Page =>
	next
		? { location: addQuery(next, { accountAppId }) }
		: {
				status: 200,
				title: '授权成功 Authorized',
				text: `“${name || accountAppId}”已连接，可以关闭此页面。It is connected, you can close this page.`,
			};

const readName = ({ account }: IDataObject) =>
	(account as IDataObject | undefined)?.name as string | undefined;

/** Signs a user in: WeChat says who brought the code. */
async function signInUser(
	context: IWebhookFunctions,
	api: Services,
	{ isPlatform, account, code, state }: Visitor,
	next: string,
): Promise<Visit> {
	const client = await (isPlatform
		? openPlatformClient(context, account, api)
		: openAccountClient(context, api));
	const signIn = await exchangeCode(client, code);
	const question = readPageState(state.text);
	if (question) {
		const page = await showQuestion(client, { question, openid: signIn.openid });
		return { page, pageAgain: USED };
	}
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
		// Whoever has seen the address is not signed in with it.
		pageAgain: USED,
	};
}

const USED = createRefusal(
	'已使用 Used already',
	'请重新打开链接 You were signed in with this already. Open the link again.',
);

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
function toFailedPage(error: unknown): Page {
	if (error instanceof ApiError)
		return createRefusal('失败 Failed', `微信拒绝了请求 WeChat refused (${error.errcode}).`);
	if (error instanceof UserError) return { ...NOT_READY, status: 400 };
	throw error;
}
