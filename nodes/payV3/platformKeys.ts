import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { PlatformCertificate, PlatformCertificates, Services } from '../api/services';
import { parseJsonBody, readList } from '../api/response';
import { createCache } from '../base/cache';
import { ConnectionError, createStatusError } from '../base/connectionError';
import { extractPem } from '../base/pem';
import { UserError, type Hints } from '../base/userError';
import { createUnclearError, PayV3Error, toPayV3Error } from './payV3Error';
import { PUBLIC_KEY_ID, WECHAT_PAY_PEER, type PayV3Merchant } from './payV3Merchant';
import { sendSigned } from './payV3Request';
import { isSignedWith, readSignature } from './payV3Signature';
import { decryptResource, type EncryptedResource } from './resourceCipher';

/** A key of WeChat Pay, and what it is called. */
export interface PlatformKey {
	serial: string;
	key: KeyObject;
}

/** WeChat asks for a look at its certificates at least every 12 hours. */
const RENEW_MS = 12 * 3_600_000;
/** Whoever names certificates that do not exist makes n8n ask for them once in this time. */
const REST_MS = 60_000;
const PATH = '/v3/certificates';
/** What a merchant is told who only has the public key, as all new ones since 2024. */
const NO_CERTIFICATES = 'RESOURCE_NOT_EXISTS';
const SERIAL = /^[0-9A-F]{2,64}$/;

const MAX_KEYS = 64;
/** By their PEM: to parse one takes half as long as to verify with it. */
const publicKeys = createCache<KeyObject>({ max: MAX_KEYS });

/**
 * Finds the key that WeChat Pay signs with under a serial: its public key in the credential, or a platform certificate,
 * which is fetched. During a change from one to the other (切换), both occur.
 *
 * @returns undefined when WeChat has no such key, as far as is known here.
 * @throws {UserError} when the certificates could not be fetched, or not opened.
 */
export async function findPlatformKey(
	merchant: PayV3Merchant,
	services: Services,
	serial: string,
): Promise<KeyObject | undefined> {
	const { publicKey } = merchant;
	if (publicKey?.id === serial) return readPublicKey(publicKey.pem);
	if (!SERIAL.test(serial)) return undefined;
	const certificates = openCertificates(merchant, services);
	const now = services.clock.now();
	const find = () => certificates.list.find((one) => one.serial === serial && now < one.validTo);
	const known = find();
	if (!known) {
		// Whoever comes while they are fetched waits for them, too.
		if (certificates.running || hasRested(certificates, now))
			await fetchOnce(certificates, merchant, services);
		// Nobody knows which keys there are.
		else if (certificates.failure) throw certificates.failure;
		return find()?.key;
	}
	renewLater(certificates, merchant, services);
	return known.key;
}

/**
 * Finds the key for what is encrypted for WeChat Pay, and whose serial is sent: the public key in the credential, else
 * the newest platform certificate.
 *
 * @throws {UserError} when there is none; then nothing was sent yet.
 */
export async function findOwnPlatformKey(
	merchant: PayV3Merchant,
	services: Services,
): Promise<PlatformKey> {
	const { publicKey } = merchant;
	if (publicKey) return { serial: publicKey.id, key: readPublicKey(publicKey.pem) };
	const certificates = openCertificates(merchant, services);
	const find = () => certificates.list.find((one) => isValid(one, services.clock.now()));
	if (find()) renewLater(certificates, merchant, services);
	else await fetchOnce(certificates, merchant, services);
	const found = find();
	if (found) return found;
	throw new UserError(
		'WeChat Pay named no platform certificate (微信支付平台证书) that is valid now',
		`Check the clock of the n8n server, or enter WeChat Pay Public Key and its ID in the credential. ${PUBLIC_KEY_PAGE}`,
		`微信支付没有返回当前有效的平台证书：请检查 n8n 服务器的时钟，或在凭据中填写微信支付公钥及其ID，${PUBLIC_KEY_PLACE}。`,
	);
}

