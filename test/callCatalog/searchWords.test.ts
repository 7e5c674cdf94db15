import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { createSearch } from '../../nodes/callCatalog/searchWords';
import { createSearchCalls } from '../../nodes/engine/callLists';

/** What people type, and the call that they look for. */
const QUERIES: Array<[query: string, key: string, area?: string]> = [
	['chat records', '/customservice/msgrecord/getrecord'],
	['customer chat history', '/customservice/msgrecord/getrecord'],
	['聊天记录', '/customservice/msgrecord/getrecord'],
	['客服消息记录', '/customservice/msgrecord/getrecord'],
	['查询客服聊天', '/customservice/msgrecord/getrecord'],
	['send chat message', '/cgi-bin/message/custom/send'],
	['发送聊天消息', '/cgi-bin/message/custom/send'],
	['下发客服消息', '/cgi-bin/message/custom/send'],
	['push template msg', '/cgi-bin/message/template/send'],
	['推送模板消息', '/cgi-bin/message/template/send'],
	['推送订阅通知', '/cgi-bin/message/subscribe/send', 'miniprogram'],
	['fetch followers', '/cgi-bin/user/get'],
	['粉丝列表', '/cgi-bin/user/get'],
	['get customer', '/cgi-bin/user/info'],
	['查询粉丝信息', '/cgi-bin/user/info'],
	['查用户标签', '/cgi-bin/tags/getidlist'],
	['add label', '/cgi-bin/tags/create'],
	['新建标签', '/cgi-bin/tags/create'],
	['remove tags', '/cgi-bin/tags/delete'],
	['block users', '/cgi-bin/tags/members/batchblacklist'],
	['拉黑用户', '/cgi-bin/tags/members/batchblacklist'],
	['upload photo', '/cgi-bin/media/uploadimg'],
	['永久素材列表', '/cgi-bin/material/batchget_material'],
	['list media files', '/cgi-bin/material/batchget_material'],
	['new draft', '/cgi-bin/draft/add'],
	['release draft', '/cgi-bin/freepublish/submit'],
	['发布草稿', '/cgi-bin/freepublish/submit'],
	['article comments', '/cgi-bin/comment/list'],
	['文章留言', '/cgi-bin/comment/list'],
	['菜单新增', '/cgi-bin/menu/create'],
	['qrcode', '/cgi-bin/qrcode/create'],
	['generate qr code', '/cgi-bin/qrcode/create'],
	['创建带参数二维码', '/cgi-bin/qrcode/create'],
	['api limit', '/cgi-bin/openapi/quota/get'],
	['查询接口调用次数', '/cgi-bin/openapi/quota/get'],
	['user growth report', '/datacube/getusersummary'],
	['用户增减统计', '/datacube/getusersummary'],
	['scan id card', '/cv/ocr/idcard'],
	['用户手机号', '/wxa/business/getuserphonenumber', 'miniprogram'],
	['get phone of user', '/wxa/business/getuserphonenumber', 'miniprogram'],
	['小程序二维码', '/cgi-bin/wxaapp/createwxaqrcode', 'miniprogram'],
	['orders', '/channels/ec/order/list/get', 'shop'],
	['list orders', '/channels/ec/order/list/get', 'shop'],
	['订单查询', '/channels/ec/order/list/get', 'shop'],
	['查看订单', '/channels/ec/order/get', 'shop'],
	['find trades', '/channels/ec/order/search', 'shop'],
	['ship order', '/channels/ec/order/delivery/send', 'shop'],
	['订单物流发货', '/channels/ec/order/delivery/send', 'shop'],
	['inventory update', '/channels/ec/product/stock/update', 'shop'],
	['修改库存', '/channels/ec/product/stock/update', 'shop'],
	['goods list', '/channels/ec/product/list/get', 'shop'],
	['货品列表', '/channels/ec/product/list/get', 'shop'],
	['after sales', '/channels/ec/aftersale/getaftersalelist', 'shop'],
	['退款售后列表', '/channels/ec/aftersale/getaftersalelist', 'shop'],
	['上架货品', '/channels/ec/product/listing', 'shop'],
];

/** How far down people look. The editor gets 50 rows at a time. */
const ROWS = 21;

async function rankOf(query: string, key: string, area: string): Promise<number> {
	const { results } = await createSearchCalls([], async () => [area]).call(
		{} as ILoadOptionsFunctions,
		query,
	);
	return results.findIndex(({ value }) => value === key);
}

test('what people type leads to the call', async () => {
	const missed: string[] = [];
	for (const [query, key, area = 'account'] of QUERIES) {
		const rank = await rankOf(query, key, area);
		if (rank < 0 || rank >= ROWS) missed.push(`${query}: ${key} at ${rank}`);
	}
	expect(missed).toEqual([]);
});

test('words of the title that mean the same count as much as the words themselves', () => {
	const search = createSearch('Create tags');
	expect(search('', 'POST /cgi-bin/tags/create')).toBe('close');
	expect(search('New Label', '')).toBe('close');
	expect(search('', 'New Label')).toBe('loose');
	expect(search('Create Menu', 'Create Menu')).toBe('none');
});

test('words that mean the same begin as a word does', () => {
	expect(createSearch('picture')('imgproc', '')).toBe('close');
	expect(createSearch('picture')('ximg', 'ximg')).toBe('none');
});

test('words that say nothing find only what holds them', () => {
	expect(createSearch('api')('', '/api/x')).toBe('close');
	expect(createSearch('api')('Tag', 'tags')).toBe('none');
	expect(createSearch(' ')('Tag', 'tags')).toBe('close');
	expect(createSearch('(')('Tag', 'tags')).toBe('none');
});
