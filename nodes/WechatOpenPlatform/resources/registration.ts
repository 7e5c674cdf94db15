import type { Answer } from '../../api/apiClient';
import type { PlatformClient } from '../../api/platformClient';
import { toRegistrationStatus } from '../../push/statusTexts';
import { defineResource, type Field, type RequestRun, type Values } from '../../engine/define';
import { checkCreditCode } from '../creditCode';
import { actingFor as account, definePlatformRequest } from '../fields/account';
import { drawLink, isDrawable, linkPicture } from '../../engine/linkPicture';

const companyName = {
	displayName: 'Company Name (企业名称)',
	name: 'name',
	type: 'string',
	required: true,
	default: '',
	description:
		'As in the business registry; for a one-person business without a name, 个体户 and the name of its owner',
} as const satisfies Field;

const code = {
	displayName: 'Credit Code (统一社会信用代码)',
	name: 'code',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 91350100M000100Y43',
	description:
		'Unified social credit code of the company, 18 characters, from its business license (营业执照); its check digit is checked here',
} as const satisfies Field;

const phone = {
	displayName: 'Phone of the Platform (第三方联系电话)',
	name: 'component_phone',
	type: 'string',
	default: '',
	placeholder: 'e.g. 02012345678',
	description: 'Where the person can reach you with questions',
} as const satisfies Field;

const openid = {
	displayName: 'OpenID',
	name: 'openid',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
	description: 'Of the user who becomes the administrator, from any account of the platform',
} as const satisfies Field;

const putInInfo = <F extends Field>(field: F) => ({ ...field, wire: `verify_info.${field.name}` });

const createTaskId = (operation: string) =>
	({
		displayName: 'Task ID (任务ID)',
		name: 'taskid',
		type: 'string',
		required: true,
		default: '',
		description: `The taskid that ${operation} returned`,
	}) as const satisfies Field;

/**
 * The form of a company whose registration was asked about until April 2026. Workflows that were made then have no
 * Task ID, so its description must say what to do.
 */
const companyTaskId = {
	displayName: 'Task ID (任务ID)',
	name: 'taskid',
	type: 'string',
	// Not `required`: n8n would stop the workflow before this says what to do.
	needed: true,
	default: '',
	description:
		'The taskid that Create Company Mini Program returned. Since 30 April 2026, WeChat takes it in place of company and legal representative (fastregisterweapp has become fastregisterenterpriseweapp).',
} as const satisfies Field;

/** WeChat refuses registrations without it since 30 April 2026, 12:00 in Beijing. */
const NEW_VERSION = { new_version: true };

/** Announcement in WeChat's community. */
const APRIL_2026 = '../community/develop/doc/0004829e9105005ce7d480e6561401';

/** How long the person has for the link of an answer. */
const LINK_MS = 86_400_000;

/** What is said in place of a picture. */
const TOO_LONG =
	'There is no QR code: authorize_url is too long for one. Send the person the link itself.';

/** Nobody can ask for a registration whose taskid was lost, nor has anybody its link. */
const describeLoss = (operation: string) =>
	`${operation} needs the taskid of the answer that was lost, so nobody can look, and nobody has the link of that registration. Send it again; if WeChat refuses that with 89249, the first one is running: wait 24 hours, until its link has ended.`;

const LIMITS = 'WeChat takes 5 a minute and 100 a day';
const SEND_LINK =
	'WeChat sends nobody a message any more: send the link or QR code to the person, who has 24 hours, until authorizeUrlExpiresAt.';

/**
 * Registers mini programs by call. A push reports how each ended; `toRegistrationStatus` reads it.
 * Since April 30, 2026, all calls want `new_version`, and their answers have a link in place of a message to the person.
 * Where WeChat has not said that a call wants it, it is sent as well: WeChat reads no fields that it does not know.
 * @see https://developers.weixin.qq.com/community/develop/doc/0004829e9105005ce7d480e6561401
 */
