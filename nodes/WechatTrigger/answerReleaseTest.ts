import { toLogLine } from '../base/logLine';
import type { IWebhookFunctions } from 'n8n-workflow';
import type { Services } from '../api/services';
import { openPlatformClient } from '../n8n/clients';
import { readText } from '../push/message';
import { findReleaseTestStep } from '../push/releaseTest';
import type { PushResponse } from '../push/reply';
import { sendCustomerMessage } from '../replyRules/customerMessage';
import type { PushDelivery } from './pushDelivery';
import type { ReceivedPush } from './receivedPush';

const NOTHING: PushResponse = { body: '', type: 'text/plain' };

/** Does a step of WeChat's release test (全网发布检测). Returns whether the push was one. */
export async function answerReleaseTest(
	context: IWebhookFunctions,
	api: Services,
	{ push }: ReceivedPush,
	delivery: PushDelivery,
): Promise<boolean> {
	const step = findReleaseTestStep(push.message);
	if (!step) return false;
	if ('text' in step) delivery.replyWith({ MsgType: 'text', Content: step.text });
	else {
		delivery.answerWith(NOTHING);
		await sendCode(context, api, step.code, readText(push.message, 'FromUserName'));
	}
	return true;
}

/** Does the second half of a step, by API. A failure is logged: no workflow has to do with it. */
async function sendCode(
	context: IWebhookFunctions,
	api: Services,
	code: string,
	openid: string,
): Promise<void> {
	try {
		const platform = await openPlatformClient(context, undefined, api);
		const account = await platform.exchange(code);
		const client = await openPlatformClient(context, account, api);
		const reply = { MsgType: 'text', Content: `${code}_from_api` } as const;
		await sendCustomerMessage(client, reply, openid);
	} catch (error) {
		context.logger.error(
			toLogLine(
				`"${context.getNode().name}" failed a step of the release test (全网发布检测): ${(error as Error).message}`,
			),
		);
	}
}
