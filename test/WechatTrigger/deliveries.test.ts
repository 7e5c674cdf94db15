import { deliveries } from '../../nodes/WechatTrigger/deliveries';
import type { Response } from '../../nodes/WechatTrigger/respond';
import { SUCCESS } from '../../nodes/push/reply';

describe('deliveries', () => {
	const answer = (body: string) => ({ body, type: 'text/plain' });
	const response = () => ({}) as Response;
	let now = 0;
	const sent: string[] = [];
	const known = () =>
		deliveries(
			(_, { body }) => sent.push(body) > 0,
			() => now,
		);
	beforeEach(() => void sent.splice(0));

	test('are remembered for three minutes', () => {
		const { isFirst } = known();
		expect(isFirst('a')).toBe(true);
		now += 179_999;
		expect(isFirst('a')).toBe(false);
		now += 1;
		expect(isFirst('a')).toBe(true);
	});

	test('are remembered for 20,000 pushes at most', () => {
		const { isFirst } = known();
		for (let key = 0; key <= 20_000; key++) isFirst(`${key}`);
		expect(isFirst('0')).toBe(true);
		expect(isFirst('2')).toBe(false);
	});

	test('all get the first answer', () => {
		const { isFirst, wait, answer: say } = known();
		isFirst('a');
		wait('a', response(), SUCCESS);
		say('a', answer('first'));
		say('a', answer('second'));
		isFirst('a');
		wait('a', response(), SUCCESS);
		expect(sent).toEqual(['first', 'first']);
	});
});
