import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { pauses, restartProcess } from '../support/services';
import type { State } from '../../nodes/api/state';
import { Socialinzen } from '../../nodes/Socialinzen/Socialinzen.node';
import { logged, prepareN8n, runNode, type Credentials } from '../support/n8n';

import { socialinzenCredentialsFor, useSocialinzen } from '../support/socialinzen';

prepareN8n();
const LOGIN = '/apis/user/login';
const COUNT = '/apis/materials/getMaterialCount';
const ADD = '/apis/wxreplymanage/addReply';
const server = useSocialinzen();
let credentials: Credentials;
beforeEach(() => {
	credentials = socialinzenCredentialsFor(server());
});

const run = async (resource: string, operation: string, params: INodeParameters = {}) =>
	await runNode('socialinzen', { resource, operation, ...params }, credentials);
const rows = async (...given: Parameters<typeof run>) => {
	const { output, error } = await run(...given);
	if (error) throw error;
	return output.map(({ json }) => json);
};
const count = async () => await run('material', 'getCount');
const failure = async (...given: Parameters<typeof run>) => {
	const { error } = await run(...given);
	return { message: error?.message ?? '', description: error?.description ?? '' };
};
const logins = () => server().count(LOGIN);
const storedToken = () => (JSON.parse(String(credentials.data.state || '{}')) as State).token;

describe('the token', () => {
	test('is asked for once by 50 runs at a time', async () => {
		server().fault({ path: LOGIN, delayMs: 50 });
		const ran = await Promise.all(Array.from({ length: 50 }, count));
		expect(ran.map(({ error }) => error)).toEqual(Array(50).fill(undefined));
		expect(logins()).toBe(1);
		expect(server().count(COUNT)).toBe(50);
	});

	test('is kept in the credential, and found there after a restart', async () => {
		await count();
		expect(storedToken()?.value).toBe(server().tokens()[0]);
		restartProcess();
		await count();
		expect(logins()).toBe(1);
	});

	test('is not used by another user of the server, nor at another address', async () => {
		await count();
		const { state } = credentials.data;
		const changes: Array<Record<string, string>> = [
			{ username: 'other' },
			{ baseUrl: `${server().url}/` },
		];
		for (const change of changes) {
			restartProcess();
			credentials = socialinzenCredentialsFor(server(), { state: String(state), ...change });
			await count();
		}
		expect(logins()).toBe(3);
	});

	test('lives as long as its cookie', async () => {
		await count();
		const { askedAt = 0, expiresAt = 0 } = storedToken() ?? {};
		expect(expiresAt - askedAt).toBe(7200_000);
	});

	// The document (用户登录) names the cookies, but not how long they live.
	test.each<[string, string, number]>([
		['a day without Max-Age and Expires', '', 86_400],
		['as Expires says', `; Expires=${new Date(Date.now() + 3600_000).toUTCString()}`, 3600],
		[
			'as Max-Age says rather than Expires',
			'; expires=Thu, 01 Jan 2099 00:00:00 GMT; MAX-AGE=60',
			60,
		],
	])('lives %s', async (_, attributes, seconds) => {
		server().fault({
			path: LOGIN,
			answer: { errcode: 0, msg: 'ok' },
			headers: { 'set-cookie': `SocialinzenToken=T${attributes}` },
		});
		server().fault({ path: COUNT, answer: { voice_count: 0 } });
		expect((await count()).error).toBeUndefined();
		const { value, askedAt = 0, expiresAt = 0 } = storedToken() ?? {};
		expect(value).toBe('T');
		expect(Math.abs((expiresAt - askedAt) / 1000 - seconds)).toBeLessThan(5);
	});

	test('that has ended by its lifetime is replaced before a call', async () => {
		await count();
		const later = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 7200_000);
		try {
			await count();
		} finally {
			later.mockRestore();
		}
		expect(logins()).toBe(2);
		expect(server().count(COUNT)).toBe(2);
	});

	test('that the server has ended is replaced once, by one login for all runs', async () => {
		await count();
		server().endTokens();
		const ran = await Promise.all(Array.from({ length: 20 }, count));
		expect(ran.map(({ error }) => error)).toEqual(Array(20).fill(undefined));
		expect(logins()).toBe(2);
	});

	// The document has no list of codes: whatever is usual counts.
	test.each<[string, object]>([
		['HTTP 401', { status: 401, body: 'Unauthorized' }],
		['HTTP 403 with JSON', { status: 403, answer: { errcode: 7, msg: 'no' } }],
		['a redirect to the login', { status: 302, headers: { location: '/login' } }],
		['errcode 401', { answer: { errcode: 401, msg: 'no' } }],
		['errcode 403', { answer: { errcode: 403, msg: 'no' } }],
		['errcode 40001', { answer: { errcode: 40001, msg: 'no' } }],
		['errcode 40014', { answer: { errcode: 40014, msg: 'no' } }],
		['errcode "42001"', { answer: { errcode: '42001', msg: 'no' } }],
		['accessToken', { answer: { errcode: 5, msg: 'AccessToken is over' } }],
		['log in', { answer: { errcode: 5, msg: 'please log in' } }],
		['登录', { answer: { errcode: -1, msg: '请先登录' } }],
		['登陆', { answer: { errcode: -1, msg: '请登陆' } }],
	])('that is refused by %s is replaced once', async (_, refusal) => {
		server().fault({ path: COUNT, ...refusal });
		expect((await count()).error).toBeUndefined();
		expect([logins(), server().count(COUNT)]).toEqual([2, 2]);
	});

	test('that is refused again ends the run', async () => {
		server().fault({ path: COUNT, times: 9, answer: { errcode: 40001, msg: '请先登录' } });
		const { message, description } = await failure('material', 'getCount');
		expect(message).toBe('The Socialinzen server refused the call: 请先登录 (errcode 40001)');
		expect(description).toContain('new token did not help');
		expect([logins(), server().count(COUNT)]).toEqual([2, 2]);
	});

	test('is not replaced because of another error', async () => {
		const { error } = await run('material', 'delete', { mediaId: 'unknown' });
		expect(error?.message).toContain('no material');
		expect(logins()).toBe(1);
	});

	test('is neither needed nor sent by a registration', async () => {
		const helen = { username: 'helen', password: 'a b&c', email: 'helen@example.com' };
		credentials = socialinzenCredentialsFor(server(), { username: '', password: '' });
		expect(await rows('user', 'register', helen)).toEqual([{ success: true }]);
		expect(logins()).toBe(0);
		server().confirm('helen');
		credentials = socialinzenCredentialsFor(server(), helen);
		expect((await count()).error).toBeUndefined();
	});

	test('a registration that is refused with 登录 does not log in either', async () => {
		server().fault({ path: '/apis/user/register', answer: { errcode: 1, msg: '请登录 p4ss' } });
		const helen = { username: 'helen', password: 'p4ss', email: 'helen@example.com' };
		const { message } = await failure('user', 'register', helen);
		expect(message).toBe('The Socialinzen server refused the call: 请登录 *** (errcode 1)');
		expect(logins()).toBe(0);
	});
});

