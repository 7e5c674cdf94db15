import type { IWebhookFunctions } from 'n8n-workflow';
import {
	createRequestVerifier,
	type VerifyRequest,
} from '../../nodes/WechatTrigger/verifiedRequest';
import { PushRejected } from '../../nodes/push/pushRejected';
import { createTestClock } from '../support/clock';

const TYPE = 'wechatOpenPlatformApi';
const clock = createTestClock();
let verifyRequest: VerifyRequest;
let reads: number;
let openings: number;
let token: string;
let made = 0;
let id: string | undefined;
const context = () =>
	({
		getNode: () => ({ credentials: { [TYPE]: { id } } }),
		getCredentials: async () => (reads++, { token }),
	}) as unknown as IWebhookFunctions;

/** What opening a push does with the secrets that it is given. */
async function push(signedWith: string): Promise<string> {
	const { opened, credential } = await verifyRequest(context(), TYPE, (secrets) => {
		openings++;
		if (secrets.token !== signedWith) throw new PushRejected(401, 'wrong signature');
		return secrets.token;
	});
	// The secrets that opened it are those that an answer is encrypted with.
	expect(credential).toMatchObject({ id: id ?? '', isPlatform: true, secrets: { token: opened } });
	return opened;
}

beforeEach(() => {
	verifyRequest = createRequestVerifier(clock);
	reads = 0;
	openings = 0;
	token = 'first';
	id = `credential ${++made}`;
});

test('a credential is not decrypted for each push', async () => {
	for (let count = 0; count < 100; count++) expect(await push('first')).toBe('first');
	expect(reads).toBe(1);
});

test('a change that makes a push right counts within a second', async () => {
	await push('first');
	token = 'second';
	clock.turn(1000);
	expect(await push('second')).toBe('second');
});

test('what was taken away is accepted for ten seconds at most', async () => {
	await push('first');
	token = 'second';
	clock.turn(10_000);
	await expect(push('first')).rejects.toThrow(PushRejected);
});

test('a push that is wrong is refused with the secrets as they are now', async () => {
	await push('first');
	clock.turn(1000);
	await expect(push('forged')).rejects.toThrow(PushRejected);
	expect(reads).toBe(2);
});

test('forged pushes make n8n decrypt the credential once a second, however many there are', async () => {
	await push('first');
	for (let count = 0; count < 2000; count++) {
		clock.turn(2);
		await expect(push('forged')).rejects.toThrow(PushRejected);
	}
	expect(reads).toBe(1 + 4);
	// It is opened twice only when the secrets may have changed meanwhile.
	expect(openings).toBe(1 + 2000 + 4);
	expect(await push('first')).toBe('first');
});

test('requests that come at once wait for one decryption, the first time and when it is read again', async () => {
	const wave = async () =>
		await Promise.all(Array.from({ length: 100 }, async () => await push('first')));
	await wave();
	expect(reads).toBe(1);
	token = 'second';
	clock.turn(1000);
	const changed = await Promise.allSettled(
		Array.from({ length: 100 }, async () => await push('second')),
	);
	expect(changed.filter(({ status }) => status === 'rejected')).toEqual([]);
	expect(reads).toBe(2);
});

test('a decryption that takes long is waited for, not begun again', async () => {
	let end = () => {};
	const slow = new Promise<void>((done) => (end = done));
	const read = jest.fn(async () => (await slow, { token: 'first' }));
	const slowly = { ...context(), getCredentials: read } as unknown as IWebhookFunctions;
	const open = () => 'opened';
	const first = verifyRequest(slowly, TYPE, open);
	clock.turn(5000);
	const second = verifyRequest(slowly, TYPE, open);
	end();
	expect(await Promise.all([first, second])).toMatchObject([
		{ opened: 'opened' },
		{ opened: 'opened' },
	]);
	expect(read).toHaveBeenCalledTimes(1);
});

test('a credential that cannot be read refuses with 503, and is tried again after a second', async () => {
	const read = jest.fn(async () => await Promise.reject(new Error('deleted')));
	const broken = { ...context(), getCredentials: read } as unknown as IWebhookFunctions;
	const ask = async () => await verifyRequest(broken, TYPE, () => 'opened');
	for (const reads of [1, 1, 2]) {
		if (reads > 1) clock.turn(1000);
		await expect(ask()).rejects.toMatchObject({ name: 'PushRejected', status: 503 });
		expect(read).toHaveBeenCalledTimes(reads);
	}
	clock.turn(1000);
	expect(await push('first')).toBe('first');
});

test('credentials do not mix, nor do nodes without one that is saved', async () => {
	await push('first');
	id = `credential ${++made}`;
	token = 'other';
	await expect(push('first')).rejects.toThrow(PushRejected);
	id = undefined;
	token = 'unsaved';
	await push('unsaved');
	token = 'another';
	await expect(push('unsaved')).rejects.toThrow(PushRejected);
});

test('no more than two hundred credentials are kept in memory', async () => {
	const ids = Array.from({ length: 201 }, () => `credential ${++made}`);
	for (id of ids) await push('first');
	for (id of [ids[200], ids[1]]) await push('first');
	expect(reads).toBe(201);
	[id] = ids;
	await push('first');
	expect(reads).toBe(202);
});

test('what is wrong besides the push is not taken for a change of the secrets', async () => {
	await push('first');
	clock.turn(1000);
	const open = () => {
		throw new TypeError('a bug');
	};
	await expect(verifyRequest(context(), TYPE, open)).rejects.toThrow('a bug');
	expect(reads).toBe(1);
});