export const registration = defineResource('Registration (快速注册)', 'registration', [
	definePlatformRequest({
		name: 'Create Company Mini Program',
		value: 'createCompany',
		action: 'Register mini program for company',
		chinese: '快速注册企业小程序',
		description: `Register a mini program for a company (快速注册企业小程序), whose legal representative opens authorize_url of the result. ${SEND_LINK} The trigger gets "Platform: Mini Program Registered". ${LIMITS}.`,
		doc: 'oplatform/openApi/register-management/fast-registration-ent/api_registerminiprogram.html',
		path: '/wxa/component/fastregisterenterpriseweapp?action=create',
		effect: 'write',
		ifLost: describeLoss('Registration: Get Company State'),
		bearer: 'component',
		constants: NEW_VERSION,
		fields: [companyName, code, { ...phone, required: true }, ...linkPicture],
		prepare: (body, params) => ({ ...body, code: checkCreditCode(params.code) }),
		run: createTask,
	}),
	definePlatformRequest({
		name: 'Get Company State',
		value: 'getCompany',
		action: 'Get state of company registration',
		chinese: '查询企业注册状态',
		description: 'Get how far the registration for a company is (查询创建任务状态)',
		doc: 'oplatform/openApi/register-management/fast-registration-ent/api_registerminiprogram.html',
		path: '/wxa/component/fastregisterenterpriseweapp?action=query',
		effect: 'read',
		bearer: 'component',
		constants: NEW_VERSION,
		fields: [companyTaskId],
		present: describeTask,
	}),
	definePlatformRequest({
		name: 'Create Personal Mini Program',
		value: 'createPersonal',
		action: 'Register mini program for person',
		chinese: '快速注册个人小程序',
		description: `Register a mini program for a person (快速注册个人小程序), who opens authorize_url of the result. ${SEND_LINK} A face check follows.`,
		doc: 'oplatform/openApi/register-management/fast-registration-ind/api_fastregisterpersonalmp.html',
		path: '/wxa/component/fastregisterpersonalweapp?action=create',
		effect: 'write',
		ifLost: describeLoss('Registration: Get Personal State'),
		bearer: 'component',
		constants: NEW_VERSION,
		fields: [
			{
				displayName: 'Person (姓名)',
				name: 'idname',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. 张三',
				description: 'Name as on the bank card that is bound to WeChat',
			},
			{
				displayName: 'WeChat ID of Person (微信号)',
				name: 'wxuser',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. zhangsan_1980',
				description: 'The WeChat ID, not the nickname',
			},
			phone,
			...linkPicture,
		],
		run: createTask,
	}),
	definePlatformRequest({
		name: 'Get Personal State',
		value: 'getPersonal',
		action: 'Get state of personal registration',
		chinese: '查询个人注册状态',
		description: 'Get how far the registration for a person is (查询创建任务状态)',
		doc: 'oplatform/openApi/register-management/fast-registration-ind/api_fastregisterpersonalmp.html',
		path: '/wxa/component/fastregisterpersonalweapp?action=query',
		effect: 'read',
		bearer: 'component',
		constants: NEW_VERSION,
		fields: [createTaskId('Create Personal Mini Program')],
		present: describeTask,
	}),
	definePlatformRequest({
		name: 'Create Trial Mini Program',
		value: 'createTrial',
		action: 'Register trial mini program',
		chinese: '注册试用小程序',
		description:
			'Register a trial mini program (试用小程序) for a user, who opens authorize_url of the result within 24 hours, until authorizeUrlExpiresAt; the trigger gets "Platform: Trial Mini Program Created"',
		doc: 'oplatform/openApi/register-management/fast-regist-beta/api_registerbetaminiprogram.html',
		path: '/wxa/component/fastregisterbetaweapp',
		effect: 'write',
		ifLost:
			'Send it again: nobody has the link of the first one, and only who opens it gets a trial mini program.',
		bearer: 'component',
		constants: NEW_VERSION,
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
			openid,
			...linkPicture,
		],
		run: createTask,
	}),
	definePlatformRequest({
		name: 'Set Trial Name',
		value: 'setTrialName',
		action: 'Set name of trial mini program',
		chinese: '修改试用小程序名称',
		description: 'Give a trial mini program (试用小程序) another name',
		doc: 'oplatform/openApi/register-management/fast-regist-beta/api_modifybetaminiprogramnickname.html',
		path: '/wxa/setbetaweappnickname',
		effect: 'write',
		ifLost: 'Before you send it again, see with Profile: Get whether it was.',
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
		chinese: '试用小程序快速转正',
		description: `Make a trial mini program an ordinary one of a company (试用小程序快速转正); the trigger gets "Platform: Trial Mini Program Registered". ${SEND_LINK} ${LIMITS}.`,
		doc: 'oplatform/en/openApi/OpenApiDoc/register-management/fast-regist-beta/verfifyBetaMiniprogram.html',
		path: '/wxa/verifybetaweapp',
		effect: 'write',
		ifLost: describeLoss('Registration: Get Company State'),
		bearer: 'account',
		constants: NEW_VERSION,
		fields: [
			account,
			putInInfo({ ...companyName, name: 'enterprise_name' }),
			putInInfo(code),
			putInInfo({ ...phone, required: true }),
			...linkPicture,
		],
		// WeChat has not said whether new_version goes beside the company or in it: it gets both.
		prepare: (body, params) => ({
			...body,
			verify_info: {
				...(body.verify_info as Values),
				code: checkCreditCode(params.code),
				...NEW_VERSION,
			},
		}),
		run: createTask,
	}),
	definePlatformRequest({
		name: 'Upgrade Trial',
		value: 'upgradeTrial',
		action: 'Upgrade trial mini program of person',
		chinese: '试用转正为个人升级版',
		description: `Make a trial mini program an upgraded one of a person (试用小程序转正为个人升级版). Needs permission set 81. ${SEND_LINK}`,
		doc: APRIL_2026,
		path: '/wxa/component/fastnormalizebetaweapp?action=createtask',
		effect: 'write',
		ifLost: describeLoss('Registration: Get Trial Upgrade State'),
		constants: NEW_VERSION,
		fields: [account, { ...phone, required: true }, ...linkPicture],
		run: createTask,
	}),
	definePlatformRequest({
		name: 'Get Trial Upgrade State',
		value: 'getTrialUpgrade',
		action: 'Get state of trial upgrade',
		chinese: '查询试用转正状态',
		description: 'Get how far Upgrade Trial is (查询任务状态)',
		doc: APRIL_2026,
		path: '/wxa/component/fastnormalizebetaweapp?action=query',
		effect: 'read',
		constants: NEW_VERSION,
		fields: [account, createTaskId('Upgrade Trial')],
		present: describeTask,
	}),
	definePlatformRequest({
		name: 'Create Upgraded Mini Program',
		value: 'createUpgraded',
		action: 'Register upgraded mini program for person',
		chinese: '快速注册个人升级版小程序',
		description: `Register an upgraded mini program of a person (个人升级版小程序), which may sell. The platform must be rated excellent, and have more than half of its deposit; needs permission sets 18, 30, 76 and 85. ${SEND_LINK}`,
		doc: APRIL_2026,
		path: '/wxa/component/fastregistertransactionweapp',
		effect: 'write',
		ifLost: describeLoss('A look at its state'),
		bearer: 'component',
		constants: NEW_VERSION,
		fields: [openid, { ...phone, required: true }, ...linkPicture],
		run: createTask,
	}),
	definePlatformRequest({
		name: 'Reuse Official Account',
		value: 'reuse',
		action: 'Register mini program like official account',
		chinese: '复用公众号主体注册小程序',
		description:
			'Register a mini program for the company behind an official account (复用公众号主体快速注册小程序), and take over its authorization. Needs permission set 27.',
		doc: 'oplatform/openApi/register-management/fast-registration-officalaccount/api_registerminiprogrambyoffiaccount.html',
		path: '/cgi-bin/account/fastregister',
		effect: 'write',
		ifLost:
			'Before you send it again, see with Account: Get Many whether the new mini program is there: WeChat takes a ticket once.',
		bearer: 'account',
		constants: NEW_VERSION,
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
]);

interface LinkParams {
	image?: boolean;
	binaryPropertyName?: string;
}

/** Makes the call, and draws the link of its answer. */
async function createTask({
	params: { image, binaryPropertyName: field },
	call,
	client: { send, services },
	io: { attach },
}: RequestRun<LinkParams, PlatformClient>): Promise<object> {
	const answer = await send(call);
	const { authorize_url: url } = answer;
	const described = answer.status === undefined ? answer : describeTask(answer);
	if (typeof url !== 'string' || !url) return described;
	const expiresAt = services.clock.now() + LINK_MS;
	const made = { ...described, authorizeUrlExpiresAt: new Date(expiresAt).toISOString() };
	if (!image || !field) return made;
	// The registration is made: an error would lose its Task ID.
	if (!isDrawable(url)) return { ...made, notice: TOO_LONG };
	attach(field, await drawLink(url, 'registration.png'));
	return made;
}

/**
 * Maps `status` of a task to words; those of companies and persons are taken to be the same.
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
