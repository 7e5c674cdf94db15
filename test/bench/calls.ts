import '../support/env';
import { ExecutionLifecycleHooks, LoadOptionsContext } from 'n8n-core';
import {
	Workflow,
	type IDataObject,
	type IExecuteFunctions,
	type IWorkflowBase,
} from 'n8n-workflow';
import { createAccountClient, type AccountClient } from '../../nodes/api/accountClient';
import { resources } from '../../nodes/Wechat/Wechat.node.js';
import { execute } from '../../nodes/engine/execute';
import { emptyStore } from '../support/emptyStore';

/** The WeChat node over many items, and n8n's own way to make a call. */

export const clientAt = (url: string): AccountClient =>
	createAccountClient({ appId: 'wx1', appSecret: url, baseUrl: url }, emptyStore);

/** As much of n8n as an operation meets. */
const contextOf = (parameters: IDataObject, items: IDataObject[]) =>
	({
		getInputData: () => items.map((json) => ({ json })),
		getNode: () => ({ name: 'WeChat', type: 'wechat', parameters }),
		continueOnFail: () => false,
		getExecutionId: () => '1',
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getNodeParameter: (name: string, item: number, fallback: unknown) =>
			(name in items[item] ? items[item][name] : parameters[name]) ?? fallback,
		helpers: {
			returnJsonArray: (rows: IDataObject[]) => rows.map((json) => ({ json })),
			constructExecutionMetaData: (rows: object[], { itemData }: { itemData: object }) =>
				rows.map((row) => ({ ...row, pairedItem: itemData })),
		},
	}) as unknown as IExecuteFunctions;

export async function runNode(
	url: string,
	parameters: IDataObject,
	items: IDataObject[],
): Promise<number> {
	const client = clientAt(url);
	const [output] = await execute(contextOf(parameters, items), resources, async () => client);
	return output.length;
}

/** n8n's helpers.httpRequest, as nodes get it. */
export function n8nRequest(): LoadOptionsContext['helpers']['httpRequest'] {
	const type = {
		description: { properties: [], inputs: [], outputs: [], name: 'n', version: 1, defaults: {} },
	};
	const node = { id: '1', name: 'N', type: 'n', typeVersion: 1, position: [0, 0], parameters: {} };
	const nodeTypes = {
		getByName: () => type,
		getByNameAndVersion: () => type,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({
		nodes: [node as never],
		connections: {},
		active: false,
		nodeTypes: nodeTypes as never,
	});
	const hooks = new ExecutionLifecycleHooks('manual', '1', {} as IWorkflowBase);
	return new LoadOptionsContext(workflow, node as never, { hooks } as never, '').helpers
		.httpRequest;
}

/** Calls per second of CPU time of this process, `at` calls under way at a time. */
export async function perCpuSecond(
	call: () => Promise<unknown>,
	times: number,
	at = 20,
): Promise<number> {
	// V8 compiles what is hot; only then is it measured.
	for (let warm = 0; warm < times; warm++) await call();
	let left = times;
	const before = process.cpuUsage();
	await Promise.all(
		Array.from({ length: at }, async () => {
			while (left-- > 0) await call();
		}),
	);
	const { user, system } = process.cpuUsage(before);
	return (times / (user + system)) * 1e6;
}
