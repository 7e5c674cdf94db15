import { readSample } from '../../support/samples';
import { startSocialinzen, type Socialinzen } from '../socialinzen';

let server: Socialinzen;
let clock = Date.now();
beforeEach(async () => {
	server = await startSocialinzen({ now: () => clock });
});
afterEach(async () => await server.close());

type Body = URLSearchParams | FormData | string;

async function post(path: string, body: Body, query = '', type?: string) {
	const headers = type ? { 'content-type': type } : undefined;
	const response = await fetch(server.url + path + query, { method: 'POST', body, headers });
	return (await response.json()) as Record<string, unknown>;
}

async function logIn() {
	const { username, password } = server;
	const body = new URLSearchParams({ username, password });
	const response = await fetch(`${server.url}/apis/user/login`, { method: 'POST', body });
	const cookies = response.headers.getSetCookie();
	expect(await response.json()).toEqual({ errcode: 0, msg: 'ok' });
	expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual([
		'SocialinzenUser',
		'SocialinzenToken',
	]);
	return `?access_token=${/SocialinzenToken=([^;]+)/.exec(cookies[1])?.[1]}`;
}

const FORM = 'application/x-www-form-urlencoded';
const ADD = '/apis/wxreplymanage/addReply';
const GROUPS = '/apis/wxplatform/getGroups';
const COUNT = '/apis/materials/getMaterialCount';
const form = (values: Record<string, string> = {}) => new URLSearchParams(values);
function parts(values: Record<string, string> = {}) {
	const data = new FormData();
	for (const [name, value] of Object.entries(values)) data.append(name, value);
	return data;
}
const refused = (errcode: number, msg = '') => ({
	errcode,
	msg: expect.stringContaining(msg) as string,
});

describe('the token', () => {
	test('is needed in the query, and only there', async () => {
		const token = await logIn();
		expect(await post(GROUPS, form(), token)).toHaveProperty('groups');
		expect(await post(GROUPS, form())).toEqual(refused(401));
		expect(await post(GROUPS, form({ access_token: token.slice(14) }))).toEqual(refused(401));
		expect(await post(GROUPS, form(), '?access_token=other')).toEqual(refused(401));
		expect(await post(GROUPS, form(), `${token}&x=1`)).toEqual(refused(400, 'x'));
	});

	test('ends with its time, with a logout, and by hand', async () => {
		const [late, out, ended] = [await logIn(), await logIn(), await logIn()];
		expect(await post('/apis/user/logout', form(), out)).toEqual({ errcode: 0, msg: 'ok' });
		expect(await post(GROUPS, form(), out)).toEqual(refused(401));
		clock += 7200_000;
		expect(await post(GROUPS, form(), late)).toEqual(refused(401));
		clock -= 7200_000;
		server.endTokens();
		expect(await post(GROUPS, form(), ended)).toEqual(refused(401));
	});

	test('is optional for a signature, as the document leaves open', async () => {
		const page = form({ appid: server.appId, url: 'https://example.com/' });
		const path = '/apis/wxplatform/jsticket';
		expect(await post(path, page)).toHaveProperty('signature');
		expect(await post(path, page, await logIn())).toHaveProperty('signature');
		expect(await post(path, page, '?access_token=other')).toEqual(refused(401));
	});
});

