import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import type { PlatformClient } from '../api/platformClient';
import type { Grant, StoredState } from '../api/state';
import { openPlatformClient } from './clients';

const PAGE = 100;
/** Of so many accounts the name is fetched at once, when it is not known. */
const NEW_NAMES = 20;

/** The accounts that authorized the platform, for lists to choose from. */
export async function searchAccounts(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const accounts = toOptions(await listKnownAccounts(await openPlatformClient(this)));
	const found = accounts.filter(({ name, value }) => createTextFilter(filter)(`${name} ${value}`));
	const begin = Number(paginationToken ?? 0);
	const end = begin + PAGE;
	return {
		results: found.slice(begin, end),
		...(end < found.length && { paginationToken: String(end) }),
	};
}

/** The same for a menu. */
export async function getAccounts(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return toOptions(await listKnownAccounts(await openPlatformClient(this)));
}

/** The accounts that have authorized the platform, as they are stored. */
export const listAccounts = async (stored: StoredState): Promise<Array<[string, Grant]>> =>
	Object.entries(await stored.readAccounts()).filter(([, { gone }]) => !gone);

function toLabel(appId: string, profile: Grant['profile']): string {
	if (!profile?.name) return appId;
	return profile.kind === 'miniProgram' ? `${profile.name} (mini program 小程序)` : profile.name;
}

const toOptions = (accounts: Array<[string, Grant]>) =>
	accounts
		.map(([appId, { profile }]) => ({ name: toLabel(appId, profile), value: appId }))
		.sort((a, b) => a.name.localeCompare(b.name));

/** What is stored; when that is nothing, what WeChat's list says. Those have no name yet. */
async function listKnownAccounts(platform: PlatformClient): Promise<Array<[string, Grant]>> {
	const { stored } = platform;
	if ((await listAccounts(stored)).length === 0) await platform.recover();
	const accounts = await listAccounts(stored);
	const nameless = accounts.filter(([, { profile }]) => !profile).slice(0, NEW_NAMES);
	if (nameless.length === 0) return accounts;
	await Promise.allSettled(nameless.map(async ([appId]) => await platform.details(appId)));
	return await listAccounts(stored);
}

/** Whether a text holds what somebody typed to search a list; capitals do not count. */
export const createTextFilter = (filter: string) => (text: string) =>
	text.toLowerCase().includes(filter.toLowerCase());
