import table from './permissions.json';

const names: Record<string, { name: string } | undefined> = table;

/**
 * The permission sets (权限集) that accounts grant a platform, for menus. WeChat adds to them without notice.
 * Source: the tables of permission sets for official accounts and mini programs.
 */
export const PERMISSIONS = Object.entries(table)
	.map(([id, { name }]) => ({ name, value: Number(id) }))
	.sort((a, b) => a.name.localeCompare(b.name));

export const toPermissionName = (id: number): string => names[id]?.name ?? `ID ${id}`;