describe('content', () => {
	test.each<[string, Body, string]>([
		[
			'a form with JSON',
			form({ type: 'text', request: 'k', reply: '{"type":"text","content":"a"}' }),
			FORM,
		],
		[
			'brackets',
			form({ type: 'text', request: 'k', 'reply[type]': 'text', 'reply[content]': 'a' }),
			FORM,
		],
		[
			'JSON',
			JSON.stringify({ type: 'text', request: 'k', reply: { type: 'text', content: 'a' } }),
			'application/json',
		],
	])('%s is the same rule', async (_, body, type) => {
		expect(await post(ADD, body, await logIn(), type)).toEqual({ errcode: 0, msg: 'ok' });
		expect(server.rules).toEqual([
			{ type: 'text', request: 'k', reply: { type: 'text', content: 'a' } },
		]);
	});

	test('is multipart for material, and a form for the rest', async () => {
		const token = await logIn();
		expect(await post(COUNT, parts(), token)).toHaveProperty('image_count');
		expect(await post(COUNT, form(), token)).toEqual(refused(415));
		expect(await post(GROUPS, parts(), token)).toEqual(refused(415));
		expect(await post(GROUPS, '', token, 'text/plain')).toEqual(refused(415));
	});

	test.each<[string, Record<string, string>, number, string]>([
		['/apis/wxplatform/createGroup', {}, 400, 'groupName'],
		['/apis/wxplatform/createGroup', { groupName: 'a', id: '1' }, 400, 'unknown parameter id'],
		['/apis/wxplatform/createGroup', { groupName: 'x'.repeat(31) }, 413, 'groupName'],
		['/apis/wxplatform/createGroup', { groupName: '黑名单' }, 409, ''],
		['/apis/wxplatform/updateGroup', { groupName: 'a' }, 400, 'groupId'],
		['/apis/wxplatform/updateGroup', { groupName: 'a', groupId: 'x' }, 400, 'whole number'],
		['/apis/wxplatform/updateGroup', { groupName: 'a', groupId: '1' }, 400, 'fixed name'],
		['/apis/wxplatform/updateGroup', { groupName: 'a', groupId: '999' }, 404, ''],
		['/apis/wxplatform/getWhichGroup', { openid: 'nobody' }, 404, ''],
		['/apis/wxplatform/qrcode', { sceneId: '10001' }, 400, 'sceneId'],
		['/apis/wxplatform/qrcode', { sceneId: 'text', expire: '60' }, 400, 'sceneId'],
		['/apis/wxplatform/qrcode', { sceneId: '1', senseId: '2' }, 400, 'differ'],
		['/apis/wxplatform/jsticket', { appid: 'other', url: 'https://example.com' }, 404, 'appid'],
		['/apis/wxreplymanage/deleteReply', { request: 'unknown' }, 404, ''],
		[ADD, { type: 'gif', reply: '{}', request: 'k' }, 400, 'type'],
		[ADD, { type: 'text', reply: 'plain', request: 'k' }, 400, 'reply'],
		[ADD, { type: 'text', reply: '{"type":"image","content":"a"}', request: 'k' }, 400, 'own type'],
		[
			ADD,
			{ type: 'image', reply: '{"type":"image","content":{"mediaId":"x"}}', request: 'k' },
			404,
			'',
		],
		[ADD, { type: 'music', reply: '{"title":"t"}', request: 'k' }, 400, 'musicUrl'],
		[ADD, { type: 'multitext', reply: '[]', request: 'k' }, 400, '0 articles'],
		[ADD, { type: 'multitext', reply: '[{"title":"t","hue":"1"}]', request: 'k' }, 400, 'hue'],
	])('%s %j is refused', async (path, values, errcode, msg) => {
		expect(await post(path, form(values), await logIn())).toEqual(refused(errcode, msg));
	});

	test.each<Record<string, string>>([
		{ senseId: 'a' },
		{ senseld: 'a' },
		{ scene_id: 'a' },
		{ sceneId: 'a', senseld: 'a' },
	])('%j is a scene', async (values) =>
		expect(await post('/apis/wxplatform/qrcode', form(values), await logIn())).toHaveProperty(
			'qrcodeUrl',
		),
	);

	test('a file has its place, kind and size', async () => {
		const token = await logIn();
		const upload = async (
			type: string,
			name: string,
			bytes: number,
			part = 'file',
			head = readSample('jpg'),
		) => {
			const data = parts({ type });
			data.append(
				part,
				new Blob([Buffer.concat([head, Buffer.alloc(bytes)], bytes)], { type: 'x/y' }),
				name,
			);
			return await post('/apis/materials/uploadMaterial', data, token);
		};
		expect(await upload('thumb', 'a.jpg', 65536)).toEqual({ errcode: 0, msg: 'ok' });
		expect(await upload('thumb', 'a.jpg', 65537)).toEqual(refused(413));
		expect(await upload('image', 'a.gif', 1)).toEqual(refused(415));
		expect(await upload('image', 'a.jpg', 46, 'file', readSample('webp'))).toEqual(refused(415));
		expect(await upload('image', 'a.png', 1, 'media')).toEqual(refused(400, 'media'));
		expect(
			await post('/apis/materials/uploadMaterial', parts({ type: 'image', file: 'x' }), token),
		).toEqual(refused(400, 'file'));
		expect(server.materials.map(({ kind }) => kind)).toEqual(['thumb']);
	});
});

test('a path that is none, and a method that is wrong', async () => {
	expect((await fetch(`${server.url}/apis/user/delete`, { method: 'POST' })).status).toBe(404);
	expect((await fetch(`${server.url}/apis/user/login`)).status).toBe(404);
});
