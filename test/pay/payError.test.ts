import { ConnectionError } from '../../nodes/base/connectionError';
import codes from '../../nodes/pay/payErrorCodes.json';
import { readOutcome, toRefusedError, withCertificateHint } from '../../nodes/pay/payError';

const failed = (code: string) =>
	new ConnectionError({
		peer: { name: 'WeChat Pay', hint: 'Check it.' },
		code,
		reason: 'the connection failed',
		path: '/',
	});

// Only what happens before the call is sent proves that nothing was paid.
test.each([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'UND_ERR_CONNECT_TIMEOUT',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
	'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
	'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
	'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
	'ERR_SSL_WRONG_VERSION_NUMBER',
])('%s: nothing was sent', (code) => expect(readOutcome(failed(code))).toBe('unreached'));

test.each([
	'ECONNRESET',
	'EPIPE',
	'ETIMEDOUT',
	'UND_ERR_SOCKET',
	'UND_ERR_HEADERS_TIMEOUT',
	'UND_ERR_BODY_TIMEOUT',
	'UND_ERR_RES_EXCEEDED_MAX_SIZE',
	'UND_ERR_ABORTED',
	'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
	'HPE_INVALID_CONSTANT',
	'no answer',
])('%s: it may have been paid', (code) => expect(readOutcome(failed(code))).toBe('unclear'));

test.each([
	['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'apiclient_cert'],
	['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'apiclient_cert'],
	['CERT_HAS_EXPIRED', 'CA Certificate'],
	['ECONNRESET', 'Check it. If it always happens'],
	['ETIMEDOUT', 'Check it.'],
])('%s has its own hint', (code, hint) =>
	expect(withCertificateHint(failed(code)).hint).toContain(hint),
);

test('each err_code says what to do', () => {
	for (const [code, { hint }] of Object.entries(codes)) {
		expect(toRefusedError(code, 'words')).toMatchObject({ code, hint: hint });
		expect(hint.length).toBeGreaterThan(15);
	}
});

// 请务必不要换单重试: an err_code that is new may mean that the money was paid.
test.each(['SYSTEMERROR', 'PROCESSING', 'NEW_CODE', 'constructor', ''])(
	'%p: it may have been paid',
	(code) => expect(toRefusedError(code, '').outcome).toBe('unclear'),
);

test('an answer without words and code is an error that says so', () =>
	expect(toRefusedError('', '').message).toBe('WeChat Pay says: no reason'));
