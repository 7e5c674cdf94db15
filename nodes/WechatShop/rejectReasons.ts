import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { readList } from '../api/response';
import { createTextFilter } from '../n8n/accountList';
import { openEditorClient } from '../n8n/clients';

interface RejectReason {
	reject_reason_type: number;
	reject_reason_type_text: string;
	reject_scene?: number;
}

/** What each reason refuses (reject_scene); WeChat takes only reasons that fit the after-sale. */
const SCENES = new Map([
	[1, 'refund 仅退款'],
	[4, 'return and refund 退货退款'],
	[5, 'exchange 换货'],
	[6, 'sending the exchanged goods 换货发货'],
	[7, 'fast exchange 极速换货'],
]);

/**
 * Lists the reasons to reject an after-sale (拒绝售后原因) whose text contains the filter. One call returns all.
 *
 * @see https://developers.weixin.qq.com/doc/store/shop/API/aftersale/getrejectreason.html
 */
export async function searchRejectReasons(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await openEditorClient(this);
	const path = '/channels/ec/aftersale/rejectreason/get';
	const answer = await client.send({ path, body: {}, safe: true });
	return {
		results: readList<RejectReason>(answer.reason_list)
			.map((reason) => ({ name: toLabel(reason), value: String(reason.reject_reason_type) }))
			.filter(({ name }) => createTextFilter(filter)(name)),
	};
}

function toLabel({ reject_reason_type_text, reject_scene }: RejectReason): string {
	const scene = SCENES.get(Number(reject_scene));
	return scene ? `${reject_reason_type_text} (${scene})` : reject_reason_type_text;
}
