/** A link of WeChat's as a browser reads it. */
export interface Link {
	/** Without query and fragment. */
	address: string;
	/** Decoded, in the order of the link. */
	params: Map<string, string>;
	hash: string;
}

/** Throws an Error where a page of WeChat's would show one. */
export function readLink(text: string): Link {
	const url = new URL(text);
	const params = new Map<string, string>();
	for (const [name, value] of url.searchParams) {
		if (params.has(name)) throw new Error(`${name} is given twice`);
		params.set(name, value);
	}
	// Unencoded, parameters of the page would end up as parameters of WeChat's link.
	if (/[?&]redirect_uri=[^&#]*[:/?]/.test(text)) throw new Error('redirect_uri is not encoded');
	return { address: `${url.origin}${url.pathname}`, params, hash: url.hash };
}

export function checkNames({ params }: Link, known: string[], required: string[]): void {
	for (const name of params.keys()) {
		if (!known.includes(name)) throw new Error(`${name} is not a parameter`);
	}
	for (const name of required) {
		if (!params.get(name)) throw new Error(`${name} is missing`);
	}
}

export function checkRedirect(redirect: string): void {
	if (!/^https?:\/\/[^/?#]/.test(redirect)) throw new Error('redirect_uri is not an address');
}

/** The page's own query survives; a fragment comes after the query. */
export function appendQuery(redirect: string, fields: Record<string, string>): string {
	const [, address, hash] = /^([^#]*)(.*)$/s.exec(redirect) as RegExpExecArray;
	const query = Object.entries(fields).map(
		([name, value]) => `${name}=${encodeURIComponent(value)}`,
	);
	return `${address}${address.includes('?') ? '&' : '?'}${query.join('&')}${hash}`;
}
