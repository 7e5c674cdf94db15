/**
 * For contributors: runs nodes with the engine of n8n-core. `prepareN8n` once in a test file, then `runNode` for one
 * node or `runWorkflow` for several.
 */
import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import {
	BinaryDataService,
	CredentialTestContext,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	WorkflowExecute,
} from 'n8n-core';
// Not exported; its timer of 60 s would keep Jest alive.
import { SSHClientsManager } from 'n8n-core/dist/execution-engine/ssh-clients-manager';
import {
	NodeHelpers,
	Workflow,
	type IBinaryData,
	type ICredentialsHelper,
	type IExecuteResponsePromiseData,
	type ILoadOptionsFunctions,
	type INode,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypes,
	type IRun,
	type IWorkflowBase,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { Credentials } from './credentials';
import { PACK_NODES } from './packContents';

/** The name under which n8n knows our nodes. */
export const PACK = 'n8n-nodes-wechat-platform';

export const logged: string[] = [];

/** In a test file: n8n's services, and an end to what they leave running. */
export function prepareN8n(): void {
	setN8nServices();
	beforeEach(() => void logged.splice(0));
	afterAll(() => Container.get(SSHClientsManager).onShutdown());
}

/** n8n's services that our nodes meet: a log that tests can read, and binary data kept in the item. */
export function setN8nServices(): void {
	const write = (message: unknown) => logged.push(String(message));
	// As n8n is set up by default, nobody sees what is only for debugging.
	const logger = { debug() {}, info: write, warn: write, error: write, scoped: () => logger };
	Container.set(Logger, logger as never);
	Container.set(BinaryDataService, {
		store: async (_: unknown, bytes: Buffer, data: IBinaryData) => ({
			...data,
			data: bytes.toString('base64'),
			bytes: bytes.length,
		}),
		getAsBuffer: async ({ data }: IBinaryData) => Buffer.from(data, 'base64'),
	} as never);
}

/** Stands in for n8n-nodes-base, which is not on npm in a form that Jest can load. */
function base(
	name: string,
	execute: NonNullable<INodeType['execute']>,
	properties: INodeProperties[] = [],
): [string, INodeType] {
	const description = {
		displayName: name,
		name,
		group: ['transform' as const],
		version: 1,
		description: name,
		defaults: { name },
		inputs: ['main' as const],
		outputs: ['main' as const],
		properties,
	};
	return [`n8n-nodes-base.${name}`, { description, execute }];
}

const types = new Map<string, INodeType>([
	...PACK_NODES.map(({ node }): [string, INodeType] => [`${PACK}.${node.description.name}`, node]),
	// n8n makes a second type of each node that can be a tool of an agent. It runs as the node does.
	...PACK_NODES.filter(({ node }) => node.description.usableAsTool).map(
		({ node }): [string, INodeType] => [`${PACK}.${node.description.name}Tool`, node],
	),
	base('start', async function () {
		return [this.getInputData()];
	}),
	base('stickyNote', async () => [[]]),
	base('manualTrigger', async function () {
		return [this.getInputData()];
	}),
	base(
		'filter',
		async function () {
			const isKept = (_: unknown, index: number) => {
				const { conditions } = this.getNodeParameter('conditions', index) as {
					conditions: Array<{ leftValue: unknown; rightValue: unknown }>;
				};
				return conditions.every(({ leftValue, rightValue }) => leftValue === rightValue);
			};
			return [this.getInputData().filter(isKept)];
		},
		[{ displayName: 'Conditions', name: 'conditions', type: 'json', default: {} }],
	),
]);

export const nodeTypes: INodeTypes = {
	getByName: (name) => types.get(name) as INodeType,
	getByNameAndVersion: (name, version) => {
		// As a tool of an agent, a node has a type of its own, and runs the same.
		const type = types.get(name) ?? types.get(name.replace(/Tool$/, ''));
		if (!type) throw new Error(`There is no node type ${name}`);
		return NodeHelpers.getVersionedNodeType(type, version);
	},
	getKnownTypes: () => ({}),
};

/** n8n's number of the execution that runs belong to, and where those that wait are resumed. */
export const execution = { id: '1', waitingUrl: 'http://localhost/webhook-waiting' };

export function additionalData(
	credentials: ICredentialsHelper,
	hooks: ExecutionLifecycleHooks,
): IWorkflowExecuteAdditionalData {
	return {
		credentialsHelper: credentials,
		hooks,
		currentNodeExecutionIndex: 0,
		executionId: execution.id,
		webhookWaitingBaseUrl: execution.waitingUrl,
		formWaitingBaseUrl: 'http://localhost/form-waiting',
		variables: {},
		setExecutionStatus() {},
		logAiEvent() {},
	} as unknown as IWorkflowExecuteAdditionalData;
}

export interface Ran {
	run: IRun;
	/** What nodes handed to sendResponse. */
	responses: IExecuteResponsePromiseData[];
	/** The output of a node, by its name. */
	items(node: string): INodeExecutionData[];
	/** The error that stopped the run. */
	error: (Error & { description?: string | null; node?: INode }) | undefined;
}

/** As n8n records a trigger that has emitted these items. */
const ranAlready = (items: INodeExecutionData[]) => ({
	startTime: 0,
	executionTime: 0,
	executionIndex: 0,
	source: [],
	executionStatus: 'success',
	data: { main: [items] },
});

/** The nodes behind a trigger, about to run with what it emitted. */
const nextOf = (workflow: Workflow, trigger: string, items: INodeExecutionData[]) =>
	workflow.getChildNodes(trigger, 'main', 1).map((name) => ({
		node: workflow.getNode(name),
		data: { main: [items.map((item, index) => ({ ...item, pairedItem: { item: index } }))] },
		source: { main: [{ previousNode: trigger }] },
	}));

/**
 * Runs a workflow with n8n's engine, from `start` on with the items given. A trigger is taken as having
 * emitted them: its webhook is tested with callWebhook, and all together on a real n8n.
 */
export async function runWorkflow(
	{ nodes, connections, settings }: Pick<IWorkflowBase, 'nodes' | 'connections' | 'settings'>,
	credentials: Credentials,
	input: INodeExecutionData[] = [{ json: {} }],
	start = nodes[0].name,
): Promise<Ran> {
	const workflow = new Workflow({
		id: 'workflow',
		nodes: structuredClone(nodes),
		connections,
		active: false,
		nodeTypes,
		settings: { executionOrder: 'v1', ...settings },
	});
	const hooks = new ExecutionLifecycleHooks('manual', '1', { id: 'workflow' } as IWorkflowBase);
	const responses: IExecuteResponsePromiseData[] = [];
	hooks.addHandler('sendResponse', (response) => void responses.push(response));
	const node = workflow.getNode(start);
	if (!node) throw new Error(`There is no node ${start}`);
	const isTrigger = node.type.startsWith(PACK) && node.type.endsWith('Trigger');
	const engine = new WorkflowExecute(additionalData(credentials, hooks), 'manual', {
		version: 1,
		startData: {},
		resultData: { runData: isTrigger ? { [start]: [ranAlready(input)] } : {} },
		executionData: {
			contextData: {},
			nodeExecutionStack: isTrigger
				? nextOf(workflow, start, input)
				: [{ node, data: { main: [input] }, source: null }],
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
		},
	} as never);
	const run = await engine.processRunExecutionData(workflow);
	return {
		run,
		responses,
		error: run.data.resultData.error as Ran['error'],
		items: (name) => run.data.resultData.runData[name]?.at(-1)?.data?.main[0] ?? [],
	};
}

const nodeOf = (
	type: string,
	parameters: INode['parameters'],
	credentials: Credentials,
	more: Partial<INode> = {},
): INode => ({
	...nodesWith(credentials)('Node', `${PACK}.${type}`, parameters),
	...more,
});

/** Creates nodes of a workflow for {@link runWorkflow}; their type with the name of the package. */
export const nodesWith =
	(credentials: Credentials) =>
	(name: string, type: string, parameters: INode['parameters'] = {}): INode => ({
		id: name.toLowerCase(),
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: credentials.references,
	});

/** The connections of a node that leads to another one. */
export const leadTo = (node: string) => ({ main: [[{ node, type: 'main' as const, index: 0 }]] });

/** Runs one node alone. */
export async function runNode(
	type: string,
	parameters: INode['parameters'],
	credentials: Credentials,
	input: INodeExecutionData[] = [{ json: {} }],
	more: Partial<INode> = {},
): Promise<Ran & { output: INodeExecutionData[] }> {
	const node = nodeOf(type, parameters, credentials, more);
	const start = {
		...node,
		id: 'start',
		name: 'Start',
		type: 'n8n-nodes-base.start',
		parameters: {},
	};
	const ran = await runWorkflow(
		{
			nodes: [start, node],
			connections: { Start: leadTo('Node') },
		},
		credentials,
		input,
	);
	return { ...ran, output: ran.items('Node') };
}

/** What a list of the editor gets, when it is opened in a node. */
export function editorContext(
	type: string,
	parameters: INode['parameters'],
	credentials: Credentials,
): ILoadOptionsFunctions {
	const node = nodeOf(type, parameters, credentials);
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const hooks = new ExecutionLifecycleHooks('manual', '1', {} as IWorkflowBase);
	const data = {
		...additionalData(credentials, hooks),
		currentNodeParameters: workflow.getNode('Node')?.parameters,
	};
	return new LoadOptionsContext(workflow, node, data, '');
}

export const credentialTestContext = () => new CredentialTestContext();

export { Credentials };
