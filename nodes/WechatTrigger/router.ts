import { toLogLine } from '../base/logLine';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { Services } from '../api/services';
import { createCache, type Cache } from '../base/cache';
import { SIGNED_IN } from '../conversation/questionPage';
import { rememberAccepted, rememberRefused } from '../n8n/connectionStatus';
import { isPlatform, toCredentialType } from '../n8n/credentials';
import { toNodeError } from '../n8n/nodeError';
import { openPush, verifyUrl, type Query } from '../push/openPush';
import { PushRejected } from '../push/pushRejected';
import { serveVisitor, type CallbackServices } from './callbacks';
import { createAgentSessions } from './agentSessions';
import { createSharing, isWebhookProcess } from './crossProcess';
import { handlePush, type PushServices } from './handlePush';
import { createJoining } from './joinMessages';
import { createLateWatch, type WatchDelivery } from './lateDeliveries';
import { createOpenQuestions } from './openQuestions';
import { createPushInbox, sendResponse } from './pushDelivery';
import { verifyForm } from './questionPages';
import { DONE } from './receivedPush';
import { readBody, type Request } from './requestBody';
import { sendPage } from '../n8n/webhookPage';
import type { Response } from '../n8n/webhookResponse';
import { createRuleCache } from './ruleCache';
import { createRequestVerifier, type VerifyRequest } from './verifiedRequest';
import { isCallback, NOT_READY, verifyVisitor } from './verifiedVisitor';
import { createVisitCodes } from './visitCodes';

/** What a trigger remembers between two requests. */
interface TriggerServices extends PushServices, CallbackServices {
	verifyRequest: VerifyRequest;
	/** What was logged within this minute of requests that anybody can send as often as they like. */
	refusals: Cache<true>;
	watchDelivery: WatchDelivery;
}

const MINUTE_MS = 60_000;
const MAX_REFUSALS = 1000;

/** Creates what the triggers of a process share, out of what all nodes share. */
export const createTriggerServices = (api: Services): TriggerServices => ({
	api,
	verifyRequest: createRequestVerifier(api.clock),
	inbox: createPushInbox(api.clock),
	sharing: createSharing(api.clock, isWebhookProcess()),
	rules: createRuleCache(api.clock),
	agents: createAgentSessions(api.clock),
	questions: createOpenQuestions(api.clock),
	joining: createJoining(api.clock),
	codes: createVisitCodes(api.clock),
	watchDelivery: createLateWatch(api.clock),
	refusals: createCache({ max: MAX_REFUSALS, ttl: MINUTE_MS, now: () => api.clock.now() }),
});

/** A request to the trigger's address. */
interface Incoming {
	/** What stands behind the address. */
	below: string;
	query: Query;
	isGet: boolean;
	isPlatform: boolean;
	response: Response;
}

/** What is done about a request that was verified. */
type Handle = () => Promise<IWebhookResponseData>;

/**
 * Routes everything that reaches the trigger's address, by method and by the end of the address:
 *
 * - POST: a push for an account or about the platform itself; the address ends in an AppID for an account behind the
 *   platform; or the form of a page with a question
 * - GET: the console's check of an address, a domain's check file, or a browser that comes back
 *
 * Anybody can reach it. What fails before a request is verified is logged and starts no run; what fails later is n8n's.
 */
export async function routeRequest(
	context: IWebhookFunctions,
	services: TriggerServices,
): Promise<IWebhookResponseData> {
	const [below = ''] = Object.values(context.getParamsData() as Record<string, string>);
	const incoming: Incoming = {
		below,
		query: context.getQueryData() as Query,
		isGet: context.getWebhookName() === 'setup',
		isPlatform: isPlatform(context.getNodeParameter('authentication', 'officialAccount')),
		response: context.getResponseObject() as Response,
	};
	let handle: Handle;
	try {
		handle = await (incoming.isGet ? verifyGet : verifyPost)(context, services, incoming);
	} catch (error) {
		return refuse(context, services, incoming, error as Error);
	}
	try {
		return await handle();
	} catch (error) {
		throw toNodeError(context.getNode(), error, 0);
	}
}