describe('logging out', () => {
	const logOut = async () => await rows('user', 'logOut');

	test('ends the token here and there; the next call logs in', async () => {
		await count();
		expect(await logOut()).toEqual([{ success: true }]);
		expect(server().tokens()).toEqual([]);
		expect(storedToken()?.value).toBe('');
		await count();
		expect([logins(), server().count(COUNT)]).toEqual([2, 2]);
		await logOut();
		restartProcess();
		await count();
		expect([logins(), server().count(COUNT)]).toEqual([3, 3]);
	});

	// 用户登出: 登出成功会摧毁accesstoken和缓存cookies凭证,重定向到主页.
	test('may be answered with a redirect to the home page', async () => {
		server().fault({ path: '/apis/user/logout', status: 302, headers: { location: '/' } });
		expect(await logOut()).toEqual([{ success: true }]);
		expect(logins()).toBe(1);
		expect(storedToken()?.value).toBe('');
	});

	test('with a token that the server has ended is done already', async () => {
		await count();
		server().endTokens();
		expect(await logOut()).toEqual([{ success: true }]);
		expect(logins()).toBe(1);
	});

	test('that fails is an error, and the token stays', async () => {
		await count();
		server().fault({ path: '/apis/user/logout', status: 500, body: 'oops' });
		expect((await failure('user', 'logOut')).message).toContain('HTTP 500');
		await count();
		expect(logins()).toBe(1);
	});
});

