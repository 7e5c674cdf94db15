import type { Answer, Call } from '../api/apiClient';
import { createNoAnswerError, PayError } from '../pay/payError';
import { sendOnce, withNumber } from '../pay/sendOnce';
import type { PayV3Client } from './payV3Client';

/** A payment, refund or transfer that is sent under a number of the merchant's. */
interface PayV3Order {
	/** In the middle of a sentence, e.g. "refund". */
	name: string;
	/** Its name in Chinese. */
	chinese: string;
	/** What happens to it, e.g. "made". */
	done: string;
	/** The field of WeChat's that holds its number, and the label of that field in the node. */
	numberField: string;
	label: string;
	/** The Chinese word in that label. */
	labelInChinese: string;
	call: Call;
	/** What the answer to it must hold: an empty one says nothing. */
	answerField: string;
	/** The call that tells what became of it, and the field in its answer that says so. */
	query: Pick<Call, 'path' | 'query'>;
	stateField: string;
	/** What a found order must have in common with this one, by the label of its field. */
	meant: ReadonlyArray<{ label: string; value: unknown; read(answer: Answer): unknown }>;
	/** Whether a found order has moved nothing yet, and only sending it again tells how to pay it. */
	isOpen?(answer: Answer): boolean;
	/** Why an order has come to nothing for good. */
	findEnd(answer: Answer): OrderEnd | undefined;
}

/** Why an order has come to nothing, in both languages: the end of a sentence that begins with its name. */
export interface OrderEnd {
	english: string;
	chinese: string;
}

/**
 * Sends a payment, refund or transfer, and never two under one number: what is in doubt is looked up, and only the very
 * same is sent again. What is found must be what was meant. All errors name the number.
 *
 * @returns WeChat's answer, and in `confirmedBy` whether it is that to this call or to a query.
 * @throws {PayError} when WeChat refuses it, it has failed for good, or its result stays unclear.
 * @throws {ConnectionError} when no call has reached WeChat.
 */
export async function sendOrder(client: PayV3Client, order: PayV3Order): Promise<Answer> {
	const { name, done, numberField, label, call, query, answerField, stateField } = order;
	const { chinese, labelInChinese } = order;
	const number = String(call.body?.[numberField]);
	const sent = {
		name: `The ${name}`,
		done,
		later: `Wait some minutes. Before you try again, run Get with this ${label}, or the same operation with this ${label} and the same values: that is never done twice. Another number could be.`,
		unclearInChinese: `${chinese}请求可能已生效，也可能未生效：请等几分钟，再用此${labelInChinese}查询（Get），或以相同的${labelInChinese}和内容重新执行，这样不会重复，换单号则可能重复。`,
		send: async () => {
			// What is in doubt is looked up here.
			const once = { ...call, safe: false, ifLost: undefined };
			const answer = await client.send(once).catch((error: unknown) => {
				throw toRefusal(error);
			});
			checkAbout(answer, order, answerField);
			if (findDifference(answer, order)) throw createOtherError(order);
			return { ...checkEnd(answer, order), confirmedBy: 'answer' };
		},
		look: async () => {
			const found = await client.send({ method: 'GET', ...query, safe: false });
			checkAbout(found, order, stateField);
			checkSame(found, order);
			if (order.isOpen?.(found)) return undefined;
			return { ...checkEnd(found, order), confirmedBy: 'query' };
		},
	};
	return await withNumber(
		label.toLowerCase(),
		number,
		async () => await sendOnce(sent, client.services),
	);
}

/** To a call that sends something, "not there" is about something else, such as the payment of a refund. */
function toRefusal(error: unknown): unknown {
	if (!(error instanceof PayError) || error.outcome !== 'absent') return error;
	return Object.assign(error.with({}), { outcome: 'refused' });
}

/** Checks that an answer says something of this order; those to a new payment do not name it. */
function checkAbout(answer: Answer, order: PayV3Order, field: string): void {
	const { call, numberField, name, chinese } = order;
	if (answer[field] === undefined)
		throw createNoAnswerError('EMPTY', `the answer says nothing of the ${name}`, {
			chinese: `微信支付的应答中没有${chinese}的信息。`,
		});
	const number = answer[numberField];
	if (number !== undefined && number !== call.body?.[numberField]) throw createOtherError(order);
}

const createOtherError = ({ name, chinese }: PayV3Order) =>
	createNoAnswerError('OTHER', `the answer is about another ${name}`, {
		chinese: `微信支付返回的是另一笔${chinese}的信息。`,
	});

/** What an answer says otherwise than the order; what it leaves out does not count. */
const findDifference = (answer: Answer, { meant }: PayV3Order) =>
	meant.find(({ value, read }) => {
		const found = read(answer);
		return value !== undefined && found !== undefined && String(found) !== String(value);
	});

function checkSame(found: Answer, order: PayV3Order): void {
	const different = findDifference(found, order);
	if (!different) return;
	const { label, value, read } = different;
	throw new PayError(
		`There is another ${order.name} with this ${order.label}: its ${label} is ${String(read(found))}, not ${String(value)}`,
		'OTHER',
		'failed',
		`Other values need a number of their own. Get shows the ${order.name} that has this one.`,
		`此${order.labelInChinese}已用于另一笔${order.chinese}，其“${label}”为 ${String(read(found))}，而不是 ${String(value)}：内容不同请换用新的单号，原${order.chinese}可用查询（Get）查看。`,
	);
}

function checkEnd(answer: Answer, order: PayV3Order): Answer {
	const end = order.findEnd(answer);
	if (end === undefined) return answer;
	throw new PayError(
		`The ${order.name} ${end.english}`,
		'FAILED',
		'failed',
		`To try once more, use another ${order.label}; the node never chooses another one by itself.`,
		`${order.chinese}${end.chinese}：如需重试，请换用新的${order.labelInChinese}，节点不会自行更换。`,
	);
}
