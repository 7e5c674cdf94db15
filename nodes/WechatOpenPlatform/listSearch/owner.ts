import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import type { Answer, Call } from '../../api/apiClient';
import { readList, readObject } from '../../api/response';
import { openEditorPlatformClient } from '../../n8n/clients';
import { listLeaves, type IdentityNode } from '../identities';

interface Available {
	id: number;
	name?: string;
	father?: number;
}

/** Lists the second-level categories that the chosen mini program may have. Each value is JSON. */
export async function getAvailableCategories(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const answer = await send(this, { method: 'GET', path: '/cgi-bin/wxopen/getallcategories' });
	const all = readList<Available>(readObject(answer.categories_list).categories);
	const names = new Map(all.map(({ id, name = '' }) => [id, name]));
	return all
		.filter(({ father = 0 }) => father > 0)
		.map(({ id, name = '', father = 0 }) => ({
			name: `${names.get(father) ?? father} > ${name}`,
			value: JSON.stringify({ first: father, second: id }),
		}));
}

interface OwnCategory {
	first: number;
	first_name: string;
	second: number;
	second_name: string;
}

/** Lists the categories that the chosen mini program has. Each value is JSON. */
export async function getOwnCategories(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const answer = await send(this, { method: 'GET', path: '/cgi-bin/wxopen/getcategory' });
	return readList<OwnCategory>(answer.categories).map((category) => ({
		name: `${category.first_name} > ${category.second_name}`,
		value: JSON.stringify({ first: category.first, second: category.second }),
	}));
}

interface CertificateType {
	type: number;
	name: string;
	remark?: string;
}

/** Lists the certificates that a filing knows. */
export async function getCertificateTypes(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const path = '/wxa/icp/query_icp_certificate_types';
	const { items } = await send(this, { method: 'GET', path });
	const types = readList<CertificateType>(items).map(({ type, name }) => ({ name, value: type }));
	return [...new Map(types.map((one) => [one.value, one])).values()];
}

/** Lists as what persons can be verified. */
export async function getIdentities(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { identity_tree_list } = await send(this, { path: '/wxa/sec/authidentitytree' });
	return listLeaves(readList<IdentityNode>(identity_tree_list)).map(({ name, path }) => ({
		name: path,
		value: name,
	}));
}

const send = async (context: ILoadOptionsFunctions, call: Call): Promise<Answer> =>
	await (await openEditorPlatformClient(context)).send({ ...call, safe: true });
