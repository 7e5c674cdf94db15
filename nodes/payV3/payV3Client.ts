import type { Call, Client } from '../api/apiClient';
import { toDownload } from '../api/download';
import { parseJsonBody, type Answer } from '../api/response';
import type { Services } from '../api/services';
import {
	ConnectionError,
	createStatusError,
	describeLostAnswer,
	HARMLESS,
	MAY_BE_DONE,
} from '../base/connectionError';
import type { HttpResponse } from '../base/http';
import { writeJson } from '../base/json';
import { encodeMultipart } from '../base/multipart';
import { retry } from '../base/retry';
import { UserError, type Hints } from '../base/userError';
import { decryptField, encryptFields } from './fieldCipher';
import { openMerchantKey } from './merchantKey';
import { createUnclearError, describeClock, PayV3Error, toPayV3Error } from './payV3Error';
import {
	checkPayV3Merchant,
	PUBLIC_KEY_ID,
	WECHAT_PAY_PEER,
	type PayV3Merchant,
} from './payV3Merchant';
import { sendSigned, type PayV3Request } from './payV3Request';
import {
	computeLag,
	isSignedWith,
	MAX_AGE_MS,
	readSignature,
	signLines,
	type Headers,
} from './payV3Signature';
import {
	describeUnknownSerial,
	findOwnPlatformKey,
	findPlatformKey,
	type PlatformKey,
} from './platformKeys';

export type { PayV3Merchant };

/** Calls WeChat Pay (API v3) for one merchant. */
export interface PayV3Client extends Pick<Client, 'services'> {
	mchId: string;
	/**
	 * Signs and sends a call, and returns the answer when it is a success, `{}` when it is empty. A call that may change
	 * something is sent once; one that does not, up to four times.
	 *
	 * With `files` it is a form: `body` is its part meta, and all that is signed.
	 *
	 * @throws {PayV3Error} when WeChat Pay refused it, or its answer cannot be believed. The outcome says whether the call
	 * may have been carried out.
	 * @throws {ConnectionError} when there is no answer.
	 * @throws {UserError} when the credential is wrong; then nothing was sent.
	 */
	send(call: Call): Promise<Answer>;
	/** Like send, for calls that answer with a file. Files carry no signature: check their digest. */
	download: Client['download'];
	/** Signs lines for a page or an app (paySign): RSA with SHA-256 in Base64, a line feed behind each. */
	signLines(lines: readonly string[]): Promise<string>;
	/** Decrypts a field of an answer with the merchant's key. */
	decryptField(encrypted: string): Promise<string>;
}

const TRIES = 4;
const FIRST_PAUSE_MS = 500;

/** Creates the client of a merchant. Its credential is checked when it is used first. */
export function createPayV3Client(merchant: PayV3Merchant, services: Services): PayV3Client {
	const { clock } = services;
	const openKey = async () => (await openMerchantKey(merchant.certificate, clock.now)).privateKey;

	async function perform<T>(
		call: Call,
		read: (response: HttpResponse) => T | Promise<T>,
		accept?: string,
	): Promise<T> {
		checkPayV3Merchant(merchant);
		const isSafe = call.safe ?? call.method === 'GET';
		const own = await findOwnPlatformKey(merchant, services);
		const work = async () => {
			const request = { ...toRequest(call, own, isSafe), accept };
			const response = await sendSigned(merchant, services, request);
			if (response.status >= 200 && response.status < 300 && response.status !== ACCEPTED)
				return await read(response);
			throw await readRefusal(response, call.path);
		};
		return await retry(
			work,
			(error, failed) =>
				isSafe && failed < TRIES && mayRepeat(error)
					? FIRST_PAUSE_MS * 2 ** (failed - 1) * (0.5 + services.random())
					: undefined,
			clock,
		).catch((error: unknown) => {
			throw isSafe && !call.ifLost ? error : describeUnclear(error, call.ifLost);
		});
	}

	/** Reads what WeChat said instead of yes. Refusals before WeChat knows the merchant have no signature. */
	async function readRefusal(response: HttpResponse, path: string): Promise<Error> {
		const { status, headers = {} } = response;
		const answer = parseJsonBody(response.body);
		if (!answer) return createStatusError(response, { peer: WECHAT_PAY_PEER, path });
		const isSigned = readSignature(headers) !== undefined;
		if (isSigned) await verifyAnswer(response);
		const requestId = headers['request-id'];
		const error = toPayV3Error({ status, requestId, isSigned, answer }, [merchant.apiV3Key]);
		const lag = computeLag({ timestamp: readTime(headers) }, clock.now());
		return status === 401 && Math.abs(lag) > MAX_AGE_MS ? error.with(describeClock(lag)) : error;
	}

	/** @throws {PayV3Error} when WeChat Pay has not signed these very bytes, or long ago. */
	async function verifyAnswer({ status, headers = {}, body }: HttpResponse): Promise<void> {
		const toError = (reason: string, hints: Hints, code = 'SIGNATURE') =>
			createUnclearError(code, reason, hints, { status, requestId: headers['request-id'] });
		const signature = readSignature(headers);
		if (!signature)
			throw toError('it is not signed', {
				hint: 'Check API Base URL in the credential: a relay must pass on all headers that begin with Wechatpay-.',
				chinese:
					'微信支付的应答没有签名：请检查凭据中的“接口地址”，中转服务器须原样转发所有以 Wechatpay- 开头的 HTTP 头。',
			});
		const lag = computeLag(signature, clock.now());
		if (!(Math.abs(lag) <= MAX_AGE_MS)) {
			const said = describeClock(lag);
			throw toError(`it was signed at another time. ${said.message}`, said, 'TIME');
		}
		const { serial } = signature;
		// Whatever went wrong with the key: the call itself was sent.
		const key = await findPlatformKey(merchant, services, serial).catch((error: unknown) => {
			const { message, hint = '', chinese = '' } = error as UserError;
			const hints = { hint, chinese };
			throw toError(`its key ${serial} is not known. ${message}`, hints, 'SERIAL');
		});
		if (!key)
			throw toError(`its key ${serial} is not known`, describeUnknownSerial(serial), 'SERIAL');
		if (!isSignedWith(key, signature, body))
			throw toError('its signature is wrong', {
				hint: 'WeChat sends some wrong signatures to see whether anybody looks. If it is always so, check WeChat Pay Public Key and API Base URL in the credential: a relay must pass on every byte.',
				chinese:
					'微信支付应答的签名不正确，微信会偶尔发送错误签名以作探测：若每次都如此，请检查凭据中的“微信支付公钥”和“接口地址”，中转服务器须逐字节转发。',
			});
	}

	return {
		mchId: merchant.mchId,
		services,
		send: async (call) =>
			await perform(call, async (response) => {
				await verifyAnswer(response);
				if (response.body.length === 0) return {};
				const answer = parseJsonBody(response.body);
				if (answer) return answer;
				throw createStatusError(response, { peer: WECHAT_PAY_PEER, path: call.path });
			}),
		download: async (call) => await perform(call, toDownload, '*/*'),
		signLines: async (lines) => signLines(await openKey(), lines),
		decryptField: async (encrypted) => decryptField(encrypted, await openKey()),
	};
}

