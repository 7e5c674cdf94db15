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
			[{ ...parcel, trackingNumber: '' }],
			{},
			'needs "Company" and "Waybill Number"',
		],
		['several parcels at once', [parcel, parcel], {}, 'has one parcel'],
		[
			'parts without express',
			[parcel],
			{ logisticsType: 4, deliveryMode: 2 },
			'Only express parcels',
		],
		[
			'16 parcels',
			Array.from({ length: 16 }, () => parcel),
			{ deliveryMode: 2 },
			'and this one 16',
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
