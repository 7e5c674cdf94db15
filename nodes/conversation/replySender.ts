import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteFunctions,
} from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import type { Services } from '../api/services';
import { ConnectionError } from '../base/connectionError';
import { toLogLine } from '../base/logLine';
import { UserError } from '../base/userError';
import { openBotClient } from '../bot/botAccount';
import { MAX_BOT_TEXT_BYTES, sendBotText } from '../bot/sendBotMessage';
import { isBot, openBotAccount } from '../n8n/bot';
import { openAccountClient, openPlatformClient } from '../n8n/clients';
import { isPlatform, OFFICIAL_ACCOUNT, readApp } from '../n8n/credentials';
import { REPLY_CONTENT_TYPE } from '../n8n/replyContentType';
import { MAX_TEXT_BYTES } from '../push/messageTypes';
import type { Reply } from '../push/reply';
import { sendCustomerMessage } from '../replyRules/customerMessage';

/** The push that started the run, as its trigger emitted it, or the message to a bot. */
interface Pushed {
	trigger: string;
	item: IDataObject;
	isOfBot: boolean;
}

/** In milliseconds: a message that is sent right behind the reply would overtake it on its way through n8n. */
const PAUSE_MS = 500;

/** How many customer service messages WeChat takes after a message, and after an event such as a menu tap. */
const AFTER_MESSAGE = 5;
const AFTER_EVENT = 3;

/** What n8n's expressions call `$('name')`. */
interface Executed {
	isExecuted: boolean;
	first(): { json: IDataObject };
}

/**
 * Answers the push that started the run: on WeChat's own connection while it waits, else by a message. A message to a bot
 * is answered by a message.
 *
 * @throws {NodeOperationError} when no push has started the run, or Authentication is for others.
 */
export function createReplySender(context: IExecuteFunctions, services: Services): ReplySender {
	const pushed = findPush(context);
	checkAuthentication(context, pushed);
	return pushed.isOfBot
		? createBotSender(pushed, context, services)
		: createSenderTo(pushed, context, services);
}

function checkAuthentication(context: IExecuteFunctions, { trigger, isOfBot }: Pushed): void {
	if (isBot(context.getNodeParameter('authentication', 0)) === isOfBot) return;
	throw new NodeOperationError(
		context.getNode(),
		`"${trigger}" started this run, and Authentication is for another`,
		{
			description: isOfBot
				? 'Set Authentication to Bot of a Personal Account (个人微信机器人), and choose the credential of that trigger.\n请将“凭据类型”设为“个人微信机器人”，并选择该触发器的凭据。'
				: 'Set Authentication as it is set in that trigger.\n请将“凭据类型”设为与该触发器一致。',
		},
	);
}

/** A bot has no open connection, and as much time as it likes. */
function createBotSender(
	{ item }: Pushed,
	context: IExecuteFunctions,
	services: Services,
): ReplySender {
	const userId = String(item.FromUserName ?? '');
	let isLost = false;

	async function answer(reply: Reply | undefined): Promise<ReplyRoute> {
		if (!reply) return 'nothing';
		if (!userId)
			throw new UserError(
				'There is no message to answer: the login of the bot has ended',
				'Choose messages only in Trigger On, or send by another way, such as an email.',
				'没有可回复的消息，机器人的登录已失效：请在“Trigger On”中只选择消息，或改用邮件等其他方式发送。',
			);
		if (reply.MsgType !== 'text') throw createTextOnlyError();
		const account = await openBotAccount(context, services);
		const sending = sendBotText(await openBotClient(account), userId, reply.Content, account);
		isLost = await readLoss(sending);
		await sending;
		return 'botMessage';
	}

	return {
		answer,
		...createNotices(context, answer),
		openAccount: async () => await Promise.reject(createTextOnlyError()),
		isOpenTo: () => false,
		canTransfer: () => false,
		openChat: async () =>
			await Promise.reject(
				new UserError(
					'A bot has no customer service (客服) that could take over',
					'Let the workflow tell the person whom to write to.',
					'机器人没有可以转接的客服：请让工作流告诉对方应联系谁。',
				),
			),
		mayBeSent: () => isLost,
		messagesLeft: Infinity,
		textBytes: MAX_BOT_TEXT_BYTES,
	};
}

const createTextOnlyError = () =>
	new UserError(
		'A bot answers with texts here',
		'Set Type to Text. Files go out with WeChat Bot, Message: Send.',
		'机器人在此只能回复文字：请把“Type”设为“文本”；文件请用 WeChat Bot 的“发送机器人消息”（Message: Send）。',
	);

