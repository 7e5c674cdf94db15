import type { IWebhookFunctions } from 'n8n-workflow';
import { openPlatformClient } from '../n8n/clients';
import { findReleaseTestStep, type ReleaseTestStep } from '../push/releaseTest';
import { encryptReply, type PushResponse } from '../push/reply';
import { sendCustomerMessage } from '../replyRules/customerMessage';
import type { Services } from '../api/services';
import type { Received } from './received';

const NOTHING: PushResponse = { body: '', type: 'text/plain' };

/** Does a step of WeChat's release test (全网发布检测). Returns whether the push was one. */
export async function passTest(context: IWebhookFunctions, received: Received): Promise<boolean> {
	const { push, secrets, key, known } = received;
	const step = findReleaseTestStep(push.message);
	if (!step) return false;
	const reply = 'text' in step && { MsgType: 'text' as const, Content: step.text };
	known.answer(key, reply ? encryptReply(reply, push, secrets, Date.now()) : NOTHING);
	await finish(context, received.services, step, String(push.message.FromUserName));
	return true;
}

/** The second half of a step, by API. What goes wrong is for the log: no workflow has to do with it. */
async function finish(
	context: IWebhookFunctions,
	services: Services,
	step: ReleaseTestStep,
	openid: string,
): Promise<void> {
	if (!('code' in step)) return;
	try {
		const account = await (
			await openPlatformClient(context, undefined, services)
		).exchange(step.code);
		const client = await openPlatformClient(context, account, services);
		await sendCustomerMessage(
			client,
			{ MsgType: 'text', Content: `${step.code}_from_api` },
			openid,
		);
	} catch (error) {
		context.logger.error(
			`"${context.getNode().name}" failed a step of the release test (全网发布检测): ${(error as Error).message}`,
		);
	}
}
