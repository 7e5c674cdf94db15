import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { requestToken } from '../api/account';
import { WechatError } from '../api/errors';
import { http } from '../api/http';
import { keyOf } from '../push/cipher';
import { accountIn } from './account';

/**
 * Tests an official account's credential by asking for a token, and checks the keys for pushes by their
 * shape. n8n's own tests take WeChat's HTTP 200 for success, whatever errcode says.
 */
export async function testOfficialAccount(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const problem = shapeProblem(data);
	if (problem) return { status: 'Error', message: problem };
	try {
		await requestToken(accountIn(data), http, false, Date.now);
		return {
			status: 'OK',
			message: 'WeChat accepts AppID, AppSecret and the address of this n8n.',
		};
	} catch (error) {
		return { status: 'Error', message: sentence(error, data) };
	}
}

function shapeProblem(data: ICredentialDataDecryptedObject): string | undefined {
	if (!data.appId) return 'AppID is missing.';
	if (!data.appSecret) return 'AppSecret is missing.';
	for (const [field, label] of [
		['encodingAesKey', 'EncodingAESKey'],
		['previousEncodingAesKey', 'Previous EncodingAESKey'],
	])
		if (data[field] && !keyOf(String(data[field]).trim()))
			return `${label} must have 43 letters and digits. Copy it from Server Configuration (服务器配置) of the WeChat console.`;
	return undefined;
}

function sentence(error: unknown, { appId }: ICredentialDataDecryptedObject): string {
	if (!(error instanceof WechatError)) return (error as Error).message;
	const { code, reply, message, advice } = error;
	if (code === 40013)
		return `WeChat does not know the AppID ${String(appId)}. Copy it from Basic Configuration (基本配置) at mp.weixin.qq.com.`;
	if (code === 40125 || code === 40001)
		return 'The AppSecret is wrong, or it was reset since. Reset it in Basic Configuration (基本配置) at mp.weixin.qq.com and enter the new one here.';
	if (code === 40164) {
		const address = /invalid ip ([\d.a-f:]+)/i.exec(reply)?.[1] ?? 'of this n8n';
		return `The address ${address} is not allowed to ask for tokens. Add it to the IP allow list (IP白名单) in Basic Configuration (基本配置) at mp.weixin.qq.com, or enter a relay with a fixed address as API Base URL.`;
	}
	return [message, advice].filter(Boolean).join('. ');
}
