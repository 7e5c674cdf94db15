import type { INodeExecutionData } from 'n8n-workflow';
import { restartProcess } from '../support/services';
import {
	DEFAULT_ACCOUNT,
	SECOND_ACCOUNT,
	type Simulator,
	type SimulatorOptions,
} from '../simulator';
import { untilUp } from '../simulator/test/support';
import { runNode, type Credentials } from '../support/n8n';
import { credentialsFor, platformCredentialsFor } from '../support/simulator';
import {
	HARMLESS,
	LOST,
	REFRESH_TOKEN_DEAD,
	REFUSED,
	TICKET_EXPIRED,
	type Trouble,
} from './faults';

const MINUTES = 60_000;

/** How far WeChat's clock is ahead of ours. */
export const wechat = { aheadMs: 0 };

/** Tokens of so short a life that ten minutes matter to them. */
export const OPTIONS: Partial<SimulatorOptions> = {
	now: () => Date.now() + wechat.aheadMs,
	accounts: [DEFAULT_ACCOUNT, SECOND_ACCOUNT],
	tokenSeconds: 1200,
};
export const SKEWS = [-10 * MINUTES, 0, 10 * MINUTES];

export const SEND = '/cgi-bin/message/custom/send';
export const PROFILE = '/cgi-bin/user/info';
export const PROFILES = '/cgi-bin/user/info/batchget';
export const FOLLOWERS = '/cgi-bin/user/get';
const COMPONENT = '/cgi-bin/component/';
export const STABLE_TOKEN = '/cgi-bin/stable_token';
export const COMPONENT_TOKEN = `${COMPONENT}api_component_token`;
export const AUTHORIZER_TOKEN = `${COMPONENT}api_authorizer_token`;
export const AUTHORIZER_LIST = `${COMPONENT}api_get_authorizer_list`;

const usual = { ...LOST, ...REFUSED, ...HARMLESS };
const calls = Object.fromEntries([SEND, PROFILE, PROFILES, FOLLOWERS].map((path) => [path, usual]));

/** One way to act for accounts: what can go wrong at which path. */
export interface Way {
	appIds: string[];
	troubles: Record<string, Record<string, Trouble>>;
	/** A credential as somebody has just filled it in. */
	enter(simulator: Simulator): Promise<Credentials>;
	parameters: Record<string, unknown>;
}

export const ownAccount: Way = {
	appIds: [DEFAULT_ACCOUNT.appId],
	troubles: { ...calls, [STABLE_TOKEN]: { ...LOST, ...HARMLESS, ...withoutTokens(REFUSED) } },
	enter: async (simulator) => credentialsFor(simulator),
	parameters: {},
};

export const platform: Way = {
	appIds: [DEFAULT_ACCOUNT.appId, SECOND_ACCOUNT.appId],
	troubles: {
		...calls,
		[COMPONENT_TOKEN]: { ...LOST, ...HARMLESS, ...withoutTokens(REFUSED), ...TICKET_EXPIRED },
		[AUTHORIZER_TOKEN]: { ...usual, ...REFRESH_TOKEN_DEAD },
		[AUTHORIZER_LIST]: usual,
	},
	async enter(simulator) {
		for (const appId of platform.appIds) await simulator.platform.authorize(appId, { push: false });
		return await platformCredentialsFor(simulator);
	},
	parameters: {
		authentication: 'openPlatform',
		account: { __rl: true, mode: 'id', value: '={{ $json.appId }}' },
	},
};

/** What is said of a token cannot be said where there is none. */
function withoutTokens(troubles: Record<string, Trouble>): Record<string, Trouble> {
	return Object.fromEntries(Object.entries(troubles).filter(([name]) => !name.includes('token')));
}

/** A user to write to, by way of an account. */
export interface Item {
	appId: string;
	openid: string;
	content: string;
}

