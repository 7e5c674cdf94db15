/** Cuts secrets out of what a server says. */
export function redact(text: string, secrets: string[]): string {
	return secrets.filter(Boolean).reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
