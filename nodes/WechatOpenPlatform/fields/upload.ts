import { writeJson } from '../../base/json';
import type { Field } from '../../engine/define';
import { template } from './template';

/** The fields of a commit. Source: "Upload code" (commit). */
export const upload = [
	template,
	{
		displayName: 'Version (版本)',
		name: 'user_version',
		type: 'string',
		required: true,
		maxLength: 64,
		default: '',
		placeholder: 'e.g. 1.2.0',
		description: 'A name for this version of the code, at most 64 characters (user_version)',
	},
	{
		displayName: 'Version Description (版本描述)',
		name: 'user_desc',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. New shopping cart',
		description: 'What is new (user_desc)',
	},
	{
		displayName: 'Ext JSON',
		name: 'ext_json',
		type: 'json',
		as: 'json',
		typeOptions: { rows: 5 },
		default: '{}',
		description:
			'The settings of this mini program, which its code reads (ext_json), as an object, e.g. {"ext": {"shop": 42}}. A standard template takes extAppid, ext and window only.',
	},
] as const satisfies Field[];

/** Turns the settings into text: WeChat wants JSON inside the JSON body. */
export const toCommitBody = ({ ext_json, ...body }: Record<string, unknown>) => ({
	...body,
	ext_json: toText(ext_json || {}),
});

/** The body on WeChat's page has the text already. */
function toText(given: object): string {
	const { ext_json = given } = given as { ext_json?: unknown };
	return typeof ext_json === 'string' ? ext_json : writeJson(ext_json);
}
