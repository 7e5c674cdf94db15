import { resources } from '../../nodes/WechatShop/WechatShop.node';
import { searchRejectReasons } from '../../nodes/WechatShop/rejectReasons';
import { SHOP_ACCOUNT as SHOP } from '../simulator';
import { editorContext, prepareN8n, runNode } from '../support/n8n';
import { fixturesIn, testOperations } from '../support/operations';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator({ accounts: [SHOP] });
const fixtures = fixturesIn('shop');
const subject = { node: 'wechatShop', resources, fixtures, simulator, words: {} };
const credentials = () => credentialsFor(simulator(), { kind: 'shop' });

describe('by the credential of the shop', () => testOperations({ ...subject, credentials }));

describe('for a shop that authorized a platform', () =>
	testOperations({
		...subject,
		credentials: async () => {
			await simulator().platform.authorize(SHOP.appId, { push: false });
			return await platformCredentialsFor(simulator());
		},
		params: {
			authentication: 'openPlatform',
			account: { __rl: true, mode: 'id', value: SHOP.appId },
		},
	}));

const run = async (params: Parameters<typeof runNode>[1]) =>
	await runNode('wechatShop', params, credentials());
const order_id = '3705115058471208928';

// Calls of shops are for the AppID of a shop: https://developers.weixin.qq.com/doc/store/shop/API/basics/getbasicinfo.html
test.each(['officialAccount', 'miniProgram', 'mobileApp'])(
	'refuses the credential of kind %s, and calls nobody',
	async (kind) => {
		const before = simulator().calls.length;
		const params = { resource: 'order', operation: 'get', order_id };
		const { error } = await runNode('wechatShop', params, credentialsFor(simulator(), { kind }));
		expect(error?.message).toContain('not of a WeChat Shop');
		expect(error?.description).toContain('choose WeChat Shop (微信小店) under Kind');
		expect(simulator().calls).toHaveLength(before);
	},
);

describe('Order: Deliver', () => {
	const deliver = { resource: 'order', operation: 'deliver', order_id };
	const byId = (value: string) => ({ __rl: true, mode: 'id', value });

	test('says which company is unknown, and sends nothing', async () => {
		const before = simulator().count('/channels/ec/order/delivery/send');
		const { error } = await run({ ...deliver, company: byId('火星快递'), waybill: '1' });
		expect(error?.message).toContain('WeChat knows no express company "火星快递"');
		expect(simulator().count('/channels/ec/order/delivery/send')).toBe(before);
	});

	test('needs company and waybill number, unless it is virtual', async () => {
		const { error } = await run({ ...deliver, company: byId('SF'), waybill: '' });
		expect(error?.message).toContain('A parcel needs "Company" and "Waybill Number"');
	});

	test('sends no part of a product', async () => {
		const before = simulator().count('/channels/ec/order/delivery/send');
		const values = [{ product_id: '1', sku_id: '2', product_cnt: 1.5 }];
		const { error } = await run({
			...deliver,
			company: byId('SF'),
			waybill: '1',
			products: { values },
		});
		expect(error?.message).toContain(
			'"Products (商品)", product 1: "Count (数量)" must be a whole number',
		);
		expect(simulator().count('/channels/ec/order/delivery/send')).toBe(before);
	});

	/** Delivers an SKU of which so many were ordered, sent, and given back or asked to be. */
	async function deliverRest([ordered, sent, asked, back]: number[]) {
		const ids = { product_id: '1', sku_id: '2' };
		const after = { on_aftersale_sku_cnt: asked, finish_aftersale_sku_cnt: back };
		const order_detail = {
			product_infos: [{ ...ids, sku_cnt: ordered, ...after }],
			delivery_info: {
				delivery_product_info: [{ product_infos: [{ ...ids, product_cnt: sent }] }],
			},
		};
		simulator().fault({ path: '/channels/ec/order/get', answer: { order: { order_detail } } });
		return await run({ ...deliver, company: byId('SF'), waybill: '1' });
	}

	// finish_aftersale_sku_cnt and on_aftersale_sku_cnt do not say whether the goods had been sent:
	// https://developers.weixin.qq.com/doc/store/shop/API/order/get.html
	test.each([
		{ counts: [5, 3, 0, 2], left: '0 to 2' },
		{ counts: [5, 2, 1, 0], left: '2 to 3' },
		{ counts: [5, 1, 1, 2], left: '1 to 2' },
	])('asks which are left of $counts, as some are sent and some back', async ({ counts, left }) => {
		const before = simulator().count('/channels/ec/order/delivery/send');
		const { error } = await deliverRest(counts);
		expect(error?.message).toContain('WeChat does not say whether the same ones');
		expect(error?.description).toContain(`of this SKU ${left} are left`);
		expect(simulator().count('/channels/ec/order/delivery/send')).toBe(before);
	});

	test.each([
		{ counts: [5, 0, 1, 2], left: 2 },
		{ counts: [5, 3, 0, 0], left: 2 },
	])('sends the rest of $counts', async ({ counts, left }) => {
		expect((await deliverRest(counts)).error).toBeUndefined();
		const sent = simulator().calls.findLast(
			({ path }) => path === '/channels/ec/order/delivery/send',
		);
		expect(sent?.body).toHaveProperty('delivery_list.0.product_infos.0.product_cnt', left);
	});

	test.each([[[5, 5, 0, 2]], [[5, 2, 0, 5]], [[5, 0, 0, 5]]])('is done with %j', async (counts) => {
		const { error } = await deliverRest(counts);
		expect(error?.message).toContain(`Nothing of order ${order_id} is left to send`);
	});

	test('does not send what is sent already', async () => {
		const product_infos = [{ product_id: '1', sku_id: '2', sku_cnt: 1 }];
		const sent = [{ product_infos: [{ product_id: '1', sku_id: '2', product_cnt: 1 }] }];
		const order_detail = { product_infos, delivery_info: { delivery_product_info: sent } };
		const answer = { order: { order_detail } };
		simulator().fault({ path: '/channels/ec/order/get', answer });
		const { error } = await run({ ...deliver, company: byId('SF'), waybill: '1' });
		expect(error?.message).toContain(`Nothing of order ${order_id} is left to send`);
	});
});

