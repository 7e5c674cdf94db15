import type { IExecuteFunctions, INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import type { Services } from '../api/services';
import { execute } from '../engine/execute';
import { MESSAGE_PARTS } from '../push/messageTypes';
import {
	createReplySender,
	type Apology,
	type IfTooLate,
	type ReplySender,
} from '../conversation/replySender';
import { reply } from './resources/reply';

/**
 * Sends the reply that the first item makes. When that fails the user gets the text of If It Fails, and the run the error,
 * which says so.
 */
export async function runReply(
	context: IExecuteFunctions,
	services: Services,
): Promise<INodeExecutionData[][]> {
	const sender = createReplySender(context, services);
	const [first] = context.getInputData();
	const running = execute(context, [reply], async () => sender, [first]);
	await running.catch(async (error: NodeOperationError) => {
		const apology = await apologize(context, sender);
		if (apology) tellApology(error, apology);
	});
	const output = await running;
	const [{ error, ...item }] = output[0];
	const apology = error && (await apologize(context, sender));
	// n8n leaves nothing but the message of an item that has an error.
	return apology ? [[{ ...item, json: { ...item.json, ...apology } }]] : output;
}

/** Sends the text, unless n8n tries again, another branch of the workflow takes over, or the reply may have gone out. */
async function apologize(
	context: IExecuteFunctions,
	sender: ReplySender,
): Promise<Apology | undefined> {
	const { isLast, mayBeSent } = countTry(context, sender.mayBeSent());
	const isHandled = context.getNode().onError === 'continueErrorOutput';
	if (!isLast || mayBeSent || isHandled) return undefined;
	const text = readText(context, 'failureText');
	const isSendable = Buffer.byteLength(text) <= MESSAGE_PARTS.content.field.maxBytes;
	return await sender.apologize(isSendable ? text : '', readText(context, 'late') as IfTooLate);
}

/** A field that cannot be read may be why the reply failed. */
function readText(context: IExecuteFunctions, field: string): string {
	try {
		return String(context.getNodeParameter(field, 0, '')).trim();
	} catch {
		return '';
	}
}

/** What the tries of one run of the node have come to. */
interface Tries {
	run?: number;
	failures?: number;
	mayBeSent?: boolean;
}

/** Counts a try that failed. n8n repeats a node that is set to Retry On Fail (WorkflowExecute). */
function countTry(context: IExecuteFunctions, isLost: boolean) {
	const run = context.getWorkflowDataProxy(0).$runIndex as number;
	const memory = context.getContext('node') as Tries;
	const earlier = memory.run === run ? memory : {};
	const failures = (earlier.failures ?? 0) + 1;
	const mayBeSent = isLost || earlier.mayBeSent === true;
	Object.assign(memory, { run, failures, mayBeSent });
	const { retryOnFail, maxTries } = context.getNode();
	const most = retryOnFail ? Math.min(5, Math.max(2, maxTries || 3)) : 1;
	return { isLast: failures >= most, mayBeSent };
}

function tellApology(error: NodeOperationError, { sentAs }: Apology): void {
	const seen =
		sentAs === 'nothing' ? 'The user sees nothing.' : 'The user got the text of If It Fails.';
	error.description = [error.description, seen].filter(Boolean).join(' ');
}
