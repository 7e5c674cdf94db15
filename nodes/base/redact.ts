/** Cuts secrets out of what a server says: texts, and texts anywhere in lists and objects. */
export type Redact = <T>(said: T) => T;

const HIDDEN = '***';
/** Shorter ones are only cut out where they stand alone: they may be a part of any number or word. */
const LONG = 8;

/** Creates what cuts secrets out, also as they stand in addresses, in JSON and in HTML. */
export function createRedact(secrets: readonly string[]): Redact {
	const patterns = [...new Set(secrets.filter(Boolean).flatMap(listForms))]
		// The longest first, or a part of it would be left.
		.sort((one, other) => other.length - one.length)
		.map(toPattern);
	if (patterns.length === 0) return (said) => said;
	const pattern = new RegExp(patterns.join('|'), 'g');
	const clean = (said: unknown): unknown => {
		if (typeof said === 'string') return said.replace(pattern, HIDDEN);
		if (Array.isArray(said)) return said.map(clean);
		if (typeof said !== 'object' || said === null) return said;
		return Object.fromEntries(Object.entries(said).map(([name, value]) => [name, clean(value)]));
	};
	// What is cleaned keeps its shape, so its type is the same.
	return <T>(said: T) => clean(said) as T;
}

const listForms = (secret: string): string[] => [
	secret,
	encodeURIComponent(secret),
	// .NET writes the escapes of addresses in lower case.
	encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
	new URLSearchParams([['', secret]]).toString().slice(1),
	JSON.stringify(secret).slice(1, -1),
	secret.replaceAll('/', '\\/'),
	secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
];

function toPattern(secret: string): string {
	const literal = secret.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
	return secret.length < LONG ? `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])` : literal;
}

/** Names of fields whose values are secrets on any wire: tokens, tickets, secrets, passwords, keys of sessions, codes. */
const SECRET_NAME =
	/(token|ticket|secret|passwd|password|session_?key)$|^(js|auth|authorization)_code$/i;

/** Finds the secrets in what is sent, by the names of their fields; `more` names those of this call. */
export function findSecrets(sent: unknown, more: readonly string[] = []): string[] {
	if (Array.isArray(sent)) return sent.flatMap((entry) => findSecrets(entry, more));
	if (typeof sent !== 'object' || sent === null || Buffer.isBuffer(sent)) return [];
	return Object.entries(sent).flatMap(([name, value]) => {
		if (typeof value !== 'string') return findSecrets(value, more);
		return SECRET_NAME.test(name) || more.includes(name) ? [value] : [];
	});
}
