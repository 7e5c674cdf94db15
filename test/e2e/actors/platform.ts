import {
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	RELEASE_TEST_ACCOUNTS,
	SECOND_ACCOUNT,
	startSimulator,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator';
import { PLATFORM_TYPE, toPlatformCredential } from '../n8n/credentials';
import type { TestEnvironment } from '../testEnvironment';
import {
	createTriggerNode,
	toWebhookUrl,
	type UnnamedNode,
	type Workflow,
} from '../workflows/workflow';

/** Two official accounts and a mini program that authorize the platform. */
export const FIRST = DEFAULT_ACCOUNT.appId;
export const SECOND = SECOND_ACCOUNT.appId;
export const MINI = MINI_PROGRAM_ACCOUNT.appId;

/** A WeChat with a third-party platform that no n8n has heard of. */
export async function startSimulatorWithPlatform(
	options: Partial<SimulatorOptions> = {},
): Promise<Simulator> {
	const own = [DEFAULT_ACCOUNT, SECOND_ACCOUNT, MINI_PROGRAM_ACCOUNT];
	const accounts = [...own, ...RELEASE_TEST_ACCOUNTS];
	return await startSimulator({ accounts, followers: 3, ...options });
}

type Credentials = Record<string, { id: string; name: string }>;

/** A trigger for the platform, with what follows it. */
export interface PlatformTrigger {
	id: string;
	/** Of authorization events; messages and browsers arrive below it. */
	url: string;
	credentials: Credentials;
}

export async function createPlatformCredential({
	session,
	simulator,
}: TestEnvironment): Promise<Credentials> {
	const data = toPlatformCredential(simulator);
	return { [PLATFORM_TYPE]: await session.createCredential('platform', PLATFORM_TYPE, data) };
}

/** Activates a trigger for the platform, and what follows it. */
export async function activatePlatformTrigger(
	{ n8n, session }: TestEnvironment,
	credentials: Credentials,
	parameters: Record<string, unknown> = {},
	{ nodes, connections }: Pick<Workflow, 'nodes' | 'connections'> = { nodes: [], connections: {} },
): Promise<PlatformTrigger> {
	const chosen = { kinds: ['all'], respond: 'onReceived', pushOptions: {}, ...parameters };
	const trigger = createTriggerNode({ authentication: 'openPlatform', ...chosen }, credentials);
	const workflow = { name: 'platform', nodes: [trigger, ...nodes], connections };
	const { id } = await session.createWorkflow(workflow);
	await session.activate(id);
	return { id, url: toWebhookUrl(n8n.url, workflow), credentials };
}

/** Enters a trigger's addresses in the console of the platform. */
export function connectPlatform({ platform }: Simulator, { url }: PlatformTrigger): void {
	platform.connect({ events: url, messages: `${url}/$APPID$` });
}

/** A WeChat node that acts for an account behind the platform. */
export const createAccountNode = (
	account: string,
	parameters: Record<string, unknown>,
	credentials: Credentials,
): UnnamedNode => ({
	type: 'n8n-nodes-wechat-platform.wechat',
	parameters: {
		authentication: 'openPlatform',
		account: { __rl: true, mode: 'id', value: account },
		...parameters,
	},
	credentials,
});

/** A WeChat Reply node for whatever account behind the platform the push came for. */
export const createReplyNode = (
	parameters: Record<string, unknown>,
	credentials: Credentials,
): UnnamedNode => ({
	type: 'n8n-nodes-wechat-platform.wechatReply',
	parameters: {
		authentication: 'openPlatform',
		resource: 'reply',
		operation: 'send',
		type: 'Text',
		...parameters,
	},
	credentials,
});

export const createPlatformNode = (
	parameters: Record<string, unknown>,
	credentials: Credentials,
): UnnamedNode => ({
	type: 'n8n-nodes-wechat-platform.wechatOpenPlatform',
	parameters,
	credentials,
});
