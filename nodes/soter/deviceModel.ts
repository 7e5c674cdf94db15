import { escapeMarkup } from '../base/html';
import { UserError } from '../base/userError';

/** Characters that XML cannot hold, and line breaks. */
const NOT_IN_XML = /[\u0000-\u001f\u007f\ufffe\uffff]/;

/**
 * Writes a model of phone as WeChat wants it (model_key), after the example on the page of is_support.
 *
 * @param manufacturer `Build.MANUFACTURER` of the phone
 * @param model `Build.MODEL` of the phone
 * @throws {UserError} when a name holds a character that XML does not know.
 */
export function toModelKey(manufacturer: string, model: string): string {
	const [maker, name] = [manufacturer, model].map(escapeName);
	return `<deviceinfo><MANUFACTURER name="${maker}"><MODEL name="${name}"></MODEL></MANUFACTURER></deviceinfo>`;
}

function escapeName(name: string): string {
	if (!NOT_IN_XML.test(name) && name.isWellFormed()) return escapeMarkup(name);
	throw new UserError(
		'Manufacturer or Model holds a character that XML does not know, such as a line break',
		'Take Build.MANUFACTURER and Build.MODEL of the phone.',
		'“厂商”或“机型”含有 XML 不允许的字符（如换行）：请使用手机的 Build.MANUFACTURER 和 Build.MODEL。',
	);
}
