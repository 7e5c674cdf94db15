import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { createSearchCalls } from '../../nodes/engine/callLists';

const context = {} as ILoadOptionsFunctions;

async function search(filter: string, catalog?: 'calls' | 'payCalls'): Promise<unknown[]> {
	const { results } = await createSearchCalls([], async () => [], catalog).call(context, filter);
	return results.map(({ value }) => value);
}

// As docs/api-coverage.md, and as WeChat's own pages print them.
test.each([
	'POST /customservice/msgrecord/getrecord',
	'https://api.weixin.qq.com/customservice/msgrecord/getrecord?access_token=ACCESS_TOKEN',
	'获取客服聊天记录 旧版',
])('a call is found by what people paste: %s', async (filter) => {
	expect(await search(filter)).toContain('/customservice/msgrecord/getrecord');
});

test('a query that is a part of the call stays', async () => {
	const path = '/wxa/component/fastregisterpersonalweapp';
	const found = await search(`${path}?action=query&component_access_token=TOKEN`);
	expect(found).toEqual([`${path}?action=query`]);
});

test('a call of WeChat Pay is found by method and path', async () => {
	const found = await search('POST /v3/pay/transactions/jsapi', 'payCalls');
	expect(found).toContain('POST /v3/pay/transactions/jsapi');
});
