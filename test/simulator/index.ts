import { Account, USUAL_COURSE } from './accounts/account';
import { answerApi, type ApiAnswer, type ApiRequest } from './http/api';
import { setOnline, takeSessionEvents } from './behaviors/agents';
import type { SimulatorState } from './behaviors/behavior';
import { mediaAt, MEDIA_PATH } from './behaviors/media';
import { menuFor } from './behaviors/menus';
import { Component } from './component/component';
import { createPlatform } from './component/platform';
import { DEFAULT_OPTIONS } from './accounts/defaults';
import { EventHub } from './events';
import { OAuth } from './accounts/oauth';
import { deliverPush, verifyUrl } from './push/deliverPush';
import { ApiServer } from './http/server';
import type { PushResult, Simulator, SimulatorOptions } from './types';

export { seal, sign, unseal } from './push/crypto';
export { buildEvent } from './component/pushEvent';
export type * from './component/types';
export {
	DEFAULT_ACCOUNT,
	DEFAULT_COMPONENT,
	MINI_PROGRAM_ACCOUNT,
	SHOP_ACCOUNT,
	MOBILE_APP_ACCOUNT,
	SECOND_ACCOUNT,
} from './accounts/defaults';
export { exported, Phone } from './accounts/phone';
export { FAULT_NOTICE } from './push/deliverPush';
export { joinChat, type Person, type VoiceFiles } from './push/person';
export { buildPush, type BuildOptions, type BuiltPush } from './push/buildPush';
export { RELEASE_TEST_ACCOUNTS, RELEASE_TEST_PAIRS } from './component/releaseTestAccounts';
export type * from './types';

export type { SimulatorEvent } from './events';
/** Starts a WeChat double on 127.0.0.1: the API server, and the side that pushes. */
export async function startSimulator(
	overrides: Partial<SimulatorOptions> = {},
): Promise<Simulator> {
	const events = new EventHub();
	const options = { ...DEFAULT_OPTIONS, events, ...overrides };
	const accounts = options.accounts.map((settings) => new Account(settings, options));
	const state: SimulatorState = {
		options,
		url: '',
		accounts,
		component: new Component(options),
		oauth: new OAuth(options),
		messages: [],
	};
	const answer = (request: ApiRequest): ApiAnswer =>
		request.path.startsWith(MEDIA_PATH)
			? { ...mediaAt(request.path, state), errcode: 0 }
			: answerApi(request, state);
	const server = new ApiServer(answer, options);
	state.url = await server.listen(options.port);

	const accountOf = (appId = accounts[0].settings.appId): Account => {
		const account = accounts.find(({ settings }) => settings.appId === appId);
		if (!account) throw new Error(`The simulator has no account ${appId}`);
		return account;
	};
	const accountsOf = (appId?: string) => (appId === undefined ? accounts : [accountOf(appId)]);

	return {
		url: state.url,
		account: options.accounts[0],
		accounts: options.accounts,
		platform: createPlatform(state),
		count: (path) => server.log.countOf(path),
		calls: server.log.calls,
		get connections() {
			return server.connections;
		},
		messages: state.messages,
		openids: (appId) => accountOf(appId).subscribers.page('', Infinity) ?? [],
		fault: (fault) => server.addFault(fault),
		setJobCourse: (course, appId) => {
			accountOf(appId).jobCourse = { ...USUAL_COURSE, ...course };
		},
		clearFaults: () => server.clearFaults(),
		countTokens: (appId) => accountsOf(appId).reduce((sum, { tokens }) => sum + tokens.size, 0),
		expireTokens: (appId) => accountsOf(appId).forEach(({ tokens }) => tokens.expireAll()),
		revokeTokens: (appId) => accountsOf(appId).forEach(({ tokens }) => tokens.revokeAll()),
		addMedia: (bytes, fileName, appId) => accountOf(appId).media.receive(fileName, bytes).id,
		addMaterial: (bytes, fileName, appId) => accountOf(appId).library.receive(fileName, bytes).id,
		push: (url, message, pushOptions = {}) => {
			const account = accountOf(pushOptions.appId);
			const [FromUserName] = account.subscribers.page('', 1) ?? [];
			const complete = typeof message === 'string' ? message : { FromUserName, ...message };
			return deliverPush(url, complete, { account, keys: account.settings }, pushOptions, options);
		},
		setOnline: (name, isOnline, appId) => setOnline(accountOf(appId), name, isOnline),
		pushSessionEvents: async (url, pushOptions = {}) => {
			const account = accountOf(pushOptions.appId);
			const told: PushResult[] = [];
			for (const event of takeSessionEvents(account)) {
				const keys = account.settings;
				told.push(await deliverPush(url, event, { account, keys }, pushOptions, options));
			}
			return told;
		},
		verify: (url, appId) => verifyUrl(url, accountOf(appId).settings, options),
		close: () => server.close(),
		mediaUrl: (id) => `${state.url}${MEDIA_PATH}${id}`,
		menu: (openid, appId) => {
			const account = accountOf(appId);
			return menuFor(account, account.followers.get(openid)) ?? [];
		},
		listen: events.listen,
	};
}
