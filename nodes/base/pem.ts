/**
 * Extracts the blocks of one kind from a PEM text, as OpenSSL wants them. A one-line field of n8n takes the line breaks
 * out of what is pasted there, or leaves blanks or `\n` in their place.
 *
 * @param kind what the label ends in: there are also an `RSA PRIVATE KEY`, and a `CERTIFICATE REQUEST`
 */
export function extractPem(
	text: string,
	kind: 'CERTIFICATE' | 'PRIVATE KEY' | 'PUBLIC KEY',
): string {
	const blocks = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs);
	return [...blocks]
		.filter(([, label]) => label.endsWith(kind))
		.map(([, label, body]) => {
			const lines = body.replace(/\\+[nrt]|\s/g, '').match(/.{1,64}/g) ?? [];
			return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
		})
		.join('');
}
