import type { INodeParameters } from 'n8n-workflow';
import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

/** What WeChat answers in reality, and what is sent to it. */
prepareN8n();
const simulator = useSimulator({ followers: 3 });

const run = async (params: INodeParameters) =>
	await runNode('wechat', params, credentialsFor(simulator()));

// lanrion/weixin_authorize#52, node-webot/co-wechat-api#63, chanxuehong/wechat#187, w7corp/easywechat#1291 and #1625.
test.each(['\u0014', '\b', '\t', '\n', '\u001b'])('a remark with a raw %j is read', async (raw) => {
	const [openid] = simulator().openids();
	const body = `{"subscribe":1,"openid":"${openid}","remark":"${raw}Lin🍭","tagid_list":[]}`;
	simulator().fault({ path: '/cgi-bin/user/info', body });
	const { output, error } = await run({ resource: 'user', operation: 'get', openid });
	expect(error).toBeUndefined();
	expect(output[0].json).toMatchObject({ openid, remark: `${raw}Lin🍭` });
});

// w7corp/easywechat#1291 lost whole batches.
test('one bad entry leaves the others of a batch, and long ids their digits', async () => {
	const ids = simulator().openids();
	const entries = ['A', '\b\n61', 'C'].map(
		(city, i) => `{"openid":"${ids[i]}","city":"${city}","qr_scene":12345678901234567}`,
	);
	const body = `\uFEFF{"user_info_list":[${entries.join()}]}`;
	simulator().fault({ path: '/cgi-bin/user/info/batchget', body });
	const { output, error } = await run({
		resource: 'user',
		operation: 'getProfiles',
		openid_list: ids.join(','),
		simple: false,
	});
	expect(error).toBeUndefined();
	expect(output.map(({ json }) => [json.openid, json.city])).toEqual([
		[ids[0], 'A'],
		[ids[1], '\b\n61'],
		[ids[2], 'C'],
	]);
	expect(output[0].json.qr_scene).toBe('12345678901234567');
});

test('a line break in a digest leaves the other drafts', async () => {
	const drafts = ['a\nb', 'c'].map(
		(digest, i) => `{"media_id":"M${i}","content":{"news_item":[{"digest":"${digest}"}]}}`,
	);
	const body = `{"total_count":2,"item_count":2,"item":[${drafts.join()}]}`;
	simulator().fault({ path: '/cgi-bin/draft/batchget', body });
	const { output } = await run({ resource: 'draft', operation: 'getAll', returnAll: true });
	expect(output.map(({ json }) => json.media_id)).toEqual(['M0', 'M1']);
});

// wechatpy (client/base.py) makes a number of errcode before it compares; relays write texts.
test('an errcode of "0" is no error', async () => {
	const body = '{"errcode":"0","errmsg":"ok","tag":{"id":134,"name":"Gold"}}';
	simulator().fault({ path: '/cgi-bin/tags/create', body });
	const { output, error } = await run({ resource: 'tag', operation: 'create', name: 'Gold' });
	expect(error).toBeUndefined();
	expect(output[0].json).toEqual({ id: 134, name: 'Gold' });
});

test('an errcode of "45157" is the error of that number', async () => {
	const body = '{"errcode":"45157","errmsg":"invalid tag name"}';
	simulator().fault({ path: '/cgi-bin/tags/create', body });
	const { error } = await run({ resource: 'tag', operation: 'create', name: 'Gold' });
	expect(error?.message).toContain('(errcode 45157)');
});

// ArtisanCloud/PowerWeChat#189, offu/WeRoBot#50: the user sees \u000b, or the call is refused.
test.each(['\u000b', '\u001b', '\u0000', '\u0007'])('a text leaves without %j', async (raw) => {
	const [touser] = simulator().openids();
	const message = { resource: 'customerServiceMessage', operation: 'send', msgtype: 'text' };
	await run({ ...message, touser, content: `a${raw}b\n\tc` });
	expect(simulator().calls.at(-1)?.body).toMatchObject({ text: { content: 'ab\n\tc' } });
});

// w7corp/easywechat#1726 and #1738, JeffreySu/WeiXinMPSDK#932: the answer to 45065 has the msg_id of the first message.
test('what stands beside an errcode is told', async () => {
	const answer = { errcode: 45065, errmsg: 'clientmsgid exist', msg_id: 3147480001 };
	simulator().fault({ path: '/cgi-bin/message/mass/sendall', answer });
	const message = { resource: 'massMessage', operation: 'sendToAll', is_to_all: true };
	const { error } = await run({ ...message, msgtype: 'text', content: 'x' });
	expect(error?.description).toContain('msg_id: 3147480001');
});

