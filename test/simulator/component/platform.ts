import { finishReview } from '../behaviors/audits';
import { accountOf, seconds, type SimulatorState } from '../behaviors/behavior';
import { libraryOf } from '../behaviors/codeLibrary';
import { registrationTicket } from '../behaviors/registration';
import { observeRegistration } from '../behaviors/registrationTasks';
import { kindOf } from '../accounts/defaults';
import { deliverPush, verifyUrl } from '../push/deliverPush';
import { readAuthorizationLink } from './authorizationLink';
import { pushEvent } from './pushEvent';
import { appendQuery } from './readLink';
import { releaseTest } from './releaseTest';
import type { Addresses, Authorized, AuthorizeOptions, Platform } from './types';
import { openWebAuthorization } from './webAuthorization';

const APP_ID = '$APPID$';
const REDIRECT_SECONDS = '600';
const AUTH_CODE_SECONDS = 3600;

export function createPlatform(state: SimulatorState): Platform {
	const { component, options, oauth } = state;
	const { grants, settings } = component;
	let addresses: Addresses | undefined;

	const addressOf = (which: keyof Addresses, appId: string): string => {
		if (!addresses) throw new Error('The platform is not connected');
		return addresses[which].replaceAll(APP_ID, appId);
	};

	const event: Platform['event'] = async (fields) => {
		const url = addressOf('events', '');
		observeRegistration(fields, state);
		return pushEvent(url, fields, options);
	};

	/** The same code goes into the push and into the redirect. */
	async function authorize(appId: string, wish: AuthorizeOptions = {}): Promise<Authorized> {
		const { preAuthCode, permissions, push: isTold = true } = wish;
		const account = accountOf(state, appId);
		if (preAuthCode !== undefined) {
			const status = component.preAuthCodes.stateOf(preAuthCode);
			if (status !== 'good') throw new Error(`the pre_auth_code is ${status}`);
			component.preAuthCodes.spend(preAuthCode);
		}
		const InfoType = grants.of(appId) ? 'updateauthorized' : 'authorized';
		grants.give(account, permissions);
		const code = component.authCodes.issue(appId);
		if (!isTold) return { code };
		const result = await event({
			InfoType,
			AuthorizerAppid: appId,
			AuthorizationCode: code,
			AuthorizationCodeExpiredTime: seconds(options.now()) + AUTH_CODE_SECONDS,
			...(preAuthCode === undefined ? {} : { PreAuthCode: preAuthCode }),
		});
		return { code, result };
	}

	const platform: Platform = {
		settings,
		connect: (given) => {
			if (!given.messages.includes(APP_ID)) throw new Error(`messages must contain ${APP_ID}`);
			addresses = given;
		},
		pushTicket: () =>
			event({
				InfoType: 'component_verify_ticket',
				ComponentVerifyTicket: component.newTicket(),
			}),
		event,
		authorize,
		revoke: async (appId, { push: isTold = true } = {}) => {
			grants.end(appId);
			return isTold ? event({ InfoType: 'unauthorized', AuthorizerAppid: appId }) : undefined;
		},
		isAuthorized: (appId) => grants.of(appId) !== undefined,
		message: async (appId, message, pushOptions = {}) => {
			const { account } = grants.require(appId);
			const { token, encodingAESKey } = settings;
			const component = { appId: settings.appId, token, encodingAESKey };
			const keys = { ...account.settings, ...component, mode: 'safe', format: 'xml' } as const;
			const from = { FromUserName: account.visitor };
			const complete = typeof message === 'string' ? message : { ...from, ...message };
			const url = addressOf('messages', appId);
			return deliverPush(url, complete, { account, keys }, pushOptions, options);
		},
		verify: async (which, appId = state.accounts[0].settings.appId) =>
			verifyUrl(addressOf(which, appId), settings, options),
		openAuthorizationLink: async (url, appId, { push: isTold } = {}) => {
			const { settings: account } = accountOf(state, appId);
			const { redirect, ...wish } = readAuthorizationLink(url, account, component);
			const { code: auth_code, result } = await authorize(appId, { ...wish, push: isTold });
			const query = { auth_code, expires_in: REDIRECT_SECONDS };
			return { redirect: appendQuery(redirect, query), result };
		},
		openWebAuthorization: (url, openid) => openWebAuthorization(url, openid, state),
		jsCode: (appId, openid) => {
			const { settings: account } = accountOf(state, appId);
			if (kindOf(account) !== 'miniProgram') throw new Error(`${appId} is not a mini program`);
			return oauth.jsCodes.issue({ appId, openid });
		},
		registrationTicket: (appId) => registrationTicket(accountOf(state, appId), state),
		uploadDraft: (source = {}) => libraryOf(state).upload(source),
		privacyCheckTakes: (ms, appId) => void libraryOf(state).privacyCheckMs.set(appId, ms),
		finishReview: async (appId, { push: isTold = true, ...verdict }) => {
			const event = finishReview(accountOf(state, appId), verdict, options.now());
			return isTold ? platform.message(appId, event) : undefined;
		},
		expireTicket: () => component.expireTickets(),
		expireTokens: () => component.allTokens.forEach((tokens) => tokens.expireAll()),
		revokeTokens: () => component.allTokens.forEach((tokens) => tokens.revokeAll()),
		loseRefreshToken: (appId) => grants.require(appId).replaceRefreshToken(),
		releaseTest: (pair) => releaseTest(pair, platform, state),
	};
	return platform;
}
