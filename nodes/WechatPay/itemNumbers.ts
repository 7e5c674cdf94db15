import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { UserError } from '../base/userError';
import { isTool } from '../n8n/nodeError';
import { createOrderNumber } from '../pay/packet';

/** What a number of the merchant's is for. */
export interface NumberedWork {
	/** The label of its field, e.g. "Order Number". */
	label: string;
	/** The Chinese word in that label. */
	labelInChinese: string;
	/** What the node does under it, e.g. "sends no red packet". */
	refusal: string;
	/** The same in Chinese. */
	refusalInChinese: string;
	/** What it stands for: all values that are sent with it. */
	values: unknown;
}

/** Gives an item the number under which WeChat does its work once. */
export interface ItemNumber {
	/**
	 * The number that was entered, or one made for the item.
	 *
	 * @throws {UserError} when another item of the run has it for something else, or none can be made.
	 */
	claim(entered: unknown, work: NumberedWork): string;
}

/**
 * Numbers by the item that they were given to. n8n's Retry On Fail reads expressions again, such as one of the time, and
 * has the same items in each try (n8n 2.8.4 and 2.41.1, workflow-execute.js): what is in doubt keeps its number. They are
 * forgotten with the run.
 */
type GivenNumbers = WeakMap<INodeExecutionData, Map<string, string>>;

/** Those of this process of n8n. */
const systemNumbers: GivenNumbers = new WeakMap();

/** The numbers of a run. Two different items of it cannot have the same one. */
export function createItemNumbers(
	context: IExecuteFunctions,
	numbers: GivenNumbers = systemNumbers,
): (item: number) => ItemNumber {
	/** What each number of this run stands for. */
	const claimed = new Map<string, string>();
	const items = context.getInputData();

	/** The number of an item in an earlier try; else the one of this try, which stays. */
	function keepNumber(item: number, label: string, find: () => string): string {
		// An agent's calls of a tool may have one item in common.
		if (isTool(context.getNode().type)) return find();
		const given = numbers.get(items[item]) ?? new Map<string, string>();
		numbers.set(items[item], given);
		const { $runIndex } = context.getWorkflowDataProxy(item);
		const key = [context.getExecutionId(), context.getNode().name, $runIndex, item, label].join(
			' ',
		);
		const number = given.get(key) ?? find();
		given.set(key, number);
		return number;
	}

	return (item) => ({
		claim(entered, { values, ...names }) {
			const { label, labelInChinese } = names;
			const number = keepNumber(
				item,
				label,
				() => String(entered ?? '').trim() || createItemNumber(context, item, names),
			);
			const key = `${label} ${number}`;
			const all = JSON.stringify(values);
			if ((claimed.get(key) ?? all) !== all)
				throw new UserError(
					`Two different items have the ${label.toLowerCase()} ${number}`,
					`Give each item ${toArticle(label)} ${label} of its own, with an expression such as {{ $json.answerId }}.`,
					`两个不同的数据项使用了同一个${labelInChinese} ${number}：请用表达式（如 {{ $json.answerId }}）为每个数据项填写各自的“${labelInChinese}”。`,
				);
			claimed.set(key, all);
			return number;
		},
	});
}

/**
 * The number of an item that has none: the same whenever n8n tries the node again, another one in another execution.
 * Values of fields have no part in it: an expression may make another one at the next try.
 */
function createItemNumber(
	context: IExecuteFunctions,
	item: number,
	{ label, labelInChinese, refusal, refusalInChinese }: Omit<NumberedWork, 'values'>,
): string {
	if (isTool(context.getNode().type))
		throw new UserError(
			`As a tool, WeChat Pay ${refusal} without ${toArticle(label)} ${label}`,
			`An agent may call a tool again, and each call would pay. Enter ${toArticle(label)} ${label} made of what it is for, e.g. of the ID of the order or of the user.`,
			`作为工具使用时，没有填写“${labelInChinese}”就${refusalInChinese}，因为 AI Agent 可能重复调用，每次都会付款：请用订单或用户的 ID 等内容填写“${labelInChinese}”。`,
		);
	const execution = context.getExecutionId();
	if (!execution)
		throw new UserError(
			`This run has no execution ID to make ${toArticle(label)} ${label.toLowerCase()} of`,
			`Enter ${toArticle(label)} ${label}.`,
			`此次运行没有执行 ID，无法生成${labelInChinese}：请填写“${labelInChinese}”。`,
		);
	const { $runIndex } = context.getWorkflowDataProxy(item);
	return createOrderNumber([
		context.getInstanceId(),
		context.getWorkflow().id ?? '',
		execution,
		context.getNode().id,
		Number($runIndex),
		item,
	]);
}

const toArticle = (label: string) => (/^[AEIOU]/.test(label) ? 'an' : 'a');
