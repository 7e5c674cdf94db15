import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { UserError } from '../base/userError';
import { isTool } from '../n8n/nodeError';
import type { ItemOutcome } from './bulk';
import type { Operation } from './define';

/**
 * What writes have come to, by the item that they were made for. n8n's Retry On Fail runs a node again with all its
 * items, of which some were sent (n8n 2.8.4 and 2.41.1, workflow-execute.js): in each try the items are the same
 * objects. They are forgotten with the run.
 */
type SentItems = WeakMap<INodeExecutionData, Map<string, ItemOutcome>>;

/** Those of this process of n8n. */
const systemSentItems: SentItems = new WeakMap();

/** Does the work for an item, unless an earlier try has done it or may have: then its outcome is that of the try. */
type SendOnce = (item: number, work: () => Promise<ItemOutcome>) => Promise<ItemOutcome>;

/**
 * Creates the memory of a node for all its tries in a run. The same item may reach other nodes, other executions, and
 * the same node again in a loop, where it has another run index: all these send.
 */
export function createSendOnce(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	sentItems: SentItems = systemSentItems,
): SendOnce {
	const { name, type } = context.getNode();
	// An agent's calls of a tool may have one item in common.
	if (isTool(type)) return async (_, work) => await work();
	const { $runIndex } = context.getWorkflowDataProxy(0);
	const run = [context.getExecutionId(), name, $runIndex].join(' ');
	return async (item, work) => {
		const outcomes = sentItems.get(items[item]) ?? new Map<string, ItemOutcome>();
		sentItems.set(items[item], outcomes);
		const key = `${run} ${item}`;
		const earlier = outcomes.get(key);
		if (earlier) return earlier;
		const outcome = await work();
		if (mayBeSent(outcome)) outcomes.set(key, outcome);
		return outcome;
	};
}

/** Whether something was sent, or may have been: the answer was lost or unclear. One that asked for a token first is none. */
const mayBeSent = ({ error }: ItemOutcome) =>
	error === undefined || (error instanceof UserError && error.mayBeDone);

/** Whether an operation may change something. */
export const isWrite = <C>(operation: Operation<C>) =>
	operation.kind !== 'request' || operation.effect === 'write';
