import { randomInt, randomUUID } from 'node:crypto';
import { seal, sign } from '../push/crypto';
import { exchange, type HttpResult } from '../http/deliver';
import type { BuildOptions, BuiltPush } from '../push/buildPush';
import type { Delivery, PushMessage, PushResult, SimulatorOptions } from '../types';
import { printXml } from '../http/xml';
import type { ComponentSettings } from './types';

/** One push to 授权事件接收URL: always sealed, and its envelope names the platform. */
export function buildEvent(
	{ appId, token, encodingAESKey }: ComponentSettings,
	fields: PushMessage,
	options: Pick<BuildOptions, 'timestamp' | 'nonce' | 'random16'> = {},
): BuiltPush {
	const timestamp = options.timestamp ?? String(Math.floor(Date.now() / 1000));
	const nonce = options.nonce ?? String(randomInt(1e9));
	const plain = printXml('xml', { AppId: appId, CreateTime: Number(timestamp), ...fields });
	const Encrypt = seal(encodingAESKey, appId, plain, options.random16);
	return {
		query: {
			signature: sign(token, timestamp, nonce),
			timestamp,
			nonce,
			encrypt_type: 'aes',
			msg_signature: sign(token, timestamp, nonce, Encrypt),
		},
		body: printXml('xml', { AppId: appId, Encrypt }),
		contentType: 'text/xml',
	};
}

/** Delivers an event once, as nothing is published about repeating it. */
export async function pushEvent(
	url: string,
	fields: PushMessage,
	options: SimulatorOptions,
): Promise<PushResult> {
	const { component, pushTimeoutMs: timeoutMs } = options;
	const { emit } = options.events;
	const timestamp = String(Math.floor(options.now() / 1000));
	const built = buildEvent(component, fields, { timestamp });
	const { query, body } = built;
	const id = randomUUID();
	const appId = String(fields.AuthorizerAppid ?? '');
	emit({ type: 'push', id, appId, sealedFor: component.appId, message: fields });
	emit({ type: 'delivery', id, url, query, body });
	const delivery = judge(
		await exchange({ url, method: 'POST', ...built, timeoutMs, clock: options }),
	);
	emit({ type: 'answer', id, delivery });
	const result = { deliveries: [delivery], outcome: delivery.outcome, shown: '', raw: body };
	emit({ type: 'end', id, result });
	return result;
}

/** Nothing but the seven bytes of `success` will do. */
function judge({ ms, answer, timedOut, problem }: HttpResult): Delivery {
	if (!answer) return { ms, outcome: timedOut ? 'timeout' : 'error', problem };
	const delivery = { ...answer, ms };
	if (answer.status !== 200) {
		return { ...delivery, outcome: 'refused', problem: `HTTP ${answer.status}` };
	}
	return answer.body === 'success'
		? { ...delivery, outcome: 'success' }
		: { ...delivery, outcome: 'error', problem: 'the answer is not success' };
}
