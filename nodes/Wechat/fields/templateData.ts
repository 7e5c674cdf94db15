import type { IDataObject } from 'n8n-workflow';
import { UserError } from '../../base/userError';
import type { Answer } from '../../api/apiClient';
import { findTemplateLimit } from '../../api/templateValues';
import type { Field, Values } from '../../engine/define';

const form = { displayOptions: { show: { dataMode: ['form'] } } };
const json = { displayOptions: { show: { dataMode: ['json'] } } };

/** Creates the fields for the values of a template. `loadOptionsMethod` lists its keywords. */
export const createTemplateDataFields = <const M extends string>(loadOptionsMethod: M) =>
	[
		{
			displayName: 'Define Data Using (数据填写方式)',
			name: 'dataMode',
			type: 'options',
			wire: false,
			options: [
				{ name: 'Form', value: 'form' },
				{ name: 'JSON', value: 'json' },
			],
			default: 'form',
			description: 'How to say what the message tells',
		},
		{
			displayName: 'Data (数据)',
			name: 'values',
			type: 'fixedCollection',
			wire: false,
			typeOptions: { multipleValues: true },
			required: true,
			...form,
			default: {},
			placeholder: 'Add Value',
			description:
				'A value for each keyword of the template, within the limit of its kind: 20 characters for thing, 5 for phrase, 32 for number and character_string',
			options: [
				{
					displayName: 'Value',
					name: 'value',
					values: [
						{
							displayName: 'Keyword Name or ID',
							name: 'key',
							type: 'options',
							typeOptions: { loadOptionsMethod, loadOptionsDependsOn: ['template_id.value'] },
							default: '',
							description:
								'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
						},
						{
							displayName: 'Value',
							name: 'value',
							type: 'string',
							default: '',
							placeholder: 'e.g. Your order is on its way',
							description: 'What the message shows there, without line breaks',
						},
					],
				},
			],
		},
		{
			displayName: 'Data (JSON)',
			name: 'data',
			type: 'json',
			as: 'json',
			wire: false,
			required: true,
			...json,
			default: '{\n  "thing1": "Your order is on its way",\n  "time2": "2026-01-31 12:00"\n}',
			description:
				'A value for each keyword of the template. Objects as in WeChat’s page, such as {"thing1": {"value": "…"}}, and the whole body on it work too.',
		},
	] as const satisfies Field[];

/**
 * Creates the fields for what a tap on the message opens.
 * `url` is the wire key of the web page's address; `needsPath` makes the page path required.
 */
export const createTapFields = <const U extends string>(url: U, needsPath = false) =>
	[
		{
			displayName: 'Tap Opens (点击跳转)',
			name: 'opens',
			type: 'options',
			wire: false,
			options: [
				{ name: 'Mini Program', value: 'miniprogram' },
				{ name: 'Nothing', value: 'nothing' },
				{ name: 'Web Page', value: 'page' },
			],
			default: 'nothing',
			description: 'What happens when the user taps the message',
		},
		{
			displayName: 'URL (链接)',
			name: 'url',
			type: 'string',
			wire: url,
			required: true,
			displayOptions: { show: { opens: ['page'] } },
			default: '',
			placeholder: 'e.g. https://example.com/orders/42',
			description: 'Page that opens',
		},
		{
			displayName: 'Mini Program AppID (小程序AppID)',
			name: 'appid',
			type: 'string',
			wire: 'miniprogram.appid',
			required: true,
			displayOptions: { show: { opens: ['miniprogram'] } },
			default: '',
			placeholder: 'e.g. wx0123456789abcdef',
			description: 'The mini program must be linked to the account (关联小程序)',
		},
		{
			displayName: 'Page Path (页面路径)',
			name: 'pagepath',
			type: 'string',
			wire: 'miniprogram.pagepath',
			...(needsPath && { required: true }),
			displayOptions: { show: { opens: ['miniprogram'] } },
			default: '',
			placeholder: 'e.g. pages/index/index?ID=42',
			description: 'Page of the mini program that opens',
		},
		{
			displayName: 'Fallback URL (备用链接)',
			name: 'fallbackUrl',
			type: 'string',
			wire: url,
			displayOptions: { show: { opens: ['miniprogram'] } },
			default: '',
			placeholder: 'e.g. https://example.com/orders/42',
			description: 'Page that opens where the mini program cannot, such as in an old WeChat',
		},
	] as const satisfies Field[];

interface DataParams {
	values?: Array<{ key?: unknown; value?: unknown }>;
	data?: object;
}

/** Common parts of operations with template data. The user chooses its keys, so a table cannot nest it. */
export const withTemplateData = {
	prepare: (body: Values, params: DataParams): Values => ({
		...body,
		data: readTemplateData(params),
	}),
	present: (answer: Answer) => ({ success: true, ...answer }),
};

/**
 * Reads the data of a message as WeChat wants it: `{ thing1: { value: '…' } }`.
 * @throws {UserError} when a keyword is missing or a value is too long
 */
export function readTemplateData({ values = [], data }: DataParams): IDataObject {
	const rows: Array<[unknown, unknown]> = data
		? Object.entries(findData(data))
		: values.map(({ key, value }) => [key, value]);
	return Object.fromEntries(rows.map(([key, value]) => toEntry(String(key ?? ''), value)));
}

/** Finds the data in the body on WeChat's page. */
function findData(given: object): object {
	const { data } = given as { data?: unknown };
	return typeof data === 'object' && data !== null && !isEntry(data) ? data : given;
}

function toEntry(written: string, given: unknown): [string, IDataObject] {
	// Users may paste a placeholder from the template: {{thing1.DATA}}.
	const key = written.trim().replace(/^\{\{\s*|\.DATA\s*\}\}$/g, '');
	if (!key)
		throw new UserError(
			'A row of "Data" has no keyword',
			'Choose one of the template.',
			'“数据”中有一行没有关键词：请从模板的关键词中选择。',
		);
	const entry = (isEntry(given) ? given : { value: given ?? '' }) as IDataObject;
	const length = [...String(entry.value)].length;
	const limit = findTemplateLimit(key) ?? Infinity;
	if (length <= limit) return [key, entry];
	throw new UserError(
		`The value of ${key} has ${length} characters; WeChat takes ${limit}`,
		'Shorten it under "Data".',
		`${key} 的内容有 ${length} 个字符，微信最多接受 ${limit} 个：请在“数据”中缩短。`,
	);
}

const isEntry = (given: unknown) => typeof given === 'object' && given !== null && 'value' in given;