async function verifyGet(
	context: IWebhookFunctions,
	services: TriggerServices,
	incoming: Incoming,
): Promise<Handle> {
	const { below, query, isPlatform: platform, response } = incoming;
	const { clock } = services.api;
	if (isCallback(below, platform)) {
		const callback = { name: below, query, isPlatform: platform };
		const visitor = await verifyVisitor(context, { ...services, clock }, callback);
		if ('code' in visitor)
			return async () => await serveVisitor(context, services, visitor, response);
		sendPage(response, visitor);
	} else if (below.endsWith('.txt')) sendCheckFile(context, below, response);
	else {
		checkAddress(incoming);
		const { opened: body } = await services.verifyRequest(context, toType(incoming), (secrets) =>
			verifyUrl(query, secrets, clock.now()),
		);
		rememberAccepted(context, toType(incoming), services.api);
		sendResponse(response, { body, type: 'text/plain' });
	}
	return async () => DONE;
}

async function verifyPost(
	context: IWebhookFunctions,
	services: TriggerServices,
	incoming: Incoming,
): Promise<Handle> {
	const { below, query, isPlatform: platform, response } = incoming;
	const { clock } = services.api;
	if (below === SIGNED_IN && isForm(context.getRequestObject() as Request))
		return await verifyForm(context, services, incoming);
	checkAddress(incoming);
	const body = await readBody(context.getRequestObject() as Request, response, clock);
	const verified = await services.verifyRequest(context, toType(incoming), (secrets) =>
		openPush({ query, body }, secrets, clock.now()),
	);
	rememberAccepted(context, toType(incoming), services.api);
	services.watchDelivery(context, response);
	const appId = platform ? below : verified.credential.secrets.appId;
	return async () => await handlePush(context, services, verified, appId, response);
}

/** Of a page. WeChat's pushes are XML or JSON, also those that are sent to this address by mistake. */
const isForm = ({ headers }: Request) =>
	headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;

const toType = (incoming: Incoming) => toCredentialType(incoming.isPlatform);

/** @throws {PushRejected} when something stands behind the address that is not an account of the platform. */
function checkAddress({ below, isPlatform: platform }: Incoming): void {
	if (!below || (platform && /^wx\w+$/.test(below))) return;
	throw new PushRejected(
		403,
		`The address ends in "${below.slice(0, 40)}", where the AppID of an account of a third-party platform belongs. In the WeChat console it must end in $APPID$.`,
	);
}

/**
 * Answers a request that was not verified, and logs why. A wrong check of the address (401) and a credential that
 * cannot be read (503) are logged once a minute: who asks again learns nothing new. The trigger's panel shows the last ones.
 */
function refuse(
	context: IWebhookFunctions,
	{ api, refusals }: TriggerServices,
	incoming: Incoming,
	error: Error,
): IWebhookResponseData {
	const { below, isGet, isPlatform: platform, response } = incoming;
	const { status, message } =
		error instanceof PushRejected ? error : new PushRejected(503, error.message);
	const who = `"${context.getNode().name}" of workflow "${context.getWorkflow().name}"`;
	const what = isGet ? 'a request' : 'a push';
	const key = `${who} ${status}`;
	const isLimited = status === 503 || (isGet && status === 401);
	if (!isLimited || !refusals.get(key))
		context.logger.warn(toLogLine(`${who} refused ${what}: ${message}`));
	if (isLimited && !refusals.get(key)) refusals.set(key, true);
	if (isGet && isCallback(below, platform)) sendPage(response, NOT_READY);
	else {
		rememberRefused(context, toType(incoming), message, api);
		response.statusCode = status;
		response.end();
	}
	return DONE;
}

/** Sends a file with which WeChat checks a domain. It counts the path as part of the domain. */
function sendCheckFile(context: IWebhookFunctions, name: string, response: Response): void {
	const { checkFiles } = context.getNodeParameter('pushOptions', {}) as {
		checkFiles?: { file?: Array<{ name: string; content: string }> };
	};
	const file = checkFiles?.file?.find((one) => one.name.trim() === name);
	sendPage(
		response,
		file
			? { file: file.content.trim() }
			: { status: 404, title: '404', text: '没有这个文件 There is no such file.' },
	);
}
