import type { LookupAddress, LookupAllOptions } from 'node:dns';
import dns from 'node:dns/promises';
import { findAddressProblem, findPublicAddresses } from '../../nodes/api/publicAddress';

jest.mock('node:dns/promises');
const lookup = jest.mocked<(host: string, options: LookupAllOptions) => Promise<LookupAddress[]>>(
	dns.lookup,
);

/** The addresses for a name that stand in `found`. */
const find = async (address: string, found: string[] = [], server = 'https://api.weixin.qq.com/') =>
	await findPublicAddresses(new URL(address), new URL(server), async () => found);

const REFUSAL = /^The file is said to be at .*, which is no public address: it was not fetched$/;

// The registries of special addresses of IANA for IPv4 and IPv6 (RFC 6890, and what was added since), what of 2000::/3
// is not public, where clouds keep their keys, and the ways in which a URL may write an address.
test.each([
	'http://127.0.0.1/',
	'http://127.1:8080/',
	'http://2130706433/',
	'http://0x7f.0.0.1/',
	'http://0.0.0.0/',
	'http://0.255.255.255/',
	'http://10.1.2.3/',
	'http://172.16.0.0/',
	'http://172.31.255.255/',
	'http://192.168.1.1/',
	'http://169.254.169.254/latest/meta-data',
	'http://100.64.0.0/',
	'http://100.100.100.200/latest/meta-data',
	'http://168.63.129.16/machine',
	'http://192.0.0.192/',
	'http://192.0.2.1/',
	'http://192.88.99.1/',
	'http://198.18.0.7/',
	'http://198.19.255.255/',
	'http://198.51.100.1/',
	'http://203.0.113.1/',
	'http://224.0.0.1/',
	'http://239.255.255.250:1900/',
	'http://240.0.0.1/',
	'http://255.255.255.255/',
	'http://[::1]/',
	'http://[::]/',
	'http://[::127.0.0.1]/',
	'http://[::ffff:127.0.0.1]/',
	'http://[::ffff:a9fe:a9fe]/',
	'http://[::ffff:198.18.0.7]/',
	'http://[::ffff:0:127.0.0.1]/',
	'http://[64:ff9b::10.0.0.1]/',
	'http://[64:ff9b::a9fe:a9fe]/',
	'http://[64:ff9b:1::7f00:1]/',
	'http://[100::1]/',
	'http://[2001::1]/',
	'http://[2001:db8::1]/',
	'http://[2002:7f00:1::]/',
	'http://[3fff::1]/',
	'http://[4000::1]/',
	'http://[5f00::1]/',
	'http://[fc00::1]/',
	'http://[fd00::1]/',
	'http://[fe80::1]/',
	'http://[fec0::1]/',
	'http://[ff02::1]/',
	'file:///etc/passwd',
	'data:text/plain,x',
	'ftp://8.8.8.8/',
])('nothing is fetched from %s', async (address) => {
	await expect(find(address)).rejects.toThrow(REFUSAL);
});

test.each([
	['http://203.205.158.81/vweixinp.tc.qq.com/film.mp4', '203.205.158.81'],
	['https://172.32.0.1/', '172.32.0.1'],
	['https://172.15.255.255/', '172.15.255.255'],
	['https://100.128.0.1/', '100.128.0.1'],
	['https://100.63.255.255/', '100.63.255.255'],
	['https://198.17.255.255/', '198.17.255.255'],
	['https://198.20.0.0/', '198.20.0.0'],
	['https://223.255.255.255/', '223.255.255.255'],
	['https://[2402:4e00::1]/', '2402:4e00::1'],
	['https://[2001:200::1]/', '2001:200::1'],
	['https://[::ffff:203.205.158.81]/', '::ffff:cbcd:9e51'],
	// A network without IPv4 reaches every IPv4 address in this way (RFC 6052).
	['https://[64:ff9b::203.205.158.81]/', '64:ff9b::cbcd:9e51'],
])('a file may be at %s', async (address, where) => {
	expect(await find(address, ['10.0.0.1'])).toEqual([where]);
});

