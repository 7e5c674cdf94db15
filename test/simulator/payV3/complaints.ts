import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../http/json';
import { sealField } from './crypt';
import { invalidRequest, PayV3Refusal, wrongField } from './refusal';
import { upTo } from './values';
import { toTime, type Behavior, type PayV3Call, type World } from './world';

/** Complaints (消费者投诉2.0). */

export interface Complaint {
	id: string;
	state: 'PENDING' | 'PROCESSING' | 'PROCESSED';
	at: number;
	phone: string;
	/** What else its record has. */
	fields: JsonObject;
	history: JsonObject[];
}

export function addComplaint(world: World, fields: JsonObject = {}): JsonObject {
	const { complaint_id = world.nextNumber('2002'), payer_phone = '13900000000', ...rest } = fields;
	const id = complaint_id as string;
	world.complaints.set(id, {
		id,
		state: 'PENDING',
		at: world.now(),
		phone: payer_phone as string,
		fields: rest,
		history: [entryOf(world, '用户', 'USER_CREATE_COMPLAINT', '商品未收到')],
	});
	return { complaint_id: id, action_type: 'CREATE_COMPLAINT' };
}

const entryOf = (world: World, operator: string, type: string, details: string): JsonObject => ({
	log_id: randomUUID().replaceAll('-', ''),
	operator,
	operate_time: toTime(world.now()),
	operate_type: type,
	operate_details: details,
	image_list: [],
});

const describe = (complaint: Complaint, { mchId, keys }: World): JsonObject => ({
	complaint_id: complaint.id,
	complaint_time: toTime(complaint.at),
	complaint_detail: '商品未收到',
	complainted_mchid: mchId,
	complaint_state: complaint.state,
	payer_phone: sealField(keys.merchant.publicKey, complaint.phone),
	payer_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
	complaint_media_list: [],
	complaint_order_info: [
		{ transaction_id: '4200000404201909069117582536', out_trade_no: '20190906154617', amount: 3 },
	],
	complaint_full_refunded: false,
	incoming_user_response: false,
	problem_description: '商家未按约定发货',
	user_complaint_times: 1,
	problem_type: 'OTHERS',
	...complaint.fields,
});

function readPage({ query }: PayV3Call, most: number) {
	const [limit, offset] = [Number(query.limit ?? 10), Number(query.offset ?? 0)];
	if (limit < 1 || limit > most) throw wrongField('limit', 'is not allowed', 'query', limit);
	if (offset < 0) throw wrongField('offset', 'is not allowed', 'query', offset);
	return { limit, offset };
}

const DAY_MS = 86_400_000;

function list(call: PayV3Call, world: World) {
	const { limit, offset } = readPage(call, 50);
	const { begin_date, end_date, complainted_mchid } = call.query;
	const [begin, end] = [begin_date, end_date].map((day) => Date.parse(`${day}T00:00:00+08:00`));
	if (Number.isNaN(begin)) throw wrongField('begin_date', 'is no date', 'query', begin_date);
	if (Number.isNaN(end)) throw wrongField('end_date', 'is no date', 'query', end_date);
	if (end < begin || end - begin > 29 * DAY_MS)
		throw wrongField('end_date', 'is not within 30 days', 'query', end_date);
	if (complainted_mchid !== undefined && complainted_mchid !== world.mchId)
		throw wrongField('complainted_mchid', 'is another merchant', 'query', complainted_mchid);
	const all = [...world.complaints.values()].filter(({ at }) => at >= begin && at < end + DAY_MS);
	const data = all.slice(offset, offset + limit).map((one) => describe(one, world));
	return { json: { data, limit, offset, total_count: all.length } };
}

function find({ params, body }: PayV3Call, world: World): Complaint {
	const known = world.complaints.get(params.complaint_id);
	if (!known) throw new PayV3Refusal(404, 'RESOURCE_NOT_EXISTS', '投诉单不存在');
	if (body.complainted_mchid !== undefined && body.complainted_mchid !== world.mchId)
		throw wrongField('/complainted_mchid', 'is another merchant');
	return known;
}

function respond(call: PayV3Call, world: World) {
	const complaint = find(call, world);
	const { response_content, response_images = [] } = call.body as {
		response_content: string;
		response_images?: string[];
	};
	if (!upTo(200)(response_content)) throw wrongField('/response_content', 'is not allowed');
	if (response_images.length > 4) throw wrongField('/response_images', 'has too many entries');
	for (const image of response_images)
		if (!world.media.has(image)) throw wrongField('/response_images', 'is unknown', 'body', image);
	const entry = entryOf(world, '商家', 'MERCHANT_RESPONSE', response_content);
	complaint.history.push({ ...entry, image_list: response_images });
	if (complaint.state === 'PENDING') complaint.state = 'PROCESSING';
	return { status: 204 as const };
}

function complete(call: PayV3Call, world: World) {
	const complaint = find(call, world);
	if (complaint.state === 'PENDING') throw invalidRequest('投诉单未回复，不能反馈处理完成');
	if (complaint.state === 'PROCESSED') throw invalidRequest('投诉单已处理完成');
	complaint.state = 'PROCESSED';
	const words = '商家反馈处理完成';
	complaint.history.push(entryOf(world, '商家', 'MERCHANT_CONFIRM_COMPLETE', words));
	return { status: 204 as const };
}

const BASE = '/v3/merchant-service/complaints-v2';
export const COMPLAINTS: Record<string, Behavior> = {
	[`GET ${BASE}`]: list,
	[`GET ${BASE}/{complaint_id}`]: (call, world) => ({ json: describe(find(call, world), world) }),
	[`GET ${BASE}/{complaint_id}/negotiation-historys`]: (call, world) => {
		const { history } = find(call, world);
		const { limit, offset } = readPage(call, 300);
		const data = history.slice(offset, offset + limit);
		return { json: { data, limit, offset, total_count: history.length } };
	},
	[`POST ${BASE}/{complaint_id}/response`]: respond,
	[`POST ${BASE}/{complaint_id}/complete`]: complete,
};
