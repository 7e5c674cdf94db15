import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { MINI_PROGRAMS } from '../../simulator/accounts/miniPrograms';
import { eventually } from '../services/eventually';
import { deployTemplate } from '../workflows/exampleWorkflows';
import { findError } from '../n8n/execution';
import { createCallableNode } from '../workflows/callableNode';
import {
	connectPlatform,
	createPlatformCredential,
	activatePlatformTrigger,
	createPlatformNode,
	startSimulatorWithPlatform,
	type PlatformTrigger,
} from '../actors/platform';
import {
	WEBHOOK,
	toWebhookUrl,
	withCredential,
	type Workflow,
	type WorkflowNode,
} from '../workflows/workflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { PLATFORM_TYPE } from '../n8n/credentials';

const REVIEWS = ['success', 'fail', 'delay'].map((result) => `event.weapp_audit_${result}`);
/** One passes, one has to wait for the privacy check, one has a domain that the platform does not have. */
const [PASSING, WAITING, FAILING] = MINI_PROGRAMS.map(({ appId }) => appId);
/** Longer than the first pause of Deploy would need to notice. */
const PRIVACY_CHECK_MS = 5000;

const scenario: Scenario = {
	name: 'deploy',
	run: async (outer) => {
		const simulator = await startSimulatorWithPlatform({ accounts: MINI_PROGRAMS });
		const environment = outer.copyWith({ simulator });
		try {
			const credentials = await createPlatformCredential(environment);
			const trigger = await activatePlatformTrigger(environment, credentials, { kinds: REVIEWS });
			connectPlatform(simulator, trigger);
			await simulator.platform.pushTicket();
			for (const { appId } of MINI_PROGRAMS) await simulator.platform.authorize(appId);
			await registers(environment, trigger);
			await makesTemplate(environment, trigger);
			const example = await openExample(environment, trigger);
			await deploysToAll(environment, example);
			await hearsOfReviews(environment, trigger);
			await releases(environment, trigger, example);
		} finally {
			await simulator.close();
		}
	},
};

export default scenario;

async function registers(
	environment: ScenarioEnvironment,
	{ credentials }: PlatformTrigger,
): Promise<void> {
	const run = async (operation: string, fields: object) => {
		const parameters = { resource: 'registration', operation, ...fields };
		return (await createCallableNode(environment, createPlatformNode(parameters, credentials)))();
	};
	await environment.check('a company is registered by the rules of April 30, 2026', async () => {
		const company = {
			name: '示例科技',
			code: '91350100M000100Y43',
			component_phone: '02012345678',
		};
		const [made] = await run('createCompany', company);
		assert.match(String(made.authorize_url), /^https:/);
		assert(Date.parse(String(made.authorizeUrlExpiresAt)) > Date.now());
		const [state] = await run('getCompany', { taskid: made.taskid });
		assert.equal(state.meaning, 'Created');
	});
}

async function makesTemplate(
	environment: ScenarioEnvironment,
	{ credentials }: PlatformTrigger,
): Promise<void> {
	const { check, simulator } = environment;
	await check('what a developer uploaded becomes a template', async () => {
		const draft = String(simulator.platform.uploadDraft({ user_desc: 'Shop' }));
		const draft_id = { __rl: true, mode: 'id', value: draft };
		const add = { resource: 'template', operation: 'addDraft', draft_id };
		await (
			await createCallableNode(environment, createPlatformNode(add, credentials))
		)();
		const list = { resource: 'template', operation: 'getAll', returnAll: true };
		const [{ template_id, user_desc }] = await (
			await createCallableNode(environment, createPlatformNode(list, credentials))
		)();
		assert.deepEqual([template_id, user_desc], [1, 'Shop']);
	});
}

interface Example {
	workflow: Workflow & { id: string };
	start(): Promise<void>;
}

/** The example workflow, started by a call in place of a click, with a domain for each mini program. */
async function openExample(
	{ n8n, session }: ScenarioEnvironment,
	{ credentials }: PlatformTrigger,
): Promise<Example> {
	const path = randomUUID();
	const webhook = {
		id: randomUUID(),
		type: WEBHOOK,
		typeVersion: 2,
		webhookId: path,
		parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
	};
	const domain = `={{ $json.appId === '${FAILING}' ? 'https://shop.elsewhere.example' : 'https://api.example.com' }}`;
	const changed = (node: WorkflowNode): WorkflowNode => {
		if (node.name === 'Start') return { ...node, ...webhook };
		if (node.name !== 'Deploy') return node;
		const serverDomains = { requestdomain: domain };
		return { ...node, parameters: { ...node.parameters, serverDomains } };
	};
	const nodes = deployTemplate.nodes.map(changed);
	const { [PLATFORM_TYPE]: credential } = credentials;
	const workflow = withCredential({ ...deployTemplate, nodes }, PLATFORM_TYPE, credential);
	const made = await session.createWorkflow(workflow);
	await session.activate(made.id);
	return {
		workflow: { ...workflow, id: made.id },
		start: async () => void (await fetch(`${n8n.url}/webhook/${path}`, { method: 'POST' })),
	};
}