describe('a name', () => {
	test.each([
		[['127.0.0.1']],
		[['203.205.158.81', '10.0.0.1']],
		[['2402:4e00::1', 'fe80::1%eth0']],
		[['64:ff9b::7f00:1']],
	])('that means %j is not fetched from', async (found) => {
		await expect(find('https://video.example/film', found)).rejects.toThrow(REFUSAL);
	});

	test('is looked up once, and the connection goes where it was found', async () => {
		const found = ['203.205.158.81', '2402:4e00::1'];
		expect(await find('https://video.example/film', found)).toEqual(found);
	});

	// Proxies that catch all traffic of a computer (Clash, fake-ip mode) answer 198.18.0.0/15 for every name.
	test('may be one of those that a proxy gives out', async () => {
		expect(await find('https://video.example/film', ['198.18.0.7'])).toEqual(['198.18.0.7']);
	});

	// sing-box gives out both, 198.18.0.0/15 and fc00::/18, in the sample of its page about FakeIP.
	test('may be one of those beside one of IPv6, which is left', async () => {
		for (const found of [
			['fc00::7', '198.18.0.7'],
			['198.18.0.7', 'fc00::7'],
		])
			expect(await find('https://video.example/film', found)).toEqual(['198.18.0.7']);
		await expect(find('https://video.example/film', ['fc00::7'])).rejects.toThrow(REFUSAL);
	});

	test('that is unknown here has no address: then only a proxy may know it', async () => {
		lookup.mockRejectedValueOnce(Object.assign(new Error(), { code: 'ENOTFOUND' }));
		const [url, server] = [new URL('https://nowhere.invalid/'), new URL('https://wx.example/')];
		expect(await findPublicAddresses(url, server)).toEqual([]);
	});

	test('is looked up with all of its addresses', async () => {
		const answer = [{ address: '127.0.0.1', family: 4 }];
		lookup.mockResolvedValueOnce(answer);
		const [url, server] = [new URL('http://localhost/'), new URL('https://wx.example/')];
		await expect(findPublicAddresses(url, server)).rejects.toThrow(REFUSAL);
		expect(lookup).toHaveBeenLastCalledWith('localhost', { all: true });
	});
});

describe('the server itself', () => {
	test('may be inside, with all that it serves', async () => {
		for (const server of ['http://10.0.0.5:8080', 'http://localhost:8080', 'https://10.0.0.5'])
			expect(await find(`${server}/picture`, ['127.0.0.1'], server)).toBeUndefined();
	});

	// Other ports of that computer are other programs: a database, the keys of a cloud, n8n.
	test.each([
		'http://10.0.0.5/picture',
		'http://10.0.0.5:5678/picture',
		'https://10.0.0.5:8080/picture',
		'http://10.0.0.6:8080/picture',
	])('is not %s', async (address) => {
		await expect(find(address, [], 'http://10.0.0.5:8080/wx')).rejects.toThrow(REFUSAL);
	});

	test('is no file, whatever its origin says', async () => {
		await expect(find('file:///etc/passwd', [], 'file:///')).rejects.toThrow(REFUSAL);
	});
});

// Source: "以 http:// 或 https:// 开头，分别支持 80 端口和 443 端口" (WeChat's page on pushes, 消息推送).
test.each([
	'https://n8n.example.com',
	'https://n8n.example.com:443/',
	'https://8.8.8.8/n8n/',
	'https://172.32.0.1',
	'https://[2001:4860:4860::8888]',
	'https://localhost.example.com.',
])('WeChat reaches %s', (address) => expect(findAddressProblem(address)).toBeUndefined());

test.each([
	['http://localhost:5678', /only/],
	['https://n8n', /only/],
	['https://n8n.local', /only/],
	['https://n8n.internal.', /only/],
	['https://10.1.2.3', /only/],
	['https://100.64.0.9', /only/],
	['https://169.254.1.1', /only/],
	['https://172.31.255.255', /only/],
	['https://192.168.1.20', /only/],
	['https://127.0.0.1', /only/],
	['https://0.0.0.0', /only/],
	['https://[::1]', /only/],
	['https://[fd00::1]', /only/],
	['https://[fe80::1]', /only/],
	['https://n8n.example.com:5678', /has port 5678/],
	['http://n8n.example.com:443', /has port 443/],
	['http://n8n.example.com', /not encrypted/],
	['n8n.example.com', /is no address/],
])('%s: %s', (address, problem) => expect(findAddressProblem(address)).toMatch(problem));
