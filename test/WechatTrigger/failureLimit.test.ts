import { createFailureLimit, type FailureLimit } from '../../nodes/WechatTrigger/callbacks';
import { createTestClock } from '../support/clock';

const clock = createTestClock();
let limit: FailureLimit;
let work: jest.Mock<Promise<string>>;
const guess = async (key = 'a') => await limit.run(key, work);
const fail = async (key = 'a') => await expect(guess(key)).rejects.toThrow('refused');

beforeEach(() => {
	limit = createFailureLimit(clock);
	work = jest.fn(async () => await Promise.reject(new Error('refused')));
});

test('ten may fail within a minute, then nothing is tried until it is over', async () => {
	for (let count = 0; count < 10; count++) await fail();
	clock.turn(59_999);
	expect(await guess()).toBeUndefined();
	expect(work).toHaveBeenCalledTimes(10);
	clock.turn(1);
	await fail();
});

test('attempts that succeed do not count', async () => {
	work.mockResolvedValue('right');
	for (let count = 0; count < 20; count++) expect(await guess()).toBe('right');
});

test('attempts that are under way count', async () => {
	work.mockReturnValue(new Promise(() => {}));
	for (let count = 0; count < 10; count++) void guess();
	expect(await guess()).toBeUndefined();
});

test('each credential counts for itself, the 200 of them that were used last', async () => {
	const others = Array.from({ length: 199 }, (_, index) => `other ${index}`);
	for (let count = 0; count < 10; count++) await fail('a');
	for (const key of others) await fail(key);
	expect(await guess('a')).toBeUndefined();
	clock.turn(60_000);
	for (const key of others) await fail(key);
	// Its new minute makes it the newest.
	for (let count = 0; count < 10; count++) await fail('a');
	await fail('one more');
	expect(await guess('a')).toBeUndefined();
	for (const key of [...others, 'another']) await fail(key);
	await fail('a');
});
