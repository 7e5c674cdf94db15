import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { PlatformClient } from '../api/platformClient';
import { openPlatformClient } from '../n8n/clients';
import { SUCCESS } from '../push/reply';
import { accountIn, bringsAccount, describeAccount, takeIn } from './authorization';
import { DONE, isStarter, itemOf, type Received } from './received';

/** What WeChat tells a third-party platform about itself: keep it, answer, emit. */
export async function receiveEvent(
	context: IWebhookFunctions,
	received: Received,
): Promise<IWebhookResponseData> {
	const { push, key, known } = received;
	const accountAppId = accountIn(push.message);
	const event = { ...received, accountAppId };
	const platform = await openPlatformClient(context, undefined, received.services);
	await keep(platform, event);
	known.answer(key, SUCCESS);
	if (!isStarter(context, event)) return DONE;
	const about = bringsAccount(push.message)
		? await describeAccount(context, platform, accountAppId)
		: {};
	return { noWebhookResponse: true, workflowData: itemOf(event, about) };
}

/** When this fails, n8n records a run that says why, and the next delivery is taken for the first. */
async function keep(platform: PlatformClient, { push, kind, key, known }: Received): Promise<void> {
	let isKept = false;
	try {
		await takeIn(platform, kind, push.message);
		isKept = true;
	} finally {
		if (!isKept) known.forget(key);
	}
}
