import type { IBinaryKeyData, IDataObject, ITriggerFunctions } from 'n8n-workflow';
import type { Services } from '../api/services';
import { toLogLine } from '../base/logLine';
import type { BotAccount, LoggedIn } from '../bot/botAccount';
import { createLoginLink } from '../bot/loginLink';
import { downloadBotMedia } from '../bot/botMedia';
import { toBotItem } from '../bot/messages';
import { toBinaryData } from '../n8n/binaryFile';
import { openBotAccount } from '../n8n/bot';
import type { BotListener, ReceivedMessage } from './botPollers';
import { SESSION_ENDED } from './botTriggerProperties';

interface ListenerOptions {
	downloadMedia?: boolean;
	typing?: boolean;
	userIds?: string;
}

/** Creates what starts the workflow of a trigger. */
export function createBotListener(context: ITriggerFunctions, services: Services): BotListener {
	const kinds = context.getNodeParameter('kinds', []) as string[];
	const options = context.getNodeParameter('options', {}) as ListenerOptions;
	const users = readList(options.userIds);
	const log = (line: string) =>
		context.logger.warn(toLogLine(`"${context.getNode().name}" ${line}`));

	function emit(json: IDataObject, binary?: IBinaryKeyData): void {
		context.emit([[{ json, ...(binary && { binary }) }]]);
	}

	/** `userIds` that was added and comes out empty lets nobody pass. */
	const isWanted = ({ message }: ReceivedMessage, kind: string) =>
		(kinds.length === 0 || kinds.includes(kind)) &&
		(options.userIds === undefined || users.includes(message.from));

	return {
		open: async () => await openBotAccount(context, services),
		log,
		async receive(received) {
			const { message, login, client, quotedText } = received;
			const item = toBotItem(message, login.botId, quotedText);
			if (!isWanted(received, item.kind)) return;
			if (options.typing === true)
				void showTyping(received).catch((error: Error) =>
					log(`showed no typing: ${error.message}`),
				);
			const binary: IBinaryKeyData = {};
			const problems: string[] = [];
			if (options.downloadMedia !== false)
				for (const [index, media] of message.media.entries())
					try {
						const file = await downloadBotMedia(client, media);
						binary[`data${index || ''}`] = await toBinaryData(context.helpers, file);
					} catch (error) {
						problems.push((error as Error).message);
					}
			emit({ ...item, ...(problems.length > 0 && { mediaError: problems.join('; ') }) }, binary);
		},
		async endSession(account: BotAccount, login: LoggedIn) {
			if (!kinds.includes(SESSION_ENDED)) return;
			const link = await createLoginLink(account).catch(() => undefined);
			emit({
				kind: SESSION_ENDED,
				botId: login.botId,
				userId: login.userId,
				loggedInAt: new Date(login.at).toISOString(),
				...(link && { loginLink: link.url, loginLinkUntil: link.until }),
			});
		},
	};
}

async function showTyping({ client, message }: ReceivedMessage): Promise<void> {
	const ticket = await client.getTypingTicket(message.from, message.contextToken);
	await client.sendTyping(message.from, ticket, true);
}

const readList = (text = ''): string[] =>
	text
		.split(/[\s,，]+/)
		.map((one) => one.trim())
		.filter(Boolean);
