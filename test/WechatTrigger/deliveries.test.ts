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

	test('are remembered as long as a signature is accepted, ten minutes, and twenty at most', () => {
		const { isFirst } = known();
		expect(isFirst('a')).toBe(true);
		for (const key of ['b', 'c', 'd']) {
			now += 199_999;
			expect([isFirst('a'), isFirst(key)]).toEqual([false, true]);
		}
		now += 600_000;
		expect(isFirst('d')).toBe(false);
		now += 600_001;
		expect([isFirst('a'), isFirst('d')]).toEqual([true, true]);
		now += 3_600_000;
		expect([isFirst('a'), isFirst('d')]).toEqual([true, true]);
	});

	test('that wait are still answered then', () => {
		const { isFirst, wait, answer: say } = known();
		isFirst('a');
		wait('a', response(), SUCCESS);
		now += 600_000;
		isFirst('b');
		say('a', answer('at last'));
		expect(sent).toEqual(['at last']);
		expect(isFirst('a')).toBe(false);
	});

	test('are remembered for 20,000 pushes at most, and 10,000 at least', () => {
		const { isFirst } = known();
		for (let key = 0; key <= 20_000; key++) isFirst(`${key}`);
		expect([isFirst('10000'), isFirst('20000'), isFirst('9999')]).toEqual([false, false, true]);
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

	test('say how they are answered, and whether one of them took it', () => {
		const open = new Set<Response>();
		const all = deliveries((one) => open.has(one));
		const heard: unknown[] = [];
		const [first, second] = [response(), response()];
		for (const [key, one] of [
			['a', first],
			['a', second],
			['b', first],
			['c', first],
		] as const) {
			all.isFirst(key);
			all.wait(key, one, SUCCESS);
			all.whenOver(key, (...said) => heard.push([key, ...said]));
		}
		open.add(second);
		expect(['a', 'b', 'unknown'].map(all.isAnswered)).toEqual([false, false, false]);
		all.answer('a', answer('x'));
		// WeChat has hung up on the only one.
		all.answer('b', answer('x'));
		all.forget('c');
		expect(['a', 'b', 'c'].map(all.isAnswered)).toEqual([true, true, false]);
		// Nobody waits for a second answer, or for one to what is not known.
		for (const key of ['a', 'b', 'c', 'unknown']) all.answer(key, answer('y'));
		all.whenOver('unknown', () => heard.push('unknown'));
		expect(heard).toEqual([['a', answer('x'), true], ['b', answer('x'), false], ['c']]);
	});

	test('are answered at once where nothing is known', () => {
		known().wait('a', response(), answer('fallback'));
		expect(sent).toEqual(['fallback']);
	});

	test('begin anew when the first one failed', () => {
		const { isFirst, forget } = known();
		isFirst('a');
		forget('a');
		expect(isFirst('a')).toBe(true);
		now += 600_000;
		isFirst('b');
		forget('a');
		expect(isFirst('a')).toBe(true);
	});

	describe('the last of them', () => {
		beforeEach(() => void jest.useFakeTimers());
		afterEach(() => void jest.useRealTimers());

		/** What waits is answered after so many milliseconds, if at all. */
		function answeredAfter(): number | undefined {
			for (let ms = 0; ms <= 6000; ms += 100) {
				if (sent.length > 0) return ms;
				jest.advanceTimersByTime(100);
			}
			return undefined;
		}
		function arrive({ isFirst, wait }: ReturnType<typeof known>, key = 'a'): void {
			isFirst(key);
			wait(key, response(), SUCCESS);
		}

		/** Milliseconds between the deliveries that come to this process, and after the last one. */
		test.each<[string, number[], number | undefined]>([
			['is not the second', [0], undefined],
			['is not the second, however late within its time it comes', [6000], undefined],
			['is the third', [0, 0], 4200],
			['is the one that comes ten seconds after the first: others took the second', [10_000], 4200],
			['may come a little early, when the first one was long on its way', [9900], 4200],
			['is answered that much earlier when n8n was late to notice it', [0, 10_700], 3500],
			['is answered at once when that time is over', [0, 14_300], 100],
		])('%s', (_, gaps, ms) => {
			const all = known();
			arrive(all);
			for (const gap of gaps) {
				expect(sent).toEqual([]);
				now += gap;
				arrive(all);
			}
			expect(answeredAfter()).toBe(ms);
			expect(sent).toEqual(ms === undefined ? [] : ['success']);
		});

		test('may be the only one here, when others took the first two', () => {
			const all = known();
			const since = now;
			now += 9900;
			arrive(all);
			now += 100;
			all.began('a', since, SUCCESS);
			expect(answeredAfter()).toBe(4100);
			expect(sent).toEqual(['success']);
		});

		test('is still to come when others took only the first', () => {
			const all = known();
			const since = now;
			now += 5020;
			arrive(all);
			all.began('a', since, SUCCESS);
			expect(answeredAfter()).toBeUndefined();
			now += 5000;
			arrive(all);
			expect(answeredAfter()).toBe(4200);
		});

		test('is the second here when the connection of the first one broke elsewhere', () => {
			const all = known();
			arrive(all);
			all.began('a', now - 800, SUCCESS);
			now += 5000;
			expect(answeredAfter()).toBeUndefined();
			arrive(all);
			expect(answeredAfter()).toBe(4200);
		});

		test('began elsewhere means nothing for what is not known here', () => {
			known().began('a', 0, SUCCESS);
			expect(answeredAfter()).toBeUndefined();
		});
	});
});
