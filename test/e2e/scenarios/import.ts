import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeHelpers, type INodeParameters } from 'n8n-workflow';
import type { Locator } from 'playwright-core';
import { startBrowser } from '../services/browser';
import { eventually } from '../services/eventually';
import {
	ACCOUNT_TYPE,
	BOT_TYPE,
	PAY_TYPE,
	PLATFORM_TYPE,
	toAccountCredential,
	toPlatformCredential,
} from '../n8n/credentials';
import { unwrapAnswer } from '../n8n/login';
import { fetchNodeTypes, type NodeType } from '../n8n/nodeForm';
import {
	chooseCredential,
	closeNode,
	closeNodeCreator,
	fitCanvas,
	importWorkflow,
	openEditor,
	openNode,
	openWorkflow,
	saveWorkflow,
	searchNodes,
	type Editor,
} from '../actors/editorPage';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import type { Workflow, WorkflowNode } from '../workflows/workflow';

const PACK = 'n8n-nodes-wechat-platform';
const EXAMPLES = join(__dirname, '..', '..', 'workflows');
const SOCIALINZEN_TYPE = 'socialinzenApi';

/** An entry of the node creator, what is clicked in it, and what the node is to have then. */
interface Fresh {
	entry: string;
	/** The part of it that is folded up. */
	below?: RegExp;
	action: string;
	parameters: INodeParameters;
}

/** One for each node. The trigger is the first of its workflow: n8n begins a workflow without one by a trigger of its own. */
const FRESH: Fresh[] = [
	{
		entry: 'WeChat',
		action: 'On text message 文本消息 message text',
		parameters: { kinds: ['message.text'] },
	},
	{
		entry: 'WeChat',
		below: /^Actions \(\d+\)$/,
		action: 'Send template message (发送模板消息)',
		parameters: { resource: 'templateMessage', operation: 'send' },
	},
	{
		entry: 'WeChat Reply',
		action: 'Send reply (发送被动回复)',
		parameters: { resource: 'reply', operation: 'send' },
	},
	{
		entry: 'WeChat Open Platform',
		action: 'Create authorization link (生成授权链接)',
		parameters: { resource: 'authorization', operation: 'createLink' },
	},
	{
		entry: 'WeChat Pay',
		below: /^Actions \(\d+\)$/,
		action: 'Send red packet (发放普通红包)',
		parameters: { resource: 'redPacket', operation: 'send' },
	},
	{
		entry: 'WeChat Shop',
		action: 'Deliver order (订单发货)',
		parameters: { resource: 'order', operation: 'deliver' },
	},
	{
		entry: 'WeChat SOTER',
		action: 'Verify app secure key (验证 ASK)',
		parameters: { resource: 'attestation', operation: 'verifyAsk' },
	},
	{
		entry: 'Socialinzen',
		action: 'Add reply rule (添加回复规则)',
		parameters: { resource: 'replyRule', operation: 'add' },
	},
];

interface EditorEnvironment {
	environment: ScenarioEnvironment;
	editor: Editor;
	types: Map<string, NodeType>;
	/** By their types. */
	credentials: Record<string, { id: string; name: string }>;
}

/** Whoever imports a workflow chooses credentials in it; what else is entered in a node has to stay as it is. */
const scenario: Scenario = {
	name: 'import',
	run: async (environment) => {
		const browser = await startBrowser(environment.say);
		try {
			const credentials = await createCredentials(environment);
			const editor = await openEditor(browser, environment.n8n.url, 'new');
			const types = await fetchNodeTypes(environment);
			const editorEnvironment: EditorEnvironment = {
				environment,
				editor,
				types: new Map(types.map((type) => [type.name, type])),
				credentials,
			};
			await importsExamples(editorEnvironment);
			await openWorkflow(editor, 'new');
			for (const fresh of FRESH) await addsNode(editorEnvironment, fresh);
			await environment.check('the editor had no error of a script', editor.close);
		} finally {
			await browser.close();
		}
	},
};

export default scenario;

async function createCredentials({ session, simulator }: ScenarioEnvironment) {
	const data: Record<string, Record<string, unknown>> = {
		[ACCOUNT_TYPE]: toAccountCredential(simulator),
		[PLATFORM_TYPE]: toPlatformCredential(simulator),
		[BOT_TYPE]: { baseUrl: 'http://127.0.0.1:1' },
		[PAY_TYPE]: { mchId: '1900000109', apiKey: 'k'.repeat(32) },
		[SOCIALINZEN_TYPE]: { baseUrl: 'http://127.0.0.1:1', username: 'u', password: 'p' },
	};
	const made = Object.entries(data).map(async ([type, values]) => [
		type,
		await session.createCredential(`Chosen ${type}`, type, values),
	]);
	return Object.fromEntries(await Promise.all(made)) as EditorEnvironment['credentials'];
}

/**
 * Imports the nodes of all examples that have a credential, each kind of them once, as one workflow: to load the editor
 * takes longer than all that is done in it.
 */
