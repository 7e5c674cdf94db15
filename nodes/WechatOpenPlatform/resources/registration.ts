import type { Answer } from '../../api/apiClient';
import { ApiError } from '../../api/apiError';
import { UserError } from '../../base/userError';
import { toRegistrationStatus } from '../../push/statusTexts';
import { defineResource, type Field } from '../../engine/define';
import { actingFor as account, definePlatformRequest } from '../fields/account';

const companyName = {
	displayName: 'Company Name',
	name: 'name',
	type: 'string',
	required: true,
	default: '',
	description:
		'As in the business registry; for a one-person business without a name, 个体户 and the name of its owner',
} as const satisfies Field;

const codeType = {
	displayName: 'Code Type',
	name: 'code_type',
	type: 'options',
	needed: true,
	options: [
		{
			name: 'Business Licence Number (营业执照注册号)',
			value: 3,
			description: '15 digits',
		},
		{
			name: 'Organization Code (组织机构代码)',
			value: 2,
			description: '8 digits or letters, a hyphen, and one more',
		},
		{
			name: 'Unified Social Credit Code (统一社会信用代码)',
			value: 1,
			description: '18 digits and capital letters',
		},
	],
	default: 1,
	description: 'Which number of the company Code is',
} as const satisfies Field;

const code = {
	displayName: 'Code',
	name: 'code',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 91440300MA5ABCDE1X',
	description: 'Number of the company in the business registry',
} as const satisfies Field;

const personName = {
	displayName: 'Legal Representative',
	name: 'legal_persona_name',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 张三',
	description: 'Name as on the bank card that is bound to WeChat (法人姓名)',
} as const satisfies Field;

const personWechat = {
	displayName: 'WeChat ID of Legal Representative',
	name: 'legal_persona_wechat',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. zhangsan_1980',
	description: 'The WeChat ID (微信号), not the nickname; WeChat asks there for the face check',
} as const satisfies Field;

const phone = {
	displayName: 'Phone of the Platform',
	name: 'component_phone',
	type: 'string',
	default: '',
	placeholder: 'e.g. 02012345678',
	description: 'Where the person can reach you with questions (第三方联系电话)',
} as const satisfies Field;

const putInInfo = <F extends Field>(field: F) => ({ ...field, wire: `verify_info.${field.name}` });

/**
 * Registers mini programs by call. A push reports how each ended; `toRegistrationStatus` reads it.
 * Four calls may no longer work: from April 30, 2026, WeChat wants newer forms with `new_version`.
 * Their descriptions say so. WeChat announced this in its community.
 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/register-management/fast-registration-ent/api_registerminiprogram.html
 */
