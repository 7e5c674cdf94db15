import { ApiError } from '../http/errors';
import type { Behavior } from './behavior';

const DAY = 86_400;

/**
 * 获取售后单列表: either both times of creation or both of the last change, with at most 24 hours between them.
 * @see https://developers.weixin.qq.com/doc/store/shop/API/aftersale/getaftersalelist.html
 */
const listAfterSales: Behavior = (_, { body }) => {
	const ranges = ['create', 'update']
		.map((kind) => [body[`begin_${kind}_time`], body[`end_${kind}_time`]])
		.filter((range) => range.every((time) => time !== undefined));
	const isAllowed = ranges.every(([begin, end]) => Number(end) - Number(begin) <= DAY);
	if (ranges.length === 0 || !isAllowed) throw new ApiError(10020004);
	return { after_sale_order_id_list: ['2000000045958001'], next_key: '', has_more: false };
};

export const shopBehaviors: Record<string, Behavior> = { 'shop.afterSaleList': listAfterSales };
