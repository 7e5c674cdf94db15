import type { Answer, Call } from '../api/apiClient';
import { UserError } from '../base/userError';
import { describeFailReason, describeTransfer } from './orderStates';
import type { PayV3Client } from './payV3Client';
import { sendOrder } from './sendOrder';

/** From this amount on WeChat wants the name of the receiver; in fen. */
const NAME_NEEDED_FROM = 200_000;
/** Below it WeChat takes no name; in fen. */
const NAME_FROM = 30;
/** Most that a transfer may be that looks like a red packet; in fen. */
const MAX_RED_PACKET = 20_000;

/**
 * What WeChat wants to know of a transfer (转账场景报备信息), by its scene: all of it, in these words.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013774588 and the pages of the other scenes beside it
 */
const SCENE_INFOS: ReadonlyMap<unknown, readonly string[]> = new Map([
	['1000', ['活动名称', '奖励说明']],
	['1002', ['补贴类型']],
	['1004', ['保险产品备案编号', '保险名称', '保险操作单号']],
	['1005', ['岗位类型', '报酬说明']],
	['1009', ['采购商品名称']],
	['1010', ['回收商品名称']],
	['1011', ['赔付原因']],
	['1013', ['公益活动名称', '公益活动备案编号']],
]);

/**
 * Transfers money to a user (商家转账), once for its out_bill_no. The user must confirm it on a page or in a mini program,
 * which takes `transferParams`.
 *
 * @throws {PayError} when WeChat refuses it, it has failed or was cancelled, or another one has its number.
 * @throws {ConnectionError} when no call has reached WeChat.
 * @throws {UserError} when a value cannot be right.
 */
export async function createTransfer(client: PayV3Client, call: Call): Promise<Answer> {
	const body = call.body as Answer;
	checkTransfer(body);
	const answer = await sendOrder(client, {
		name: 'transfer',
		chinese: '转账',
		done: 'made',
		numberField: 'out_bill_no',
		label: 'Transfer Number',
		labelInChinese: '商户单号',
		call,
		answerField: 'state',
		stateField: 'state',
		query: { path: toTransferPath(body.out_bill_no) },
		meant: [
			{ label: 'Amount', value: body.transfer_amount, read: (found) => found.transfer_amount },
			{ label: 'OpenID', value: body.openid, read: (found) => found.openid },
			{ label: 'AppID', value: body.appid, read: (found) => found.appid },
		],
		findEnd: ({ state, fail_reason }) => {
			if (state === 'CANCELLED')
				return {
					english: 'was cancelled, and nothing was transferred (转账撤销完成)',
					chinese: '已撤销，资金没有转出',
				};
			if (state !== 'FAIL') return undefined;
			const { meaning, chinese } = describeFailReason(fail_reason);
			return {
				english: `has failed, and nothing was transferred (转账失败): ${meaning}`,
				chinese: `失败，资金没有转出（${chinese}）`,
			};
		},
	});
	// Who sends it knows the name. One that was encrypted for an older certificate must not hide that the transfer was made.
	const { user_name: _, ...made } = answer;
	return await showTransfer(client, { appid: body.appid, ...made });
}

const toTransferPath = (number: unknown) =>
	`/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/${encodeURIComponent(String(number))}`;

/**
 * Shows a transfer as the node does: what its state means, the name of the receiver in the clear, and, while the user
 * must confirm it, what a page or mini program hands to `wx.requestMerchantTransfer`.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/payment/wx.requestMerchantTransfer.html
 */
export async function showTransfer(client: PayV3Client, answer: Answer): Promise<Answer> {
	const { appid, package_info, user_name } = answer;
	const shown = describeTransfer(answer);
	if (user_name) shown.user_name = await client.decryptField(String(user_name));
	if (package_info)
		shown.transferParams = { mchId: client.mchId, appId: appid, package: package_info };
	return shown;
}

function checkTransfer(body: Answer): void {
	const amount = Number(body.transfer_amount);
	const { type } = Object(body.user_recv_style) as { type?: unknown };
	if (amount >= NAME_NEEDED_FROM && !body.user_name)
		throw new UserError(
			`"Amount" is ${amount / 100} yuan, and "Receiver Name" is empty`,
			`From ${NAME_NEEDED_FROM / 100} yuan on WeChat wants the name of the receiver (收款用户姓名), to compare it.`,
			`“金额”为 ${amount / 100} 元，但“收款用户姓名”为空：满 ${NAME_NEEDED_FROM / 100} 元时须填写，供微信核对。`,
		);
	if (amount < NAME_FROM && body.user_name)
		throw new UserError(
			`"Amount" is ${amount / 100} yuan; WeChat takes no "Receiver Name" below ${NAME_FROM / 100} yuan`,
			'Take Receiver Name out of the node.',
			`“金额”为 ${amount / 100} 元，低于 ${NAME_FROM / 100} 元时微信不接受“收款用户姓名”：请从节点中移除该字段。`,
		);
	if (type === 'RED_PACKET' && amount > MAX_RED_PACKET)
		throw new UserError(
			`"Amount" is ${amount / 100} yuan; a transfer that looks like a red packet is at most ${MAX_RED_PACKET / 100} yuan`,
			'Choose Confirmation Page in "Style", or send a smaller amount.',
			`“金额”为 ${amount / 100} 元，红包样式的转账最多 ${MAX_RED_PACKET / 100} 元：请在“收款样式”中选择“确认收款页”，或减少金额。`,
		);
	checkSceneInfos(body.transfer_scene_id, body.transfer_scene_report_infos);
}

function checkSceneInfos(scene: unknown, given: unknown): void {
	const wanted = SCENE_INFOS.get(scene);
	if (!wanted) return;
	const types = ((given ?? []) as Array<{ info_type: unknown }>).map(({ info_type }) => info_type);
	const missing = wanted.filter((type) => !types.includes(type));
	const unknown = types.filter(
		(type, index) => !wanted.includes(String(type)) || types.indexOf(type) !== index,
	);
	if (missing.length === 0 && unknown.length === 0) return;
	const problem =
		missing.length > 0
			? `"Report Info" lacks ${missing.join(' and ')}`
			: `"Report Info" has ${unknown.join(' and ')}, which scene ${String(scene)} does not take`;
	const problemInChinese =
		missing.length > 0
			? `“转账场景报备信息”缺少${missing.join('、')}`
			: `“转账场景报备信息”中有场景 ${String(scene)} 不接受的${unknown.join('、')}`;
	throw new UserError(
		problem,
		`Scene ${String(scene)} takes exactly these rows (转账场景报备信息), in these words: ${wanted.join(', ')}.`,
		`${problemInChinese}：场景 ${String(scene)} 须恰好填写${wanted.join('、')}，名称须一致。`,
	);
}
