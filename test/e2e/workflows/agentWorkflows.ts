import { randomUUID } from 'node:crypto';
import type { UnnamedNode, Workflow, WorkflowNode } from './workflow';
import { connect, createNode, createTriggerNode } from './workflow';

type Json = Record<string, unknown>;
type Credentials = NonNullable<UnnamedNode['credentials']>;

export const LANGCHAIN = '@n8n/n8n-nodes-langchain';

interface AgentOptions {
	/** Of the trigger. */
	pushOptions?: Json;
	/** Of WeChat Reply. */
	reply?: Json;
	/** A tool that the agent may use only when the person of the node `review` agrees. */
	review?: Json;
}

interface Named {
	id: string;
	name: string;
}

export const createModelNode = (model: Named): WorkflowNode =>
	createNode(
		'Model',
		`${LANGCHAIN}.lmChatOpenAi`,
		1.2,
		{ model: { __rl: true, mode: 'id', value: 'test' }, options: {} },
		{ openAiApi: model },
	);

/** An AI Agent with a memory, as the editor adds them: what they take from the item is their default. */
export const createAgentNodes = (model: Named): WorkflowNode[] => [
	createNode('Agent', `${LANGCHAIN}.agent`, 3, { options: {} }),
	createModelNode(model),
	createNode('Memory', `${LANGCHAIN}.memoryBufferWindow`, 1.3, {}),
];

/** How these are connected with each other. */
export const ofAgent = {
	Model: connect('ai_languageModel', 'Agent'),
	Memory: connect('ai_memory', 'Agent'),
};

/** WeChat Trigger, AI Agent with a memory, WeChat Reply. */
export function createAgentWorkflow(
	account: Credentials,
	model: Named,
	{ pushOptions = {}, reply = {}, review }: AgentOptions = {},
): Workflow {
	const nodes = [
		createTriggerNode({ kinds: ['message.text'], respond: 'responseNode', pushOptions }, account),
		...createAgentNodes(model),
		createNode(
			'Reply',
			'n8n-nodes-wechat-platform.wechatReply',
			1,
			{
				resource: 'reply',
				operation: 'send',
				type: 'Text',
				content: '={{ $json.output }}',
				late: 'customerService',
				...reply,
			},
			account,
		),
	];
	const connections = {
		Trigger: connect('main', 'Agent'),
		...ofAgent,
		Agent: connect('main', 'Reply'),
	};
	if (!review) return { name: 'agent', nodes, connections };
	// n8n 2.8.4 gives a code tool under a review no `query`.
	const code = "return 'refunded';";
	return {
		name: 'agent with a human review',
		nodes: [
			...nodes,
			createNode('Refund', `${LANGCHAIN}.toolCode`, 1.3, {
				description: 'Refunds an order',
				jsCode: code,
			}),
			{
				...createNode(
					'Review',
					'n8n-nodes-wechat-platform.wechatHitlTool',
					1,
					{ resource: 'customerServiceMessage', operation: 'sendAndWait', ...review },
					account,
				),
				webhookId: randomUUID(),
			},
		],
		connections: {
			...connections,
			Refund: connect('ai_tool', 'Review'),
			Review: connect('ai_tool', 'Agent'),
		},
	};
}
