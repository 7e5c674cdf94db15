import type { IBinaryKeyData, IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { UserError } from '../base/userError';
import {
	checkLoggedIn,
	createLoggedInClient,
	openBotClient,
	type BotAccount,
	type LoggedIn,
} from '../bot/botAccount';
import type { BotClient } from '../bot/botClient';
import { downloadBotMedia } from '../bot/botMedia';
import type { BotMediaKind, BotMessage } from '../bot/messages';
import { MAX_BOT_TEXT_BYTES, sendBotText } from '../bot/sendBotMessage';
import { toBinaryData } from '../n8n/binaryFile';
import { readText, type Message } from '../push/message';
import { writeQuestion, type Question } from './question';
import { createQuestionStore, QUESTIONS } from './questionStore';
import { checkLength, type QuestionChannel } from './sendQuestion';
import { takeResponse } from './takeResponse';

/** Opens the chats of a bot. @throws {UserError} when the bot is not logged in */
export async function openBotChannel(account: BotAccount): Promise<QuestionChannel> {
	const login = await checkLoggedIn(account);
	const client = createLoggedInClient(account, login);
	return {
		services: account.services,
		account: login.botId,
		section: account.section(QUESTIONS),
		check(question) {
			checkNoLocation(question);
			checkLength(question, MAX_BOT_TEXT_BYTES);
		},
		send: async (question) =>
			await sendBotText(client, question.openid, writeQuestion(question), account),
	};
}

/** WeChat passes none on to bots: its list of items has no place for them. */
function checkNoLocation({ steps }: Question): void {
	const step = steps.find(({ expects }) => expects === 'location');
	if (step)
		throw new UserError(
			`A bot cannot take what "${step.name}" asks for: WeChat passes no locations on to bots`,
			'Ask for the address as a text.',
			`机器人无法接收“${step.name}”要求的位置，微信不会把位置转给机器人：请改为让对方以文字填写地址。`,
		);
}

/** Says something as the bot, see receiveResponses(). */
export const sendAsBot = async (account: BotAccount, userId: string, text: string): Promise<void> =>
	await sendBotText(await openBotClient(account), userId, text, account);

/** What the bot has heard, and with what it answers. */
interface Heard {
	account: BotAccount;
	login: LoggedIn;
	client: BotClient;
	message: BotMessage;
	log(line: string): void;
}

/** Takes a message as the response to a question of a run, see takeResponse(). */
export async function takeBotResponse(heard: Heard): Promise<boolean> {
	const { account, login, client, message, log } = heard;
	return await takeResponse({
		services: account.services,
		store: createQuestionStore(account.section(QUESTIONS), account.services.clock),
		asked: { account: login.botId, openid: message.from },
		message: toResponseMessage(message),
		maxBytes: MAX_BOT_TEXT_BYTES,
		isToldByRun: true,
		async say(text) {
			if (!text) return;
			await sendBotText(client, message.from, text, account).catch((error: Error) =>
				log(error.message),
			);
		},
		log,
	});
}

/** A message with what its file is found by, under the names that accounts have for it. */
function toResponseMessage({ message, media: [file] }: BotMessage): Message {
	if (!file) return message;
	const { param, url, key } = file;
	return { ...message, MediaId: param || url, MediaUrl: url, AesKey: key };
}

/** Downloads the file of a response. What goes wrong stands in `mediaError`. */
export async function downloadBotResponse(
	{ helpers }: Pick<IWebhookFunctions, 'helpers'>,
	account: BotAccount,
	media: Message,
): Promise<{ json: IDataObject; binary?: IBinaryKeyData }> {
	const read = (name: string) => readText(media, name);
	const [kind, title] = [read('MsgType'), read('Title')];
	const json = { MsgType: kind, ...(title && { Title: title }) };
	try {
		const file = await downloadBotMedia(await openBotClient(account), {
			kind: kind as BotMediaKind,
			url: read('MediaUrl'),
			param: read('MediaId'),
			key: read('AesKey'),
			fileName: title,
		});
		return { json, binary: { data: await toBinaryData(helpers, file) } };
	} catch (error) {
		return { json: { ...json, mediaError: (error as Error).message } };
	}
}
