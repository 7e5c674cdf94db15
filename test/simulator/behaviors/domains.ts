import type { Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { ApiCall, Behavior, OpenBehavior } from './behavior';
import { libraryOf } from './codeLibrary';
import { codeOf, SERVER_LISTS } from './codeState';

const MOST_SERVER = 1000;
const MOST_BUSINESS = 100;

const isSame = (a: string[], b: string[]) => [...a].sort().join() === [...b].sort().join();

function changed(now: string[], action: unknown, wanted: string[]): string[] {
	if (action === 'add') return [...new Set([...now, ...wanted])];
	if (action === 'delete') return now.filter((domain) => !wanted.includes(domain));
	if (action === 'set') return [...new Set(wanted)];
	throw new ApiError(85022);
}

/** `isFree`: no domain has to be registered with the platform. */
function modifyServer(account: Account, { body, state }: ApiCall, isFree: boolean): JsonObject {
	const { domains } = codeOf(account);
	if (body.action === 'get') return domains;
	const given = (list: string) => (body[list] ?? []) as string[];
	const isAllowed = (domain: string) =>
		isFree || body.action === 'delete' || libraryOf(state).allows('server', domain);
	const all = SERVER_LISTS.flatMap(given);
	if (all.length > 0 && !all.some(isAllowed)) throw new ApiError(85018);
	const next = Object.fromEntries(
		SERVER_LISTS.map((list) => {
			const isLeft = body.action !== 'set' && given(list).length === 0;
			const wanted = given(list).filter(isAllowed);
			return [list, isLeft ? domains[list] : changed(domains[list], body.action, wanted)];
		}),
	);
	if (SERVER_LISTS.flatMap((list) => next[list]).length > MOST_SERVER) throw new ApiError(85016);
	if (SERVER_LISTS.every((list) => isSame(next[list], domains[list]))) throw new ApiError(85017);
	Object.assign(domains, next);
	const refused = SERVER_LISTS.map((list): [string, string[]] => [
		`invalid_${list}`,
		given(list).filter((domain) => !isAllowed(domain)),
	]).filter(([, list]) => list.length > 0);
	return { ...domains, ...Object.fromEntries(refused) };
}

export const domainBehaviors: Record<string, Behavior> = {
	'domain.server': (account, call) => modifyServer(account, call, false),
	'domain.serverDirectly': (account, call) => modifyServer(account, call, true),

	'domain.business': (account, { body, state }) => {
		const code = codeOf(account);
		if (body.action === 'get') return { webviewdomain: code.business };
		const library = libraryOf(state);
		const wanted = (body.webviewdomain ?? []) as string[];
		if (library.domains.jump.length === 0) throw new ApiError(89020);
		if (body.action !== 'delete' && wanted.some((one) => !library.allows('jump', one)))
			throw new ApiError(89021);
		const next = changed(code.business, body.action, wanted);
		if (next.length > MOST_BUSINESS) throw new ApiError(89029);
		if (isSame(next, code.business)) throw new ApiError(89019);
		code.business = next;
		return { webviewdomain: next };
	},

	'domain.confirmFile': () => ({ file_name: 'abcde12345.txt', file_content: '8f2c51d0' }),
};

function ofPlatform(which: 'server' | 'jump', name: string, suffix: string): OpenBehavior {
	return ({ body, state }) => {
		const { domains } = libraryOf(state);
		const text = String(body[name] ?? '');
		if (body.action !== 'get') {
			const wanted = text.split(';').filter(Boolean);
			if (wanted.some((domain) => /[:/\s,]/.test(domain))) throw new ApiError(85301);
			domains[which] = changed(domains[which], body.action, wanted);
		}
		const told = domains[which].join(';');
		const published = body.is_modify_published_together === true || body.action === 'get';
		return {
			...(published && { [`published_${suffix}`]: told }),
			[`testing_${suffix}`]: told,
			[`invalid_${suffix}`]: '',
		};
	};
}

export const platformDomainBehaviors: Record<string, OpenBehavior> = {
	'domain.platformServer': ofPlatform('server', 'wxa_server_domain', 'wxa_server_domain'),
	'domain.platformJump': ofPlatform('jump', 'wxa_jump_h5_domain', 'wxa_jump_h5_domain'),
};
