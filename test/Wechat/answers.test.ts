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
