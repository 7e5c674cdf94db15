import { findOwnPlatformKey, findPlatformKey } from '../../nodes/payV3/platformKeys';
import {
	certificateMerchant,
	createPayV3Double,
	listCertificates,
	merchant,
	newPlatformCertificate,
	ownKey,
	type SigningKey,
} from '../support/payV3';

const HOUR_MS = 3_600_000;
const older = newPlatformCertificate('5157F09EFDC096DE15EBE81A47057A7232F1B8E1');
const newer = newPlatformCertificate('6157F09EFDC096DE15EBE81A47057A7232F1B8E1');
const UNKNOWN = '7157F09EFDC096DE15EBE81A47057A7232F1B8E1';

/** A WeChat Pay with certificates that a test may change. */
function startWith(keys: SigningKey[], signedWith = keys[keys.length - 1]) {
	const state = { keys, signedWith, status: 200 };
	const now = { is: () => 0 };
	const double = createPayV3Double(() =>
		state.status === 200
			? { body: listCertificates(state.keys, now.is()), signedWith: state.signedWith }
			: {
					status: state.status,
					body: '{"code":"SYSTEM_ERROR","message":"系统异常"}',
					signedWith: null,
				},
	);
	now.is = double.clock.now;
	return { ...double, state };
}

// 平台证书: https://pay.weixin.qq.com/doc/v3/merchant/4012551764
test('certificates are fetched once for all who ask, and found by their serial', async () => {
	const { services, requests } = startWith([older, newer]);
	const find = async (serial: string) =>
		await findPlatformKey(certificateMerchant, services, serial);
	const found = await Promise.all([find(older.serial), find(newer.serial), find(older.serial)]);
	expect(found.map((key) => key?.equals(older.publicKey))).toEqual([true, false, true]);
	expect((await findOwnPlatformKey(certificateMerchant, services)).serial).toBe(newer.serial);
	expect(requests.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
		'GET /v3/certificates',
	]);
});

test('the public key of the credential needs no fetch, and certificates count beside it in a change', async () => {
	const { services, requests } = startWith([newer], ownKey);
	expect((await findOwnPlatformKey(merchant, services)).serial).toBe(ownKey.serial);
	expect(await findPlatformKey(merchant, services, ownKey.serial)).toBeDefined();
	expect(requests).toHaveLength(0);
	expect((await findPlatformKey(merchant, services, newer.serial))?.equals(newer.publicKey)).toBe(
		true,
	);
	expect(requests).toHaveLength(1);
});

test('serials that do not exist make n8n ask once a minute, and impossible ones never', async () => {
	const { services, clock, requests } = startWith([newer]);
	const find = async (serial: string) =>
		await findPlatformKey(certificateMerchant, services, serial);
	for (const serial of ['', 'x', 'PUB_KEY_ID_1', '../x', 'F'.repeat(65)])
		expect(await find(serial)).toBeUndefined();
	expect(requests).toHaveLength(0);
	await Promise.all(Array.from({ length: 50 }, async (_, i) => await find(`${UNKNOWN}${i % 10}`)));
	expect(requests).toHaveLength(1);
	clock.turn(59_000);
	expect(await find(UNKNOWN)).toBeUndefined();
	expect(requests).toHaveLength(1);
	clock.turn(1000);
	await find(UNKNOWN);
	expect(requests).toHaveLength(2);
});

test('while the list cannot be had, nothing is said of a serial, and WeChat is asked once a minute', async () => {
	const { services, requests, state } = startWith([newer]);
	state.status = 500;
	const find = async () => await findPlatformKey(certificateMerchant, services, newer.serial);
	await expect(find()).rejects.toThrow('SYSTEM_ERROR');
	await expect(find()).rejects.toThrow('SYSTEM_ERROR');
	expect(requests).toHaveLength(1);
});

test('a new certificate is found as soon as WeChat signs with it', async () => {
	const { services, clock, state } = startWith([older]);
	await findOwnPlatformKey(certificateMerchant, services);
	Object.assign(state, { keys: [older, newer], signedWith: newer });
	clock.turn(60_000);
	expect(await findPlatformKey(certificateMerchant, services, newer.serial)).toBeDefined();
	expect((await findOwnPlatformKey(certificateMerchant, services)).serial).toBe(newer.serial);
});

test('the list is renewed after twelve hours, and the old one counts while that fails', async () => {
	const { services, clock, requests, state } = startWith([older]);
	await findOwnPlatformKey(certificateMerchant, services);
	state.status = 500;
	clock.turn(12 * HOUR_MS - 1);
	await findOwnPlatformKey(certificateMerchant, services);
	expect(requests).toHaveLength(1);
	clock.turn(1);
	expect(await findPlatformKey(certificateMerchant, services, older.serial)).toBeDefined();
	await new Promise(setImmediate);
	expect(requests).toHaveLength(2);
	Object.assign(state, { status: 200, keys: [older, newer] });
	clock.turn(60_000);
	await findOwnPlatformKey(certificateMerchant, services);
	await new Promise(setImmediate);
	expect((await findOwnPlatformKey(certificateMerchant, services)).serial).toBe(newer.serial);
});

test('a certificate that has expired verifies nothing', async () => {
	const { services, clock, state } = startWith([older]);
	expect(await findPlatformKey(certificateMerchant, services, older.serial)).toBeDefined();
	// They live ten days here.
	clock.turn(10 * 24 * HOUR_MS);
	Object.assign(state, { keys: [newer], signedWith: newer });
	expect(await findPlatformKey(certificateMerchant, services, older.serial)).toBeUndefined();
});

test('a list that nobody in it has signed is not believed', async () => {
	const { services } = startWith([newer], older);
	await expect(findOwnPlatformKey(certificateMerchant, services)).rejects.toMatchObject({
		code: 'SIGNATURE',
		outcome: 'unreached',
	});
});

test('a wrong API v3 key is named before anything is sent', async () => {
	const { services } = startWith([newer]);
	const other = { ...certificateMerchant, apiV3Key: 'y'.repeat(32) };
	await expect(findOwnPlatformKey(other, services)).rejects.toThrow(/"API v3 Key".*does not open/);
});

// New merchants since October 2024 (binarywang/WxJava#3412).
test('a merchant without certificates is told to enter the public key', async () => {
	const body = '{"code":"RESOURCE_NOT_EXISTS","message":"无可用的平台证书"}';
	const { services } = createPayV3Double(() => ({ status: 404, body }));
	await expect(findOwnPlatformKey(certificateMerchant, services)).rejects.toMatchObject({
		outcome: 'unreached',
		hint: expect.stringContaining('enter WeChat Pay Public Key and its ID') as string,
	});
	expect(await findPlatformKey(merchant, services, UNKNOWN)).toBeUndefined();
});
