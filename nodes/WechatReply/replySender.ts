import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteFunctions,
} from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import type { Services } from '../api/services';
import { UserError } from '../base/userError';
import { openAccountClient, openPlatformClient } from '../n8n/clients';
import { isPlatform, OFFICIAL_ACCOUNT, readApp } from '../n8n/credentials';
import { REPLY_CONTENT_TYPE } from '../n8n/replyContentType';
import type { Reply } from '../push/reply';
import { sendCustomerMessage } from '../replyRules/customerMessage';

/** The push that started the run, as its trigger emitted it. */
interface Pushed {
	trigger: string;
	item: IDataObject;
}

/** What n8n's expressions call `$('name')`. */
interface Executed {
	isExecuted: boolean;
	first(): { json: IDataObject };
}

/** Answers the push that started the run: on WeChat's own connection while it waits, else by a message. */
export function createReplySender(context: IExecuteFunctions, services: Services): ReplySender {
	const { trigger, item } = findPush(context);
	const { accountAppId, FromUserName, replyBefore = '' } = item as Record<string, string>;
	const isInTime = () => services.clock.now() < Date.parse(replyBefore);

	function onConnection(reply: object): void {
		// The trigger has answered already, such as by a rule: n8n complains about a second answer.
		if (!replyBefore) return;
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

	/** Mini programs take nothing but transfers to customer service on the connection. */
	async function canAnswer(reply: Reply): Promise<boolean> {
		if (reply.MsgType === 'transfer_customer_service') return true;
		if (isBehindPlatform()) return (await (await openClient()).kind()) === 'officialAccount';
		const credential =
			await context.getCredentials<ICredentialDataDecryptedObject>(OFFICIAL_ACCOUNT);
		return readApp(credential).kind !== 'miniProgram';
	}

	return {
		async answer(reply, late, thumbMediaId) {
			if (!reply) {
				onConnection({});
				return 'nothing';
			}
			const isPassive = isInTime() && (await canAnswer(reply));
			onConnection(isPassive ? reply : {});
			if (isPassive) return 'passiveReply';
			if (late === 'nothing') return late;
			if (late === 'fail') throw createTooLateError(trigger, replyBefore);
			await sendCustomerMessage(await openClient(), reply, FromUserName, thumbMediaId);
			return 'customerServiceMessage';
		},
	};
}

const createTooLateError = (trigger: string, replyBefore: string) =>
	replyBefore
		? new UserError(
				'The reply came too late: WeChat waits about 14 seconds, and takes none for mini programs',
				'Set If Too Late to send it as customer service message.',
			)
		: new UserError(
				`"${trigger}" answered WeChat before this node ran`,
				`Set Respond of "${trigger}" to "Using WeChat Reply Node".`,
			);

/**
 * Finds the push that started the run.
 *
 * @throws {NodeOperationError} when there is no WeChat Trigger before this node, or none of them started the run.
 */
function findPush(context: IExecuteFunctions): Pushed {
	const data = context.getWorkflowDataProxy(0);
	const triggers = context
		.getParentNodes(context.getNode().name)
		.filter(({ type, disabled }) => type.endsWith('.wechatTrigger') && !disabled)
		.map(({ name }) => name);
	for (const trigger of triggers) {
		const node = (data.$ as (name: string) => Executed)(trigger);
		if (node.isExecuted) return { trigger, item: node.first().json };
	}
	throw new NodeOperationError(context.getNode(), 'There is no push to answer', {
		description:
			triggers.length === 0
				? 'Put a WeChat Trigger before this node.'
				: 'Start the workflow by a push: let somebody write to the account.',
	});
}

/** How an answer found its way. */
type ReplyRoute = 'passiveReply' | 'customerServiceMessage' | 'nothing';

/** What to do with a reply that cannot go back on WeChat's connection any more. */
type IfTooLate = 'customerService' | 'fail' | 'nothing';

/** Answers the push that started the run. */
export interface ReplySender {
	/** Without a reply WeChat is told that there is nothing to show. */
	answer(reply: Reply | undefined, late: IfTooLate, thumbMediaId?: string): Promise<ReplyRoute>;
}
