import { isOfPlatform, listCallFields, listFixedQuery } from '../../nodes/callCatalog/callFields';
import { checkEnteredPath, checkEnteredPayPath } from '../../nodes/callCatalog/enteredCall';
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

test.each(['calls', 'payCalls'] as const)(
	'no call of %s has two fields of one name, and required ones come first',
	async (catalog) => {
		for (const call of await readKnownCalls(catalog)) {
			const fields = listCallFields(call);
			const ids = fields.map(({ id }) => id);
			expect([call.key, new Set(ids).size]).toEqual([call.key, ids.length]);
			const required = fields.map((field) => field.required);
			expect([call.key, required]).toEqual([call.key, [...required].sort().reverse()]);
		}
	},
);

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
	['/wxaapi/log/jserr_list', 'startTime', 'text'],
	['/componenttcb/staticuploadfile', 'filename', 'text'],
	['/cgi-bin/component/api_get_authorizer_list', 'offset', 'integer'],
])('%s: %s is a %s', async (key, name, kind) => {
	expect(await fieldOf(key, name)).toMatchObject({ kind });
});

// Numbers of other names, such as a delay, are no points in time.
test.each([
	['begin_time', 'seconds'],
	['last_update_time_lt', 'seconds'],
	['timestamp', 'seconds'],
	['delay_time', 'longInteger'],
	['begin_times', 'longInteger'],
	['max-begin_time', 'longInteger'],
	['timestamp_type', 'longInteger'],
])('a whole number with the name %s: %s', (name, kind) => {
	expect(listCallFields({ path: '/a', body: { [name]: 'int64' } })).toEqual([
		{ id: name, name, place: 'body', required: true, kind },
	]);
});

test('names of fields are words, as forms and WeChat have them', async () => {
	for (const catalog of ['calls', 'payCalls'] as const)
		for (const call of await readKnownCalls(catalog))
			for (const { name } of listCallFields(call))
				expect([call.key, name]).toEqual([
					call.key,
					expect.stringMatching(/^[A-Za-z_][\w.-]*(?:\[\])?$/),
				]);
});

test('what clients fill in and what WeChat took offline is no field', async () => {
	expect(await fieldOf('/cgi-bin/component/api_get_authorizer_info', 'component_appid')).toBe(
		undefined,
	);
	// Here no client does.
	expect(await fieldOf('/cgi-bin/component/clear_quota', 'component_appid')).toBeDefined();
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
	// It needs none.
	['/cgi-bin/token', false],
	['/cgi-bin/component/get_card_merchant', true],
])('the token of the platform allows %s: %s', async (path, expected) => {
	expect(isOfPlatform((await findKnownCall(path)) ?? {})).toBe(expected);
});

describe('of WeChat Pay', () => {
	const findPay = async (key: string) => {
		const call = await findKnownCall(key, 'payCalls');
		if (!call) throw new Error(`${key} is not known`);
		return listCallFields(call);
	};

	test('what stands in the path is asked for', async () => {
		const fields = await findPay('GET /v3/pay/transactions/out-trade-no/{out_trade_no}');
		expect(fields).toEqual([
			{ id: 'out_trade_no', name: 'out_trade_no', place: 'path', kind: 'text', required: true },
			{ id: 'mchid', name: 'mchid', place: 'query', kind: 'text', required: false },
		]);
	});

	test('each value of a path is asked for', async () => {
		for (const { key, path } of await readKnownCalls('payCalls')) {
			const names = (await findPay(key)).filter(({ place }) => place === 'path');
			const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
			expect([key, names.map(({ name }) => name).sort()]).toEqual([key, wanted.sort()]);
		}
	});

	test('name and digest of a file are filled in, and its part meta is no field', async () => {
		expect(await findPay('POST /v3/merchant/media/upload')).toEqual([
			{ id: 'file', name: 'file', place: 'body', kind: 'file', required: true },
		]);
		const fapiao = await findPay(
			'POST /v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file',
		);
		expect(fapiao.map(({ name }) => name)).toEqual(
			expect.arrayContaining(['file', 'file_type', 'digest_alogrithm', 'digest']),
		);
	});

	test('its paths may be entered, with values in place of braces', async () => {
		for (const { path } of await readKnownCalls('payCalls')) {
			if (findRefusal(path)) continue;
			const entered = path.replace(/\{\w+\}/g, 'a-b_*1');
			expect(() => checkEnteredPayPath(entered)).not.toThrow();
		}
	});
});
