import { isOfPlatform, listCallFields, listFixedQuery } from '../../nodes/callCatalog/callFields';
import { checkEnteredPath } from '../../nodes/callCatalog/enteredCall';
import { checkHasNoSecret } from '../../nodes/callCatalog/callSecrets';
import { findKnownCall, readKnownCalls, type KnownCall } from '../../nodes/callCatalog/knownCalls';
import { findRefusal } from '../../nodes/callCatalog/refusedCalls';

const find = async (key: string): Promise<KnownCall> => {
	const call = await findKnownCall(key);
	if (!call) throw new Error(`${key} is not known`);
	return call;
};
const fieldsOf = async (key: string) => listCallFields(await find(key));
const fieldOf = async (key: string, name: string) =>
	(await fieldsOf(key)).find(({ id }) => id === name);

test('no call has two fields of one name, and required ones come first', async () => {
	for (const call of await readKnownCalls()) {
		const fields = listCallFields(call);
		const ids = fields.map(({ id }) => id);
		expect([call.key, new Set(ids).size]).toEqual([call.key, ids.length]);
		const required = fields.map((field) => field.required);
		expect([call.key, required]).toEqual([call.key, [...required].sort().reverse()]);
	}
});

test('what is entered for a known call that is not refused is never taken for a secret', async () => {
	for (const call of await readKnownCalls()) {
		if (findRefusal(call.path)) continue;
		expect(() => checkEnteredPath(call.path)).not.toThrow();
		const names = listCallFields(call).map(({ name }) => [name, 'x']);
		expect(() => checkHasNoSecret(Object.fromEntries(names))).not.toThrow();
	}
});

test('a name in the query and in the body makes two fields', async () => {
	const fields = await fieldsOf('/shop/img/upload');
	expect(fields.filter(({ name }) => name === 'img_url')).toEqual([
		expect.objectContaining({ id: 'query_img_url', place: 'query' }),
		expect.objectContaining({ id: 'img_url', place: 'body' }),
	]);
});

test('a fixed value of the query is sent by itself; several values are a choice', async () => {
	expect(listFixedQuery(await find('/card/invoice/setbizattr?action=set_contact'))).toEqual({
		action: 'set_contact',
	});
	const upload = await find('/shop/img/upload');
	expect(listFixedQuery(upload)).toEqual({});
	expect(await fieldOf('/shop/img/upload', 'upload_type')).toMatchObject({
		kind: 'choice',
		choices: ['1', '0'],
	});
});

test.each([
	['/card/batchget', 'status_list', 'list'],
	['/card/batchget', 'offset', 'integer'],
	['/cgi-bin/message/subscribe/send', 'data', 'object'],
	['/wxa/addnearbypoi', 'pic_list', 'jsonText'],
	['/union/promoter/product/select', 'shopAppIds', 'joinedList'],
	['/union/promoter/product/select', 'hasCoupon', 'boolean'],
	['/cgi-bin/media/uploadimg', 'media', 'file'],
	['/cgi-bin/media/voice/addvoicetorecofortext', 'content', 'file'],
	['/channels/ec/aftersale/getpresentaftersalelist', 'begin_create_time', 'seconds'],
])('%s: %s is a %s', async (key, name, kind) => {
	expect(await fieldOf(key, name)).toMatchObject({ kind });
});

test('what clients fill in and what WeChat took offline is no field', async () => {
	expect(await fieldOf('/cgi-bin/component/api_get_authorizer_info', 'component_appid')).toBe(
		undefined,
	);
	expect(await fieldOf('/cgi-bin/message/mass/send', 'wxcard')).toBe(undefined);
});

// WeChat's pages name component_access_token for these.
test.each([
	['/wxa/gettemplatelist', true],
	['/cgi-bin/component/api_get_authorizer_info', true],
	['/cgi-bin/component/modify_wxa_server_domain', true],
	['/wxa/commit', false],
	['/cgi-bin/component/getprivacysetting', false],
	['/cgi-bin/tags/get', false],
	['/cgi-bin/component/get_card_merchant', true],
])('the token of the platform allows %s: %s', async (path, expected) => {
	expect(isOfPlatform((await findKnownCall(path)) ?? {})).toBe(expected);
});
