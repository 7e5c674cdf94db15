import { request } from 'node:https';
import { MAKING_KEYS_MS } from '../../support/pay';
import { parseXml, printXml } from '../http/xml';
import { GET, SEND, SEND_GROUP, signatureOf, type Values } from '../pay/calls';
import { newAuthority, type Certified } from '../pay/certificates';
import { startPay, type PayServer } from '../pay/index';

jest.setTimeout(30_000);

let server: PayServer;
let stranger: Certified;
let another: Certified;
beforeAll(async () => {
	server = await startPay({ packetsPerDay: 2, balance: 1000 });
	stranger = newAuthority('Stranger').issue(server.mchId);
	another = server.authority.issue('1');
}, MAKING_KEYS_MS);
afterAll(async () => await server.close());

let made = 0;
const packet = (changes: Values = {}): Values => ({
	mch_billno: `n${++made}`,
	mch_id: server.mchId,
	nonce_str: 'nonce',
	wxappid: server.appId,
	send_name: 'n',
	re_openid: `oUser${made}`,
	total_amount: '100',
	total_num: '1',
	wishing: 'w',
	client_ip: '127.0.0.1',
	act_name: 'a',
	remark: 'r',
	...changes,
});

/** Calls as a strict client would, and signs what has no signature. */
async function call(path: string, values: Values, client = server.client): Promise<Values> {
	const body = printXml('xml', { sign: signatureOf(values, server.apiKey), ...values });
	const text = await new Promise<string>((resolve, reject) => {
		const options = { method: 'POST', ca: server.authority.ca, ...client, agent: false as const };
		request(server.url + path, options, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', reject);
			response.on('end', () => resolve(Buffer.concat(chunks).toString()));
		})
			.on('error', reject)
			.end(body);
	});
	return parseXml(text) as Values;
}
const codeOf = async (...given: Parameters<typeof call>) => (await call(...given)).err_code;

test('a packet is paid once, whatever the number of calls', async () => {
	const values = packet();
	const first = await call(SEND, values);
	expect(first).toMatchObject({ return_code: 'SUCCESS', result_code: 'SUCCESS' });
	expect(await call(SEND, { ...values, nonce_str: 'other' })).toEqual(first);
	expect(server.paymentsTo(values.re_openid)).toBe(1);
	expect(await codeOf(SEND, { ...values, wishing: 'other' })).toBe('FATAL_ERROR');
	const asked = { mch_billno: values.mch_billno, mch_id: server.mchId, nonce_str: 'n' };
	const seen = await call(GET, { ...asked, appid: server.appId, bill_type: 'MCHT' });
	expect(seen).toMatchObject({ status: 'SENT', detail_id: first.send_listid });
});

test.each<[string, string, () => Values]>([
	['SIGN_ERROR', SEND, () => packet({ sign: 'A'.repeat(32) })],
	['SIGN_ERROR', SEND, () => ({ ...packet(), sign: '' })],
	['CA_ERROR', SEND, () => packet({ mch_id: '1' })],
	['ILLEGAL_APPID', SEND, () => packet({ wxappid: 'wx0' })],
	['OPENID_ERROR', SEND, () => packet({ re_openid: 'x' })],
	['PARAM_ERROR', SEND, () => packet({ total_amount: '1.5' })],
	['PARAM_ERROR', SEND, () => packet({ total_num: '2' })],
	['PARAM_ERROR', SEND, () => packet({ mch_billno: 'a-b' })],
	['PARAM_ERROR', SEND, () => packet({ send_name: 'n'.repeat(33) })],
	['PARAM_ERROR', SEND, () => packet({ sign_type: 'MD5' })],
	['PARAM_ERROR', SEND, () => packet({ remark: '' })],
	['MONEY_LIMIT', SEND, () => packet({ total_amount: '99' })],
	['MONEY_LIMIT', SEND, () => packet({ total_amount: '20001' })],
	['NOTENOUGH', SEND, () => packet({ total_amount: '10000' })],
	['PARAM_ERROR', SEND_GROUP, () => packet({ total_num: '3', amt_type: 'ALL_RAND' })],
	[
		'NOT_FOUND',
		GET,
		() => ({
			mch_billno: 'no',
			mch_id: server.mchId,
			nonce_str: 'n',
			appid: 'wx0',
			bill_type: 'MCHT',
		}),
	],
])('%s', async (code, path, values) => expect(await codeOf(path, values())).toBe(code));

test('a user gets no more packets a day than allowed (SENDNUM_LIMIT)', async () => {
	const to = { re_openid: 'oGreedy' };
	for (const code of ['SUCCESS', 'SUCCESS', 'SENDNUM_LIMIT'])
		expect(await codeOf(SEND, packet(to))).toBe(code);
});

test('only the merchant with its certificate gets in', async () => {
	await expect(call(SEND, packet(), stranger)).rejects.toThrow();
	await expect(call(SEND, packet(), {} as never)).rejects.toThrow();
	expect(await codeOf(SEND, packet(), another)).toBe('CA_ERROR');
});

test('faults come before, while and after the money is paid', async () => {
	const paid = async (fault: Parameters<PayServer['fault']>[0]) => {
		const values = packet();
		server.fault({ path: SEND, ...fault });
		const answer = await call(SEND, values).catch(() => undefined);
		return [answer?.err_code, server.paymentsTo(values.re_openid)];
	};
	server.setBalance(100_000);
	expect(await paid({ cut: 'unread' })).toEqual([undefined, 0]);
	expect(await paid({ cut: 'read' })).toEqual([undefined, 0]);
	expect(await paid({ cut: 'read', work: 'done' })).toEqual([undefined, 1]);
	expect(await paid({ cut: 'half', work: 'done' })).toEqual([undefined, 1]);
	expect(await paid({ errCode: 'SYSTEMERROR' })).toEqual(['SYSTEMERROR', 0]);
	expect(await paid({ errCode: 'SYSTEMERROR', work: 'done' })).toEqual(['SYSTEMERROR', 1]);
	const late = packet();
	server.fault({ path: SEND, errCode: 'PROCESSING', work: 'late' });
	expect(await codeOf(SEND, late)).toBe('PROCESSING');
	expect(server.paymentsTo(late.re_openid)).toBe(0);
	await call(SEND, packet());
	expect(server.paymentsTo(late.re_openid)).toBe(1);
});
