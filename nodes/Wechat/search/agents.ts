import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { clientInEditor } from '../../host/account';
import { matching } from '../../host/matching';

interface Listed {
	kf_account: string;
	kf_nick: string;
}

/** The customer service agents whose nickname or account holds the filter; an account has at most 100. */
export async function searchAgents(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await clientInEditor(this);
	const answer = await client.send({ method: 'GET', path: '/cgi-bin/customservice/getkflist' });
	return {
		results: ((answer.kf_list ?? []) as Listed[])
			.map(({ kf_account, kf_nick }) => ({
				name: `${kf_nick} (${kf_account})`,
				value: kf_account,
			}))
			.filter(({ name }) => matching(filter)(name)),
	};
}
