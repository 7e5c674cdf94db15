import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Services } from '../api/services';
import { createBotAccount, type BotAccount } from '../bot/botAccount';
import type { BotServer } from '../bot/botHost';
import { openState } from './sharedState';
import type { StateContext } from './stateStore';

export const WECHAT_BOT = 'wechatBotApi';

/** Reads where the bot of a credential is. */
export function readBotServer(credential: ICredentialDataDecryptedObject): BotServer {
	const text = (name: string) => String(credential[name] ?? '').trim();
	return { apiBaseUrl: text('baseUrl'), proxyUrl: text('proxyUrl') };
}

/** Opens the bot that the node's credential names, with what is saved of it. */
export async function openBotAccount(
	context: StateContext,
	services: Services,
): Promise<BotAccount> {
	const credential = await context.getCredentials<ICredentialDataDecryptedObject>(WECHAT_BOT);
	const { store } = openState(context, WECHAT_BOT, credential);
	return createBotAccount(readBotServer(credential), store, services);
}