describe('a write whose answer is lost', () => {
	const create = { resource: 'tag', operation: 'create', name: 'Gold' };
	const path = '/cgi-bin/tags/create';
	const MAY_BE = 'The call may have been carried out all the same';

	test.each([
		['the connection breaks', { drop: true, work: true }],
		['a gateway answers', { status: 502 }],
		['the answer is empty', { body: '' }],
		['a page comes', { body: '<html>Login</html>' }],
	])('may have gone out, and says where to look: %s', async (_, fault) => {
		const before = simulator().count(path);
		simulator().fault({ path, ...fault });
		const { error } = await run(create);
		expect(error?.message).toContain(MAY_BE);
		expect(error?.description).toMatch(
			/^Before you send it again, see with Tag: Get Many whether it was\.\n.*先查看是否已经生效。$/,
		);
		expect(simulator().count(path) - before).toBe(1);
	});

	test.each([407, 403, 404])(
		'did not go out when something before WeChat refused it: %i',
		async (status) => {
			simulator().fault({ path, status });
			const { error } = await run(create);
			expect(error?.message).not.toContain(MAY_BE);
			expect(error?.description).toContain('API Base URL');
		},
	);

	test('never left when nobody takes connections', async () => {
		const nowhere = credentialsFor(simulator(), { baseUrl: 'http://127.0.0.1:9' });
		const { error } = await runNode('wechat', create, nowhere);
		expect(error?.message).not.toContain(MAY_BE);
		expect(error?.description).toContain('API Base URL');
	});

	test('did not go out when there was no token for it', async () => {
		simulator().fault({ path: '/cgi-bin/stable_token', status: 502, times: 4 });
		const { error } = await run(create);
		expect(error?.message).not.toContain(MAY_BE);
	});

	test('a message is looked for where messages are', async () => {
		const [touser] = simulator().openids();
		simulator().fault({ path: '/cgi-bin/message/custom/send', drop: true });
		const message = { resource: 'customerServiceMessage', operation: 'send', msgtype: 'text' };
		const { error } = await run({ ...message, touser, content: 'a' });
		expect(error?.description).toContain('Customer Service Session: Get Messages');
	});
});

describe('an empty answer', () => {
	test.each(['/cgi-bin/user/info', '/cgi-bin/stable_token'])(
		'to %s is asked for again',
		async (path) => {
			const [openid] = simulator().openids();
			simulator().fault({ path, body: '', times: 2 });
			const { output, error } = await run({ resource: 'user', operation: 'get', openid });
			expect(error).toBeUndefined();
			expect(output[0].json.openid).toBe(openid);
		},
	);

	test('that stays so is called empty, and says what to do', async () => {
		const [openid] = simulator().openids();
		simulator().fault({ path: '/cgi-bin/user/info', body: '', times: 4 });
		const { error } = await run({ resource: 'user', operation: 'get', openid });
		expect(error?.message).toContain('its answer is empty (HTTP 200)');
		expect(error?.description).toContain('Run the node again');
	});
});

describe('a server that repeats what it was sent', () => {
	test('shows no secret of the call, in errors or in outputs', async () => {
		const [openid] = simulator().openids();
		const get = { resource: 'user', operation: 'get', openid };
		const token = 'TOKEN+of/the=account';
		const { secret } = simulator().account;
		const path = '/cgi-bin/stable_token';
		simulator().fault({ path, answer: { access_token: token, expires_in: 7200 } });
		const said = `?access_token=${encodeURIComponent(token)}&secret=${secret} ${token}`;
		simulator().fault({
			path: '/cgi-bin/user/info',
			answer: { errcode: 40003, errmsg: said, url: said, list: [{ said }] },
		});
		const { error } = await run(get);
		const shown = JSON.stringify([error?.message, error?.description, error]);
		simulator().fault({ path: '/cgi-bin/user/info', answer: { openid, remark: said } });
		const { output } = await run(get);
		expect(output[0].json.remark).toContain('***');
		for (const hidden of [token, secret, encodeURIComponent(token)])
			expect(shown + JSON.stringify(output)).not.toContain(hidden);
	});

	test('shows no code of a user', async () => {
		const code = 'CODE-of-a-user';
		const errmsg = `invalid code: ${code}`;
		simulator().fault({ path: '/sns/oauth2/access_token', answer: { errcode: 40029, errmsg } });
		const web = await run({ resource: 'webAuthorization', operation: 'exchangeCode', code });
		simulator().fault({
			path: '/wxa/business/getuserphonenumber',
			answer: { errcode: 40029, errmsg },
		});
		const phone = await run({ resource: 'miniProgram', operation: 'getPhoneNumber', code });
		for (const { error } of [web, phone]) {
			expect(error?.message).toContain('invalid code: ***');
			// n8n itself shows the node, and what is entered there.
			expect(JSON.stringify({ ...error, node: undefined })).not.toContain(code);
		}
	});
});
