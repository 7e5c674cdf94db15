import type { Answer } from '../api/apiClient';
import { WAITING_FOR_ADMINISTRATOR } from '../api/returnCodes';
import { UserError, type Hints } from '../base/userError';
import type { Wait } from '../engine/define';
import { toMassStatus } from '../push/statusTexts';

/** Tells how far a mass message is. */
export const MASS_STATE = '/cgi-bin/message/mass/get';

const RUNNING = 'SENDING';
const SENT = 'SEND_SUCCESS';

const HINTS: ReadonlyMap<string, Hints> = new Map([
	[
		'SEND_FAIL',
		{
			hint: 'WeChat tells the reason only in the push at its end, to which WeChat Trigger gives words in statusText. See also the published content (发表记录) and the notification center (通知中心) at mp.weixin.qq.com. Where API protection (API 群发保护) is on, an administrator has to confirm within 30 minutes.',
			chinese:
				'群发失败：原因只在群发结果推送中给出（见 WeChat Trigger 输出的 statusText），也可查看公众平台的“发表记录”和“通知中心”；如开启了 API 群发保护，需管理员在 30 分钟内确认。',
		},
	],
	[
		'DELETE',
		{
			hint: 'Somebody has deleted it, at mp.weixin.qq.com or by API. Who got it keeps the card.',
			chinese: '群发已在公众平台或通过接口被删除；已收到的用户仍保留卡片。',
		},
	],
]);

const UNKNOWN = {
	hint: 'See among the published content (发表记录) at mp.weixin.qq.com what became of it.',
	chinese: '群发没有成功，微信未说明此状态：请在公众平台的“发表记录”中查看结果。',
};

/** Adds to a state what it means. */
export const describeMassMessage = (state: Answer): Answer => ({
	...state,
	meaning: toMassStatus(String(state.msg_status)),
});

function readMassMessageResult(state: Answer): Answer | undefined {
	const { msg_status: status = RUNNING } = state;
	if (status === RUNNING) return undefined;
	const described = describeMassMessage(state);
	if (status === SENT) return described;
	const { hint, chinese } = HINTS.get(String(status)) ?? UNKNOWN;
	throw new UserError(
		`Not sent: ${String(described.meaning ?? 'WeChat does not explain this state')} (msg_status ${String(status)}, msg_id ${String(state.msg_id)})`,
		hint,
		chinese,
	);
}

/**
 * Addresses of articles, and how many got it, are in the push at the end only.
 * @see https://developers.weixin.qq.com/doc/service/api/notify/message/api_massmsgget.html
 */
export const waitUntilSent: Wait = {
	until: 'Sent',
	describe: ({ msg_id }) => `The mass message is handed in, as msg_id ${String(msg_id)}`,
	later:
		'WeChat goes on with it: Get State of mass messages tells how it ended. Do not send it again, or followers may get it twice.',
	ask: ({ msg_id }) => ({ path: MASS_STATE, body: { msg_id: String(msg_id) } }),
	goesOn: WAITING_FOR_ADMINISTRATOR,
	finish: readMassMessageResult,
};
