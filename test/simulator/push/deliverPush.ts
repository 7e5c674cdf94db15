import { randomInt, randomUUID } from 'node:crypto';
import type { Account } from '../accounts/account';
import { transferUser } from '../behaviors/agents';
import { sign } from './crypto';
import { kindOf } from '../accounts/defaults';
import { exchange, type HttpResult } from '../http/deliver';
import { buildPush, completeMessage, readMessage } from './buildPush';
import { openReply, type Answered } from './openReply';
import type {
	Delivery,
	PushMessage,
	PushOptions,
	PushResult,
	SimAccount,
	SimulatorOptions,
} from '../types';

/** What the user reads when no acceptable answer came. */
export const FAULT_NOTICE = '该公众号提供的服务出现故障，请稍后再试';

/**
 * Pauses between the ten deliveries of a shop's push, in seconds: 3.6 hours in all.
 * Source: "Order notification" (订单通知) of WeChat Shop, 0s/0s/10s/1min/5min/30min/60min/60min/60min.
 */
export const SHOP_PAUSES = [0, 0, 10, 60, 300, 1800, 3600, 3600, 3600];

interface Receiver {
	account: Account;
	/** What the message is sealed with; a third-party platform's differ from the account's. */
	keys: SimAccount;
}

type Judged = Delivery & { reply?: Record<string, unknown> };

/**
 * Delivers a message as the platform does: again when there was no answer, a few times in all; of a shop ten times, until
 * the answer is "success".
 */
export async function deliverPush(
	url: string,
	message: PushMessage | string,
	{ account, keys }: Receiver,
	options: PushOptions,
	settings: SimulatorOptions,
): Promise<PushResult> {
	const { mode = keys.mode, format = keys.format } = options;
	const isShop = kindOf(keys) === 'shop';
	const usual = isShop ? SHOP_PAUSES.length + 1 : settings.pushDeliveries;
	const { timeoutMs = settings.pushTimeoutMs, deliveries: most = usual } = options;
	const urls = [url, ...(options.retryUrls ?? [])];
	const timestamp = () => String(Math.floor(settings.now() / 1000));
	const complete = completeMessage(keys, message, timestamp());
	const told = readMessage(complete, format);
	account.observe(told);
	const hasMedia = (id: string) => account.media.has(id);
	const answered = {
		account: keys,
		kind: kindOf(keys),
		mode,
		format,
		push: told,
		hasMedia,
	};

	const id = randomUUID();
	const { appId } = account.settings;
	settings.events.emit({ type: 'push', id, appId, sealedFor: keys.appId, message: told });
	const deliveries: Delivery[] = [];
	for (;;) {
		const built = buildPush(keys, complete, { mode, format, timestamp: timestamp() });
		const address = urls[deliveries.length] ?? url;
		const { query, body } = built;
		settings.events.emit({ type: 'delivery', id, url: address, query, body });
		const result = await exchange({
			url: address,
			method: 'POST',
			...built,
			timeoutMs,
			clock: settings,
		});
		const { reply, ...delivery } = judge(result, answered);
		deliveries.push(delivery);
		settings.events.emit({ type: 'answer', id, delivery });
		const isAnswered = isShop
			? delivery.outcome === 'success'
			: delivery.status !== undefined && delivery.outcome !== 'refused';
		if (isAnswered || deliveries.length >= most) {
			const { outcome } = delivery;
			if (reply?.MsgType === 'transfer_customer_service')
				transferSender(account, told, reply, settings);
			const end = { deliveries, outcome, reply, shown: shownFor(outcome, reply), raw: body };
			settings.events.emit({ type: 'end', id, result: end });
			return end;
		}
		const pause = isShop ? SHOP_PAUSES[deliveries.length - 1] : 0;
		if (pause) await new Promise<void>((done) => void settings.later(pause * 1000, done));
	}
}

/** Only messages are passed on to agents; events are not. */
function transferSender(
	account: Account,
	{ MsgType, FromUserName }: PushMessage,
	reply: Record<string, unknown>,
	{ now }: SimulatorOptions,
): void {
	if (MsgType === 'event') return;
	const { KfAccount = '' } = (reply.TransInfo ?? {}) as { KfAccount?: string };
	transferUser(account, String(FromUserName), KfAccount, now());
}

function judge({ ms, answer, timedOut, problem }: HttpResult, answered: Answered): Judged {
	if (!answer) return { ms, outcome: timedOut ? 'timeout' : 'error', problem };
	const delivery = { ...answer, ms };
	if (answer.status !== 200) {
		return { ...delivery, outcome: 'refused', problem: `HTTP ${answer.status}` };
	}
	try {
		const reply = openReply(answer.body, answered);
		return reply ? { ...delivery, outcome: 'reply', reply } : { ...delivery, outcome: 'success' };
	} catch (error) {
		return { ...delivery, outcome: 'error', problem: (error as Error).message };
	}
}

function shownFor(outcome: Delivery['outcome'], reply?: Record<string, unknown>): string {
	if (outcome === 'success') return '';
	if (outcome !== 'reply') return FAULT_NOTICE;
	return reply?.MsgType === 'text' ? String(reply.Content) : '';
}

/** The GET the console sends when 服务器配置 is saved: echostr must come back as the whole body. */
export async function verifyUrl(
	url: string,
	{ token }: Pick<SimAccount, 'token'>,
	options: SimulatorOptions,
): Promise<boolean> {
	const timestamp = String(Math.floor(options.now() / 1000));
	const nonce = String(randomInt(1e9));
	const echostr = Array.from({ length: 19 }, () => randomInt(1, 10)).join('');
	const signature = sign(token, timestamp, nonce);
	const { answer } = await exchange({
		url,
		method: 'GET',
		query: { signature, timestamp, nonce, echostr },
		timeoutMs: options.pushTimeoutMs,
		clock: options,
	});
	return answer?.status === 200 && answer.body === echostr;
}
