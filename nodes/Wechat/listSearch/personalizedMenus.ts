import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { readList } from '../../api/response';
import { openEditorClient } from '../../n8n/clients';
import { createTextFilter } from '../../n8n/accountList';
import { hasCode, NO_MENU } from '../../api/returnCodes';

interface Listed {
	menuid: number | string;
	button: Array<{ name: string }>;
	matchrule?: Record<string, string | number>;
}

const PHONES: Record<string, string> = { 1: 'iPhone', 2: 'Android', 3: 'other phones' };

/** Lists the personalized menus (个性化菜单) with their buttons and their audience. */
export async function searchPersonalizedMenus(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await openEditorClient(this);
	const { conditionalmenu } = await client
		.send({ method: 'GET', path: '/cgi-bin/menu/get' })
		.catch((error: unknown) => {
			if (!hasCode(error, NO_MENU)) throw error;
			return { conditionalmenu: [] };
		});
	return {
		results: readList<Listed>(conditionalmenu)
			.map((menu) => ({ name: toTitle(menu), value: String(menu.menuid) }))
			.filter(({ name }) => createTextFilter(filter)(name)),
	};
}

function toTitle({ menuid, button, matchrule = {} }: Listed): string {
	const { tag_id, group_id = tag_id, client_platform_type: phone } = matchrule;
	const whom = [group_id && `tag ${group_id}`, phone && PHONES[phone]].filter(Boolean);
	return `${button.map(({ name }) => name).join(' | ')} (${[...whom, menuid].join(', ')})`;
}