/** Whether a message that failed may have gone out after all. */
const readLoss = async (sending: Promise<unknown>): Promise<boolean> =>
	await sending.then(
		() => false,
		(error: unknown) => error instanceof ConnectionError && error.mayBeDone,
	);

/** What a sender says about its own work, and in place of a reply that failed. */
function createNotices(
	context: IExecuteFunctions,
	answer: ReplySender['answer'],
): Pick<ReplySender, 'apologize' | 'warn'> {
	return {
		async apologize(text, late) {
			const reply: Reply = { MsgType: 'text', Content: text };
			try {
				const sentAs = text ? await answer(reply, late === 'fail' ? 'nothing' : late) : 'nothing';
				return sentAs === 'nothing' ? { sentAs } : { reply, sentAs };
			} catch (error) {
				context.logger.warn(
					`"${context.getNode().name}" could not send the text of If It Fails: ${(error as Error).message}`,
				);
				return { sentAs: 'nothing' };
			}
		},
		warn(message) {
			context.logger.warn(toLogLine(`"${context.getNode().name}": ${message}`));
			context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
		},
	};
}

/** The same for those who write to somebody, who may be the sender of the push, if there was one. */
export function findReplySender(
	context: IExecuteFunctions,
	services: Services,
): ReplySender | undefined {
	const pushed = findTrigger(context);
	return isStarted(pushed) && !pushed.isOfBot
		? createSenderTo(pushed, context, services)
		: undefined;
}

function createSenderTo(
	{ trigger, item }: Pushed,
	context: IExecuteFunctions,
	services: Services,
): ReplySender {
	const { accountAppId, FromUserName, replyBefore = '' } = item as Record<string, string>;
	/** n8n keeps it with the run, for all of its nodes, also while the run waits. */
	const run = context.getContext('flow') as { isWechatAnswered?: boolean };
	/** The trigger answers by itself without a time, such as by a rule. */
	const isAnswered = () => !replyBefore || run.isWechatAnswered === true;
	const isInTime = () => !isAnswered() && services.clock.now() < Date.parse(replyBefore);
	let isLost = false;
	let answeredAt = -Infinity;

	/** WeChat takes one answer, and n8n complains about a second one. */
	function onConnection(reply: object): void {
		if (isAnswered()) return;
		run.isWechatAnswered = true;
		answeredAt = services.clock.now();
		context.sendResponse({
			body: Buffer.from(JSON.stringify(reply)),
			headers: { 'content-type': REPLY_CONTENT_TYPE },
			statusCode: 200,
		});
	}

	const isBehindPlatform = () => isPlatform(context.getNodeParameter('authentication', 0));
	const openClient = async (): Promise<AccountClient> =>
		await (isBehindPlatform()
			? openPlatformClient(context, accountAppId, services)
			: openAccountClient(context, services));

	/** Mini programs take nothing but transfers to customer service on the connection. Shops take nothing. */
	async function canAnswer(reply: Reply): Promise<boolean> {
		if (reply.MsgType === 'transfer_customer_service') return true;
		if (isBehindPlatform()) return (await (await openClient()).kind()) === 'officialAccount';
		const credential =
			await context.getCredentials<ICredentialDataDecryptedObject>(OFFICIAL_ACCOUNT);
		return readApp(credential).kind === 'officialAccount';
	}

	async function sendLate(reply: Reply, thumbMediaId?: string): Promise<void> {
		const pause = answeredAt + PAUSE_MS - services.clock.now();
		if (pause > 0) await services.clock.sleep(pause);
		const sending = sendCustomerMessage(await openClient(), reply, FromUserName, thumbMediaId);
		isLost = await readLoss(sending);
		await sending;
	}

	async function answer(
		reply: Reply | undefined,
		late: IfTooLate,
		thumbMediaId?: string,
	): Promise<ReplyRoute> {
		if (!reply) {
			onConnection({});
			return 'nothing';
		}
		const tooLate = createTooLateError(trigger, replyBefore, run.isWechatAnswered);
		// Finding out what kind of account it is may take its time.
		const isPassive = isInTime() && (await canAnswer(reply)) && isInTime();
		onConnection(isPassive ? reply : {});
		if (isPassive) return 'passiveReply';
		if (late === 'nothing') return late;
		if (late === 'fail') throw tooLate;
		await sendLate(reply, thumbMediaId);
		return 'customerServiceMessage';
	}

	const isOpenTo = (openid: string, appId: string) =>
		isInTime() && openid === FromUserName && appId === accountAppId;

	/** A trigger that counts messages says in its item how many are left. */
	function countMessagesLeft(): number {
		const { messagesLeft, kind } = item;
		if (typeof messagesLeft === 'number') return messagesLeft;
		return String(kind).startsWith('event.') ? AFTER_EVENT : AFTER_MESSAGE;
	}

	return {
		answer,
		...createNotices(context, answer),
		openAccount: openClient,
		isOpenTo,
		canTransfer: () => isInTime() && !String(item.kind ?? '').startsWith('event.'),
		openChat: async () => ({ client: await openClient(), openid: FromUserName }),
		mayBeSent: () => isLost,
		messagesLeft: countMessagesLeft(),
		textBytes: MAX_TEXT_BYTES,
	};
}

