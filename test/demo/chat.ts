import { SECOND_ACCOUNT, type PushMessage, type SimAccount, type Simulator } from '../simulator';
import { openidOf } from '../simulator/accounts/account';
import { Refusal } from './refusal';

/** The visitor of the page and one account, and how WeChat reaches what answers for it. */
export interface Chat {
	id: 'own' | 'platform';
	account: SimAccount;
	openid: string;
	/** What to enter in the credential. */
	keys: { appId: string; secret: string; token: string; encodingAESKey: string };
	push(url: string, message: PushMessage): Promise<unknown>;
	/** Enters the production URL in the console; a Refusal says why WeChat does not take it. */
	connect(url: string): Promise<void>;
}

const openid = ({ appId }: SimAccount) => openidOf(appId, 'the visitor of the demo page');

/** An account with a credential of its own. */
export function ownChat(simulator: Simulator): Chat {
	const { account } = simulator;
	const { appId } = account;
	return {
		id: 'own',
		account,
		openid: openid(account),
		keys: account,
		push: (url, message) => simulator.push(url, message, { appId }),
		connect: async (url) => {
			if (!(await simulator.verify(url, appId))) throw new Refusal('notVerified');
		},
	};
}

/** An account that lets a third-party platform (第三方平台) answer for it. */
export function platformChat({ accounts, platform }: Simulator): Chat {
	const account = accounts.find(({ appId }) => appId === SECOND_ACCOUNT.appId);
	if (!account) throw new Error(`The demo page needs the account ${SECOND_ACCOUNT.appId}`);
	const { appId } = account;
	return {
		id: 'platform',
		account,
		openid: openid(account),
		keys: platform.settings,
		push: (_url, message) => platform.message(appId, message),
		connect: async (url) => {
			platform.connect({ events: url, messages: `${url}/$APPID$` });
			const isTaken =
				(await platform.verify('events')) && (await platform.verify('messages', appId));
			if (!isTaken) throw new Refusal('notVerified');
			if ((await platform.pushTicket()).outcome !== 'success') throw new Refusal('ticketRefused');
			if (platform.isAuthorized(appId)) return;
			const { result } = await platform.authorize(appId);
			if (result?.outcome !== 'success') throw new Refusal('authorizationRefused');
		},
	};
}
