import { decrypt, encrypt, toAesKey } from '../../nodes/push/cipher';
import { DEFAULT_ACCOUNT as account } from '../simulator/accounts/defaults';

const key = toAesKey(account.encodingAESKey) as Buffer;

// random(16) + length(4) + message + AppID + padding(1..32): each length of padding, and nothing between two parts.
test.each([
	['', ''],
	['hello', ''],
	['', account.appId],
	...Array.from({ length: 33 }, (_, length) => ['x'.repeat(length), account.appId]),
])('opens %j for the AppID %j', (message, appId) => {
	expect(decrypt(key, encrypt(key, appId, message))).toEqual({ message, appId });
});
