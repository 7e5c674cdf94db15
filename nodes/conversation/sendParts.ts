import type { Reply } from '../push/reply';
import type { ReplyRoute, ReplySender } from './replySender';
import { splitText } from './splitText';

/** What became of a text. */
interface SentText {
	reply: Reply;
	/** How the first part went. */
	sentAs: ReplyRoute;
	/** How many messages it takes; missing when it is one. */
	parts?: number;
	partsSent?: number;
	/** The rest, when WeChat takes no more messages. */
	notSent?: string;
	notSentBecause?: string;
}

/**
 * Sends a text: the first part as `ReplySender.answer` does, the others as customer service messages, as many as WeChat
 * takes in this window. What is left over is told and not thrown: a run that is tried again would say the rest twice.
 *
 * @throws {UserError} when the first part cannot be sent.
 * @throws {ApiError} when WeChat refuses the first part.
 */
export async function sendInParts(sender: ReplySender, text: string): Promise<SentText> {
	const [first, ...rest] = splitText(text).map((Content): Reply & { MsgType: 'text' } => ({
		MsgType: 'text',
		Content,
	}));
	const sentAs = await sender.answer(first, 'customerService');
	if (rest.length === 0) return { reply: first, sentAs };
	const most = sender.messagesLeft - (sentAs === 'passiveReply' ? 0 : 1);
	let sent = 0;
	let problem = `WeChat takes no more messages until the user writes again: ${sender.messagesLeft} were left.`;
	try {
		for (const part of rest.slice(0, Math.max(0, most))) {
			await sender.answer(part, 'customerService');
			sent++;
		}
	} catch (error) {
		problem = (error as Error).message;
	}
	const notSent = rest
		.slice(sent)
		.map(({ Content }) => Content)
		.join('\n');
	if (notSent !== '')
		sender.warn(`Only ${1 + sent} of ${1 + rest.length} parts were sent. ${problem}`);
	return {
		reply: first,
		sentAs,
		parts: 1 + rest.length,
		partsSent: 1 + sent,
		...(notSent !== '' && { notSent, notSentBecause: problem }),
	};
}