export const OPERATIONS = {
	send: {
		resource: 'customerServiceMessage',
		operation: 'send',
		msgtype: 'text',
		touser: '={{ $json.openid }}',
		content: '={{ $json.content }}',
	},
	get: { resource: 'user', operation: 'get', openid: '={{ $json.openid }}' },
	getAll: { resource: 'user', operation: 'getAll', limit: 1 },
};
export type Operation = keyof typeof OPERATIONS;

/** Runs the node over the items; each has something to show for it, in order. */
export async function act(
	way: Way,
	operation: Operation,
	credentials: Credentials,
	items: Item[],
): Promise<INodeExecutionData[]> {
	const { output, error } = await runNode(
		'wechat',
		{ ...OPERATIONS[operation], ...way.parameters },
		credentials,
		items.map((json) => ({ json: { ...json } })),
		{ onError: 'continueRegularOutput' },
	);
	if (error) throw error;
	return output;
}

const CLEAR =
	/^(WeChat refused the call: .+ \(errcode -?\d+\)|No answer from WeChat: .+ \([A-Z][\w ]+\)(\. The call may have been carried out all the same)?)$/;

/** What is wrong with the outcome of one item, if anything. */
export function flaw(
	simulator: Simulator,
	operation: Operation,
	{ openid, content, appId }: Item,
	{ json, error }: INodeExecutionData,
): string | undefined {
	const sent = simulator.messages.filter(
		({ body }) => (body.text as { content: string }).content === content,
	).length;
	if (sent > 1) return `"${content}" was sent ${sent} times`;
	const { error: message } = json as { error?: string };
	if (message === undefined) {
		if (operation === 'send') return sent === 1 ? undefined : `"${content}" was not sent`;
		const wanted = operation === 'get' ? openid : simulator.openids(appId)[0];
		return json.openid === wanted ? undefined : `${JSON.stringify(json)} is no result`;
	}
	if (!CLEAR.test(message)) return `unclear: ${message}`;
	if (message.includes('refused') && sent > 0) return `"${content}" was sent, yet ${message}`;
	if (!error?.description) return `no advice: ${message}`;
	const told = `${message} ${error.description} ${JSON.stringify(json)}`;
	return secretsOf(simulator).some((secret) => told.includes(secret))
		? `a secret: ${told}`
		: undefined;
}

const secretsOf = ({ accounts, platform: { settings } }: Simulator) =>
	[...accounts, settings].flatMap(({ secret, token, encodingAESKey }) => [
		secret,
		token,
		encodingAESKey,
	]);

const DEAD = [40001, 42001];

/**
 * Whether tokens were asked for more often than needed since the log was cleared: `starts` counts the times
 * when there was a reason to have none. A stable token takes two calls: WeChat may hand out the same one again.
 */
export function wasted(way: Way, { calls: log }: Simulator, starts: number): string | undefined {
	const given = (path: string) =>
		log.filter((call) => call.path === path && call.errcode === 0).length;
	const deaths = (isOne: (path: string) => boolean, dead = DEAD) =>
		log.filter(({ path, errcode }) => isOne(path) && dead.includes(errcode)).length;
	const inComponent = (path: string) => path.startsWith(COMPONENT);
	const ofAccounts = deaths((path) => !inComponent(path));
	const most: Record<string, number> =
		way === ownAccount
			? { [STABLE_TOKEN]: starts + 2 * ofAccounts }
			: {
					[COMPONENT_TOKEN]: starts + deaths(inComponent),
					[AUTHORIZER_TOKEN]:
						starts * way.appIds.length + ofAccounts + deaths(inComponent, [61023]),
				};
	const path = Object.keys(most).find((one) => given(one) > most[one]);
	return path && `${path}: ${given(path)} tokens, where ${most[path]} were enough`;
}

/** Ends all faults, and comes back when WeChat accepts connections again. */
export async function mend(simulator: Simulator): Promise<void> {
	simulator.clearFaults();
	await untilUp(simulator);
}

/** As after a restart of n8n. */
export const restart = restartProcess;
