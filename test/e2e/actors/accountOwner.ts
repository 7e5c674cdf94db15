import type { SimAccount, Simulator } from '../../simulator';

interface Answer {
	access_token?: string;
	/** Answers that have something to say may have none. */
	errcode?: number;
	[field: string]: unknown;
}

/** A call that the owner of an account makes with tools of their own. */
export async function callAsOwner(
	{ url }: Simulator,
	{ appId, secret }: SimAccount,
	path: string,
	body: object,
): Promise<Answer> {
	const grant = { grant_type: 'client_credential', appid: appId, secret };
	const { access_token } = await post(`${url}/cgi-bin/stable_token`, grant);
	const answer = await post(`${url}${path}?access_token=${access_token}`, body);
	const { errcode = 0 } = answer;
	if (errcode !== 0) throw new Error(`${path} was refused with ${errcode}`);
	return answer;
}

async function post(address: string, body: object): Promise<Answer> {
	const response = await fetch(address, { method: 'POST', body: JSON.stringify(body) });
	return (await response.json()) as Answer;
}
