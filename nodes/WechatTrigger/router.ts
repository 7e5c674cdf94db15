import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { Services } from '../api/services';
import { isPlatform, OFFICIAL_ACCOUNT, OPEN_PLATFORM } from '../n8n/credentials';
import { toNodeError } from '../n8n/nodeError';
import { openPush, verifyUrl } from '../push/openPush';
import { PushRejected } from '../push/pushRejected';
import { answerCallback, createFailureLimit, isCallback, type FailureLimit } from './callbacks';
import { createSharing, isWebhookProcess } from './crossProcess';
import { handlePush, type PushServices } from './handlePush';
import { createPushInbox } from './pushDelivery';
import { DONE } from './receivedPush';
import { sendPage, sendResponse, type Response } from './triggerResponse';
import { createRuleCache } from './ruleCache';
import {
	createRequestVerifier,
	readBody,
	type Request,
	type VerifyRequest,
} from './verifiedRequest';

/** What a trigger remembers between two requests. */
interface TriggerServices extends PushServices {
	verifyRequest: VerifyRequest;
	codes: FailureLimit;
}

/** Creates what the triggers of a process share, out of what all nodes share. */
export const createTriggerServices = (api: Services): TriggerServices => ({
	api,
	verifyRequest: createRequestVerifier(api.clock),
	inbox: createPushInbox(api.clock),
	sharing: createSharing(api.clock, isWebhookProcess()),
	rules: createRuleCache(api.clock),
	codes: createFailureLimit(api.clock),
});

/**
 * Routes everything that reaches the trigger's address, by method and by the end of the address:
 *
 * - POST: a push for an account or about the platform itself; the address ends in an AppID for an account behind the
 *   platform
 * - GET: the console's check of an address, a domain's check file, or a browser that comes back
 */
export async function routeRequest(
	context: IWebhookFunctions,
	services: TriggerServices,
): Promise<IWebhookResponseData> {
	const { api, verifyRequest } = services;
	const response = context.getResponseObject() as Response;
	const query = context.getQueryData() as Record<string, unknown>;
	const [below = ''] = Object.values(context.getParamsData() as Record<string, string>);
	const platform = isPlatform(context.getNodeParameter('authentication', 'officialAccount'));
	const type = platform ? OPEN_PLATFORM : OFFICIAL_ACCOUNT;
	const isGet = context.getWebhookName() === 'setup';
	try {
		if (isGet && isCallback(below, platform))
			return await answerCallback(
				context,
				services,
				{ name: below, query, isPlatform: platform },
				response,
			);
		if (isGet && below.endsWith('.txt')) return sendCheckFile(context, below, response);
		if (below && !(platform && /^wx\w+$/.test(below)))
			throw new PushRejected(
				403,
				`The address ends in "${below.slice(0, 40)}", where the AppID of an account of a third-party platform belongs. In the WeChat console it must end in $APPID$.`,
			);
		if (isGet) {
			const { opened: body } = await verifyRequest(context, type, (secrets) =>
				verifyUrl(query, secrets, api.clock.now()),
			);
			sendResponse(response, { body, type: 'text/plain' });
			return DONE;
		}
		const request = { query, body: await readBody(context.getRequestObject() as Request) };
		const verified = await verifyRequest(context, type, (secrets) =>
			openPush(request, secrets, api.clock.now()),
		);
		const appId = platform ? below : verified.credential.secrets.appId;
		return await handlePush(context, services, verified, appId, response);
	} catch (error) {
		if (!(error instanceof PushRejected)) throw toNodeError(context.getNode(), error, 0);
		const who = `"${context.getNode().name}" of workflow "${context.getWorkflow().name}"`;
		context.logger.warn(`${who} refused ${isGet ? 'a request' : 'a push'}: ${error.message}`);
		response.statusCode = error.status;
		response.end();
		return DONE;
	}
}

/** Sends a file with which WeChat checks a domain. It counts the path as part of the domain. */
function sendCheckFile(
	context: IWebhookFunctions,
	name: string,
	response: Response,
): IWebhookResponseData {
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
	return DONE;
}
