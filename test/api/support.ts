import { createAccountClient } from '../../nodes/api/accountClient';
import type { Client } from '../../nodes/api/apiClient';
import type { Http } from '../../nodes/base/http';
import { UserError } from '../../nodes/base/userError';
import { createProcessAt } from '../support/services';
import { emptyStore } from '../support/emptyStore';

export const NOW = 1_760_000_000_000;
const app = { appId: 'wx1', appSecret: 'very-secret', baseUrl: '' };
export const told = {
	openid: 'o',
	access_token: 'A',
	refresh_token: 'R',
	expires_in: 7200,
	scope: 's',
};

/** A client of a WeChat that gives one answer, and what it was asked. */
export function answering(answer: object, now = NOW): { client: Client; asked: URL[] } {
	const asked: URL[] = [];
	const http: Http = async ({ url }) => {
		asked.push(url);
		const body = Buffer.from(JSON.stringify(answer));
		return { status: 200, contentType: '', disposition: '', body };
	};
	return {
		client: createAccountClient(
			app,
			emptyStore,
			createProcessAt(() => now, { http }),
		),
		asked,
	};
}
export const { client } = answering(told);
export const web = client.seal.encrypt({ openid: 'o', accessToken: 'A', refreshToken: 'R' });
export const login = client.seal.encrypt({
	openid: 'o',
	sessionKey: Buffer.alloc(16).toString('base64'),
});
export const queryOf = ([url]: URL[]) => Object.fromEntries(url.searchParams);

/** The error of some work, also one that is thrown before anything is asked. */
export async function problemOf(work: () => unknown): Promise<UserError> {
	try {
		await work();
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
	throw new Error('it succeeded');
}
