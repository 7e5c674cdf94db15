import type { IWebhookFunctions } from 'n8n-workflow';
import { withSecrets } from '../../nodes/WechatTrigger/secrets';
import { PushRejected } from '../../nodes/push/pushRejected';

const TYPE = 'wechatOpenPlatformApi';
let now: number;
let reads: number;
let token: string;
let made = 0;
let id: string | undefined;
const context = () =>
	({
		getNode: () => ({ credentials: { [TYPE]: { id } } }),
		getCredentials: async () => (reads++, { token }),
	}) as unknown as IWebhookFunctions;

/** What opening a push does with the secrets that it is given. */
const push = async (signedWith: string) =>
	await withSecrets(
		context(),
		TYPE,
		(secrets) => {
			if (secrets.token !== signedWith) throw new PushRejected(401, 'wrong signature');
			return secrets.token;
		},
		() => now,
	);

beforeEach(() => {
	now = 1_760_000_000_000;
	reads = 0;
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
	now += 1000;
	expect(await push('second')).toBe('second');
});

test('what was taken away is accepted for ten seconds at most', async () => {
	await push('first');
	token = 'second';
	now += 10_000;
	await expect(push('first')).rejects.toThrow(PushRejected);
});

test('a push that is wrong is refused with the secrets as they are now', async () => {
	await push('first');
	now += 1000;
	await expect(push('forged')).rejects.toThrow(PushRejected);
	expect(reads).toBe(2);
});

test('forged pushes make n8n decrypt the credential once a second, however many there are', async () => {
	await push('first');
	for (let count = 0; count < 2000; count++) {
		now += 2;
		await expect(push('forged')).rejects.toThrow(PushRejected);
	}
	expect(reads).toBe(1 + 4);
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
