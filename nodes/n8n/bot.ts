import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	INodeCredentialDescription,
	INodePropertyOptions,
} from 'n8n-workflow';
import type { Services } from '../api/services';
import { createBotAccount, openBotClient, type BotAccount } from '../bot/botAccount';
import type { BotClient } from '../bot/botClient';
import type { BotServer } from '../bot/botHost';
import { openState } from './sharedState';
import type { StateContext } from './stateStore';

export const WECHAT_BOT = 'wechatBotApi';

const BOT = 'bot';

export const isBot = (authentication: unknown) => authentication === BOT;

/** For fields that make no sense for a bot. */
export const notForBot = { hide: { authentication: [BOT] } };

/** A third way to act, beside those of `authentication`: in the chats of a bot. */
export const botAuthentication: INodePropertyOptions = {
	name: 'Bot of a Personal Account (个人微信机器人)',
	value: BOT,
	description: 'A bot that WeChat Bot Trigger listens to',
};

export const botCredential: INodeCredentialDescription = {
	name: WECHAT_BOT,
	required: true,
	displayOptions: { show: { authentication: [BOT] } },
	testedBy: 'testWechatBot',
};

/** Opens the bot that the node's credential names, with what is saved of it. */
export async function openBotAccount(
	context: StateContext,
	services: Services,
): Promise<BotAccount> {
	const credential = await context.getCredentials<ICredentialDataDecryptedObject>(WECHAT_BOT);
	const { store } = openState(context, WECHAT_BOT, credential);
	return createBotAccount(readBotServer(credential), store, services);
}

/** Where the bot of a credential is logged in. */
export function readBotServer(credential: ICredentialDataDecryptedObject): BotServer {
	const text = (name: string) => String(credential[name] ?? '').trim();
	return { apiBaseUrl: text('baseUrl'), proxyUrl: text('proxyUrl') };
}

/** What the operations of an item run with. */
export interface BotContext {
	account: BotAccount;
	/** @throws {UserError} when the bot is not logged in */
	openClient(): Promise<BotClient>;
}

/** The context for each item of a run, of the bot of the node's credential. */
export function openBotContexts(
	context: IExecuteFunctions,
	services: Services,
): () => Promise<BotContext> {
	const opened = openBotAccount(context, services);
	return async () => {
		const account = await opened;
		return { account, openClient: async () => await openBotClient(account) };
	};
}
