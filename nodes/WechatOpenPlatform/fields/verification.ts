import { UserError } from '../../base/userError';
import type { Field, Values } from '../../engine/define';
import { pickPath } from '../../engine/request';

/** The media IDs that Verification: Upload Material returned. */
const mediaList = <const N extends string>(displayName: string, name: N, description: string) =>
	({
		displayName,
		name,
		type: 'string',
		as: 'list',
		wire: `auth_data.${name}`,
		default: '',
		description,
	}) as const satisfies Field;

/**
 * What a verification (微信认证) is asked for with.
 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/miniprogram-management/weapp-wxverify/api_secwxaapi_wxaauth.html
 */
export const verificationData = [
	{
		displayName: 'Owner Type (认证类型)',
		name: 'customer_type',
		type: 'options',
		needed: true,
		wire: 'auth_data.customer_type',
		options: [
			{ name: 'Company (企业)', value: 1 },
			{ name: 'Person (个人)', value: 15 },
			{ name: 'Self-Employed (个体工商户)', value: 12 },
		],
		default: 1,
		description: 'What the owner of the mini program is (认证类型)',
	},
	{
		displayName: 'Mini Program Name (小程序名称)',
		name: 'account_name',
		type: 'string',
		wire: 'auth_data.account_name',
		required: true,
		default: '',
		placeholder: 'e.g. 小麦烤鸡',
		description: 'The name that is verified with it (小程序账号名称)',
	},
	{
		displayName: 'Name Is Based On (命名方式)',
		name: 'account_name_type',
		type: 'options',
		wire: 'auth_data.account_name_type',
		options: [
			{ name: 'A Trademark (基于商标命名)', value: 2 },
			{ name: 'Words of Your Choice (基于自选词汇命名)', value: 1 },
		],
		default: 1,
		description: 'Where the name comes from',
	},
	{
		displayName: 'Contact (联系人)',
		name: 'contact_name',
		type: 'string',
		wire: 'auth_data.contact_info.name',
		required: true,
		default: '',
		placeholder: 'e.g. 张三',
		description: 'Whom WeChat may ask about the verification (认证联系人)',
	},
	{
		displayName: 'Email of Contact (联系人邮箱)',
		name: 'contact_email',
		type: 'string',
		wire: 'auth_data.contact_info.email',
		required: true,
		default: '',
		placeholder: 'e.g. name@example.com',
		description: 'Address of the contact (认证联系人邮箱)',
	},
	{
		displayName: 'License (证照)',
		name: 'qualification',
		type: 'string',
		wire: 'auth_data.qualification',
		required: true,
		displayOptions: { show: { customer_type: [1, 12] } },
		default: '',
		description: 'The mediaid of the business license (主体资质材料) that Upload Material returned',
	},
	{
		displayName: 'Payment',
		name: 'pay_type',
		type: 'options',
		needed: true,
		wire: 'auth_data.pay_type',
		options: [
			{ name: 'By the Owner (小程序开发者自行支付)', value: 2 },
			{ name: 'By the Platform (消耗服务商预购包)', value: 1 },
		],
		default: 2,
		description: 'Who pays WeChat for the review',
	},
	{
		displayName: 'AppID of Service',
		name: 'service_appid',
		type: 'string',
		wire: 'auth_data.service_appid',
		required: true,
		displayOptions: { show: { pay_type: [1] } },
		default: '',
		description:
			'AppID of your service in the service market (服务市场) whose reviews you have bought beforehand',
	},
	{
		displayName: 'More Data',
		name: 'more',
		type: 'collection',
		placeholder: 'Add data',
		default: {},
		options: [
			mediaList(
				'Identity Material',
				'auth_ident_material',
				'For persons with an identity: mediaids of what proves it (身份证明材料), with commas between them',
			),
			{
				displayName: 'Identity Name or ID',
				name: 'auth_identification',
				type: 'options',
				wire: 'auth_data.auth_identification',
				typeOptions: {
					loadOptionsMethod: 'getIdentities',
					loadOptionsDependsOn: ['account.value'],
				},
				default: '',
				description:
					'For persons: what they are verified as (认证身份). Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			},
			{
				displayName: 'Invoice (发票信息)',
				name: 'invoice_info',
				type: 'json',
				as: 'json',
				wire: 'auth_data.invoice_info',
				default: '{}',
				description:
					'Where the owner pays: the invoice, as invoice_info on WeChat\'s page, such as {"invoice_type": 2, "electronic": {"ID": "…"}}',
			},
			mediaList(
				'Name Material',
				'account_supplemental',
				'Mediaids of what proves a name with protected words (补充材料), with commas between them',
			),
			mediaList(
				'Other Material',
				'qualification_other',
				'Mediaids of up to 10 more papers of the owner (其他证明材料), with commas between them',
			),
			{
				displayName: 'Phone of Contact',
				name: 'contact_mobile',
				type: 'string',
				wire: 'auth_data.contact_info.mobile',
				default: '',
				description: 'Only after WeChat has returned the verification (打回重填)',
			},
			{
				displayName: 'Phone of the Platform (第三方联系电话)',
				name: 'third_party_phone',
				type: 'string',
				wire: 'auth_data.third_party_phone',
				default: '',
				description: 'Where the owner can reach you with questions',
			},
		],
	},
] as const satisfies Field[];

/** What WeChat refuses a filing (备案) without, of its two halves. */
const PRINCIPAL = [
	['name', '负责人姓名'],
	['mobile', '负责人联系方式'],
	['email', '负责人电子邮件'],
	['emergency_contact', '负责人应急联系方式'],
	['certificate_type', '证件类型'],
	['certificate_number', '证件号码'],
	['certificate_validity_date_start', '证件有效期起始日期'],
	['certificate_validity_date_end', '证件有效期终止日期'],
	['certificate_photo_front', '证件正面照片'],
].map(([key, term]) => [`principal_info.${key}`, term]);

const REQUIRED = {
	Subject: [
		['base_info.type', '主体性质'],
		['base_info.name', '主办单位名称'],
		['base_info.province', '备案省份'],
		['base_info.city', '备案城市'],
		['base_info.district', '备案县区'],
		['base_info.address', '通讯地址'],
		['organize_info.certificate_type', '主体证件类型'],
		['organize_info.certificate_number', '主体证件号码'],
		['organize_info.certificate_address', '证件住所'],
		...PRINCIPAL,
	],
	'Mini Program': [['base_info.service_content_types', '服务内容类型'], ...PRINCIPAL],
};

/** What is needed of some: cards with a back, and persons who are not the administrator. */
const OFTEN_REQUIRED = ['principal_info.certificate_photo_back', 'principal_info.verify_task_id'];

/** Makes the text that the editor begins with: all keys, each empty. */
function createSkeleton(part: keyof typeof REQUIRED): string {
	const skeleton: Record<string, Record<string, string | string[]>> = {};
	for (const path of [...REQUIRED[part].map(([required]) => required), ...OFTEN_REQUIRED]) {
		const [group, key] = path.split('.');
		(skeleton[group] ??= {})[key] = key === 'service_content_types' ? [] : '';
	}
	return JSON.stringify(skeleton, null, 2);
}

/**
 * What a filing (备案) is asked for with.
 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/miniprogram-management/record/api_applyicpfiling.html
 */
export const filingData = [
	{
		displayName: 'Subject (主体信息)',
		name: 'icp_subject',
		type: 'json',
		as: 'json',
		required: true,
		default: createSkeleton('Subject'),
		description:
			"Who files (备案主体信息), as icp_subject on WeChat's page. Codes and types come from Get Many Districts, Get Many Certificate Types and Get Many Subject Types, pictures from Upload Media, verify_task_id from Create Face Check. Empty values are not sent.",
	},
	{
		displayName: 'Mini Program (小程序)',
		name: 'icp_applets',
		type: 'json',
		as: 'json',
		required: true,
		default: createSkeleton('Mini Program'),
		description:
			"What is filed (微信小程序信息), as icp_applets on WeChat's page. Types come from Get Many Service Types and Get Many Approval Types.",
	},
	{
		displayName: 'Materials',
		name: 'icp_materials',
		type: 'json',
		as: 'json',
		default: '{}',
		description:
			'More papers (其他备案媒体材料), as icp_materials on WeChat\'s page, such as {"commitment_letter": ["…"]}, with the media IDs of Upload Media',
	},
] as const satisfies Field[];

/**
 * Checks a filing for what WeChat refuses it without, and takes out what is empty.
 *
 * @throws {UserError} that names all that is missing
 */
export function checkFiling(body: Values): Values {
	// First, since a list of empty texts is sent as no list.
	const filled = prune(body) as Values;
	const missing = Object.entries({ Subject: 'icp_subject', 'Mini Program': 'icp_applets' }).flatMap(
		([label, key]) =>
			REQUIRED[label as keyof typeof REQUIRED]
				.filter(([path]) => isEmpty(pickPath(filled[key], path)))
				.map(([path, term]) => `${label}: ${path} (${term})`),
	);
	if (missing.length === 0) return { icp_materials: {}, ...filled };
	throw new UserError(
		`The filing lacks ${missing.join(', ')}`,
		'Fill them in. WeChat refuses a filing without them.',
		`备案资料缺少 ${missing.join('、')}：请填写，否则微信会拒绝备案。`,
	);
}

const isEmpty = (value: unknown): boolean =>
	value === undefined ||
	value === null ||
	(typeof value === 'string' && value.trim() === '') ||
	(typeof value === 'object' && Object.keys(value).length === 0);

function prune(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map(prune).filter((entry) => !isEmpty(entry));
	const kept = Object.entries(value)
		.map(([key, entry]): [string, unknown] => [key, prune(entry)])
		.filter(([, entry]) => !isEmpty(entry));
	return Object.fromEntries(kept);
}
