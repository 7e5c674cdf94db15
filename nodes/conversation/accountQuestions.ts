import type { IExecuteFunctions } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import { MAX_TEXT_BYTES } from '../push/messageTypes';
import { sendCustomerCall } from '../replyRules/customerMessage';
import { toMenu, writeQuestion, type Question } from './question';
import { checkPageSteps, createPageLink, QUESTION_PAGES } from './questionPage';
import { QUESTIONS } from './questionStore';
import { findReplySender } from './replySender';
import { checkLength, type QuestionChannel } from './sendQuestion';

/** How an account asks. */
export interface AccountQuestion {
	/** `auto`: as the reply to the push that started the run, while WeChat waits for that and the person is the same. */
	sendAs: 'auto' | 'customerService';
	/** Asks on a page in place of the chat. */
	page?: QuestionPage;
}

/** A page behind a template message (模板消息), which also reaches people who have not written. */
interface QuestionPage {
	/** The production URL of a WeChat Trigger of the account. */
	trigger: string;
	templateId: string;
	/** The texts of the message, by the keywords of its template. */
	texts: Record<string, string>;
}

/** Opens the chats of an account, or its pages. */
export function openAccountChannel(
	context: IExecuteFunctions,
	client: AccountClient,
	{ sendAs, page }: AccountQuestion,
): QuestionChannel {
	const { services, appId: account } = client;
	if (page)
		return {
			services,
			account,
			section: client.section(QUESTION_PAGES),
			check: ({ steps }) => checkPageSteps(steps),
			send: async (question) => await sendLink(client, question, page),
		};
	return {
		services,
		account,
		section: client.section(QUESTIONS),
		check: (question) => checkLength(question, MAX_TEXT_BYTES),
		send: async (question) => await send(context, client, question, sendAs),
	};
}

async function send(
	context: IExecuteFunctions,
	client: AccountClient,
	question: Question,
	sendAs: AccountQuestion['sendAs'],
): Promise<void> {
	const { openid } = question;
	const Content = writeQuestion(question);
	const sender = sendAs === 'auto' ? findReplySender(context, client.services) : undefined;
	if (sender?.isOpenTo(openid, client.appId)) {
		const sentAs = await sender.answer({ MsgType: 'text', Content }, 'nothing');
		if (sentAs === 'passiveReply') return;
	}
	const menu = (await client.kind()) === 'officialAccount' ? toMenu(question) : undefined;
	const message = menu
		? { msgtype: 'msgmenu', msgmenu: menu }
		: { msgtype: 'text', text: { content: Content } };
	await sendCustomerCall(client, openid, message);
}

async function sendLink(
	client: AccountClient,
	question: Question,
	{ trigger, templateId, texts }: QuestionPage,
): Promise<void> {
	const data = Object.entries(texts).map(([name, value]) => [name, { value: String(value) }]);
	await client.send({
		path: '/cgi-bin/message/template/send',
		body: {
			touser: question.openid,
			template_id: templateId,
			url: createPageLink(client, question, trigger),
			data: Object.fromEntries(data) as object,
		},
		ifLost: TEMPLATE_LOST,
	});
}

const TEMPLATE_LOST =
	'Before you ask again, see among the events Template Message Delivered of WeChat Trigger, or in the chat, whether it came.';
