import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { UserError } from '../base/userError';
import type { ItemOutcome } from './bulk';
import type { PauseOperation } from './define';
import { readItemParams, toOutput } from './runItem';

/**
 * Runs an operation that puts the run to wait. When the time is over n8n disables the node and goes on with its input
 * (2.8.4 and 2.41.1, workflow-execute.js), which is in the entry that n8n keeps of a run that waits: so that becomes
 * the output for nobody having answered.
 */
export async function runPause<C>(
	context: IExecuteFunctions,
	operation: PauseOperation<C>,
	items: INodeExecutionData[],
	openClient: (item: number) => Promise<C>,
): Promise<ItemOutcome> {
	const item = 0;
	try {
		if (items.length > 1) throw createAloneError(items.length);
		checkCanWait(context.getNode().type);
		const client = await openClient(item);
		const params = readItemParams(context, operation, item);
		const { until, output: json } = await operation.pause(params, client, context);
		const output = toOutput(context, [json], item);
		// Of its own: where On Error leads to an error output, n8n empties the list that a node returns.
		context.getExecuteData().data.main = [[...output]];
		await context.putExecutionToWait(new Date(until));
		return { item, output };
	} catch (error) {
		return { item, error };
	}
}

export const createAloneError = (count: number): UserError =>
	new UserError(
		`This operation waits for one person, and the node has ${count} items`,
		'Put a Loop Over Items node before it, with a batch size of 1. Nothing was sent.',
		`此操作只等待一个人，而节点收到了 ${count} 个数据项：请在前面加一个 Batch Size 为 1 的 Loop Over Items 节点；尚未发送任何内容。`,
	);

/** n8n makes a node of its own for approvals of tools, which waits; a plain tool has no way back to its agent. */
function checkCanWait(nodeType: string): void {
	if (!nodeType.endsWith('Tool') || nodeType.endsWith('HitlTool')) return;
	throw new UserError(
		'The tool of an agent cannot wait for a person',
		'To have a tool approved, put the human review (Human in the Loop) of WeChat between the agent and the tool.',
		'AI Agent 的工具不能等待人工回复：如需审批工具，请在 Agent 与工具之间加上微信的人工审核（Human in the Loop）。',
	);
}
