import { readList } from './response';
import type { Call, Client } from './apiClient';
import { UserError } from '../base/userError';
import aliases from './expressCompanies.json';

/** An express company (快递公司) as WeChat lists it. */
interface Company {
	delivery_id: string;
	delivery_name: string;
}

/** Mini programs and shops have lists of their own, where some companies have other codes. */
export type CompanyList = keyof typeof aliases;

const CALLS: Record<CompanyList, { call: Call; at: string }> = {
	miniProgram: {
		call: { path: '/cgi-bin/express/delivery/open_msg/get_delivery_list', body: {}, safe: true },
		at: 'delivery_list',
	},
	shop: {
		call: {
			path: '/channels/ec/order/deliverycompanylist/new/get',
			body: { ewaybill_only: false },
			safe: true,
		},
		at: 'company_list',
	},
};

/** Lists the express companies that WeChat knows; one call returns all, of a mini program about 1,500. */
export async function listCompanies(
	client: Pick<Client, 'send'>,
	list: CompanyList,
): Promise<Company[]> {
	const { call, at } = CALLS[list];
	return readList<Company>((await client.send(call))[at]);
}

/** Source: the pages of both lists. */
const findAlias = (list: CompanyList, name: string) =>
	Object.entries(aliases[list] as Record<string, string[]>).find(([, names]) =>
		names.includes(name),
	)?.[0];

/** What is entered for a company may be its code; a Chinese name is none. */
const isCode = (text: string) => /^[\w()-]+$/.test(text);

/**
 * Finds the code of an express company that is entered by code, name or alias, such as 顺丰. Asks WeChat only for names
 * that the table does not have.
 *
 * @throws {UserError} when no company, or more than one, has that name.
 */
export async function findCompanyCode(
	client: Pick<Client, 'send'>,
	entered: string,
	list: CompanyList,
): Promise<string> {
	const text = entered.trim();
	if (isCode(text)) return text;
	const known = findAlias(list, text);
	if (known) return known;
	const companies = await listCompanies(client, list);
	const same = companies.filter(({ delivery_name: name }) => name === text);
	const found = same.length > 0 ? same : companies.filter((one) => isAlike(one, text));
	if (found.length === 1) return found[0].delivery_id;
	throw new UserError(
		found.length === 0
			? `WeChat knows no express company "${text}"`
			: `"${text}" is the name of ${found.length} express companies: ${found
					.slice(0, 5)
					.map(({ delivery_name: name, delivery_id: id }) => `${name} (${id})`)
					.join(', ')}`,
		'Choose the company from the list, or enter its code.',
		found.length === 0
			? `微信没有名为“${text}”的快递公司：请从列表中选择，或填写其编码。`
			: `有 ${found.length} 家快递公司名为“${text}”：请从列表中选择，或填写其编码。`,
	);
}

const isAlike = ({ delivery_name: name }: Company, text: string) =>
	name.includes(text) || text.includes(name);
