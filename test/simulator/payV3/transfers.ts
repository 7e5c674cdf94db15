import type { JsonObject } from '../http/json';
import { sealField } from './crypt';
import { checkAppId, isRepeated } from './payments';
import { invalidRequest, PayV3Refusal, wrongField } from './refusal';
import { BILL_NUMBER, checkRules, isFen, NOTIFY_URL, OPENID, upTo, type Rule } from './values';
import { toTime, type Behavior, type PayV3Call, type World } from './world';

/** 商家转账: transfers that a user confirms. */

export type TransferState =
	| 'ACCEPTED'
	| 'PROCESSING'
	| 'WAIT_USER_CONFIRM'
	| 'TRANSFERING'
	| 'SUCCESS'
	| 'FAIL'
	| 'CANCELING'
	| 'CANCELLED';

export interface Transfer {
	/** As they were sent, with the name opened. */
	values: JsonObject;
	billNo: string;
	state: TransferState;
	createdAt: number;
	updatedAt: number;
	failReason?: string;
}

/** What a scene asks to be reported (转账场景报备信息); of the others it is only known that they ask for something. */
const REPORTS: Record<string, string[]> = {
	1000: ['活动名称', '奖励说明'],
	1005: ['岗位类型', '报酬说明'],
	1009: ['采购商品名称'],
};
const SCENES = ['1000', '1002', '1004', '1005', '1009', '1010', '1011', '1013'];

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4012716434 */
const TRANSFER: Record<string, Rule> = {
	'/out_bill_no': BILL_NUMBER,
	'/openid': OPENID,
	'/transfer_amount': isFen,
	'/transfer_remark': upTo(32),
	'/notify_url': NOTIFY_URL,
	'/user_recv_style/type': /^(?:CONFIRM_PAGE|RED_PACKET)$/,
};
/** 2,000 yuan: from there on the name is needed. */
const NAMED_FROM = 200_000;
/** 0.3 yuan: below it no name may be given. */
const UNNAMED_BELOW = 30;
const CONFIRM_MS = 86_400_000;

function createTransfer({ body }: PayV3Call, world: World) {
	checkRules(body, TRANSFER);
	checkScene(body);
	const [fen, name] = [body.transfer_amount as number, body.user_name];
	if (fen >= NAMED_FROM && !name) throw wrongField('/user_name', 'is missing');
	if (fen < UNNAMED_BELOW && name) throw wrongField('/user_name', 'is not allowed');
	checkAppId(body, world);
	const number = body.out_bill_no as string;
	const known = world.transfers.get(number);
	if (known) {
		// Code and words of the older /v3/transfer/batches, as others saw them; no page says those of this call.
		// @see https://developers.weixin.qq.com/community/pay/doc/0000ea69408d1097f870e346762000
		if (!isRepeated(known.values, body))
			throw invalidRequest('单号已存在但信息不一致，请查单后比较确认');
		return { json: describeNew(number, known) };
	}
	if (fen > world.balance)
		throw new PayV3Refusal(403, 'NOT_ENOUGH', '商户运营账户资金不足，请充值后重新发起');
	const made: Transfer = {
		values: body,
		billNo: world.nextNumber('1330'),
		state: 'WAIT_USER_CONFIRM',
		createdAt: world.now(),
		updatedAt: world.now(),
	};
	world.balance -= fen;
	world.transfers.set(number, made);
	return { json: describeNew(number, made) };
}

function checkScene({ transfer_scene_id: scene, transfer_scene_report_infos: infos }: JsonObject) {
	if (!SCENES.includes(String(scene)))
		throw wrongField('/transfer_scene_id', 'is not allowed', 'body', scene);
	const given = (infos as Array<{ info_type: string; info_content: string }>).map((info) => {
		if (!upTo(32)(info.info_content))
			throw wrongField('/transfer_scene_report_infos', 'has a wrong info_content');
		return info.info_type;
	});
	const wanted = REPORTS[String(scene)] ?? given;
	if (given.length === 0 || given.sort().join() !== [...wanted].sort().join())
		throw invalidRequest('转账场景报备信息与转账场景不匹配');
}

const packageOf = ({ billNo }: Transfer) =>
	`affffddafdfafddffda${Buffer.from(billNo).toString('base64')}`;

