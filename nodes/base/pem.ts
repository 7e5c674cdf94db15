/**
 * Extracts the blocks of one kind from a PEM text, as OpenSSL wants them. A one-line field of n8n takes the line breaks
 * out of what is pasted there, or leaves blanks or `\n` in their place.
 *
 * @param kind matches the label, e.g. `/PUBLIC KEY$/`
 */
export function extractPem(text: string, kind: RegExp): string {
	const blocks = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs);
	return [...blocks]
		.filter(([, label]) => kind.test(label))
		.map(([, label, body]) => {
			const lines = body.replace(/\\+[nrt]|\s/g, '').match(/.{1,64}/g) ?? [];
			return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
		})
		.join('');
}
