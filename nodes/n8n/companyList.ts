import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { listCompanies, type CompanyList } from '../api/expressCompany';
import { openEditorClient } from './clients';
import { createTextFilter } from './accountList';

/** Of the 1,500 companies of mini programs the editor shows those that fit; more letters find the others. */
const MAX_SHOWN = 200;

/**
 * Creates a search for the express companies (快递公司) whose name or code contains the filter. One call returns all of
 * them, so that the filter works here.
 */
export const createCompanySearch = (list: CompanyList) =>
	async function (this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		const companies = await listCompanies(await openEditorClient(this), list);
		return {
			results: companies
				.map(({ delivery_id, delivery_name }) => ({
					name: `${delivery_name} (${delivery_id})`,
					value: delivery_id,
				}))
				.filter(({ name }) => createTextFilter(filter)(name))
				.slice(0, MAX_SHOWN),
		};
	};
