import { createVisitCodes, type VisitCodes } from '../../nodes/WechatTrigger/visitCodes';
import { createTestClock } from '../support/clock';

const clock = createTestClock();
let codes: VisitCodes<string>;
let work: jest.Mock<Promise<string>>;
let made = 0;
/** A visit with a code that nobody has seen, unless one is given. */
const visit = async (link = 'link', visitor = '198.51.100.1', code = `code ${++made}`) =>
	await codes.run(link, visitor, code, work);
const fail = async (...from: string[]) => await expect(visit(...from)).rejects.toThrow('refused');

beforeEach(() => {
	codes = createVisitCodes(clock);
	work = jest.fn(async () => await Promise.reject(new Error('refused')));
});

describe('codes that fail', () => {
	test('may be ten within a minute, then nothing is tried until it is over', async () => {
		for (let count = 0; count < 10; count++) await fail();
		clock.turn(59_999);
		expect(await visit()).toBeUndefined();
		expect(work).toHaveBeenCalledTimes(10);
		clock.turn(1);
		await fail();
	});

	test('do not include those that succeed', async () => {
		work.mockResolvedValue('right');
		for (let count = 0; count < 20; count++)
			expect(await visit()).toEqual({ result: 'right', isFirst: true });
	});

	test('stop those that wait for ten to end: no more than ten are tried, however many come at once', async () => {
		const all = await Promise.allSettled(Array.from({ length: 100 }, async () => await visit()));
		expect(work).toHaveBeenCalledTimes(10);
		expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(10);
		const others = all.filter(({ status }) => status === 'fulfilled');
		expect(others.map((one) => 'value' in one && one.value)).toEqual(Array(90).fill(undefined));
	});

	// A menu has one link for all followers, and behind a proxy they all have its address.
	test('do not include those that succeed at once: each of 100 is served, ten at a time', async () => {
		let most = 0;
		let underWay = 0;
		work.mockImplementation(async () => {
			most = Math.max(most, ++underWay);
			await Promise.resolve();
			underWay--;
			return 'right';
		});
		const all = await Promise.all(Array.from({ length: 100 }, async () => await visit()));
		expect(all).toEqual(Array(100).fill({ result: 'right', isFirst: true }));
		expect(most).toBe(10);
	});

	test('are refused when 1,000 wait already', async () => {
		work.mockReturnValue(new Promise(() => {}));
		for (let count = 0; count < 1010; count++) void visit();
		expect(await visit()).toBeUndefined();
	});

	test('lock out nobody who has another link, or opens the same one elsewhere', async () => {
		for (let count = 0; count < 10; count++) await fail();
		work.mockResolvedValue('right');
		expect(await visit()).toBeUndefined();
		expect(await visit('another link')).toBeDefined();
		expect(await visit('link', '198.51.100.2')).toBeDefined();
	});

	test('are counted for 1,000 visitors, those that came last', async () => {
		const others = Array.from({ length: 999 }, (_, index) => `other ${index}`);
		for (let count = 0; count < 10; count++) await fail('a');
		for (const link of others) await fail(link);
		expect(await visit('a')).toBeUndefined();
		for (const link of [...others, 'one more']) await fail(link);
		await fail('a');
	});

	test('may be tried again: the connection may have failed, not the code', async () => {
		await fail('link', '198.51.100.1', 'code');
		work.mockResolvedValue('right');
		expect(await visit('link', '198.51.100.1', 'code')).toEqual({
			result: 'right',
			isFirst: true,
		});
	});
});

describe('a code that was used', () => {
	beforeEach(() => void work.mockResolvedValue('right'));
	const again = async (code = 'code', link = 'link') => await visit(link, '198.51.100.1', code);

	test('is not tried again for ten minutes, after which WeChat does not take it', async () => {
		await again();
		clock.turn(599_999);
		expect(await again()).toEqual({ result: 'right', isFirst: false });
		expect(work).toHaveBeenCalledTimes(1);
		clock.turn(1);
		expect(await again()).toMatchObject({ isFirst: true });
	});

	test('is tried once, also when it is brought 100 times at once', async () => {
		const all = await Promise.all(Array.from({ length: 100 }, async () => await again()));
		expect(all.filter((one) => one?.isFirst)).toHaveLength(1);
		expect(work).toHaveBeenCalledTimes(1);
	});

	test('brings its answer also when its visitor has failed too often since', async () => {
		await again();
		work.mockRejectedValue(new Error('refused'));
		for (let count = 0; count < 10; count++) await fail();
		expect(await again()).toEqual({ result: 'right', isFirst: false });
	});

	test('is another one behind another link', async () => {
		await again('code', 'link');
		expect(await again('code', 'another link')).toMatchObject({ isFirst: true });
	});

	test('is remembered for 1,000 codes, those that came last', async () => {
		for (let count = 0; count < 1000; count++) await again(`code ${count}`);
		expect(await again('code 0')).toMatchObject({ isFirst: false });
		await again('one more');
		expect(await again('code 0')).toMatchObject({ isFirst: false });
		expect(await again('code 1')).toMatchObject({ isFirst: true });
	});
});
