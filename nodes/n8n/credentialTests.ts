import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { requestAccountToken } from '../api/accountClient';
import { createNoTicketError, startTicketPush } from '../api/componentToken';
import { ApiError } from '../api/apiError';
import type { App } from '../api/app';
import type { Services } from '../api/services';
import { createPlatformClient } from '../api/platformClient';
import { logIn } from '../socialinzenApi/socialinzenClient';
import { createBotAccount } from '../bot/botAccount';
import { startLogin } from '../bot/login';
import { createPayClient } from '../pay/payClient';
import { createPayV3Client } from '../payV3/payV3Client';
import { PayV3Error } from '../payV3/payV3Error';
import { isApiV3KeyProven } from '../payV3/platformKeys';
import { PayError } from '../pay/payError';
import { createOrderNumber } from '../pay/packet';
import { GET_PATH } from '../pay/redPacket';
import type { UserError } from '../base/userError';
import { toAesKey } from '../push/cipher';
import { testRedis } from '../redis/testRedis';

import { describeLastRefusal } from './connectionStatus';
import { OPEN_PLATFORM, readApp, readRedisPlace } from './credentials';
import { readBotServer, WECHAT_BOT } from './bot';
import { readMerchant, readPayV3Merchant } from './merchant';
import { readServer } from './clients';
import { systemShared, type SharedServices } from './sharedState';
import { openTestedState } from './testedState';

type CredentialTest = (
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
) => Promise<INodeCredentialTestResult>;

type Test = (
	services: Services,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
	shared: SharedServices,
) => Promise<INodeCredentialTestResult>;

/** Creates n8n's tests of our credentials, to be methods of a node. */
export function createCredentialTests(services: Services, shared: SharedServices = systemShared) {
	const bind =
		(test: Test): CredentialTest =>
		async (credential) =>
			await addRedisVerdict(await test(services, credential, shared), credential.data);
	return {
		testOfficialAccount: bind(testOfficialAccount),
		testOpenPlatform: bind(testOpenPlatform),
		testSocialinzen: bind(testSocialinzen),
		testWechatBot: bind(testWechatBot),
		testWechatPay: bind(testWechatPay),
	};
}

/** Tries the Redis that a credential chooses, whatever the other server said. */
async function addRedisVerdict(
	result: INodeCredentialTestResult,
	data: ICredentialDataDecryptedObject = {},
): Promise<INodeCredentialTestResult> {
	const place = readRedisPlace(data);
	if (!place) return result;
	if (!place.url) return { status: 'Error', message: describeMissing('Redis URL') };
	const { status, message } = result;
	try {
		const server = await testRedis(place);
		return status === 'OK' ? { status, message: `${message} ${server} keeps the state.` } : result;
	} catch (error) {
		const problem = describeError(error);
		return { status: 'Error', message: status === 'OK' ? problem : `${message} ${problem}` };
	}
}

/**
 * Tests the credential of an official account, mini program, shop or mobile app by asking for a token, and checks the keys for pushes by their
 * shape. n8n's own tests take WeChat's HTTP 200 for success, whatever errcode says.
 */
