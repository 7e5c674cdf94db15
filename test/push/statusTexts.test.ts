import { toEventStatus, toMassStatus, toRegistrationStatus } from '../../nodes/push/statusTexts';

test('says why a registration failed', () => {
	expect(toRegistrationStatus('0')).toBe('Registered');
	expect(toRegistrationStatus('100002')).toContain('24 hours');
	expect(toRegistrationStatus(' 1003 ')).toContain('administrator');
});

test('says nothing where nothing is known', () => {
	expect(toRegistrationStatus('7')).toBeUndefined();
	expect(toRegistrationStatus('')).toBeUndefined();
});

// Batch_Sends.html lists these; err(20431) was seen by users (developers.weixin.qq.com/community, 2024).
test.each([
	['send success', 'Sent'],
	['SEND_SUCCESS', 'Sent'],
	['send fail', 'Failed'],
	['SENDING', 'Being sent'],
	['DELETE', 'Sent, then deleted'],
	['err(20001)', 'Refused: politics (涉嫌政治)'],
	['err(22000)', 'Refused: mutual promotion (涉嫌互推)'],
	['err(20431)', 'Refused: reason 20431'],
	['', undefined],
	['err()', undefined],
])('says of a mass message with %p: %p', (status, text) => expect(toMassStatus(status)).toBe(text));

// The types of node-easywechat and WxJava name these numbers.
test.each([
	['event.channels_ec_order_cancel', { order_info: { cancel_type: '2' } }, /超时取消/],
	['event.channels_ec_order_confirm', { order_info: { confirm_type: '1' } }, /用户确认收货/],
	['event.channels_ec_order_ext_info_update', { order_info: { type: '7' } }, /催发货/],
	['event.channels_ec_withdraw_notify', { withdraw_info: { event: '3' } }, /提现成功/],
	['event.qrcode_status', { qrcode_info: { status: '4' } }, /已扫码/],
])('says what the number in %s means', (eventType, message, text) =>
	expect(toEventStatus(eventType, message)).toMatch(text),
);

test.each([
	['event.channels_ec_order_cancel', { order_info: { cancel_type: '99' } }],
	['event.channels_ec_order_cancel', { order_info: {} }],
	['event.channels_ec_order_cancel', { order_info: 'text' }],
	['event.channels_ec_order_cancel', { order_info: [] }],
	['event.channels_ec_order_cancel', {}],
	['event.channels_ec_order_cancel', { order_info: { cancel_type: 'toString' } }],
	['event.subscribe', { order_info: { cancel_type: '1' } }],
])('says nothing of %s with %j', (eventType, message) =>
	expect(toEventStatus(eventType, message)).toBeUndefined(),
);