async function deploysToAll(
	{ check, session, simulator }: ScenarioEnvironment,
	{ workflow, start }: Example,
): Promise<void> {
	await check('three mini programs get one result each', async () => {
		simulator.platform.privacyCheckTakes(PRIVACY_CHECK_MS, WAITING);
		await start();
		const [execution] = await session.executions(workflow.id, 1, 60_000);
		assert.equal(findError(execution), undefined);
		const results = Object.fromEntries(
			session.listItems(execution, 'Deploy').map((row) => [String(row.account), row] as const),
		);
		const done = ['serverDomains', 'commit', 'privacyCheck', 'submit'];
		for (const account of [PASSING, WAITING]) {
			const { auditid, ...row } = results[account];
			assert.deepEqual(row, { account, success: true, version: '1.0.0', done });
			assert.equal(typeof auditid, 'number');
		}
		const { reason, advice, ...failed } = results[FAILING];
		assert.deepEqual(failed, {
			account: FAILING,
			success: false,
			version: '1.0.0',
			failedAt: 'serverDomains',
			errcode: 85018,
			done: [],
		});
		assert.match(`${String(reason)} ${String(advice)}`, /domain/);
	});

	await check(
		'a mini program that waited for its privacy check was committed once and submitted twice',
		() => {
			assert.equal(simulator.count('/wxa/commit'), 2);
			assert.equal(simulator.count('/wxa/submit_audit'), 3);
		},
	);

	await check('each mini program got its own settings', () => {
		const settings = simulator.calls
			.filter(({ path }) => path === '/wxa/commit')
			.map(({ body }) => (body as { ext_json: string }).ext_json);
		const names = MINI_PROGRAMS.slice(0, 2).map(({ nickName }) => nickName);
		assert.deepEqual(
			settings.sort(),
			names.map((name) => JSON.stringify({ ext: { name } })).sort(),
		);
	});
}

async function hearsOfReviews(
	{ check, session, simulator }: ScenarioEnvironment,
	{ id }: PlatformTrigger,
): Promise<void> {
	const { finishReview } = simulator.platform;
	const heard: Array<[string, Parameters<typeof finishReview>[1], string]> = [
		[PASSING, { result: 'delay', reason: '审核时效延长<br>' }, '审核时效延长'],
		[WAITING, { result: 'fail', reason: '1:名称<br>2:类目<br>' }, '1:名称\n2:类目'],
	];
	for (const [index, [account, verdict, reasonText]] of heard.entries())
		await check(
			`a review ends with ${verdict.result}: the trigger has the reason as text`,
			async () => {
				assert.equal((await finishReview(account, verdict))?.outcome, 'success');
				const [execution] = await session.executions(id, index + 1);
				const [item] = session.listItems(execution, 'Trigger');
				assert.deepEqual(
					[item.kind, item.accountAppId, item.reasonText],
					[`event.weapp_audit_${verdict.result}`, account, reasonText],
				);
			},
		);
}

async function releases(
	environment: ScenarioEnvironment,
	{ credentials }: PlatformTrigger,
	{ workflow }: Example,
): Promise<void> {
	const { check, n8n, session, simulator } = environment;
	await check('a version that passed its review is released by the example', async () => {
		connectPlatform(simulator, {
			id: workflow.id,
			url: toWebhookUrl(n8n.url, workflow),
			credentials,
		});
		const { finishReview } = simulator.platform;
		assert.equal((await finishReview(PASSING, { result: 'success' }))?.outcome, 'success');
		const [execution] = await session.executions(workflow.id, 2);
		assert.equal(findError(execution), undefined);
		await eventually(() => assert.equal(simulator.count('/wxa/release'), 1));
		const account = { __rl: true, mode: 'id', value: PASSING };
		const get = { resource: 'code', operation: 'getVersions', account };
		const [{ release_info }] = await (
			await createCallableNode(environment, createPlatformNode(get, credentials))
		)();
		assert.equal((release_info as { release_version: string }).release_version, '1.0.0');
	});
}
