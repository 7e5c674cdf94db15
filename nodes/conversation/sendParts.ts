import type { Reply } from '../push/reply';
import type { ReplyRoute, ReplySender } from './replySender';
import { splitText } from '../push/splitText';

/** What became of a text that takes several messages. */
interface SentParts {
	/** How many messages it takes. */
	parts: number;
	partsSent: number;
	/** The rest, when WeChat takes no more messages. */
	notSent?: string;
	notSentBecause?: string;
}

/** What became of a reply. */
interface SentText extends Partial<SentParts> {
	/** The first part. */
	reply: Reply;
	sentAs: ReplyRoute;
}

/**
 * Sends a text: the first part as `ReplySender.answer` does, the others as customer service messages, as many as WeChat
 * takes in this window. What is left over is told and not thrown: a run that is tried again would say the rest twice.
 *
 * @throws {UserError} when the first part cannot be sent.
 * @throws {ApiError} when WeChat refuses the first part.
 */
export async function answerInParts(sender: ReplySender, text: string): Promise<SentText> {
	const { messagesLeft, textBytes } = sender;
	const texts = splitText(text, textBytes);
	const toReply = (Content: string): Reply => ({ MsgType: 'text', Content });
	const reply = toReply(texts[0]);
	const sentAs = await sender.answer(reply, 'customerService');
	if (texts.length === 1) return { reply, sentAs };
	const most = messagesLeft + (sentAs === 'passiveReply' ? 1 : 0);
	const sent = await sendRest(texts, most, async (part) => {
		await sender.answer(toReply(part), 'customerService');
	});
	if (sent.notSentBecause) sender.warn(describeRest(sent));
	return { reply, sentAs, ...sent };
}

/**
 * Sends what comes behind the first text, which was sent, as long as no more than `most` are sent in all. What WeChat
 * refuses is told and not thrown.
 */
export async function sendRest(
	texts: string[],
	most: number,
	send: (text: string) => Promise<void>,
): Promise<SentParts> {
	let partsSent = 1;
	let problem = `WeChat takes no more messages until the user writes again.`;
	try {
		while (partsSent < Math.min(most, texts.length)) {
			await send(texts[partsSent]);
			partsSent++;
		}
	} catch (error) {
		problem = (error as Error).message;
	}
	const notSent = texts.slice(partsSent).join('\n');
	const parts = texts.length;
	return notSent === ''
		? { parts, partsSent }
		: { parts, partsSent, notSent, notSentBecause: problem };
}

const describeRest = ({ parts, partsSent, notSentBecause = '' }: SentParts): string =>
	`Only ${partsSent} of ${parts} parts were sent. ${notSentBecause}`;
