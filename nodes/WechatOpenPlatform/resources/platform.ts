import { type StoredState, findProblem } from '../../api/state';
import { listAccounts } from '../../n8n/accountList';
import { defineResource, type Field } from '../../engine/define';
import { account, definePlatformLocal, definePlatformRequest } from '../fields/account';

const quotaOwner = {
	displayName: 'Of',
	name: 'of',
	type: 'options',
	wire: false,
	options: [
		{ name: 'An Account', value: 'account' },
		{ name: 'The Platform Itself', value: 'platform' },
	],
	default: 'platform',
	description: 'Whose calls are counted',
} as const satisfies Field;

const quotaAccount = {
	...account,
	wire: false,
	displayOptions: { show: { of: ['account'] } },
} as const satisfies Field;

/**
 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/ticket-token/api_startpushticket.html
 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/openapi/api_getapiquota.html
 */
export const platform = defineResource('Platform (平台)', 'platform', [
	definePlatformLocal({
		name: 'Get State',
		value: 'get',
		action: 'Get state of platform',
		chinese: '查询平台状态',
		description:
			'Get how old ticket (验证票据) and token of the platform are, and which accounts have to authorize again. Asks nothing of WeChat.',
		async run(_, { stored }) {
			return await describeState(stored, Date.now());
		},
	}),
	definePlatformRequest({
		name: 'Get Quota',
		value: 'getQuota',
		action: 'Get quota of call',
		chinese: '查询 API 调用额度',
		description: 'Get how often a call may be made per day, and how often it was',
		doc: 'oplatform/openApi/openapi/api_getapiquota.html',
		path: '/cgi-bin/openapi/quota/get',
		effect: 'read',
		fields: [
			quotaOwner,
			quotaAccount,
			{
				displayName: 'Path of Call (接口路径)',
				name: 'cgi_path',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. /cgi-bin/message/custom/send',
				description:
					"Without the host, beginning with a slash. Calls below /cgi-bin/component are the platform's.",
			},
		],
		async run({ params, call, client: { send } }) {
			return await send({ ...call, bearer: params.of === 'account' ? 'account' : 'component' });
		},
	}),
	definePlatformLocal({
		name: 'Clear Quota',
		value: 'clearQuota',
		action: 'Clear quota of platform',
		chinese: '重置 API 调用次数',
		description:
			'Set the daily call counts of the platform or of an account back to zero; possible 10 times a month for each',
		doc: 'oplatform/openApi/openapi/api_componentclearquota_v2.html',
		fields: [quotaOwner, quotaAccount],
		async run(params, { appId, clearQuota }) {
			await clearQuota(params.of === 'account' ? appId : undefined);
			return { success: true };
		},
	}),
	definePlatformLocal({
		name: 'Start Ticket Push',
		value: 'startTicketPush',
		action: 'Start ticket push to platform',
		chinese: '启动票据推送服务',
		description: 'Make WeChat push tickets again, after answers to them had failed for long',
		doc: 'oplatform/openApi/ticket-token/api_startpushticket.html',
		async run(_, { startTicketPush }) {
			await startTicketPush();
			return { success: true, nextTicketWithinMinutes: 10 };
		},
	}),
]);

const toIso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
const countMinutesSince = (at: number | undefined, now: number) =>
	at === undefined ? null : Math.round((now - at) / 60_000);

/** Describes the stored state without tokens, tickets or other secrets. */
async function describeState(stored: StoredState, now: number) {
	const [ticket, token, accounts] = await Promise.all([
		stored.readTicket(),
		stored.readToken(),
		listAccounts(stored),
	]);
	const count = (kind?: string) =>
		accounts.filter(([, { profile }]) => profile?.kind === kind).length;
	return {
		ticketReceivedAt: toIso(ticket?.at),
		ticketAgeMinutes: countMinutesSince(ticket?.at, now),
		tokenReceivedAt: toIso(token?.askedAt),
		tokenAgeMinutes: countMinutesSince(token?.askedAt, now),
		tokenExpiresAt: toIso(token?.expiresAt),
		officialAccounts: count('officialAccount'),
		miniPrograms: count('miniProgram'),
		unnamedAccounts: count(),
		needAuthorization: accounts
			.filter(([, grant]) => findProblem(grant))
			.map(([appId, grant]) => ({
				appId,
				name: grant.profile?.name ?? null,
				errcode: findProblem(grant)?.code,
				since: toIso(findProblem(grant)?.at),
			})),
	};
}