export const registration = defineResource('Registration', 'registration', [
	definePlatformRequest({
		name: 'Create Company Mini Program',
		value: 'createCompany',
		action: 'Register mini program for company',
		description:
			'Register a mini program for a company (快速注册企业小程序): WeChat asks its legal representative for a face check within 24 hours, and the trigger gets "Platform: Mini Program Registered". WeChat has announced the end of this call for 30 April 2026.',
		doc: 'oplatform/openApi/register-management/fast-registration-ent/api_registerminiprogram.html',
		path: '/cgi-bin/component/fastregisterweapp?action=create',
		effect: 'write',
		bearer: 'component',
		fields: [companyName, codeType, code, personName, personWechat, { ...phone, required: true }],
		prepare: (body, { code_type, code }) => checkCode(body, code_type, code),
	}),
	definePlatformRequest({
		name: 'Create Personal Mini Program',
		value: 'createPersonal',
		action: 'Register mini program for person',
		description:
			'Register a mini program for a person (快速注册个人小程序), who opens the authorize_url in the result within 24 hours for a face check. WeChat has announced the end of this form of the call for 30 April 2026.',
		doc: 'oplatform/openApi/register-management/fast-registration-ind/api_fastregisterpersonalmp.html',
		path: '/wxa/component/fastregisterpersonalweapp?action=create',
		effect: 'write',
		bearer: 'component',
		fields: [
			{
				displayName: 'Person',
				name: 'idname',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. 张三',
				description: 'Name as on the bank card that is bound to WeChat',
			},
			{
				displayName: 'WeChat ID of Person',
				name: 'wxuser',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. zhangsan_1980',
				description: 'The WeChat ID (微信号), not the nickname',
			},
			phone,
		],
		present: describeTask,
	}),
	definePlatformRequest({
		name: 'Create Trial Mini Program',
		value: 'createTrial',
		action: 'Register trial mini program',
		description:
			'Register a trial mini program (试用小程序) for a user, who opens the authorize_url in the result within 24 hours; the trigger gets "Platform: Trial Mini Program Created"',
		doc: 'oplatform/openApi/register-management/fast-regist-beta/api_registerbetaminiprogram.html',
		path: '/wxa/component/fastregisterbetaweapp',
		effect: 'write',
		bearer: 'component',
		fields: [
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				required: true,
				maxLength: 30,
				default: '',
				placeholder: 'e.g. 小麦烤鸡',
				description:
					'From 4 to 30 characters, without the name of a brand; WeChat adds 的体验小程序 to it',
			},
			{
				displayName: 'OpenID',
				name: 'openid',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
				description: 'Of the user who becomes the administrator, from any account of the platform',
			},
		],
	}),
	definePlatformRequest({
		name: 'Get Company State',
		value: 'getCompany',
		action: 'Get state of company registration',
		description:
			'Get how far the registration for a company is (查询创建任务状态). WeChat has announced the end of this call for 30 April 2026.',
		doc: 'oplatform/openApi/register-management/fast-registration-ent/api_registerminiprogram.html',
		path: '/cgi-bin/component/fastregisterweapp?action=search',
		effect: 'read',
		bearer: 'component',
		fields: [companyName, personName, personWechat],
		async run({ call, client: { send } }) {
			try {
				await send(call);
				return { state: 'done', errcode: 0 };
			} catch (error) {
				return toRunningTask(error);
			}
		},
	}),
	definePlatformRequest({
		name: 'Get Personal State',
		value: 'getPersonal',
		action: 'Get state of personal registration',
		description: 'Get how far the registration for a person is (查询创建任务状态)',
		doc: 'oplatform/openApi/register-management/fast-registration-ind/api_fastregisterpersonalmp.html',
		path: '/wxa/component/fastregisterpersonalweapp?action=query',
		effect: 'read',
		bearer: 'component',
		fields: [
			{
				displayName: 'Task ID',
				name: 'taskid',
				type: 'string',
				required: true,
				default: '',
				description: 'The taskid that Create Personal Mini Program returned',
			},
		],
		present: describeTask,
	}),
	definePlatformRequest({
		name: 'Reuse Official Account',
		value: 'reuse',
		action: 'Register mini program like official account',
		description:
			'Register a mini program for the company behind an official account (复用公众号主体快速注册小程序), and take over its authorization. Needs permission set 27.',
		doc: 'oplatform/openApi/register-management/fast-registration-officalaccount/api_registerminiprogrambyoffiaccount.html',
		path: '/cgi-bin/account/fastregister',
		effect: 'write',
		bearer: 'account',
		fields: [
			account,
			{
				displayName: 'Ticket',
				name: 'ticket',
				type: 'string',
				required: true,
				default: '',
				description:
					'From the query of the address that WeChat sends the administrator of the official account to, after he agreed on the page mp.weixin.qq.com/cgi-bin/fastregisterauth. Wait 5 seconds before another attempt with it.',
			},
		],
		async run({ call, client: { send, exchange } }) {
			const { authorization_code, ...mine } = await send(call);
			if (authorization_code) await exchange(String(authorization_code));
			return mine;
		},
	}),
	definePlatformRequest({
		name: 'Set Trial Name',
		value: 'setTrialName',
		action: 'Set name of trial mini program',
		description: 'Give a trial mini program (试用小程序) another name',
		doc: 'oplatform/openApi/register-management/fast-regist-beta/api_modifybetaminiprogramnickname.html',
		path: '/wxa/setbetaweappnickname',
		effect: 'write',
		bearer: 'account',
		fields: [
			account,
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				required: true,
				maxLength: 30,
				default: '',
				placeholder: 'e.g. 小麦烤鸡',
				description: 'From 4 to 30 characters; WeChat adds 的体验小程序 to it',
			},
		],
	}),
	definePlatformRequest({
		name: 'Verify Trial',
		value: 'verifyTrial',
		action: 'Verify trial mini program',
		description:
			'Make a trial mini program an ordinary one of a company (试用小程序快速转正): its legal representative gets a request for a face check, then its administrator one to agree. WeChat has announced the end of this form of the call for 30 April 2026.',
		doc: 'oplatform/en/openApi/OpenApiDoc/register-management/fast-regist-beta/verfifyBetaMiniprogram.html',
		path: '/wxa/verifybetaweapp',
		effect: 'write',
		bearer: 'account',
		fields: [
			account,
			putInInfo({ ...companyName, name: 'enterprise_name' }),
			putInInfo(codeType),
			putInInfo(code),
			putInInfo(personName),
			putInInfo(personWechat),
			putInInfo({
				displayName: 'ID Card of Legal Representative',
				name: 'legal_persona_idcard',
				type: 'string',
				required: true,
				default: '',
				description: 'Number of the ID card (法人身份证号)',
			} as const),
			putInInfo({ ...phone, required: true }),
		],
		prepare: (body, { code_type, code }) => checkCode(body, code_type, code),
	}),
]);

