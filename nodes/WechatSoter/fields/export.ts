import type { Upload } from '../../base/multipart';
import { decodeBase64, joinExport, splitExport, type SoterExport } from '../../soter/soterExport';
import type { Field, Params } from '../../engine/define';
import { inputFile } from '../../engine/fields';

const as = (form: string) => ({ displayOptions: { show: { exportAs: [form] } } });

/** The ways in which an app may hand over what SOTER exported. */
export const exportFields = [
	{
		displayName: 'Export As',
		name: 'exportAs',
		type: 'options',
		wire: false,
		options: [
			{
				name: 'Base64',
				value: 'base64',
				description: 'All in one: length, JSON and signature, in Base64',
			},
			{
				name: 'Binary File',
				value: 'binary',
				description: 'All in one: length, JSON and signature, in a binary field',
			},
			{
				name: 'JSON and Signature',
				value: 'text',
				description: 'Two texts, as the library for apps splits it',
			},
		],
		default: 'text',
		description: 'How the app hands over what the phone exported',
	},
	{
		displayName: 'JSON',
		name: 'json',
		type: 'string',
		typeOptions: { rows: 4 },
		wire: false,
		required: true,
		...as('text'),
		default: '',
		placeholder: 'e.g. { "pub_key":"-----BEGIN PUBLIC KEY-----\\n…',
		description:
			'The text as the phone exported it. Each blank is signed: let the app send it as a text, not as an object.',
	},
	{
		displayName: 'Signature (签名)',
		name: 'signature',
		type: 'string',
		wire: false,
		required: true,
		...as('text'),
		default: '',
		description: 'What the phone exported with it, in Base64',
	},
	{
		displayName: 'Base64',
		name: 'base64',
		type: 'string',
		wire: false,
		required: true,
		...as('base64'),
		default: '',
		description: 'The export in Base64, at most 1 MB',
	},
	{
		...inputFile,
		wire: 'exported',
		...as('binary'),
		hint: 'The name of the input binary field containing the export',
	},
] as const satisfies Field[];

/**
 * What the fields hold.
 *
 * @throws {UserError} when it is no export
 */
export function readExport(
	params: Params<typeof exportFields>,
	files: Record<string, Upload> = {},
): SoterExport {
	const { exportAs, json = '', signature = '', base64 = '' } = params;
	if (exportAs === 'text') return joinExport(json, signature);
	return splitExport(files.exported?.bytes ?? decodeBase64(base64, 'The export', '导出数据'));
}