async function importsExamples(of: EditorEnvironment): Promise<void> {
	const { environment, editor, credentials } = of;
	const nodes = listKinds(readdirSync(EXAMPLES).flatMap(readNodes)).map(
		(node, index): WorkflowNode => ({
			...node,
			position: [(index % ROW_LENGTH) * 260, Math.floor(index / ROW_LENGTH) * 200],
		}),
	);
	const what = `choosing a credential in ${nodes.length} nodes of the examples changes no parameter`;
	await environment.check(what, async () => {
		const folder = mkdtempSync(join(tmpdir(), 'wechat-import-'));
		try {
			const file = join(folder, 'examples.json');
			writeFileSync(file, JSON.stringify({ name: 'Examples', nodes, connections: {} }));
			await importWorkflow(editor.page, file);
		} finally {
			rmSync(folder, { recursive: true });
		}
		const chosen: Record<string, string> = {};
		for (const { name, credentials: named = {} } of nodes) {
			const [type] = Object.keys(named);
			await openNode(editor.page, name);
			await chooseCredential(editor.page, credentials[type].name);
			chosen[name] = credentials[type].id;
		}
		await closeNode(editor.page);
		const saved = await readSaved(of, chosen);
		assert.deepEqual(toValues(of, saved), toValues(of, { nodes }));
	});
}

const ROW_LENGTH = 8;

/** The nodes of an example that have a credential, under names that no other example has. */
function readNodes(file: string): WorkflowNode[] {
	const { nodes } = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as Workflow;
	return nodes
		.filter(({ type, credentials }) => type.startsWith(PACK) && credentials)
		.map((node) => ({ ...node, name: `${file.replace('.json', '')} ${node.name}` }));
}

/** What a node says of a credential that it may do without. */
const AUTHENTICATION: Record<string, string> = {
	[ACCOUNT_TYPE]: 'officialAccount',
	[BOT_TYPE]: 'bot',
	[PLATFORM_TYPE]: 'openPlatform',
};

/** What n8n's form of a node depends on: its operation, and what is entered. */
const toKind = ({ type, parameters = {} }: WorkflowNode): string =>
	[type, parameters.resource, parameters.operation, ...Object.keys(parameters).sort()].join(' ');

const listKinds = (nodes: WorkflowNode[]): WorkflowNode[] => [
	...new Map(nodes.map((node) => [toKind(node), node])).values(),
];

/** Adds a node as the node creator offers it, then chooses a credential of each type that it takes. */
async function addsNode(
	of: EditorEnvironment,
	{ entry, below, action, parameters }: Fresh,
): Promise<void> {
	const { environment, editor, credentials } = of;
	const { page } = editor;
	await environment.check(`${action}: choosing credentials changes no parameter`, async () => {
		// It may be open where the node before was not found.
		await closeNodeCreator(page);
		const found = await searchNodes(page, entry);
		await found.getByText(entry, { exact: true }).click();
		const creator = page.getByTestId('node-creator');
		const offered = creator.getByText(action, { exact: true });
		if (below) await unfold(creator.getByText(below), offered);
		await offered.click();
		await page.getByTestId('node-parameters').waitFor();
		const name = await page.getByTestId('ndv').getByTestId('inline-edit-preview').innerText();
		const [node] = (await readSaved(of, { [name]: undefined })).nodes.filter(
			(one) => one.name === name,
		);
		const wanted = toNodeValues(of.types, { ...node, parameters });
		for (const { name: type } of of.types.get(node.type)?.credentials ?? []) {
			await closeNode(page);
			await fitCanvas(page);
			await openNode(page, name);
			await chooseCredential(page, credentials[type].name);
			const saved = await readSaved(of, { [name]: credentials[type].id });
			const authentication = AUTHENTICATION[type];
			const [after] = saved.nodes.filter((one) => one.name === name);
			const given = toNodeValues(of.types, after);
			assert.deepEqual(
				given,
				toNodeValues(of.types, { ...after, parameters: { ...wanted, authentication } }),
			);
		}
		await closeNode(page);
	});
}

async function unfold(part: Locator, inside: Locator): Promise<void> {
	await part.waitFor();
	await eventually(async () => {
		try {
			// A long part that is unfolded is drawn bit by bit.
			await inside.waitFor({ timeout: 3000 });
		} catch (error) {
			await part.click();
			throw error;
		}
	}, 20_000);
}

/** Saves the workflow, and reads it when n8n has stored these nodes, and the credentials whose IDs are given. */
async function readSaved(
	{ environment, editor }: EditorEnvironment,
	chosen: Record<string, string | undefined>,
): Promise<Workflow> {
	const id = await saveWorkflow(editor.page);
	let saved: Workflow = { name: '', nodes: [], connections: {} };
	await eventually(async () => {
		const answer = await environment.session.rest<Workflow>('GET', `/rest/workflows/${id}`);
		saved = unwrapAnswer(answer, 'read the workflow');
		for (const [name, credential] of Object.entries(chosen)) {
			const node = saved.nodes.find((one) => one.name === name);
			assert.ok(node, `${name} is not saved`);
			const ids = Object.values(node.credentials ?? {}).map(({ id }) => id);
			if (credential) assert.deepEqual(ids, [credential]);
		}
	}, 15_000);
	return saved;
}

/** The values of all parameters, by the names of the nodes: n8n does not store what is as it was at first. */
const toValues = ({ types }: EditorEnvironment, { nodes }: Pick<Workflow, 'nodes'>) =>
	Object.fromEntries(
		nodes
			.filter(({ type }) => type.startsWith(PACK))
			.map((node) => [node.name, toNodeValues(types, node)]),
	);

function toNodeValues(types: Map<string, NodeType>, node: WorkflowNode): INodeParameters {
	const type = types.get(node.type);
	assert.ok(type, `${node.type} is missing`);
	const given = (node.parameters ?? {}) as INodeParameters;
	const of = { typeVersion: Number(node.typeVersion) };
	return NodeHelpers.getNodeParameters(type.properties, given, true, false, of, type) ?? {};
}
