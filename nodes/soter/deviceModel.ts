import { UserError } from '../base/userError';

/**
 * A model of phone as WeChat wants it (model_key). Source: page of is_support, its example. Throws
 * {@link UserError} when a name cannot stand in XML.
 */
export function toModelKey(manufacturer: string, model: string): string {
	const [maker, name] = [manufacturer, model].map(escapeAttribute);
	return `<deviceinfo><MANUFACTURER name="${maker}"><MODEL name="${name}"></MODEL></MANUFACTURER></deviceinfo>`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeAttribute(name: string): string {
	if (/[\u0000-\u001f\u007f\ufffe\uffff]/.test(name) || !name.isWellFormed())
		throw new UserError(
			'Manufacturer or Model holds a character that XML does not know, such as a line break',
			'Take Build.MANUFACTURER and Build.MODEL of the phone.',
		);
	return name.replace(/[&<>"]/g, (character) => ESCAPES[character]);
}