describe('errors', () => {
	test('a wrong password is told, with what to do', async () => {
		server().changePassword('another');
		const { message, description } = await failure('material', 'getCount');
		expect(message).toBe('The Socialinzen server refused the call: 用户名或密码错误 (errcode 400)');
		expect(description).toContain('User Name and Password in the credential');
		expect(server().count(COUNT)).toBe(0);
	});

	test('a wrong password does not matter before the kept token ends', async () => {
		await count();
		server().changePassword('another');
		expect((await count()).error).toBeUndefined();
		server().endTokens();
		expect((await failure('material', 'getCount')).message).toContain('用户名或密码错误');
	});

	test('a login without the cookie is told', async () => {
		const cookies = { 'set-cookie': 'SocialinzenUser=1; Path=/' };
		server().fault({ path: LOGIN, answer: { errcode: 0, msg: 'ok' }, headers: cookies });
		const { message, description } = await failure('material', 'getCount');
		expect(message).toContain('sent no cookie SocialinzenToken');
		expect(description).toContain('Base URL');
	});

	test('a server that is not there is told with its address', async () => {
		credentials = socialinzenCredentialsFor(server(), { baseUrl: 'http://127.0.0.1:9' });
		const { message, description } = await failure('material', 'getCount');
		expect(message).toBe(
			'No answer from the Socialinzen server: 127.0.0.1:9 refuses connections (ECONNREFUSED)',
		);
		expect(description).toBe(
			'Check Base URL and Proxy URL in the credential.\n127.0.0.1:9 拒绝连接（ECONNREFUSED）：请检查凭据中的“Base URL”和“代理地址”。',
		);
	});

	test.each(['', 'wx.example.com', 'ftp://wx.example.com'])(
		'a base URL that is no address is told: %p',
		async (baseUrl) => {
			credentials = socialinzenCredentialsFor(server(), { baseUrl });
			const { message, description } = await failure('material', 'getCount');
			expect(message).toBe('"Base URL" is not an address such as https://wx.example.com');
			expect(description).toContain('credential');
		},
	);

	test('a password in the base URL is told, and not repeated', async () => {
		credentials = socialinzenCredentialsFor(server(), { baseUrl: 'https://user:pa55@127.0.0.1:9' });
		const { message, description } = await failure('material', 'getCount');
		expect(message).toBe('"Base URL" has a user name or password in it, which would not be sent');
		expect(description).toMatch(/Base URL in the credential(?!.*pa55)/);
	});

	test.each(['', '/', '/#/login', '?from=mail'])(
		'%p behind the address is ignored',
		async (end) => {
			credentials = socialinzenCredentialsFor(server(), { baseUrl: `${server().url}${end}` });
			expect((await count()).error).toBeUndefined();
		},
	);

	test('the server lies in a folder: Base URL keeps it', async () => {
		credentials = socialinzenCredentialsFor(server(), { baseUrl: `${server().url}/wx/` });
		expect((await failure('material', 'getCount')).message).toContain('HTTP 404');
		expect(server().calls.at(-1)?.path).toBe(`/wx${LOGIN}`);
	});

	const ELSE = 'something else answered in its place';
	test.each<[string, object, string]>([
		['a page', { status: 200, body: '<html>Welcome</html>' }, `${ELSE} (HTTP 200)`],
		['nothing', { status: 200, body: '' }, 'its answer is empty (HTTP 200)'],
		['an error page', { status: 502, body: '<html>Bad Gateway</html>' }, `${ELSE} (HTTP 502)`],
		['JSON of something else', { status: 500, body: '{"error":"x"}' }, `${ELSE} (HTTP 500)`],
	])('%s in place of an answer', async (_, fault, reason) => {
		server().fault({ path: COUNT, times: Infinity, ...fault });
		const { message, description } = await failure('material', 'getCount');
		expect(message).toBe(`No answer from the Socialinzen server: ${reason}`);
		expect(description).toContain('Base URL');
	});

	test('an errcode counts whatever the HTTP status is', async () => {
		const answer = { errcode: 9, msg: '素材不存在' };
		server().fault({ path: COUNT, status: 400, answer });
		expect((await failure('material', 'getCount')).message).toBe(
			'The Socialinzen server refused the call: 素材不存在 (errcode 9)',
		);
	});

	test('a status such as "created" is no error', async () => {
		server().fault({ path: COUNT, status: 201, answer: { image_count: 1 } });
		expect(await rows('material', 'getCount')).toEqual([{ image_count: 1 }]);
	});

	test('are neither explained with the codes of WeChat nor without a reason', async () => {
		server().fault({ path: COUNT, answer: { errcode: 40013 } });
		const { message, description } = await failure('material', 'getCount');
		expect(message).toBe('The Socialinzen server refused the call: no reason (errcode 40013)');
		expect(description).not.toContain('mp.weixin.qq.com');
	});

	test('a broken connection: calls that change nothing are sent again, others are not', async () => {
		const rule = { request: 'a', type: 'text', content: 'b' };
		await count();
		server().fault({ path: COUNT, drop: true });
		expect((await count()).error).toBeUndefined();
		server().fault({ path: ADD, drop: true });
		expect((await failure('replyRule', 'add', rule)).message).toContain('closed the connection');
		server().fault({ path: ADD, answer: { errcode: -1, msg: 'failed' } });
		expect((await failure('replyRule', 'add', rule)).message).toContain('failed (errcode -1)');
		expect([server().count(COUNT), server().count(ADD), pauses.length]).toEqual([3, 2, 1]);
	});

	test('say neither password nor token, not even when the server does', async () => {
		await count();
		const [token] = server().tokens();
		const { password } = server();
		const msg = `bad password ${password} or ${token}`;
		server().fault({ path: COUNT, times: 2, answer: { errcode: 5, msg } });
		// It speaks of a token, so there is a second try.
		const { error, run: told } = await count();
		expect(error?.message).toContain('***');
		const all = JSON.stringify([told, error, logged, error?.stack]);
		for (const secret of [password, encodeURIComponent(password), ...server().tokens()])
			expect(all).not.toContain(secret);
		expect(all).not.toContain('access_token');
	});

	test('of one item leave the others, when the node goes on', async () => {
		const mediaId = server().addMaterial('image', 'a.png');
		const parameters = { resource: 'material', operation: 'delete', mediaId: '={{ $json.id }}' };
		const { output } = await runNode(
			'socialinzen',
			parameters,
			credentials,
			[{ json: { id: 'unknown' } }, { json: { id: mediaId } }],
			{ onError: 'continueRegularOutput' },
		);
		expect(output.map(({ json }) => json)).toEqual([
			{ error: expect.stringContaining('no material') as string },
			{ deleted: true },
		]);
		expect(logins()).toBe(1);
	});
});

