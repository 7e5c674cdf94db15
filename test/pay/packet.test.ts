import { checkOrderNumber, createOrderNumber } from '../../nodes/pay/packet';

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