async function testOfficialAccount(
	services: Services,
	{ id, data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const problem = findShapeProblem(data, NEEDED);
	if (problem) return { status: 'Error', message: problem };
	const app = readApp(data);
	const page = findPage(app);
	try {
		// Of a mobile app this ends the stored token; the next call sees that and asks for another one.
		await requestAccountToken(app, services, false);
		return {
			status: 'OK',
			message: [
				'WeChat accepts AppID, AppSecret and the address of this n8n.',
				describeLastRefusal(services, id),
			]
				.filter(Boolean)
				.join(' '),
		};
	} catch (error) {
		return { status: 'Error', message: describeRefusal(error, data, page) };
	}
}

/**
 * Tests a third-party platform: AppID and secret by the call that starts the ticket push, which is
 * harmless when it runs, then the ticket, then a token. The token that is stored is tried rather than a new one
 * asked for, because a new one would end it.
 */
async function testOpenPlatform(
	services: Services,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
	shared: SharedServices,
): Promise<INodeCredentialTestResult> {
	const { data = {} } = credential;
	// Without the last two no ticket can be opened.
	const problem = findShapeProblem(data, {
		...NEEDED,
		token: 'Token',
		encodingAesKey: 'EncodingAESKey',
	});
	if (problem) return { status: 'Error', message: problem };
	const app = readApp(data);
	const store = openTestedState(OPEN_PLATFORM, credential, shared);
	try {
		await startTicketPush(app, services);
		const ticket = await store.readTicket();
		if (!ticket)
			return {
				status: 'Error',
				message: `AppID and AppSecret are right. ${describeError(createNoTicketError())}`,
			};
		await createPlatformClient(app, store, undefined, services).send({
			path: '/cgi-bin/component/api_get_authorizer_list',
			bearer: 'component',
			body: { offset: 0, count: 1 },
		});
		const age = Math.round((services.clock.now() - ticket.at) / 60_000);
		const told = `The last ticket came ${age} min ago, and WeChat gives the platform a token for it`;
		if (age <= TICKETS_STOPPED_MIN) return { status: 'OK', message: `${told}.` };
		return {
			status: 'Error',
			message: `${told}, but one should come every ten minutes. Check that the workflow with the WeChat Trigger is active, and Authorization Event URL (授权事件接收URL) at open.weixin.qq.com. A ticket lives 12 hours. 票据应每十分钟推送一次，现已中断：请检查使用此凭据的 WeChat Trigger 工作流是否已激活，以及 open.weixin.qq.com 上的授权事件接收URL。`,
		};
	} catch (error) {
		return { status: 'Error', message: describeRefusal(error, data, PAGES.platform) };
	}
}

/** Tests the credential of a Socialinzen server by logging in, whatever token is stored. */
async function testSocialinzen(
	services: Services,
	{ data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const problem = findShapeProblem(data, {
		baseUrl: 'Base URL',
		username: 'User Name',
		password: 'Password',
	});
	if (problem) return { status: 'Error', message: problem };
	try {
		await logIn(readServer(data), services);
		return { status: 'OK', message: 'The Socialinzen server accepts user name and password.' };
	} catch (error) {
		return { status: 'Error', message: describeError(error) };
	}
}

/** Tests whether this n8n reaches the server of bots, which draws a code that nobody scans, and tells of the login. */
async function testWechatBot(
	services: Services,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
	shared: SharedServices,
): Promise<INodeCredentialTestResult> {
	const server = readBotServer(credential.data ?? {});
	try {
		await startLogin(server, services);
		const store = openTestedState(WECHAT_BOT, credential, shared);
		const login = await createBotAccount(server, store, services).readLogin();
		const told = login
			? `The bot is logged in since ${new Date(login.at).toISOString().slice(0, 10)}.`
			: 'Publish a workflow with WeChat Bot Trigger, and log in by a link of WeChat Bot (Login: Get Link).';
		return { status: 'OK', message: `WeChat answers this n8n. ${told}` };
	} catch (error) {
		return { status: 'Error', message: describeError(error) };
	}
}

/** Tests the credential of a merchant with each API that it has a key of. */
async function testWechatPay(
	services: Services,
	{ data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const files: Record<string, string> =
		data.files === 'pkcs12'
			? { pkcs12: 'PKCS#12 File' }
			: { certificate: 'Certificate', privateKey: 'Private Key' };
	const problem = findShapeProblem(data, {
		mchId: 'Merchant Number',
		...files,
	});
	if (problem) return { status: 'Error', message: problem };
	const hasV2 = Boolean(data.apiKey);
	const hasV3 = Boolean(data.apiV3Key || data.publicKey || data.publicKeyId);
	if (!hasV2 && !hasV3)
		return {
			status: 'Error',
			message:
				'API v3 Key is missing; for red packets alone, API v2 Key. 缺少 API v3 Key；仅发红包时填写 API v2 Key。',
		};
	try {
		const told = [
			...(hasV3 ? [await testApiV3(services, data)] : []),
			...(hasV2 ? [await testApiV2(services, data)] : []),
		];
		return { status: 'OK', message: told.join(' ') };
	} catch (error) {
		return { status: 'Error', message: describeError(error) };
	}
}

/** Whether a call was refused with a code that only the merchant gets to see. */
const isExpected = (error: unknown, codes: ReadonlySet<string>) =>
	error instanceof PayError && codes.has(error.code);

/** Asks for a red packet that does not exist. */
async function testApiV2(
	services: Services,
	data: ICredentialDataDecryptedObject,
): Promise<string> {
	const merchant = readMerchant(data);
	const order = {
		mch_billno: createOrderNumber([merchant.mchId, services.clock.now()]),
		bill_type: 'MCHT',
		appid: NO_APP,
	};
	const client = createPayClient(merchant, services.http, services.clock.now);
	await client.call(GET_PATH, order).catch((error: unknown) => {
		if (!isExpected(error, BEHIND_THE_DOOR)) throw error;
	});
	return 'WeChat Pay accepts merchant number, key and certificate for red packets (API v2).';
}

/**
 * Asks for a payment that does not exist: WeChat checks number, certificate and signature of the request, and the keys
 * of the credential open and verify what it answers.
 */
async function testApiV3(
	services: Services,
	data: ICredentialDataDecryptedObject,
): Promise<string> {
	const merchant = readPayV3Merchant(data);
	const number = createOrderNumber([merchant.mchId, services.clock.now()]);
	const path = `/v3/pay/transactions/out-trade-no/${number}`;
	const query = { mchid: merchant.mchId };
	const refusal = await createPayV3Client(merchant, services)
		.send({ method: 'GET', path, query })
		.then(
			() => undefined,
			(error: unknown) => error,
		);
	if (!(refusal instanceof PayV3Error) || !isOfKnownMerchant(refusal)) throw refusal;
	const told = ['WeChat Pay accepts merchant number and certificate (API v3).'];
	if (merchant.publicKey && refusal.isSigned)
		told.push('Its answer is signed with the public key.');
	told.push(
		(await isApiV3KeyProven(merchant, services).catch(passOverRefusal))
			? 'API v3 Key opens its platform certificates.'
			: 'API v3 Key could not be tried and shows itself with the first notification: WeChat named no platform certificates (微信支付平台证书), as to most merchants with a public key.',
	);
	if (refusal.code === NO_AUTH)
		told.push(
			'The merchant may not use payments (支付): activate them at pay.weixin.qq.com > Product Center (产品中心) if you need them.',
		);
	return told.join(' ');
}

/** That WeChat names no certificates says nothing about the key. */
function passOverRefusal(error: unknown): false {
	if (error instanceof PayV3Error && error.status >= 400) return false;
	throw error;
}

/** Whether WeChat has checked number, certificate and signature before it refused a query. */
function isOfKnownMerchant({ code, message }: PayV3Error): boolean {
	return NO_PAYMENT.has(code) || (code === NO_AUTH && !message.includes(NO_ADDRESS));
}

/** The product is not active; its words are of an IP where the address of this n8n is not allowed. */
const NO_AUTH = 'NO_AUTH';
const NO_ADDRESS = 'IP';

/** What is only answered to a merchant whose signature is right. */
const NO_PAYMENT: ReadonlySet<string> = new Set(['ORDER_NOT_EXIST', 'ORDERNOTEXIST']);
/** The credential has no AppID. */
const NO_APP = 'wx0000000000000000';
/** What is only answered to a merchant whose signature and certificate are right. */
const BEHIND_THE_DOOR: ReadonlySet<string> = new Set(['NOT_FOUND', 'ILLEGAL_APPID']);

const NEEDED = { appId: 'AppID', appSecret: 'AppSecret' };
/** Six tickets did not come. */
const TICKETS_STOPPED_MIN = 60;

const describeMissing = (label: string) => `${label} is missing. 缺少 ${label}。`;

function findShapeProblem(
	data: ICredentialDataDecryptedObject,
	needed: Record<string, string>,
): string | undefined {
	for (const [field, label] of Object.entries(needed))
		if (!data[field]) return describeMissing(label);
	for (const [field, label] of [
		['encodingAesKey', 'EncodingAESKey'],
		['previousEncodingAesKey', 'Previous EncodingAESKey'],
	])
		if (data[field] && !toAesKey(String(data[field]).trim()))
			return `${label} must have 43 letters and digits. Copy it from the WeChat console. ${label} 应为 43 位字母和数字：请从微信后台复制。`;
	return undefined;
}

interface Page {
	english: string;
	chinese: string;
}

/** Where the values of a credential are found in WeChat's pages. */
const PAGES = {
	account: {
		english: 'Basic Configuration (基本配置) at mp.weixin.qq.com',
		chinese: 'mp.weixin.qq.com > 基本配置',
	},
	mobileApp: {
		english: 'Mobile App (移动应用) of the Management Center (管理中心) at open.weixin.qq.com',
		chinese: 'open.weixin.qq.com > 管理中心 > 移动应用',
	},
	platform: {
		english: 'Development Settings (开发配置) of the platform at open.weixin.qq.com',
		chinese: 'open.weixin.qq.com > 开发配置',
	},
	shop: {
		english:
			'In-House Development (自研) in the Service Market (服务市场 > 经营工具) at store.weixin.qq.com',
		chinese: 'store.weixin.qq.com > 服务市场 > 经营工具 > 自研',
	},
} satisfies Record<string, Page>;

function findPage({ kind }: App): Page {
	if (kind === 'mobileApp' || kind === 'shop') return PAGES[kind];
	return PAGES.account;
}

function describeRefusal(
	error: unknown,
	{ appId }: ICredentialDataDecryptedObject,
	page: Page,
): string {
	const known =
		error instanceof ApiError ? describeWrongApp(error, String(appId), page) : undefined;
	return known ?? describeError(error);
}

/** The cures at the credential for what WeChat says of an app; undefined of all else. */
function describeWrongApp(
	{ errcode: code, errmsg }: ApiError,
	appId: string,
	{ english, chinese }: Page,
): string | undefined {
	if (code === 40013)
		return `WeChat does not know the AppID ${appId}. Copy it from ${english}. 微信不认识此 AppID：请从 ${chinese} 复制。`;
	if (code === 40125 || code === 40001)
		return `The AppSecret is wrong, or it was reset since. Reset it in ${english} and enter the new one here. AppSecret 不正确或已被重置：请在 ${chinese} 重置，并在此填写新的。`;
	if (code === 40164 || code === 61004) {
		const address = /(?:invalid ip|requestIP:) ([\d.a-f:]+)/i.exec(errmsg)?.[1];
		return `The address ${address ?? 'of this n8n'} is not allowed to ask for tokens. Add it to the IP allow list (IP白名单) in ${english}, or enter a relay with a fixed address as API Base URL. ${address ? `${address} ` : '此 n8n 的地址'}不在 IP 白名单中：请在 ${chinese} 添加，或在“接口地址”中填写 IP 固定的中转服务器。`;
	}
	return undefined;
}

/** What happened, and what to do about it, in English and Chinese. */
function describeError(error: unknown): string {
	const { message, hint, chinese } = error as UserError;
	const told = [message, hint].filter(Boolean).join('. ');
	return [told, chinese].filter(Boolean).join(' ');
}
