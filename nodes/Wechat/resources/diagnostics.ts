import { defineRequest, defineResource, type Field } from '../../engine/define';

const path = {
	displayName: 'Path of Call (接口路径)',
	name: 'cgi_path',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. /cgi-bin/message/custom/send',
	description: 'Without the host, beginning with a slash. Calls below /sns are not counted.',
} as const satisfies Field;

/**
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_callbackcheck.html
 * @see https://developers.weixin.qq.com/doc/service/api/apimanage/api_getapiquota.html
 */
export const diagnostics = defineResource('Diagnostics and Quota (诊断与额度)', 'diagnostics', [
	defineRequest({
		name: 'Get Quota',
		value: 'get',
		action: 'Get quota of call',
		chinese: '查询 API 调用额度',
		description: 'Get how often a call may be made per day, and how often it was',
		path: '/cgi-bin/openapi/quota/get',
		effect: 'read',
		doc: 'service/api/apimanage/api_getapiquota.html',
		fields: [path],
	}),
	defineRequest({
		name: 'Clear Quota',
		value: 'clearQuota',
		action: 'Clear quota of account',
		chinese: '重置 API 调用次数',
		description: 'Set the daily call counts of all calls back to zero; possible 10 times a month',
		path: '/cgi-bin/clear_quota',
		effect: 'write',
		doc: 'service/api/apimanage/api_clearquota.html',
		prepare: (_, __, { appId }) => ({ appid: appId }),
	}),
	defineRequest({
		name: 'Clear Quota of Call',
		value: 'clearQuotaOfCall',
		action: 'Clear quota of call',
		chinese: '重置指定 API 调用次数',
		description: 'Set the daily count of one call back to zero; possible 50 times a month',
		path: '/cgi-bin/openapi/quota/clear',
		effect: 'write',
		doc: 'service/api/apimanage/api_clearapiquota.html',
		fields: [path],
	}),
	defineRequest({
		name: 'Look Up Failed Call',
		value: 'lookUp',
		action: 'Look up failed call by rid',
		chinese: '查询失败的调用',
		description:
			'Get what was asked and answered in a call that WeChat refused within the last seven days',
		path: '/cgi-bin/openapi/rid/get',
		effect: 'read',
		doc: 'service/api/apimanage/api_getridinfo.html',
		fields: [
			{
				displayName: 'Rid',
				name: 'rid',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. 61725984-6126f6f9-040f19c4',
				description: 'The number at the end of the error message, without "rid:"',
			},
		],
		present({ request }) {
			const entries = Object.entries(request as object);
			return Object.fromEntries(entries.map(([name, value]) => [name, maskSecrets(value)]));
		},
	}),
	defineRequest({
		name: 'Check Callback',
		value: 'checkCallback',
		action: 'Check callback address',
		chinese: '网络检测',
		description:
			'Let WeChat look up and ping the server that it pushes messages to (网络通信检测), when none arrive',
		path: '/cgi-bin/callback/check',
		effect: 'read',
		doc: 'service/api/base/api_callbackcheck.html',
		fields: [
			{
				displayName: 'Check',
				name: 'check',
				type: 'options',
				wire: 'action',
				options: [
					{ name: 'DNS', value: 'dns', description: 'Which addresses the domain has' },
					{ name: 'DNS and Ping', value: 'all', description: 'Both' },
					{ name: 'Ping', value: 'ping', description: 'Whether the server answers, and how fast' },
				],
				default: 'all',
				description: 'What to find out',
			},
			{
				displayName: 'From Network',
				name: 'check_operator',
				type: 'options',
				options: [
					{ name: 'Any', value: 'DEFAULT', description: 'WeChat chooses by the address' },
					{ name: 'China Telecom (电信)', value: 'CHINANET' },
					{ name: 'China Unicom (联通)', value: 'UNICOM' },
					{ name: 'Tencent (腾讯自建出口)', value: 'CAP' },
				],
				default: 'DEFAULT',
				description: 'Whose network to check from',
			},
		],
	}),
	defineRequest({
		name: 'Get API IPs',
		value: 'getApiIps',
		action: 'Get IP addresses of API servers',
		chinese: '获取微信 API 服务器 IP',
		description:
			'Get the addresses that this node calls, for a firewall that must let them out. They change: look once a day.',
		method: 'GET',
		path: '/cgi-bin/get_api_domain_ip',
		effect: 'read',
		doc: 'service/api/base/api_getapidomainip.html',
		page: { items: 'ip_list', as: 'ip' },
	}),
	defineRequest({
		name: 'Get Callback IPs',
		value: 'getCallbackIps',
		action: 'Get IP addresses of callback servers',
		chinese: '获取微信推送服务器 IP',
		description:
			'Get the addresses that WeChat pushes messages from, for a firewall that must let them in. They change: look once a day.',
		method: 'GET',
		path: '/cgi-bin/getcallbackip',
		effect: 'read',
		doc: 'service/api/base/api_getcallbackip.html',
		page: { items: 'ip_list', as: 'ip' },
	}),
]);

/** Masks tokens and secrets: WeChat returns the recorded call with its full address and body. */
function maskSecrets(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	return value
		.replace(/("\w*(?:token|secret|ticket|session_key)"\s*:\s*")[^"]*/gi, '$1***')
		.replace(/(\w*(?:token|secret|ticket|session_key)=)[^&\s]*/gi, '$1***');
}