function createTooLateError(trigger: string, replyBefore: string, isAnswered = false): UserError {
	if (!replyBefore)
		return new UserError(
			`"${trigger}" answered WeChat before this node ran`,
			`Set Respond of "${trigger}" to Automatic.`,
			`“${trigger}”在此节点运行前已回复微信：请把“${trigger}”的“回复方式”设为“自动”。`,
		);
	return new UserError(
		isAnswered
			? 'WeChat has its answer already: it takes one for each push'
			: 'The reply came too late: WeChat waits about 14 seconds, and takes none for mini programs',
		'Set If Too Late to send it as customer service message.',
		isAnswered
			? '微信对每次推送只接受一次回复，此次已回复：请把“超时后”设为“客服消息”。'
			: '回复超时，微信只等待约 14 秒，小程序则不接受被动回复：请把“超时后”设为“客服消息”。',
	);
}

const OF_BOT = '.wechatBotTrigger';
const TRIGGERS = ['.wechatTrigger', OF_BOT];

/** Finds the push that started the run; without one, `trigger` says whether there could be any. */
function findTrigger(context: IExecuteFunctions): Partial<Pushed> {
	const data = context.getWorkflowDataProxy(0);
	const triggers = context
		.getParentNodes(context.getNode().name)
		.filter(({ type, disabled }) => TRIGGERS.some((end) => type.endsWith(end)) && !disabled);
	for (const { name: trigger, type } of triggers) {
		const node = (data.$ as (name: string) => Executed)(trigger);
		if (node.isExecuted)
			return { trigger, item: node.first().json, isOfBot: type.endsWith(OF_BOT) };
	}
	return { trigger: triggers[0]?.name };
}

const isStarted = (pushed: Partial<Pushed>): pushed is Pushed => pushed.item !== undefined;

/** @throws {NodeOperationError} when there is no trigger of WeChat before this node, or none of them started the run. */
function findPush(context: IExecuteFunctions): Pushed {
	const pushed = findTrigger(context);
	if (isStarted(pushed)) return pushed;
	throw new NodeOperationError(context.getNode(), 'There is no push to answer', {
		description:
			pushed.trigger === undefined
				? 'Put a WeChat Trigger or WeChat Bot Trigger before this node.\n请在此节点之前放置 WeChat Trigger 或 WeChat Bot Trigger。'
				: 'Start the workflow by a push: let somebody write to the account.\n需由微信推送启动工作流：请向该账号发一条消息。',
	});
}

/** How an answer found its way. */
export type ReplyRoute = 'passiveReply' | 'customerServiceMessage' | 'botMessage' | 'nothing';

/** What to do with a reply that cannot go back on WeChat's connection any more. */
export type IfTooLate = 'customerService' | 'fail' | 'nothing';

/** Answers the push that started the run. */
export interface ReplySender {
	/** Without a reply WeChat is told that there is nothing to show. */
	answer(reply: Reply | undefined, late: IfTooLate, thumbMediaId?: string): Promise<ReplyRoute>;
	/** Whether WeChat still waits for the answer to a push of this person to this account. */
	isOpenTo(openid: string, appId: string): boolean;
	/** Whether the push can still be answered by handing it over: only messages can. */
	canTransfer(): boolean;
	/** Opens the account that the push came for. */
	openAccount(): Promise<AccountClient>;
	/** The same, and names who sent it. */
	openChat(): Promise<{ client: AccountClient; openid: string }>;
	/** Whether a reply that failed may have gone out after all: the answer to its call was lost. */
	mayBeSent(): boolean;
	/** How many customer service messages the user could get when the push came. */
	readonly messagesLeft: number;
	/** What one text takes, in UTF-8. */
	readonly textBytes: number;
	/** Tells whoever looks at the run and at the log. */
	warn(message: string): void;
	/**
	 * Sends a text in place of a reply that failed; an empty one sends nothing. What goes wrong is for the log: why the
	 * reply failed matters more.
	 */
	apologize(text: string, late: IfTooLate): Promise<Apology>;
}

/** What the user got in place of a reply that failed. */
export interface Apology {
	reply?: Reply;
	sentAs: ReplyRoute;
}
