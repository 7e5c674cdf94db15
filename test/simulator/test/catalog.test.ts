import calls from '../../../nodes/callCatalog/calls.json';
import type { KnownCall } from '../../../nodes/callCatalog/knownCalls';
import { MINI_PROGRAM_ACCOUNT, startSimulator, type Simulator } from '..';
import { Bytes } from '../behaviors/behavior';
import { catalogEndpointsAt, sampleOf } from '../http/catalog';
import { endpointsAt, listedEndpoints } from '../http/endpoints';
import { parseJson, printJson, type JsonObject } from '../http/json';
import { check } from '../http/schema';
import { failure } from './support';

/** Calls that the simulator knows from the call catalog alone. */

const records = calls as KnownCall[];
const listed = new Set(listedEndpoints.map(({ path }) => path));
const generic = records.filter(({ path, gone }) => !listed.has(path) && gone === undefined);

let simulator: Simulator;
let token = '';

beforeAll(async () => {
	simulator = await startSimulator({ accounts: [MINI_PROGRAM_ACCOUNT] });
	const { appId, secret } = MINI_PROGRAM_ACCOUNT;
	const query = `grant_type=client_credential&appid=${appId}&secret=${secret}`;
	const response = await fetch(`${simulator.url}/cgi-bin/token?${query}`);
	token = ((await response.json()) as { access_token: string }).access_token;
});

afterAll(() => simulator.close());

const send = (path: string, init: RequestInit = {}) =>
	fetch(`${simulator.url}${path}${path.includes('?') ? '&' : '?'}access_token=${token}`, init);

async function post(path: string, body: object): Promise<JsonObject> {
	const response = await send(path, { method: 'POST', body: printJson(body) });
	return parseJson((await response.text()).replace('\b', '')) as JsonObject;
}

test('there are calls that have no line of their own', () =>
	expect(generic.length).toBeGreaterThan(1000));

test('each takes what its record describes', () => {
	const refused = generic.flatMap(({ key, path, body = {} }) =>
		catalogEndpointsAt(path)
			.filter(({ id, request }) => id === `catalog ${key}` && request === 'json')
			.flatMap((endpoint) => {
				try {
					check(sampleOf(body), endpoint.body, []);
					return [];
				} catch (error) {
					return `${key}: ${(error as Error).message}`;
				}
			}),
	);
	expect(refused).toEqual([]);
});

test('each answers JSON with errcode 0, or a file', () => {
	for (const { path } of generic)
		for (const { sample } of endpointsAt(path)) {
			const { content, headers } = sample as Bytes;
			if (headers['content-type'] === 'image/jpeg') continue;
			const answer = parseJson(content.toString().replace('\b', ''));
			expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok' });
		}
});

test('ids of 64 bits are numbers that JavaScript cannot hold', () => {
	const [{ sample }] = endpointsAt('/cgi-bin/business/register');
	expect((sample as Bytes).content.toString()).toMatch(/"business_id":9007199254740993\b/);
});

test('what WeChat has switched off is not answered', async () => {
	const { key } = records.find(({ gone }) => gone !== undefined) ?? { key: '' };
	expect((await send(key, { method: 'POST', body: '{}' })).status).toBe(404);
});

const ORDER = '/channels/ec/order/realnumberviewaudit/get';

test('an answer has lists with entries, and a raw control character', async () => {
	const response = await send('/channels/ec/funds/getfundsflowlist', {
		method: 'POST',
		body: printJson({ page_size: 10, end_time: 1 }),
	});
	const text = await response.text();
	expect(text).toMatch(/^\{"errcode":0,"errmsg":"ok"/);
	const { flow_ids: ids, has_more } = JSON.parse(text) as JsonObject;
	expect(ids).toHaveLength(2);
	expect(has_more).toBe(false);
	const order = await send(ORDER, { method: 'POST', body: '{"order_id":"1"}' });
	expect(await order.text()).toMatch(/"[^"]*[\b][^"]*"/);
});

test('a field that is missing, unknown, or of another type is refused', async () => {
	expect(await post(ORDER, {})).toEqual(failure(47003, 'missing field order_id'));
	expect(await post(ORDER, { order_id: '1', colour: 1 })).toEqual(
		failure(47003, 'unexpected field colour'),
	);
	expect(await post(ORDER, { order_id: 1 })).toEqual(failure(47001, 'order_id must be string'));
});

test('method and token are checked', async () => {
	expect(await (await send(ORDER)).json()).toEqual(failure(43002));
	const open = await fetch(simulator.url + ORDER, { method: 'POST', body: '{}' });
	expect(await open.json()).toEqual(failure(41001));
});

test('calls of a platform want its token', async () => {
	const body = '{}';
	const path = '/cgi-bin/component/get_domain_confirmfile';
	expect(await (await send(path, { method: 'POST', body })).json()).toEqual(failure(61014));
});

test('a form needs its file, and a picture may be given by its address', async () => {
	const form = new FormData();
	form.append('media', new Blob(['x'], { type: 'image/png' }), 'a.png');
	const path = '/wxa/sec/uploadauthmaterial';
	expect(await (await send(path, { method: 'POST', body: form })).text()).toMatch(/"errcode":0/);
	expect(await (await send(path, { method: 'POST', body: new FormData() })).json()).toEqual(
		failure(41005),
	);
	const picture = '/cv/ocr/comm?img_url=https%3A%2F%2Fexample.com%2Fa.png';
	expect(await (await send(picture, { method: 'POST' })).text()).toMatch(/"errcode":0/);
});
