import {
	NodeConnectionTypes,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { REPLY_TYPE } from '../host/reply';
import { describe } from '../table/describe';
import { execute } from '../table/execute';
import { reply } from './resources/reply';

const resources = [reply];

// eslint-disable-next-line @n8n/community-nodes/node-usable-as-tool -- a tool has no way to the open connection
export class WechatReply implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat Reply',
		name: 'wechatReply',
		icon: { light: 'file:wechatReply.svg', dark: 'file:wechatReply.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["type"] }}',
		description: 'Answer the WeChat user whose message or event started the run (被动回复)',
		defaults: { name: 'WeChat Reply' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [
			{
				displayName:
					'Set Respond of the WeChat Trigger to "Using WeChat Reply Node". WeChat takes one answer per push, within five seconds: the first reply of the run counts, made of the first item. Encryption is the trigger\'s work; no credential is needed here.',
				name: 'howItWorks',
				type: 'notice',
				default: '',
			},
			...describe(resources),
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		checkTrigger.call(this);
		const send = async ({ body = {} }: { body?: object }) => {
			this.sendResponse({
				body: Buffer.from(JSON.stringify(body)),
				headers: { 'content-type': REPLY_TYPE },
				statusCode: 200,
			});
			return {};
		};
		const [first] = this.getInputData();
		return await execute(this, resources, async () => ({ send, download: send }), [first]);
	}
}

/** Where there is no open connection, n8n would drop the reply without a word. */
function checkTrigger(this: IExecuteFunctions): void {
	const triggers = this.getParentNodes(this.getNode().name, { includeNodeParameters: true }).filter(
		({ type, disabled }) => type.endsWith('.wechatTrigger') && !disabled,
	);
	if (triggers.length === 0)
		throw new NodeOperationError(this.getNode(), 'There is no push to answer', {
			description: 'Put a WeChat Trigger before this node.',
		});
	if (!triggers.some(({ parameters }) => parameters?.respond === 'responseNode'))
		throw new NodeOperationError(
			this.getNode(),
			`"${triggers[0].name}" answered WeChat before this node ran`,
			{ description: `Set Respond of "${triggers[0].name}" to "Using WeChat Reply Node".` },
		);
}
