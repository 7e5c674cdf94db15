/** What stands behind an address, as n8n reads it. */
export type Query = Readonly<Record<string, unknown>>;

/** Query values can be arrays or objects (`a=1&a=2`, `a[b]=1`); WeChat only sends text. */
export function textIn(query: Query, name: string): string {
	const value = query[name];
	return typeof value === 'string' ? value : '';
}
