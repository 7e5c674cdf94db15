import type { INodePropertyOptions } from 'n8n-workflow';
import type { Field, MediaUse } from './fieldTypes';
import { inputFile } from './fields';

const FROM: INodePropertyOptions[] = [
	{
		name: 'Input Data',
		value: 'binary',
		description: 'From a binary field of the item; uploaded once, and remembered',
	},
	{
		name: 'Media ID',
		value: 'mediaId',
		description: 'Of a push, or of an upload',
	},
	{
		name: 'Web Address (网址)',
		value: 'url',
		description: 'Fetched from there; uploaded once, and remembered',
	},
];

const URL_FIELD = {
	isWebAddress: true,
	default: '',
	placeholder: 'e.g. https://example.com/picture.jpg',
	description:
		'Address of the file on the public internet, without a login. What is inside your network, get with an HTTP Request node before.',
} as const;

/** Where a file is that an operation uploads. */
export const fileFrom = {
	displayName: 'Take File From (文件来源)',
	name: 'fileFrom',
	type: 'options',
	wire: false,
	options: [
		{ name: 'Input Data', value: 'binary', description: 'From a binary field of the item' },
		{ name: 'Web Address (网址)', value: 'url', description: 'Fetched from there' },
	],
	default: 'binary',
	description: 'Where the file is that WeChat gets',
} as const satisfies Field;

/**
 * Creates the fields of a file that an operation uploads, behind {@link fileFrom}: `field` is the one of its binary
 * field.
 */
export function createFileFields<const F extends Field>(field: F) {
	const { hint: _, ...shared } = field;
	const showFor = (from: string) => ({
		displayOptions: { show: { fileFrom: [from], ...field.displayOptions?.show } },
	});
	return [
		{ ...field, ...showFor('binary') },
		{
			...shared,
			...URL_FIELD,
			displayName: 'URL (链接)',
			name: 'fileUrl',
			...showFor('url'),
			description: [field.description, URL_FIELD.description].filter(Boolean).join('. '),
		},
	] as const;
}

const NONE: INodePropertyOptions = { name: 'None', value: 'none', description: 'Goes without' };

/**
 * Creates the fields of a file that a message sends: where it comes from, and one field for each way. `id` is the field of
 * its media ID; `name` the beginning of the names of the others, such as `media` of `mediaFrom`.
 */
export function createMediaFields<const N extends string, const I extends Field>(
	name: N,
	id: I,
	media: MediaUse,
	label = '',
) {
	const { displayOptions, required, wire = id.name } = id;
	const from = `${name}From` as const;
	const showFor = (...values: string[]) => ({
		displayOptions: { show: { ...displayOptions?.show, [from]: values } },
	});
	const shared = { type: 'string', as: 'media', wire, media, required } as const;
	const source = {
		displayName: `Take ${label || 'File'} From (文件来源)`,
		name: from,
		type: 'options',
		wire: false,
		...(displayOptions && { displayOptions }),
		options: FROM,
		default: 'binary',
		description:
			'Where it is. Files that the account does not have yet are uploaded before, as WeChat takes them: pictures of other types and WAV are converted.',
	} as const;
	return [
		required ? source : { ...source, options: [NONE, ...FROM], default: 'none' },
		{
			displayName: `${label} ${inputFile.displayName}`.trim(),
			name: `${name}Field` as const,
			...shared,
			...showFor('binary'),
			default: 'data',
			hint: inputFile.hint,
		},
		{
			displayName: `${label} URL`.trim(),
			name: `${name}Url` as const,
			...shared,
			...URL_FIELD,
			...showFor('url'),
		},
		{ ...id, ...showFor('mediaId') },
	] as const;
}