describe('After-Sale: Reject', () => {
	const path = '/channels/ec/aftersale/rejectapply';
	const reject = {
		resource: 'afterSale',
		operation: 'reject',
		after_sale_order_id: '2000000045958001',
	};

	// reject_reason_type is 必填 and reject_reason is not:
	// https://developers.weixin.qq.com/doc/store/shop/API/channels-shop-aftersale/api_rejectapply
	test('sends the number of the reason, and no text that nobody entered', async () => {
		const { error } = await run({ ...reject, rejectReasonType: { mode: 'list', value: '20' } });
		expect(error).toBeUndefined();
		expect(simulator().calls.findLast((call) => call.path === path)?.body).toEqual({
			after_sale_order_id: '2000000045958001',
			reject_reason_type: 20,
		});
	});

	test('does not start without a reason', async () => {
		const before = simulator().count(path);
		const running = run({ ...reject, reject_reason: '商品已使用' });
		await expect(running).rejects.toThrow('The workflow has issues');
		expect(simulator().count(path)).toBe(before);
	});

	test('offers the reasons by a part of their text, with what they refuse', async () => {
		const context = editorContext('wechatShop', {}, credentials());
		const { results } = await searchRejectReasons.call(context, '二次销售');
		expect(results).toEqual([
			{ name: '商品影响二次销售 (return and refund 退货退款)', value: '20' },
		]);
	});
});

test('Product: Add takes an object, and no list of it', async () => {
	const before = simulator().count('/channels/ec/product/add');
	const { error } = await run({ resource: 'product', operation: 'add', product: '[1]' });
	expect(error?.message).toContain('"Product (JSON)" must be a JSON object in braces');
	expect(simulator().count('/channels/ec/product/add')).toBe(before);
});

test('Order: Get shows an answer without an order as an empty one', async () => {
	simulator().fault({ path: '/channels/ec/order/get', answer: {} });
	const { error, output } = await run({ resource: 'order', operation: 'get', order_id });
	expect(error).toBeUndefined();
	expect(output).toHaveLength(1);
});

describe('After-Sale: Get Many', () => {
	// "end_create_time减去begin_create_time不得大于24小时":
	// https://developers.weixin.qq.com/doc/store/shop/API/channels-shop-aftersale/api_getaftersalelist.html
	test('asks for a week in spans of 24 hours at most, when nothing else is said', async () => {
		const path = '/channels/ec/aftersale/getaftersalelist';
		const before = simulator().calls.length;
		const { output } = await run({ resource: 'afterSale', operation: 'getAll', returnAll: true });
		const spans = simulator()
			.calls.slice(before)
			.filter((call) => call.path === path)
			.map(({ body }) => body as { begin_create_time: number; end_create_time: number });
		for (const { begin_create_time, end_create_time } of spans)
			expect(end_create_time - begin_create_time).toBeLessThanOrEqual(86_400);
		expect(spans.at(-1)!.end_create_time - spans[0].begin_create_time).toBe(7 * 86_400);
		expect(output.map(({ json }) => json)).toEqual([{ after_sale_order_id: '2000000045958001' }]);
	});
});

describe('Order: Get Many', () => {
	const list = { resource: 'order', operation: 'getAll', returnAll: true };
	const spansOf = async (from: string, to: string) => {
		const before = simulator().calls.length;
		await run({ ...list, from, to });
		return simulator()
			.calls.slice(before)
			.filter(({ path }) => path === '/channels/ec/order/list/get')
			.map(({ body }) => (body as { update_time_range: object }).update_time_range);
	};

	// "at most 7 days": https://developers.weixin.qq.com/doc/store/shop/API/channels-shop-order/api_getorderlist.md
	test('asks for long ranges in spans of seven days, each order once', async () => {
		expect(await spansOf('2026-11-01T00:00:00', '2026-11-16T00:00:00')).toEqual([
			{ start_time: 1793462400, end_time: 1794067200 },
			{ start_time: 1794067201, end_time: 1794672001 },
			{ start_time: 1794672002, end_time: 1794758400 },
		]);
		const { output } = await run({
			...list,
			from: '2026-11-01T00:00:00',
			to: '2026-11-16T00:00:00',
		});
		expect(output.map(({ json }) => json)).toEqual([{ order_id }]);
	});

	test('ends now, and is a week long, when nothing else is said', async () => {
		const [{ start_time, end_time }] = (await spansOf('', '')) as Array<Record<string, number>>;
		expect(end_time - start_time).toBe(7 * 86_400);
		expect(Math.abs(end_time - Date.now() / 1000)).toBeLessThan(60);
	});

	test('refuses a range that runs backwards', async () => {
		const { error } = await run({ ...list, from: '2026-11-02', to: '2026-11-01' });
		expect(error?.message).toContain('The range runs backwards');
	});
});
