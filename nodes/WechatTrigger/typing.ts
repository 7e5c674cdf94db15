import type { IWebhookFunctions } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import { TYPING_PATH } from '../replyRules/customerMessage';
import { later } from './later';
import type { Received } from './received';

/** When a user who waits is shown that somebody types. */
const TYPING_AFTER_MS = 1000;

/** Shows a user whose message is not answered yet that somebody types (对方正在输入). */
export function showTyping(
	context: IWebhookFunctions,
	{ key, known, push }: Received,
	client: () => Promise<AccountClient>,
): void {
	later(TYPING_AFTER_MS, context, async () => {
		if (known.isAnswered(key)) return;
		const account = await client();
		const path = TYPING_PATH[await account.kind()];
		const touser = String(push.message.FromUserName ?? '');
		await account.send({ path, body: { touser, command: 'Typing' } });
	});
}
