import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import type { PlatformClient } from '../api/platform';
import type { Grant, State } from '../api/state';
import { platformOf } from './account';
import { matching } from './matching';

const PAGE = 100;
/** Of so many accounts the name is fetched at once, when it is not known. */
const NEW_NAMES = 20;

/** The accounts that authorized the platform, for lists to choose from. */
export async function searchAccounts(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const accounts = entriesOf(await knownAccounts(await platformOf(this)));
	const found = accounts.filter(({ name, value }) => matching(filter)(`${name} ${value}`));
	const begin = Number(paginationToken ?? 0);
	const end = begin + PAGE;
	return {
		results: found.slice(begin, end),
		...(end < found.length && { paginationToken: String(end) }),
	};
}

/** The same for a menu. */
export async function getAccounts(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return entriesOf(await knownAccounts(await platformOf(this)));
}

export const accountsIn = ({ accounts = {} }: State): Array<[string, Grant]> =>
	Object.entries(accounts).filter(([, { gone }]) => !gone);

function labelOf(appId: string, profile: Grant['profile']): string {
	if (!profile?.name) return appId;
	return profile.kind === 'miniProgram' ? `${profile.name} (mini program 小程序)` : profile.name;
}

const entriesOf = (accounts: Array<[string, Grant]>) =>
	accounts
		.map(([appId, { profile }]) => ({ name: labelOf(appId, profile), value: appId }))
		.sort((a, b) => a.name.localeCompare(b.name));

/** What is stored; when that is nothing, what WeChat's list says. Those have no name yet. */
async function knownAccounts(platform: PlatformClient): Promise<Array<[string, Grant]>> {
	if (accountsIn(await platform.state()).length === 0) await platform.recover();
	const accounts = accountsIn(await platform.state());
	const nameless = accounts.filter(([, { profile }]) => !profile).slice(0, NEW_NAMES);
	if (nameless.length === 0) return accounts;
	await Promise.allSettled(nameless.map(async ([appId]) => await platform.details(appId)));
	return accountsIn(await platform.state());
}
