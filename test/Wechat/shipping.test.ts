import { toUploadTime } from '../../nodes/Wechat/shippingDraft';
import { MINI_PROGRAM_ACCOUNT as MINI } from '../simulator';
import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator({ accounts: [MINI] });
const UPLOAD = '/wxa/sec/order/upload_shipping_info';

const company = (value: string) => ({ __rl: true, mode: 'id', value });
const parcel = { company: company('YTO'), trackingNumber: '1', description: '围巾*1' };

async function deliver(values: object[], more: object = {}) {
	const order = { transactionId: '4200002863202511185315714357', openid: 'oBuyer' };
	const params = {
		resource: 'shipping',
		operation: 'deliver',
		...order,
		parcels: { values },
		...more,
	} as Parameters<typeof runNode>[1];
	const credentials = credentialsFor(simulator(), { kind: 'miniProgram' });
	return await runNode('wechat', params, credentials);
}

// https://developers.weixin.qq.com/miniprogram/dev/server/API/order_shipping/api_uploadshippinginfo
describe('Shipping: Deliver', () => {
	test.each([
		[
			'SF without a phone',
			[{ ...parcel, company: company('顺丰') }],
			{},
			'SF Express (顺丰) needs the phone',
		],
		[
			'no waybill number',
			[{ ...parcel, trackingNumber: ' ' }],
			{},
			'"Parcels (包裹)", parcel 1: "Waybill Number (快递单号)" is missing',
		],
		[
			'no company',
			[{ ...parcel, company: company('={{ "" }}') }],
			{},
			'"Parcels (包裹)", parcel 1: "Company (快递公司)" is missing',
		],
		['several parcels at once', [parcel, parcel], {}, 'has one parcel'],
		[
			'16 parcels',
			Array.from({ length: 16 }, () => parcel),
			{ deliveryMode: 'partsLast' },
			'"Parcels (包裹)" has 16 entries',
		],
	])('refuses %s before WeChat does', async (_, parcels, more, problem) => {
		const before = simulator().count(UPLOAD);
		const { error } = await deliver(parcels, more);
		expect(error?.message).toContain(problem);
		expect(simulator().count(UPLOAD)).toBe(before);
	});

	test.each([10060001, 10060023])('says what %i may mean', async (errcode) => {
		simulator().fault({ path: UPLOAD, answer: { errcode, errmsg: 'no' } });
		const { error } = await deliver([parcel]);
		expect(error?.description).toContain('the order is shipped already');
	});

	// "采用掩码传输，最后4位数字不能打掩码", with these samples:
	// https://developers.weixin.qq.com/miniprogram/dev/server/API/order_shipping/api_uploadshippinginfo
	test.each([
		['18912341234', '189****1234'],
		['+86-18912341234', '+86-189****1234'],
		['189 1234 1234', '189 **** 1234'],
		['021-62341234', '021-****1234'],
		['075562341234', '0755****1234'],
		['189****1234', '189****1234'],
	])('masks the phone %s', async (phone, masked) => {
		const { error } = await deliver([{ ...parcel, receiverPhone: phone, senderPhone: phone }]);
		expect(error).toBeUndefined();
		const { body } = simulator().calls.findLast(({ path }) => path === UPLOAD)!;
		expect(body).toHaveProperty('shipping_list.0.contact', {
			receiver_contact: masked,
			consignor_contact: masked,
		});
	});

	test('has its time in RFC 3339, in Beijing time', () =>
		expect(toUploadTime(Date.UTC(2026, 10, 28, 20, 0, 0, 120))).toBe(
			'2026-11-29T04:00:00.120+08:00',
		));
});

// 发货信息合单录入: https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/order-shipping.html
describe('Shipping: Deliver Combined', () => {
	const subOrder = { transactionId: '4200002863202511185315714358', parcels: { values: [parcel] } };
	const deliverCombined = async (second: object) =>
		await deliver([], {
			operation: 'deliverCombined',
			subOrders: { values: [subOrder, { ...subOrder, ...second }] },
		});

	test.each([
		[
			'two parcels at once',
			{ parcels: { values: [parcel, parcel] } },
			'Sub-order 2: An order that is sent at once has one parcel',
		],
		[
			'SF without a phone',
			{ parcels: { values: [{ ...parcel, company: company('SF') }] } },
			'Sub-order 2: SF Express (顺丰) needs the phone',
		],
		[
			'no parcel',
			{ parcels: { values: [] } },
			'"Sub-Orders (子单)", sub-order 2: "Parcels (包裹)" is missing',
		],
		[
			'no description',
			{ shippingMethod: 4, goods: '={{ "" }}' },
			'"Sub-Orders (子单)", sub-order 2: "Description (描述)" is missing',
		],
	])('names the sub-order that has %s, and sends nothing', async (_, second, problem) => {
		const { error } = await deliverCombined(second);
		expect(error?.message).toContain(problem);
		expect(simulator().count('/wxa/sec/order/upload_combined_shipping_info')).toBe(0);
	});
});