/** The shape of a company number for each `code_type`. */
const SHAPES = {
	1: {
		shape: /^[0-9A-Z]{18}$/,
		words: 'a unified social credit code has 18 digits and capital letters',
	},
	2: {
		shape: /^[0-9A-Z]{8}-[0-9A-Z]$/,
		words: 'an organization code has 8 digits and capital letters, a hyphen, and one more',
	},
	3: { shape: /^[0-9]{15}$/, words: 'a business license number has 15 digits' },
};

function checkCode<B>(body: B, type: keyof typeof SHAPES, text: string): B {
	const { shape, words } = SHAPES[type];
	if (shape.test(text)) return body;
	throw new UserError(
		`"Code" has ${[...text].length} characters and the wrong shape: ${words}`,
		'Correct Code, or choose the Code Type that it is.',
	);
}

/**
 * Maps `status` of a personal registration to words.
 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/register-management/fast-registration-ind/api_fastregisterpersonalmp.html
 */
const STEPS: Record<string, string | undefined> = {
	0: 'Created',
	1: 'Not done in time',
	2: 'Refused by the user',
	3: 'Accepted by the user',
	4: 'Face check has begun',
	5: 'Face check failed',
	6: 'Face check passed',
	7: 'Code sent to the phone',
	8: 'Phone check failed',
	9: 'Phone check passed',
	10: 'Registration was handed in',
	11: 'Registration failed',
	12: 'Registered',
	13: 'Verified',
	14: 'Verification failed',
};

function describeTask(answer: Answer) {
	const status = String(answer.status);
	return { ...answer, meaning: STEPS[status] ?? toRegistrationStatus(status) };
}

/** Error codes that mean a company registration is still running. */
const RUNNING: Record<string, string | undefined> = {
	89249: 'running',
	89251: 'waiting for the face check of the legal representative',
	89252: 'comparing company and legal representative',
};

function toRunningTask(error: unknown) {
	const state = error instanceof ApiError ? RUNNING[error.errcode] : undefined;
	if (!state) throw error;
	return { state, errcode: (error as ApiError).errcode };
}
