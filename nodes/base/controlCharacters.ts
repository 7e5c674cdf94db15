/**
 * Leaves out the characters that XML 1.0 cannot hold, not even in CDATA. In JSON they could be escaped, but servers
 * refuse or show such escapes. Line breaks and tabs stay; half an emoji becomes U+FFFD.
 */
export const removeControls = (text: string): string =>
	text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
