import type { IDataObject } from 'n8n-workflow';
import { UserError } from '../../base/userError';
import type { Field, Params } from '../../engine/define';

/** A category (服务类目) in the answer of get_category. */
export interface Category {
	first_class: string;
	second_class?: string;
	third_class?: string;
	first_id: number;
	second_id?: number;
	third_id?: number;
}
const CATEGORY_KEYS = [
	'first_class',
	'second_class',
	'third_class',
	'first_id',
	'second_id',
	'third_id',
] as const;

export const formatCategory = ({ first_class, second_class, third_class }: Category) =>
	[first_class, second_class, third_class].filter(Boolean).join(' > ');

/** What is submitted for review. Source: "Submit code for review" (submit_audit). */
export const itemsToReview = {
	displayName: 'Pages to Review (审核页面)',
	name: 'items',
	type: 'fixedCollection',
	wire: false,
	typeOptions: { multipleValues: true },
	required: true,
	maxEntries: 5,
	default: {},
	placeholder: 'Add Page',
	description: 'What the review looks at: from 1 to 5 pages (审核项)',
	options: [
		{
			displayName: 'Page',
			name: 'item',
			values: [
				{
					displayName: 'Category Name or ID',
					name: 'category',
					type: 'options',
					// The list returns JSON; an expression may return the object itself.
					as: 'json',
					needed: true,
					typeOptions: {
						loadOptionsMethod: 'getCategories',
						loadOptionsDependsOn: ['account.value'],
					},
					default: '',
					description:
						'One of the categories (服务类目) of the mini program; in an expression, what Get Many Categories returns. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
				},
				{
					displayName: 'Page Name or ID',
					name: 'address',
					type: 'options',
					needed: true,
					typeOptions: { loadOptionsMethod: 'getPages', loadOptionsDependsOn: ['account.value'] },
					default: '',
					description:
						'One of the pages of the trial version. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
				},
				{
					displayName: 'Tags',
					name: 'tag',
					type: 'string',
					as: 'list',
					needed: true,
					maxEntries: 10,
					maxLength: 20,
					default: '',
					placeholder: 'e.g. food delivery',
					description:
						'Words that describe the page, with blanks between them; at most 10 of 20 characters',
				},
				{
					displayName: 'Title (标题)',
					name: 'title',
					type: 'string',
					needed: true,
					maxLength: 32,
					default: '',
					placeholder: 'e.g. Home',
					description: 'At most 32 characters',
				},
			],
		},
	],
} as const satisfies Field;

