import { UserError } from '../base/userError';
import { createLoginSeal, type BotAccount } from './botAccount';

/** How long a link to the login page holds, in milliseconds. */
const LINK_MS = 3_600_000;

/** What a link allows, beside the login of the person whose bot it is. */
const ANYONE = 'anyone';

/** Creates a link to the page on which the bot is logged in. It holds for an hour. @throws {UserError} without a page */
export async function createLoginLink(
	account: BotAccount,
	isForAnyone = false,
): Promise<{ url: string; until: string }> {
	const place = await account.readPlace();
	const address = place.addresses?.at(-1);
	if (!address)
		throw new UserError(
			'There is no page to log in on',
			'Publish (activate) a workflow whose WeChat Bot Trigger has this credential: the page is at its address.',
			'没有登录页面：请发布（激活）一个 WeChat Bot Trigger 使用此凭据的工作流，登录页面就在其地址上。',
		);
	const until = account.services.clock.now() + LINK_MS;
	const url = new URL(address);
	url.searchParams.set('link', createLoginSeal(place).signState(isForAnyone ? ANYONE : '', until));
	return { url: url.href, until: new Date(until).toISOString() };
}

/** Reads what a link of {@link createLoginLink} allows; undefined when it was not made here, or its time is over. */
export async function readLoginLink(
	account: BotAccount,
	link: string,
): Promise<{ isForAnyone: boolean } | undefined> {
	const state = createLoginSeal(await account.readPlace()).verifyState(
		link,
		account.services.clock.now(),
	);
	return typeof state === 'string' ? undefined : { isForAnyone: state.text === ANYONE };
}
