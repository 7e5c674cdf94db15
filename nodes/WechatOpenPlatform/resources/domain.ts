import { defineResource, type Field } from '../../engine/define';
import { binaryField } from '../../engine/fields';
import { actingFor, definePlatformRequest } from '../fields/account';
import { businessDomains, list, serverDomains } from '../fields/domains';

const change = {
	displayName: 'Change',
	name: 'change',
	type: 'options',
	needed: true,
	wire: 'action',
	options: [
		{ name: 'Add', value: 'add', description: 'Add these domains to those that are set' },
		{ name: 'Delete', value: 'delete', description: 'Take these domains away' },
		{ name: 'Set', value: 'set', description: 'Put these domains in the place of all' },
	],
	default: 'add',
	description: 'What to do with the domains',
} as const satisfies Field;
const ofPlatform = [
	change,
	{
		displayName: 'Domains (域名)',
		name: 'domains',
		...list,
		wire: false,
		required: true,
		maxEntries: 1000,
		placeholder: 'e.g. api.example.com',
		description: 'With commas or line breaks between them',
	},
	{
		displayName: 'Published Platform Too (含全网发布版本)',
		name: 'is_modify_published_together',
		type: 'boolean',
		default: false,
		description:
			'Whether to change the published settings of the platform (全网发布版本) along with those for tests',
	},
] as const satisfies Field[];

/**
 * Where a mini program may send requests, and which pages it may show.
 * Both must be domains of the platform. Source: "Domain management" (域名管理).
 */
export const domains = defineResource('Mini Program Domain (小程序域名)', 'domain', [
	definePlatformRequest({
		name: 'Get Server Domains',
		value: 'getServer',
		action: 'Get server domains of mini program',
		chinese: '获取服务器域名',
		description: 'Get the domains that the mini program may call (获取小程序服务器域名)',
		path: '/wxa/modify_domain',
		effect: 'read',
		fields: [actingFor],
		constants: { action: 'get' },
	}),
	definePlatformRequest({
		name: 'Change Server Domains',
		value: 'setServer',
		action: 'Change server domains of mini program',
		chinese: '设置服务器域名',
		description:
			'Add, delete or replace the domains that the mini program may call (配置小程序服务器域名); the platform must have them',
		path: '/wxa/modify_domain',
		effect: 'write',
		fields: [actingFor, change, serverDomains],
	}),
	definePlatformRequest({
		name: 'Get Business Domains',
		value: 'getBusiness',
		action: 'Get business domains of mini program',
		chinese: '获取业务域名',
		description: 'Get the domains whose pages the mini program may show',
		path: '/wxa/setwebviewdomain',
		effect: 'read',
		fields: [actingFor],
		constants: { action: 'get' },
	}),
	definePlatformRequest({
		name: 'Change Business Domains',
		value: 'setBusiness',
		action: 'Change business domains of mini program',
		chinese: '设置业务域名',
		description:
			'Add, delete or replace the domains of pages in the mini program. Not for mini programs of persons.',
		path: '/wxa/setwebviewdomain',
		effect: 'write',
		fields: [actingFor, change, { ...businessDomains, required: true }],
	}),
	definePlatformRequest({
		name: 'Get Confirm File',
		value: 'getConfirmFile',
		action: 'Get confirm file of business domains',
		chinese: '获取业务域名校验文件',
		description: 'Get the file that has to lie at the root of each business domain',
		path: '/wxa/get_webviewdomain_confirmfile',
		effect: 'read',
		fields: [actingFor, binaryField],
		async run({ params, call, client: { send }, io: { attach } }) {
			const { file_name, file_content } = await send(call);
			attach(params.binaryPropertyName, {
				bytes: Buffer.from(String(file_content)),
				fileName: String(file_name),
				contentType: 'text/plain',
			});
			return { file_name };
		},
	}),
	definePlatformRequest({
		name: 'Get Effective Server Domains',
		value: 'getEffectiveServer',
		action: 'Get effective server domains of mini program',
		chinese: '获取生效的服务器域名',
		description:
			'Get the server domains in effect, and who has set each (获取发布后生效服务器域名列表)',
		path: '/wxa/get_effective_domain',
		effect: 'read',
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Get Effective Business Domains',
		value: 'getEffectiveBusiness',
		action: 'Get effective business domains of mini program',
		chinese: '获取生效的业务域名',
		description:
			'Get the business domains in effect, and who has set each (获取发布后生效业务域名列表)',
		path: '/wxa/get_effective_webviewdomain',
		effect: 'read',
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Change Server Domains Directly',
		value: 'setServerDirectly',
		action: 'Change server domains of mini program directly',
		chinese: '快速设置服务器域名',
		description: 'The same for domains that the platform does not have (快速配置小程序服务器域名)',
		path: '/wxa/modify_domain_directly',
		effect: 'write',
		fields: [actingFor, change, serverDomains],
	}),
	definePlatformRequest({
		name: 'Change Business Domains Directly',
		value: 'setBusinessDirectly',
		action: 'Change business domains of mini program directly',
		chinese: '快速设置业务域名',
		description: 'The same for domains that the platform does not have (快速配置小程序业务域名)',
		path: '/wxa/setwebviewdomain_directly',
		effect: 'write',
		fields: [actingFor, change, { ...businessDomains, required: true }],
	}),
	definePlatformRequest({
		name: 'Get Platform Server Domains',
		value: 'getPlatformServer',
		action: 'Get server domains of platform',
		chinese: '获取第三方平台服务器域名',
		description: 'Get the server domains of the platform',
		path: '/cgi-bin/component/modify_wxa_server_domain',
		effect: 'read',
		bearer: 'component',
		constants: { action: 'get' },
	}),
	definePlatformRequest({
		name: 'Change Platform Server Domains',
		value: 'setPlatformServer',
		action: 'Change server domains of platform',
		chinese: '设置第三方平台服务器域名',
		description:
			'Add, delete or replace the server domains of the platform, from which mini programs choose theirs',
		path: '/cgi-bin/component/modify_wxa_server_domain',
		effect: 'write',
		bearer: 'component',
		fields: ofPlatform,
		prepare: (body, { domains: list }) => ({ ...body, wxa_server_domain: list.join(';') }),
	}),
	definePlatformRequest({
		name: 'Get Platform Business Domains',
		value: 'getPlatformBusiness',
		action: 'Get business domains of platform',
		chinese: '获取第三方平台业务域名',
		description: 'Get the business domains of the platform',
		path: '/cgi-bin/component/modify_wxa_jump_domain',
		effect: 'read',
		bearer: 'component',
		constants: { action: 'get' },
	}),
	definePlatformRequest({
		name: 'Change Platform Business Domains',
		value: 'setPlatformBusiness',
		action: 'Change business domains of platform',
		chinese: '设置第三方平台业务域名',
		description: 'Add, delete or replace the business domains of the platform',
		path: '/cgi-bin/component/modify_wxa_jump_domain',
		effect: 'write',
		bearer: 'component',
		fields: ofPlatform,
		prepare: (body, { domains: list }) => ({ ...body, wxa_jump_h5_domain: list.join(';') }),
	}),
]);