describe('what happens at the server', () => {
	const byName = (a: IDataObject, b: IDataObject) => String(a.name).localeCompare(String(b.name));

	test('rules: added, listed as they were sent, replaced, copied, deleted', async () => {
		const text = { request: '时间', type: 'text', content: '9:00' };
		await rows('replyRule', 'add', text);
		await rows('replyRule', 'add', { ...text, content: '10:00' });
		const [rule] = await rows('replyRule', 'getAll', { returnAll: true });
		expect(rule).toEqual({
			type: 'text',
			reply: { type: 'text', content: '10:00' },
			request: '时间',
		});
		const copy = { request: '几点', type: 'json', replyType: rule.type, reply: rule.reply };
		await rows('replyRule', 'add', copy as INodeParameters);
		await rows('replyRule', 'delete', { request: '时间' });
		expect(server().rules).toEqual([{ ...rule, request: '几点' }]);
	});

	test('groups: created, renamed, filled, asked for', async () => {
		const [follower] = server().followers;
		const { openid } = follower;
		await rows('group', 'create', { groupName: '老顾客' });
		const groups = await rows('group', 'getAll', { returnAll: true });
		const groupId = groups.find(({ name }) => name === '老顾客')?.id as number;
		await rows('group', 'rename', { groupId, groupName: '新顾客' });
		await rows('group', 'moveUser', { openid, groupId });
		expect(server().groups()[groupId]).toBe('新顾客');
		expect(await rows('group', 'getOfUser', { openid })).toEqual([{ groupid: groupId }]);
		expect(await rows('group', 'getUsers', { groupId, returnAll: true })).toMatchObject([
			{ openid, groupid: String(groupId) },
		]);
		await rows('follower', 'setRemark', { openid, remark: '熟客' });
		expect(follower.remark).toBe('熟客');
	});

	test('material: more than a page of it is listed, and counted', async () => {
		for (let n = 0; n < 45; n++) server().addMaterial('image', `${n}.png`);
		const all = await rows('material', 'getAll', { type: 'image', returnAll: true });
		expect(all.map(({ name }) => name)).toEqual(server().materials.map(({ name }) => name));
		expect(await rows('material', 'getAll', { type: 'image', limit: 25 })).toHaveLength(25);
		expect(await rows('material', 'getCount')).toMatchObject([{ image_count: 45, news_count: 0 }]);
	});

	test('a QR code comes with its picture, also from an address without a host', async () => {
		const create = { type: 'permanent', scene: '店', image: true, binaryPropertyName: 'code' };
		const { output } = await run('qrCode', 'create', create);
		const { pathname, search } = new URL(String(output[0].json.qrcodeUrl));
		expect(Buffer.from(output[0].binary?.code.data ?? '', 'base64').subarray(0, 2)).toEqual(
			Buffer.from('ffd8', 'hex'),
		);
		const answer = { qrcodeUrl: pathname + search };
		server().fault({ path: '/apis/wxplatform/qrcode', answer });
		const { error, output: other } = await run('qrCode', 'create', create);
		expect(error).toBeUndefined();
		expect(other[0].binary?.code.data).toBe(output[0].binary?.code.data);
	});

	test('a QR code is not fetched from elsewhere inside the network of n8n', async () => {
		const answer = { qrcodeUrl: 'http://localhost:1/picture' };
		server().fault({ path: '/apis/wxplatform/qrcode', answer });
		const create = { type: 'permanent', scene: 'a', image: true, binaryPropertyName: 'code' };
		const { error } = await run('qrCode', 'create', create);
		expect(error?.message).toContain('at localhost:1, which is no public address');
	});

	test('the link for visitors leads on to WeChat', async () => {
		const [{ url }] = await rows('webAuthorization', 'getLink', { appid: server().appId });
		const { status, headers } = await fetch(String(url), { redirect: 'manual' });
		expect(status).toBe(302);
		expect(headers.get('location')).toMatch(/^https:\/\/open\.weixin\.qq\.com\/connect\/oauth2\//);
	});

	test('groups are listed whole or in part', async () => {
		const all = await rows('group', 'getAll', { returnAll: true });
		expect(all.sort(byName)).toHaveLength(3);
		expect(await rows('group', 'getAll', { limit: 2 })).toHaveLength(2);
	});
});

describe('nothing is asked of the server for', () => {
	test.each<[string, string, INodeParameters, string]>([
		['replyRule', 'add', { request: '={{ "" }}', content: 'a' }, '"Keyword (关键词)" is missing'],
		['replyRule', 'add', { request: 'a', type: 'json', reply: '[' }, 'is not valid JSON'],
		['replyRule', 'add', { request: 'a', type: 'multitext' }, '"Articles (图文)" is missing'],
		['qrCode', 'create', { type: 'temporary', sceneNumber: 0 }, 'must be at least 1'],
		['qrCode', 'create', { type: 'permanent', scene: 'x'.repeat(65) }, 'has 65 characters'],
		['group', 'create', { groupName: 'x'.repeat(31) }, 'has 31 characters'],
	])('%s %s %j', async (resource, operation, params, problem) => {
		expect((await failure(resource, operation, params)).message).toContain(problem);
		expect(server().calls).toEqual([]);
	});

	// 上传素材: image 2m .png .jpg .jpeg, voice 2m .mp3 .wma .wav .amr, thumb 64kb .jpg; 视频 mp4.
	test.each<[string, INodeParameters, string, number, string]>([
		['upload', { type: 'image' }, 'a.gif', 1, 'a .gif file'],
		['upload', { type: 'image' }, 'a.png', 2 ** 21 + 1, '2.1 MB'],
		['upload', { type: 'voice' }, 'a.ogg', 1, 'a .ogg file'],
		['upload', { type: 'voice' }, 'a.amr', 2 ** 21 + 1, '2.1 MB'],
		['upload', { type: 'thumb' }, 'a.png', 1, 'a .png file'],
		['upload', { type: 'thumb' }, 'a.jpg', 2 ** 16 + 1, '65 KB'],
		['uploadVideo', { title: 't', desc: 'd' }, 'a.avi', 1, 'a .avi file'],
		['uploadLogo', {}, 'a.svg', 1, 'a .svg file'],
	])('%s %j of %s with %i bytes', async (operation, params, fileName, bytes, problem) => {
		const data = { fileName, mimeType: 'x/y', data: Buffer.alloc(bytes, 1).toString('base64') };
		const parameters = { resource: 'material', operation, ...params };
		const input = [{ json: {}, binary: { data } }];
		const { error } = await runNode('socialinzen', parameters, credentials, input);
		expect(error?.message).toContain(problem);
		expect(server().calls).toEqual([]);
	});
});

test('the node is one that AI agents can use, and begins with reply rules', () => {
	const { description } = new Socialinzen();
	expect(description.usableAsTool).toBe(true);
	const [first] = description.properties.filter((one) => !one.displayOptions?.show?.['@tool']);
	expect(first).toMatchObject({ name: 'resource', default: 'replyRule' });
});