const moreFields = [
	{
		displayName: 'Feedback (反馈)',
		name: 'feedback_info',
		type: 'string',
		typeOptions: { rows: 2 },
		maxLength: 200,
		default: '',
		description: 'An answer to a rejection, at most 200 characters',
	},
	{
		displayName: 'Feedback Pictures (反馈图片)',
		name: 'feedback_stuff',
		type: 'string',
		as: 'list',
		maxEntries: 5,
		default: '',
		description: 'At most 5 media IDs that Upload Media returned, with commas between them',
	},
	{
		displayName: 'Order Path (订单中心页)',
		name: 'order_path',
		type: 'string',
		default: '',
		placeholder: 'e.g. pages/orders/list',
		description: 'Page with the list of orders',
	},
	{
		displayName: 'Preview Pictures (预览图片)',
		name: 'pic_id_list',
		type: 'string',
		as: 'list',
		wire: 'preview_info.pic_id_list',
		default: '',
		description: 'Media IDs that Upload Media returned, with commas between them',
	},
	{
		displayName: 'Preview Videos (预览视频)',
		name: 'video_id_list',
		type: 'string',
		as: 'list',
		wire: 'preview_info.video_id_list',
		default: '',
		description: 'Media IDs that Upload Media returned, with commas between them',
	},
	{
		displayName: 'Privacy APIs Not Used (未使用隐私接口)',
		name: 'privacy_api_not_use',
		type: 'boolean',
		default: false,
		description:
			'Whether to declare that the privacy APIs in the code are not used (privacy_api_not_use)',
	},
	{
		displayName: 'User Content: Audit Team',
		name: 'has_audit_team',
		type: 'options',
		wire: 'ugc_declare.has_audit_team',
		options: [
			{ name: 'No', value: 0 },
			{ name: 'Yes', value: 1 },
		],
		default: 1,
		description: 'Whether people check what users write',
	},
	{
		displayName: 'User Content: How It Is Checked',
		name: 'audit_desc',
		type: 'string',
		wire: 'ugc_declare.audit_desc',
		default: '',
		description: 'In a few words (audit_desc)',
	},
	{
		displayName: 'User Content: Methods',
		name: 'method',
		type: 'string',
		as: 'list',
		wire: 'ugc_declare.method',
		default: '',
		placeholder: 'e.g. 1',
		description: 'Numbers of the ways in which it is checked, with commas between them (method)',
	},
	{
		displayName: 'User Content: Other Scene',
		name: 'other_scene_desc',
		type: 'string',
		wire: 'ugc_declare.other_scene_desc',
		default: '',
		description: 'What no number of a scene stands for (other_scene_desc)',
	},
	{
		displayName: 'User Content: Scenes',
		name: 'scene',
		type: 'string',
		as: 'list',
		wire: 'ugc_declare.scene',
		default: '',
		placeholder: 'e.g. 1, 2',
		description:
			'Numbers of the kinds of content that users make, with commas between them (scene)',
	},
	{
		displayName: 'Version Description (版本描述)',
		name: 'version_desc',
		type: 'string',
		default: '',
		placeholder: 'e.g. New shopping cart',
		description: 'What is new',
	},
] as const satisfies Field[];

export const moreToSubmit = {
	displayName: 'More for the Review',
	name: 'more',
	type: 'collection',
	placeholder: 'Add field',
	default: {},
	options: [...moreFields],
} as const satisfies Field;

/** A row of {@link itemsToReview}. */
type PageToReview = Params<readonly [typeof itemsToReview]>['items'][number];

/**
 * Reads the body of submit_audit from the other fields and the rows of {@link itemsToReview}.
 * @throws {UserError} when a category or a number is invalid
 */
export function readSubmission(
	fields: Record<string, unknown>,
	items: PageToReview[],
): Record<string, unknown> {
	const { feedback_stuff: stuff, ugc_declare: declared, ...rest } = fields;
	const ugc = declared as IDataObject | undefined;
	return {
		item_list: items.map(toItem),
		...rest,
		...(stuff !== undefined && { feedback_stuff: (stuff as string[]).join('|') }),
		...(ugc && {
			ugc_declare: {
				...ugc,
				...(ugc.scene !== undefined && { scene: pickNumbers('Scenes', ugc.scene) }),
				...(ugc.method !== undefined && { method: pickNumbers('Methods', ugc.method) }),
			},
		}),
	};
}

function toItem({ address, category, tag, title }: PageToReview, index: number) {
	const given = Array.isArray(category) ? {} : category;
	if (!given.first_class || !given.first_id)
		throw new UserError(
			`"Pages to Review", page ${index + 1}: "Category" is not one that Get Many Categories returns`,
			'Choose it from the list. In an expression, hand over an entry of Get Many Categories as it is.',
			`“审核页面”第 ${index + 1} 项的类目不在该小程序可选的类目之中：请从列表中选择，用表达式时请原样传入“获取代码可选类目”的一项。`,
		);
	const known = CATEGORY_KEYS.filter((key) => given[key] !== undefined && given[key] !== '');
	const chosen = Object.fromEntries(known.map((key) => [key, given[key]]));
	return { address, tag: tag.join(' '), title: title.trim(), ...chosen };
}

function pickNumbers(label: string, values: unknown): number[] {
	return (values as string[]).map((value) => {
		if (/^\d+$/.test(value)) return Number(value);
		throw new UserError(
			`"User Content: ${label}" holds "${value}"`,
			'It takes numbers only.',
			`“User Content: ${label}”中有“${value}”：只接受数字。`,
		);
	});
}
