import type { IExecuteFunctions } from 'n8n-workflow';
import type { Services } from '../api/services';
import { openBotClient, type BotAccount } from '../bot/botAccount';
import type { BotClient } from '../bot/botClient';
import { openBotAccount } from '../n8n/bot';

/** What the operations of an item run with. */
export interface BotContext {
	account: BotAccount;
	/** @throws {UserError} when the bot is not logged in */
	openClient(): Promise<BotClient>;
}

/** The context for each item of a run, of the bot of the node's credential. */
export function createBotContexts(
	context: IExecuteFunctions,
	services: Services,
): () => Promise<BotContext> {
	const opened = openBotAccount(context, services);
	return async () => {
		const account = await opened;
		return { account, openClient: async () => await openBotClient(account) };
	};
}