const describeNew = (number: string, transfer: Transfer): JsonObject => ({
	out_bill_no: number,
	transfer_bill_no: transfer.billNo,
	create_time: toTime(transfer.createdAt),
	state: transfer.state,
	...(transfer.failReason && { fail_reason: transfer.failReason }),
	...(transfer.state === 'WAIT_USER_CONFIRM' && { package_info: packageOf(transfer) }),
});

function describe(number: string, transfer: Transfer, world: World): JsonObject {
	const { values, updatedAt } = transfer;
	const { appid, openid, transfer_amount, transfer_remark, user_name } = values;
	return {
		mch_id: world.mchId,
		appid,
		openid,
		transfer_amount,
		transfer_remark,
		update_time: toTime(updatedAt),
		...describeNew(number, transfer),
		...(user_name !== undefined && {
			user_name: sealField(world.keys.merchant.publicKey, user_name as string),
		}),
	};
}

/** What time does to transfers: nobody confirms in 24 hours, and a cancellation comes through. */
function settle(transfer: Transfer, world: World): void {
	const { state, createdAt } = transfer;
	if (state === 'CANCELING') end(transfer, 'CANCELLED', world);
	if (state === 'WAIT_USER_CONFIRM' && world.now() - createdAt > CONFIRM_MS) {
		end(transfer, 'FAIL', world);
		transfer.failReason = 'OVERDUE_CLOSE';
	}
}

function end(transfer: Transfer, state: TransferState, world: World): void {
	transfer.state = state;
	transfer.updatedAt = world.now();
	if (state !== 'SUCCESS') world.balance += transfer.values.transfer_amount as number;
}

function queryTransfer(find: (call: PayV3Call, world: World) => string | undefined): Behavior {
	return (call, world) => {
		const number = find(call, world) ?? '';
		const known = world.transfers.get(number);
		if (!known) throw new PayV3Refusal(404, 'NOT_FOUND', '记录不存在');
		settle(known, world);
		return { json: describe(number, known, world) };
	};
}

/** 撤销转账: it is only accepted; a query tells when it is done. */
function cancelTransfer({ params }: PayV3Call, world: World) {
	const known = world.transfers.get(params.out_bill_no);
	if (!known) throw new PayV3Refusal(404, 'NOT_FOUND', '记录不存在');
	if (!['ACCEPTED', 'WAIT_USER_CONFIRM', 'CANCELING', 'CANCELLED'].includes(known.state))
		throw invalidRequest('转账单的当前状态不允许撤销');
	if (known.state !== 'CANCELLED') known.state = 'CANCELING';
	known.updatedAt = world.now();
	return {
		json: {
			out_bill_no: params.out_bill_no,
			transfer_bill_no: known.billNo,
			state: known.state,
			update_time: toTime(known.updatedAt),
		},
	};
}

const BASE = '/v3/fund-app/mch-transfer/transfer-bills';
export const TRANSFERS: Record<string, Behavior> = {
	[`POST ${BASE}`]: createTransfer,
	[`GET ${BASE}/out-bill-no/{out_bill_no}`]: queryTransfer(({ params }) => params.out_bill_no),
	[`GET ${BASE}/transfer-bill-no/{transfer_bill_no}`]: queryTransfer(
		({ params }, { transfers }) =>
			[...transfers].find(([, { billNo }]) => billNo === params.transfer_bill_no)?.[0],
	),
	[`POST ${BASE}/out-bill-no/{out_bill_no}/cancel`]: cancelTransfer,
};

/** The user confirms, or WeChat ends it; answers the resource of the notification. */
export function endTransfer(outBillNo: string, world: World, failReason?: string): JsonObject {
	const transfer = world.transfers.get(outBillNo);
	if (transfer?.state !== 'WAIT_USER_CONFIRM') throw new Error(`${outBillNo} waits for nobody`);
	end(transfer, failReason ? 'FAIL' : 'SUCCESS', world);
	transfer.failReason = failReason;
	const { openid, transfer_amount } = transfer.values as {
		openid: string;
		transfer_amount: number;
	};
	if (!failReason)
		world.movements.push({ kind: 'transfer', number: outBillNo, fen: transfer_amount, openid });
	return {
		out_bill_no: outBillNo,
		transfer_bill_no: transfer.billNo,
		state: transfer.state,
		mch_id: world.mchId,
		transfer_amount,
		openid,
		...(failReason && { fail_reason: failReason }),
		create_time: toTime(transfer.createdAt),
		update_time: toTime(transfer.updatedAt),
	};
}