/**
 * Whether the API v3 key has opened certificates, all that WeChat encrypts with it beside notifications. False when
 * WeChat names none.
 *
 * @throws {UserError} when the key is another one, or WeChat refuses to name certificates.
 */
export async function isApiV3KeyProven(
	merchant: PayV3Merchant,
	services: Services,
): Promise<boolean> {
	const certificates = openCertificates(merchant, services);
	if (certificates.list.length === 0) await fetchOnce(certificates, merchant, services);
	return certificates.list.length > 0;
}

const PUBLIC_KEY_PAGE =
	'They are at pay.weixin.qq.com > Account Center (账户中心) > API Security (API安全) > WeChat Pay Public Key (微信支付公钥).';
const PUBLIC_KEY_PLACE = '位置为 pay.weixin.qq.com > 账户中心 > API安全 > 微信支付公钥';

/** What to do about an answer or notification whose key is not known here. */
export const describeUnknownSerial = (serial: string): Hints =>
	serial.startsWith(PUBLIC_KEY_ID)
		? {
				hint: `WeChat signs with its public key ${serial}: enter that ID and the key in the credential. ${PUBLIC_KEY_PAGE}`,
				chinese: `微信支付使用公钥 ${serial} 签名：请在凭据中填写此公钥ID和公钥，${PUBLIC_KEY_PLACE}。`,
			}
		: {
				hint: `Check API Base URL in the credential: only WeChat itself knows this key. A merchant with a public key has its ID in the credential. ${PUBLIC_KEY_PAGE}`,
				chinese: `未知的微信支付证书序列号 ${serial}：请检查凭据中的“接口地址”；使用微信支付公钥的商户须在凭据中填写公钥ID，${PUBLIC_KEY_PLACE}。`,
			};

function readPublicKey(pem: string): KeyObject {
	const known = publicKeys.get(pem);
	if (known) return known;
	try {
		return publicKeys.set(pem, createPublicKey(extractPem(pem, 'PUBLIC KEY')));
	} catch {
		throw createDamagedError();
	}
}

const createDamagedError = () =>
	new UserError(
		'"WeChat Pay Public Key" in the credential is damaged',
		`Paste the text of pub_key.pem once more, all of it. ${PUBLIC_KEY_PAGE}`,
		`凭据中的“微信支付公钥”已损坏：请重新粘贴 pub_key.pem 的全部内容，${PUBLIC_KEY_PLACE}。`,
	);

/** What is known for a merchant; another key or address may be another one's. */
function openCertificates(
	{ mchId, apiV3Key, baseUrl, certificate }: PayV3Merchant,
	{ platformCertificates: all }: Services,
): PlatformCertificates {
	const own = certificate.kind === 'pem' ? certificate.certificate : certificate.pkcs12;
	const name = [mchId, baseUrl, apiV3Key, own].join('\n');
	return all.get(name) ?? all.set(name, { list: [], fetchedAt: -Infinity, askedAt: -Infinity });
}

const isValid = ({ validFrom, validTo }: PlatformCertificate, now: number) =>
	validFrom <= now && now < validTo;

/** When the clock was set back, nobody waits until it has caught up. */
const hasRested = ({ askedAt }: PlatformCertificates, now: number) =>
	Math.abs(now - askedAt) >= REST_MS;

/** Those that are known count meanwhile, and when it fails. */
function renewLater(
	certificates: PlatformCertificates,
	merchant: PayV3Merchant,
	services: Services,
): void {
	const now = services.clock.now();
	if (Math.abs(now - certificates.fetchedAt) < RENEW_MS || !hasRested(certificates, now)) return;
	fetchOnce(certificates, merchant, services).catch(() => {});
}

