import { UserError } from '../../base/userError';
import { readLimit } from '../../engine/fields';
import { listAll } from '../../engine/pagination';
import { defineRequest, defineResource, type Page } from '../../engine/define';
import { openid } from '../fields/openid';
import { agent } from '../fields/agent';

const user = { ...openid, description: 'Who: the FromUserName of a push' } as const;

const DAY = 86_400;
/** The most messages that one call returns. */
const MESSAGES = 10_000;
const messages = { cursor: 'msgid', next: 'msgid', items: 'recordlist' } satisfies Page;

/**
 * @see https://developers.weixin.qq.com/doc/service/api/customer/messctrl/api_createkfsession.html
 * @see https://developers.weixin.qq.com/doc/service/api/customer/message/api_getmsglist.html
 */
export const customerServiceSession = defineResource(
	'Customer Service Session (客服会话)',
	'customerServiceSession',
	[
		defineRequest({
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many customer service sessions',
			chinese: '获取客服会话列表',
			description: 'Get the users that an agent is talking to',
			method: 'GET',
			path: '/customservice/kfsession/getsessionlist',
			effect: 'read',
			doc: 'service/api/customer/messctrl/api_getkfsessionlist.html',
			page: { items: 'sessionlist' },
			fields: [{ ...agent, in: 'query' }],
		}),
		defineRequest({
			name: 'Get',
			value: 'get',
			action: 'Get customer service session',
			chinese: '获取客户会话状态',
			description:
				'Get the agent that a user is talking to; kf_account is empty when there is none',
			method: 'GET',
			path: '/customservice/kfsession/getsession',
			effect: 'read',
			doc: 'service/api/customer/messctrl/api_getkfsession.html',
			fields: [{ ...user, in: 'query' }],
		}),
		defineRequest({
			name: 'Get Waiting',
			value: 'getWaiting',
			action: 'Get waiting customer service sessions',
			chinese: '获取未接入会话列表',
			description:
				'Get the users that wait for an agent (未接入会话列表), first come first; WeChat shows at most 100',
			method: 'GET',
			path: '/customservice/kfsession/getwaitcase',
			effect: 'read',
			doc: 'service/api/customer/messctrl/api_getwaitcase.html',
			page: { items: 'waitcaselist' },
		}),
		defineRequest({
			name: 'Get Messages',
			value: 'getMessages',
			action: 'Get messages of customer service sessions',
			chinese: '获取客服聊天记录',
			description:
				'Get what agents and users wrote to each other (获取聊天记录), within 24 hours. opercode is 2002 for the agent, 2003 for the user; pictures, sounds and videos appear as [image], [voice] and [video].',
			path: '/customservice/msgrecord/getmsglist',
			effect: 'read',
			doc: 'service/api/customer/message/api_getmsglist.html',
			page: messages,
			fields: [
				{
					displayName: 'From',
					name: 'from',
					type: 'dateTime',
					as: 'unixSeconds',
					wire: false,
					required: true,
					default: '',
					description: 'Beijing time, unless another time zone is given with it',
				},
				{
					displayName: 'To',
					name: 'to',
					type: 'dateTime',
					as: 'unixSeconds',
					wire: false,
					default: '',
					description: 'At most 24 hours later, which is also what counts when this is empty',
				},
			],
			async run({ params, call, client: { send } }) {
				const limit = readLimit(params);
				const number = Math.min(limit, MESSAGES);
				const body = { ...toSpan(params.from, params.to), number, msgid: 1 };
				// WeChat wants a number here; the pagination passes the next one as text.
				const next: typeof send = async (page) =>
					await send({ ...page, body: { ...page.body, msgid: Number(page.body?.msgid) } });
				return await listAll(messages, { ...call, body }, next, limit);
			},
		}),
		defineRequest({
			name: 'Create',
			value: 'create',
			action: 'Create customer service session',
			chinese: '创建客服会话',
			description:
				'Hand a user over to a human agent (创建会话, 转人工). The agent must be online and bound to a person: choose one of Customer Service Agent: Get Many Online, best with the lowest accepted_case. In a workflow that a message started, Hand Over to a Person of WeChat Reply does all of it.',
			path: '/customservice/kfsession/create',
			effect: 'write',
			doc: 'service/api/customer/messctrl/api_createkfsession.html',
			fields: [agent, user],
		}),
		defineRequest({
			name: 'Close',
			value: 'close',
			action: 'Close customer service session',
			chinese: '关闭客服会话',
			description:
				'End the session (关闭会话) of a human agent and a user, so that the account answers the user again. The agent is kf_account of Get.',
			path: '/customservice/kfsession/close',
			effect: 'write',
			doc: 'service/api/customer/messctrl/api_closesession.html',
			fields: [agent, user],
		}),
	],
);

/**
 * Checks the span. WeChat allows 24 hours, and no longer wants both ends on the same day.
 * @throws {UserError} when the span is negative or longer
 */
function toSpan(starttime: number, endtime = starttime + DAY) {
	if (endtime <= starttime)
		throw new UserError('"To" must be later than "From"', undefined, '“To”应晚于“From”。');
	if (endtime - starttime > DAY)
		throw new UserError(
			'"To" is more than 24 hours after "From"',
			'WeChat shows the messages of at most 24 hours at a time.',
			'“To”比“From”晚了超过 24 小时：微信一次最多查询 24 小时的聊天记录，请缩短时间范围。',
		);
	return { starttime, endtime };
}
