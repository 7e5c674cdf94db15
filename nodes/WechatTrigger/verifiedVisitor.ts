import type { IWebhookFunctions } from 'n8n-workflow';
import { LINK_STATE, verifyLinkState } from '../api/authorizationLink';
import { createSessionSeal, type VerifiedState } from '../api/sessionSeal';
import type { Clock } from '../base/clock';
import { SIGNED_IN } from '../conversation/questionPage';
import { OPEN_PLATFORM, toCredentialType } from '../n8n/credentials';
import type { Page, PageOfText } from '../n8n/webhookPage';
import { readQueryText, type Query } from '../push/openPush';
import { PushRejected } from '../push/pushRejected';
import type { VerifyRequest } from './verifiedRequest';

/** The end of the address where owners of accounts come back. */
const AUTHORIZED = 'authorized';

/** Whether browsers come back to an address that ends in this name. */
export const isCallback = (name: string, isPlatform: boolean) =>
	name === SIGNED_IN || (isPlatform && name === AUTHORIZED);

/** A browser that WeChat sent back. */
interface Callback {
	/** The end of the address. */
	name: string;
	query: Query;
	isPlatform: boolean;
}

/** A browser whose link was made here. */
export interface Visitor {
	/** The owner of an account who has authorized the platform; otherwise a user who signs in. */
	isOwner: boolean;
	isPlatform: boolean;
	/** The account behind a platform that a user met. */
	account: string;
	code: string;
	/** The state as it came: it names the link. */
	link: string;
	state: VerifiedState;
}

/** What verifies a browser: secrets that are in memory already, so that strangers cost next to nothing. */
interface VisitServices {
	clock: Clock;
	verifyRequest: VerifyRequest;
}

/**
 * Finds out whether a browser used a link that was made here.
 *
 * @returns The page that it gets when it did not.
 * @throws {PushRejected} when the credential cannot be read.
 */
export const verifyVisitor = async (
	context: IWebhookFunctions,
	services: VisitServices,
	callback: Callback,
): Promise<Visitor | Page> =>
	await (callback.name === AUTHORIZED ? verifyOwner : verifyUser)(context, services, callback);

/**
 * An owner who comes back from an account's authorization. Cancelling brings nobody back here.
 * Source: "Authorization flow" (授权流程技术说明): `auth_code` and `expires_in` behind the address.
 */
async function verifyOwner(
	context: IWebhookFunctions,
	services: VisitServices,
	{ query, isPlatform }: Callback,
): Promise<Visitor | Page> {
	const code = readQueryText(query, 'auth_code');
	if (!code)
		return createRefusal(
			'授权未完成 Not authorized',
			'缺少授权码 The authorization code is missing.',
		);
	const link = readQueryText(query, LINK_STATE);
	const state = await verifyState(context, services, OPEN_PLATFORM, (appId, appSecret, now) =>
		verifyLinkState({ appId, appSecret }, link, now),
	);
	// WeChat tells the platform of each authorization by a push, too.
	if (state === 'forged')
		return createRefusal(
			'链接无效 Unknown link',
			'此页面只接受由本平台创建的授权链接。如果您刚刚完成授权，微信会直接通知平台。This page takes links of this platform only. If you have just authorized it, WeChat tells it so by itself.',
		);
	if (state === 'expired')
		return createRefusal(
			'链接已过期 Too late',
			'链接已过期。如果您刚刚完成授权，微信会直接通知平台。This link is too old. If you have just authorized the platform, WeChat tells it so by itself.',
		);
	return { isOwner: true, isPlatform, account: '', code, link, state };
}

/**
 * A user who comes back from web authorization (网页授权). WeChat adds `code` and `state`, and `appid` on behalf of
 * an account; a user who refuses comes back without `code`. The state proves that the link was
 * made here: without it anybody could sign somebody else in.
 */
async function verifyUser(
	context: IWebhookFunctions,
	services: VisitServices,
	{ query, isPlatform }: Callback,
): Promise<Visitor | Page> {
	const code = readQueryText(query, 'code');
	if (!code) return createRefusal('未登录 Not signed in', '您没有同意授权 You did not agree.');
	const account = isPlatform ? readQueryText(query, 'appid') : '';
	if (isPlatform && !/^wx\w+$/.test(account))
		return createRefusal('登录失败 Not signed in', '缺少公众号 The account is missing.');
	const link = readQueryText(query, 'state');
	const type = toCredentialType(isPlatform);
	const state = await verifyState(context, services, type, (appId, appSecret, now) =>
		createSessionSeal(appSecret, account || appId).verifyState(link, now),
	);
	if (state === 'forged')
		return createRefusal('登录失败 Not signed in', '链接无效 This link was not made here.');
	if (state === 'expired')
		return createRefusal(
			'登录失败 Not signed in',
			'链接已过期，请重新打开 This link is too old. Open it again.',
		);
	return { isOwner: false, isPlatform, account, code, link, state };
}

/** Verifies a state with the secrets in memory; one that is forged may be of a secret that was entered since. */
async function verifyState(
	context: IWebhookFunctions,
	{ clock, verifyRequest }: VisitServices,
	type: string,
	verify: (appId: string, appSecret: string, now: number) => ReturnType<typeof verifyLinkState>,
): Promise<ReturnType<typeof verifyLinkState>> {
	const forged = new PushRejected(403, 'The link was not made here.');
	const verified = verifyRequest(context, type, ({ appId }, appSecret) => {
		const state = verify(appId, appSecret, clock.now());
		if (state === 'forged') throw forged;
		return state;
	});
	return await verified.then(
		({ opened }) => opened,
		(error: unknown) => {
			if (error === forged) return 'forged';
			throw error;
		},
	);
}

export const createRefusal = (title: string, text: string, status = 400): PageOfText => ({
	status,
	title,
	text,
});

export const NOT_READY = createRefusal(
	'失败 Failed',
	'此服务尚未就绪 This service is not ready.',
	503,
);