/** Fetches the list, once for all who ask meanwhile. */
async function fetchOnce(
	certificates: PlatformCertificates,
	merchant: PayV3Merchant,
	services: Services,
): Promise<void> {
	certificates.askedAt = services.clock.now();
	certificates.running ??= fetchCertificates(merchant, services)
		.then((list) => {
			Object.assign(certificates, {
				list,
				fetchedAt: services.clock.now(),
				failure: undefined,
			});
		})
		.catch((failure: Error) => {
			// That there are none is an answer.
			const isWithout = failure instanceof PayV3Error && failure.code === NO_CERTIFICATES;
			if (!isWithout) certificates.failure = failure;
			throw failure;
		})
		.finally(() => {
			certificates.running = undefined;
		});
	await certificates.running;
}

interface Entry {
	serial_no: string;
	effective_time: string;
	expire_time: string;
	encrypt_certificate?: EncryptedResource;
}

/**
 * Asks WeChat Pay for its certificates, the newest one first. They vouch for themselves: whoever knows the API v3 key
 * has encrypted them, and one of them has signed the answer.
 *
 * @throws {UserError} when there is no answer, or one that cannot be opened or believed.
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012551764
 */
async function fetchCertificates(
	merchant: PayV3Merchant,
	services: Services,
): Promise<PlatformCertificate[]> {
	const response = await sendSigned(merchant, services, {
		method: 'GET',
		target: PATH,
		isRepeatable: true,
	}).catch((error: unknown) => {
		throw error instanceof ConnectionError ? toUnsent(error) : error;
	});
	const { status, headers = {}, body } = response;
	const requestId = headers['request-id'];
	const answer = parseJsonBody(body);
	if (!answer) throw toUnsent(createStatusError(response, { peer: WECHAT_PAY_PEER, path: PATH }));
	if (merchant.publicKey && answer.code === NO_CERTIFICATES) return [];
	if (status !== 200) throw toUnreached(toPayV3Error({ status, requestId, answer }));
	const list = readList<Entry>(answer.data).map((entry) => openEntry(entry, merchant.apiV3Key));
	const signature = readSignature(headers);
	const signer = list.find(({ serial }) => serial === signature?.serial);
	// In a change to the public key, WeChat may sign with that.
	const { publicKey } = merchant;
	const own = publicKey?.id === signature?.serial && publicKey && readPublicKey(publicKey.pem);
	const key = signer?.key ?? own;
	if (!signature || !key || !isSignedWith(key, signature, body))
		throw toUnreached(
			createUnclearError(
				'SIGNATURE',
				'the list of its certificates is not signed by one of them',
				{
					hint: 'Check API Base URL in the credential: a relay must pass on all headers and every byte.',
					chinese:
						'微信支付平台证书列表的签名无法验证：请检查凭据中的“接口地址”，中转服务器须原样转发所有 HTTP 头和每个字节。',
				},
				{ status, requestId },
			),
		);
	return list.sort((one, other) => other.validFrom - one.validFrom);
}

function openEntry(entry: Entry, apiV3Key: string): PlatformCertificate {
	const pem = decryptResource(entry.encrypt_certificate, apiV3Key);
	return {
		serial: entry.serial_no,
		key: new X509Certificate(pem).publicKey,
		validFrom: Date.parse(entry.effective_time),
		validTo: Date.parse(entry.expire_time),
	};
}

/** Says of a failure before the call itself that the call never left. */
const toUnsent = (error: ConnectionError) =>
	Object.assign(error.with({}), { isUnsent: true, mayHaveArrived: false });

function toUnreached(error: PayV3Error): PayV3Error {
	const { message, code, hint, chinese, status, requestId } = error;
	const isWithout = code === NO_CERTIFICATES;
	return new PayV3Error({
		message,
		code,
		outcome: 'unreached',
		hint: isWithout
			? `The merchant has no platform certificates (微信支付平台证书), as all new ones: enter WeChat Pay Public Key and its ID in the credential. ${PUBLIC_KEY_PAGE}`
			: hint,
		chinese: isWithout
			? `此商户没有微信支付平台证书，新商户均如此：请在凭据中填写微信支付公钥及其ID，${PUBLIC_KEY_PLACE}。`
			: chinese,
		status,
		requestId,
	});
}
