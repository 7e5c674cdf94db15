import { checkPublicAddress } from '../../nodes/api/publicAddress';

const check = async (address: string, server = 'https://api.weixin.qq.com/') =>
	await checkPublicAddress(new URL(address), new URL(server));

// RFC 1918, 3927, 4193, 4291, 6598, and the ways in which a URL may write them.
test.each([
	'http://127.0.0.1/',
	'http://127.1:8080/',
	'http://2130706433/',
	'http://0x7f.0.0.1/',
	'http://0.0.0.0/',
	'http://localhost/',
	'http://10.1.2.3/',
	'http://172.31.255.255/',
	'http://192.168.1.1/',
	'http://169.254.169.254/latest/meta-data',
	'http://100.100.100.200/latest/meta-data',
	'http://[::1]/',
	'http://[::]/',
	'http://[::ffff:127.0.0.1]/',
	'http://[::ffff:a9fe:a9fe]/',
	'http://[fd00::1]/',
	'http://[fe80::1]/',
	'file:///etc/passwd',
	'data:text/plain,x',
	'ftp://8.8.8.8/',
])('nothing is fetched from %s', async (address) => {
	await expect(check(address)).rejects.toThrow(
		/^The file is said to be at .*, it was not fetched$|no public address/,
	);
});

test.each([
	'http://203.205.158.81/vweixinp.tc.qq.com/film.mp4',
	'https://172.32.0.1/',
	'https://172.15.255.255/',
	'https://100.128.0.1/',
	'https://100.63.255.255/',
	'http://198.18.0.7/',
	'https://[2402:4e00::1]/',
	'https://nowhere.invalid/',
])('a file may be at %s', async (address) => await expect(check(address)).resolves.toBeUndefined());

test('the server itself may be inside, with all that it serves', async () => {
	await check('http://10.0.0.5/picture', 'http://10.0.0.5:8080');
	await check('http://localhost/picture', 'http://localhost:8080');
	await expect(check('http://10.0.0.6/picture', 'http://10.0.0.5:8080')).rejects.toThrow();
});