/**
 * Says of a call that changes something, and of which nobody knows whether WeChat has done it, that it may be done. What
 * to do before it is sent again is said where `next` says it.
 */
function describeUnclear(error: unknown, next?: string): unknown {
	if (!(error instanceof PayV3Error) || error.outcome !== 'unclear')
		return describeLostAnswer(error, next);
	const { message, hint, chinese = '' } = error;
	const mayBeDone = next !== HARMLESS;
	const described = error.with({
		message: `${message}. ${MAY_BE_DONE}`,
		hint: [hint, next].filter(Boolean).join(' ') || undefined,
		chinese: `${chinese}此次调用可能已经生效，${mayBeDone ? '再次调用前请先查询结果' : '再次调用没有影响'}。`,
	});
	return Object.assign(described, { mayBeDone });
}

/** WeChat has begun, and wants the very same call again to say how it went. */
const ACCEPTED = 202;

/** When WeChat has answered, in seconds: also what it does not sign has a date. */
function readTime({ 'wechatpay-timestamp': timestamp, date }: Headers): string {
	if (typeof timestamp === 'string') return timestamp;
	return typeof date === 'string' ? String(Math.floor(Date.parse(date) / 1000)) : '';
}

/** Whether a call that changes nothing may succeed in a moment. */
function mayRepeat(error: unknown): boolean {
	if (error instanceof ConnectionError) return error.isInterrupted;
	if (!(error instanceof PayV3Error)) return false;
	const { outcome, code, status } = error;
	return outcome === 'busy' || code === 'SIGNATURE' || status === ACCEPTED || status >= 500;
}

/** A part of a path that leads up, also as some servers read it. */
const DOTS = /(^|\/)(\.|%2e){1,2}(\/|$)/i;

/** Completes a call: exactly what is sent is signed. */
function toRequest(call: Call, own: PlatformKey, isRepeatable: boolean): PayV3Request {
	const { method = 'POST', path, query = {}, body = {}, encrypted = [], files } = call;
	if (!path.startsWith('/') || DOTS.test(path.split('?')[0]))
		throw new UserError(
			`"${path}" is no path of WeChat Pay`,
			'It is like /v3/refund/domestic/refunds.',
			`“${path}”不是微信支付的接口路径：应形如 /v3/refund/domestic/refunds。`,
		);
	const url = new URL(path, 'https://localhost');
	for (const [name, value] of Object.entries(query))
		if (value !== undefined) url.searchParams.set(name, String(value));
	const request: PayV3Request = {
		method,
		target: url.pathname + url.search,
		isRepeatable,
		// Who has no public key says so by saying nothing: WeChat then signs with its certificate.
		platformSerial: encrypted.length > 0 || isPublicKey(own) ? own.serial : undefined,
	};
	if (method === 'GET') return request;
	const json = writeJson(encryptFields(body, encrypted, own.key));
	if (!files) return { ...request, content: { body: json, contentType: 'application/json' } };
	const meta = { bytes: Buffer.from(json), contentType: 'application/json' };
	return { ...request, content: encodeMultipart({}, { meta, ...files }), signedBody: json };
}

const isPublicKey = ({ serial }: PlatformKey) => serial.startsWith(PUBLIC_KEY_ID);
