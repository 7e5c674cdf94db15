import {
	checkOrderNumber,
	checkPacket,
	createOrderNumber,
	isOfOrder,
	toPacket,
} from '../../nodes/pay/packet';

test('the order number of the same work is the same, of other work another one', () => {
	const works = [['a', 1], ['a', 2], ['b', 1], ['a', '1'], ['a1'], ['a', 1, '']];
	const numbers = works.map(createOrderNumber);
	expect(works.map(createOrderNumber)).toEqual(numbers);
	expect(new Set(numbers).size).toBe(works.length);
});

// mch_billno: String(28), 0-9, a-z, A-Z.
test('WeChat takes the order number', () => {
	const number = createOrderNumber(['x']);
	expect(number).toMatch(/^[0-9a-f]{28}$/);
	expect(checkOrderNumber(number)).toBe(number);
});

test.each(['', ' ', 'a-b', 'a'.repeat(29), '红包', 'a\n'])(
	'WeChat does not take %p as an order number',
	(number) => expect(() => checkOrderNumber(number)).toThrow('1 to 28 letters and digits'),
);

describe('a packet', () => {
	const single = { re_openid: 'o-1_A', client_ip: '192.168.0.1', total_amount: 100 };
	const group = { re_openid: 'o-1_A', total_amount: 300, total_num: 3 };
	const check = (packet: object) => checkPacket({ ...packet }, 'total_num' in packet);

	// 发放规则: 1 to 200 yuan for one; at least 3 in a group, of 1,000 yuan together. A scene (场景) has limits of its own.
	test.each<[string, object]>([
		['the smallest', single],
		['the largest', { ...single, total_amount: 20_000 }],
		['any amount in a scene', { ...single, total_amount: 150_000, scene_id: 'PRODUCT_1' }],
		['the smallest group', group],
		['the largest group', { ...group, total_amount: 100_000, total_num: 5 }],
		['a group without an address of its client', { ...group, client_ip: undefined }],
		['to an OpenID of 32 characters', { ...single, re_openid: 'o'.repeat(32) }],
	])('may be %s', (_, packet) => expect(() => check(packet)).not.toThrow());

	test.each<[string, object, string]>([
		['99 fen', { ...single, total_amount: 99 }, 'WeChat allows 1 to 200 yuan'],
		['20,001 fen', { ...single, total_amount: 20_001 }, 'WeChat allows 1 to 200 yuan'],
		['nothing', { ...single, total_amount: 0 }, '"Amount" must be a whole number of fen'],
		['less than nothing', { ...single, total_amount: -100, scene_id: 'X' }, 'whole number of fen'],
		['half a fen', { ...single, total_amount: 100.5 }, 'whole number of fen'],
		['a text', { ...single, total_amount: '100' }, 'whole number of fen'],
		['two in a group', { ...group, total_num: 2 }, '"Number of Packets" must be at least 3'],
		[
			'three and a half',
			{ ...group, total_num: 3.5 },
			'"Number of Packets" must be a whole number,',
		],
		['299 fen for three', { ...group, total_amount: 299 }, '0.997 yuan for each of 3'],
		['60,001 fen for three', { ...group, total_amount: 60_001 }, '200.003 yuan for each of 3'],
		['100,001 fen for a group', { ...group, total_amount: 100_001, total_num: 10 }, 'at most 1000'],
		['to nobody', { ...single, re_openid: '' }, '"OpenID"'],
		['to an OpenID of 33 characters', { ...single, re_openid: 'o'.repeat(33) }, '"OpenID"'],
		['to an OpenID with a blank', { ...single, re_openid: ' o' }, '"OpenID"'],
		['to an OpenID with a line behind it', { ...single, re_openid: 'o\n<x>' }, '"OpenID"'],
		['from a name', { ...single, client_ip: 'localhost' }, '"Client IP"'],
		['from IPv6', { ...single, client_ip: '::1' }, '"Client IP"'],
	])('is not %s', (_, packet, words) => expect(() => check(packet)).toThrow(words));
});

describe('an answer', () => {
	const order = { mch_billno: 'n', total_amount: '100', total_num: '1', re_openid: 'o' };
	const receiver = (openid: string) => ({ hblist: { hbinfo: { openid } } });

	test.each<[string, object]>([
		['all of it', { ...order, mch_id: 'm', ...receiver('o') }],
		['no more than the number', { mch_billno: 'n' }],
		['an empty list of receivers', { ...order, hblist: '' }],
		['a number in place of a text', { ...order, total_amount: 100 }],
	])('is about an order when it has %s', (_, answer) =>
		expect(isOfOrder({ ...answer }, order, 'm')).toBe(true),
	);

	test.each<[string, object]>([
		['another number', { ...order, mch_billno: 'x' }],
		['no number', { ...order, mch_billno: undefined }],
		['another merchant', { ...order, mch_id: 'x' }],
		['another amount', { ...order, total_amount: '101' }],
		['another number of packets', { ...order, total_num: '3' }],
		['another OpenID', { ...order, re_openid: 'x' }],
		['another receiver', { ...order, ...receiver('x') }],
	])('is about another order when it has %s', (_, answer) =>
		expect(isOfOrder({ ...answer }, order, 'm')).toBe(false),
	);

	test('may say what nobody knows of the order: its merchant, its amount, its receiver', () => {
		const { mch_billno } = order;
		expect(isOfOrder({ ...order, mch_id: 'm' }, { mch_billno })).toBe(true);
	});

	test('about a group may have other receivers than the one who shares it', () => {
		const shared = { ...order, total_num: '3' };
		expect(isOfOrder({ ...shared, ...receiver('x') }, shared)).toBe(true);
	});

	test.each([
		['one', { hbinfo: { openid: 'a', amount: '100' } }, [{ openid: 'a', amount: 100 }]],
		['several', { hbinfo: [{ openid: 'a' }, { openid: 'b' }] }, [{ openid: 'a' }, { openid: 'b' }]],
		['none', '', []],
	])('with %s of its receivers lists them', (_, hblist, listed) =>
		expect(toPacket({ mch_billno: 'n', hblist }, 'query')).toMatchObject({ hblist: listed }),
	);

	test.each([
		['SENT', 'sent, not opened yet (已发放待领取)'],
		['SOMETHING', 'SOMETHING'],
		['constructor', 'constructor'],
	])('with the status %s says what it means', (status, statusMeaning) =>
		expect(toPacket({ mch_billno: 'n', status }, 'query')).toMatchObject({ status, statusMeaning }),
	);
});
