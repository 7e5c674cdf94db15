import { toTimeAfter } from '../base/clock';
import { UserError } from '../base/userError';
import type { AccountClient } from './accountClient';
import { createClient } from './apiClient';
import { ApiError } from './apiError';
import { toAppKey, type App } from './app';
import { checkLinkState, signLinkState } from './authorizationLink';
import { createAuthorizers, type Authorizers } from './authorizers';
import { clearQuota, createComponentTokens, startTicketPush } from './componentToken';
import { readList, readObject, type Answer } from './response';
import { hasCode, UNAUTHORIZED } from './returnCodes';
import { systemServices, type Services } from './services';
import {
	createStateSection,
	createTicketStore,
	findProblem,
	type Grant,
	type Profile,
	type Store,
	type StoredState,
} from './state';

/** Calls WeChat for a third-party platform, and for the account that was chosen, if any. */
export interface PlatformClient extends AccountClient, Omit<Authorizers, 'getTokens'> {
	/**
	 * Saves a component_verify_ticket.
	 *
	 * @throws {UserError} when it is empty. The one before stays.
	 */
	receiveTicket(value: string): Promise<void>;
	/** Reads what is stored. */
	stored: StoredState;
	/** Gets the details of an account from WeChat, and saves its name and kind. */
	details(appId: string): Promise<Details>;
	/** Requests a new token for an account. */
	refresh(appId: string): Promise<void>;
	/** The state of an authorization link, whose `preAuthCode` ends at a time in milliseconds. */
	signLink(preAuthCode: string, expiresAt: number): string;
	/** @throws {UserError} when the state is not of a link of this platform, or too old. */
	checkLink(state: string): void;
	startTicketPush(): Promise<void>;
	/** Resets the daily call counts of an account, or of the platform itself. */
	clearQuota(appId?: string): Promise<Answer>;
}

/** What WeChat knows about an authorized account. */
export interface Details {
	appId: string;
	profile: Profile;
	/** `authorizer_info` as it came. */
	info: Answer;
	/** `func_info`: the permission sets (权限集) that it granted. */
	permissions: Permission[];
}

interface Permission {
	id: number;
	/** Only of sets that have to be confirmed (api_confirm_authorization). */
	confirm_info?: object;
}

/** `appId`: the account to act for. */
export function createPlatformClient(
	app: App,
	store: Store,
	appId?: string,
	services: Services = systemServices,
): PlatformClient {
	const { now } = services.clock;
	const component = createComponentTokens(app, store, services);
	const platform = createClient({ app, component }, services);
	const { getTokens, ...authorizers } = createAuthorizers(toAppKey(app), platform, store, services);

	/** Adds the account to the error, and saves the problem for the list of accounts. */
	async function addAccountName(error: ApiError, account: string): Promise<ApiError> {
		if (!hasCode(error, UNAUTHORIZED)) return error;
		const { errcode: code, hint = '', chinese = '' } = error;
		const grant = await store.readAccount(account);
		if (grant && !grant.gone && findProblem(grant)?.code !== code)
			await store.save({
				accounts: {
					[account]: { at: grant.at, problem: { code, at: toProblemTime(grant, now()) } },
				},
			});
		const name = grant?.profile?.name;
		const who = name ? `"${name}" (${account})` : account;
		const whoInChinese = name ? `“${name}”（${account}）` : ` ${account}`;
		return error.with({
			hint: `The account is ${who}. ${hint}`,
			chinese: `账号是${whoInChinese}。${chinese}`,
		});
	}

	/** Names the account in errors of calls that the platform makes for it. */
	const nameAccount = async <T>(account: string, work: Promise<T>): Promise<T> =>
		await work.catch(async (error: unknown) => {
			throw error instanceof ApiError ? await addAccountName(error, account) : (error as Error);
		});

	/**
	 * Requests name, kind and permission sets of an authorized account (api_get_authorizer_info).
	 * Source: "Get the details of an authorized account".
	 */
	async function requestDetails(account: string): Promise<Details> {
		const answer = await platform.send({
			path: '/cgi-bin/component/api_get_authorizer_info',
			bearer: 'component',
			body: { authorizer_appid: account },
			safe: true,
		});
		const info = readObject(answer.authorizer_info);
		const grant = await store.readAccount(account);
		const isEmpty = Object.keys(info).length === 0;
		const profile = (isEmpty && grant?.profile) || readProfile(info);
		if (
			grant &&
			!grant.gone &&
			!isEmpty &&
			JSON.stringify(grant.profile) !== JSON.stringify(profile)
		)
			await store.save({ accounts: { [account]: { at: grant.at, profile } } });
		const { func_info } = readObject(answer.authorization_info);
		return {
			appId: account,
			profile,
			info,
			permissions: readList<FuncInfo>(func_info).flatMap(readPermission),
		};
	}

	const account = appId
		? {
				appId,
				account: getTokens(appId),
				explain: async (error: ApiError) => await addAccountName(error, appId),
			}
		: {};
	return {
		...createClient({ app, component, ...account }, services),
		...authorizers,
		details: async (of) => await nameAccount(of, requestDetails(of)),
		async kind() {
			if (!appId)
				throw new UserError(
					'No account is chosen',
					'Choose one under Account.',
					'没有选择账号：请在“授权账号”中选择。',
				);
			const { profile } = (await store.readAccount(appId)) ?? {};
			return (profile ?? (await nameAccount(appId, requestDetails(appId))).profile).kind;
		},
		...(appId && {
			openTicketStore: (type: string) => createTicketStore(store, `${type} ${appId}`),
		}),
		section: (name) => createStateSection(store, name),
		async receiveTicket(value) {
			if (!value)
				throw new UserError(
					'The push of a verify ticket holds no ComponentVerifyTicket',
					undefined,
					'验证票据推送中没有 ComponentVerifyTicket。',
				);
			const ticket = await store.readTicket();
			await store.save({ ticket: { value, at: toTimeAfter(ticket?.at, now()) } });
		},
		stored: store,
		async refresh(of) {
			const tokens = getTokens(of);
			await nameAccount(of, tokens.current().then(tokens.renew));
		},
		signLink: (preAuthCode, expiresAt) => signLinkState(app, preAuthCode, expiresAt),
		checkLink: (state) => checkLinkState(app, state, now()),
		startTicketPush: async () => await startTicketPush(app, services),
		clearQuota: async (of = app.appId) => await nameAccount(of, clearQuota(app, of, services)),
	};
}

/** A problem is later than the token that it was found with, and than the problem before. */
const toProblemTime = ({ token, problem }: Grant, now: number) =>
	toTimeAfter(token?.askedAt, toTimeAfter(problem?.at, now));

function readProfile(info: Answer): Profile {
	return {
		name: String(info.nick_name ?? ''),
		userName: String(info.user_name ?? ''),
		// The page of this call names this difference.
		kind: info.MiniProgramInfo ? 'miniProgram' : 'officialAccount',
	};
}

interface FuncInfo {
	funcscope_category?: { id: number } | null;
	confirm_info?: object | null;
}

const readPermission = ({ funcscope_category: set, confirm_info }: FuncInfo): Permission[] =>
	set ? [{ id: set.id, ...(confirm_info && { confirm_info }) }] : [];
